"""The waiting list: when somebody declines or an invitation ends, the first reserve has the chance.

Where the campaign says so (`invite_reserves`) that happens by itself; otherwise staff see who is next. Whoever gives a
reserve's place away holds the campaign's list, so two people who decline at once are followed by two reserves.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.db import lock_name
from campaigns.errors import Conflict
from campaigns.models import Campaign, Candidate, Participation
from campaigns.planning import notices
from campaigns.planning.audit import note
from campaigns.planning.life import ROSTER
from campaigns.planning.participation import OPEN_FOR_INVITATIONS, TAKING_PART, UNDECIDED, invite


def hold_list(session: Session, campaign: Campaign) -> None:
    """Hold a campaign's list of candidates until the transaction ends."""
    lock_name(session, f"candidates:{campaign.id}")


def standing(session: Session, campaign: Campaign) -> list[Candidate]:
    """Everybody who is proposed and not invited yet, as of now: places first, then reserves."""
    rows = select(Candidate).filter_by(campaign_id=campaign.id, status="proposed")
    ordered = rows.order_by(Candidate.reserve, Candidate.place, Candidate.id)
    return list(session.scalars(ordered.execution_options(populate_existing=True)))


def reserves(session: Session, campaign: Campaign) -> list[Candidate]:
    """The waiting list, the first in line first."""
    return [one for one in standing(session, campaign) if one.reserve]


def invite_next(
    session: Session, campaign: Campaign, base_url: str, now: datetime, user_id: int | None
) -> Participation:
    """Invite the first reserve who is not in the campaign yet; raises Conflict where there is none."""
    hold_list(session, campaign)
    for candidate in reserves(session, campaign):
        if already_in(session, candidate):
            candidate.status, candidate.decided_at = "dropped", now
            continue
        return invite_candidate(session, candidate, base_url, now, user_id)
    raise Conflict("there is nobody left on the waiting list")


def invite_candidate(
    session: Session, candidate: Candidate, base_url: str, now: datetime, user_id: int | None
) -> Participation:
    """Invite somebody who is proposed, with a letter; raises Conflict where that can't be."""
    invited = invite(session, candidate.campaign, candidate.influencer, now)
    notices.invited(session, invited, base_url, now)
    candidate.status, candidate.decided_at = "invited", now
    subject = f"participation:{invited.public_id}"
    note(session, user_id, "candidate.invited", subject, now, place=candidate.place, reserve=candidate.reserve)
    session.flush()
    return invited


def already_in(session: Session, candidate: Candidate) -> bool:
    """Whether somebody who is proposed has come into the campaign by another way."""
    there = select(Participation.id).filter_by(
        campaign_id=candidate.campaign_id, influencer_id=candidate.influencer_id
    )  # fmt: skip
    return session.scalar(there) is not None


def follow(session: Session, campaign: Campaign, base_url: str, now: datetime) -> Participation | None:
    """After somebody said no or nothing: invite the next in line where the campaign wants that by itself.

    Nobody follows where as many take part or think about it as a campaign has.
    """
    if not campaign.invite_reserves or campaign.status not in OPEN_FOR_INVITATIONS or campaign.ends_at <= now:
        return None
    hold_list(session, campaign)
    if not reserves(session, campaign) or not has_room(session, campaign):
        return None
    try:
        return invite_next(session, campaign, base_url, now, None)
    except Conflict:  # all of them had come in by another way
        return None


def has_room(session: Session, campaign: Campaign) -> bool:
    """Whether fewer take part or think about it than a campaign has."""
    theirs = select(func.count()).select_from(Participation).filter_by(campaign_id=campaign.id)
    coming = session.scalar(theirs.where(Participation.status.in_((*UNDECIDED, *TAKING_PART)))) or 0
    return coming < ROSTER.stop - 1
