"""One influencer and one campaign: invited, shown the terms, free to accept or decline, free to leave.

The terms come before the choice. Accepting keeps proof: the very terms, their hash, the language they were read in,
the moment. Declining costs nothing. New terms are a new version and want a new acceptance; until then the accepted
ones go on, for orders already placed and for those to come.

An invitation stands for a time (`Campaign.invitation_days`) and never beyond the campaign's end; after it nobody can
say yes or no, whether its end was noted yet or not (invitations_over_time.py). Whoever decides holds the row first, so
of a yes and an end at the same moment one happens.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from campaigns.commissions.run import needs_history
from campaigns.commissions.terms import fingerprint, with_overrides
from campaigns.errors import Conflict, Invalid, Said
from campaigns.i18n import LANGUAGES
from campaigns.models import Acceptance, Campaign, Influencer, Participation
from campaigns.planning.life import activate

OPEN_FOR_INVITATIONS = ("draft", "recruiting", "ready", "live")
UNDECIDED = ("invited", "viewed")
MAY_BE_INVITED_AGAIN = ("declined", "expired")
TAKING_PART = ("accepted", "active")


def invite(
    session: Session, campaign: Campaign, influencer: Influencer, now: datetime, overrides: dict[str, Any] | None = None
) -> Participation:
    """Invite one influencer once, perhaps with terms of their own; the campaign is then recruiting."""
    if campaign.status not in OPEN_FOR_INVITATIONS:
        raise Conflict(Said("the campaign is %(status)s: nobody can be invited", status=campaign.status))
    existing = session.scalar(select(Participation).filter_by(campaign_id=campaign.id, influencer_id=influencer.id))
    if existing is not None:
        raise Conflict(Said("already %(status)s in this campaign", status=existing.status))
    with_overrides(campaign.terms.body, overrides or {})
    participation = Participation(
        campaign_id=campaign.id,
        influencer_id=influencer.id,
        overrides=overrides or {},
        invited_at=now,
        expires_at=stands_until(campaign, now),
    )
    session.add(participation)
    if campaign.status == "draft":
        campaign.status = "recruiting"
    session.flush()
    return participation


def stands_until(campaign: Campaign, now: datetime) -> datetime | None:
    """The end of an invitation given now; None, no end, where the campaign itself is over by its dates."""
    if campaign.ends_at <= now:
        return None
    return min(now + timedelta(days=campaign.invitation_days), campaign.ends_at)


def invite_again(session: Session, participation: Participation, now: datetime) -> None:
    """Invite somebody again who declined or let the time pass; what they said then is in the audit log."""
    campaign = participation.campaign
    hold(session, participation)
    if participation.status not in MAY_BE_INVITED_AGAIN:
        raise Conflict(Said("already %(status)s in this campaign", status=participation.status))
    if campaign.status not in OPEN_FOR_INVITATIONS:
        raise Conflict(Said("the campaign is %(status)s: nobody can be invited", status=campaign.status))
    participation.status, participation.invited_at = "invited", now
    participation.viewed_at = participation.decided_at = participation.reminded_at = None
    participation.decline_reason = ""
    participation.expires_at = stands_until(campaign, now)
    session.flush()


def extend(session: Session, participation: Participation, now: datetime) -> None:
    """Let an undecided invitation stand as long as one given now; a reminder comes again in its time."""
    hold(session, participation)
    if participation.status not in UNDECIDED:
        raise Conflict(Said("this invitation is %(status)s", status=participation.status))
    participation.expires_at, participation.reminded_at = stands_until(participation.campaign, now), None
    session.flush()


def over(participation: Participation, now: datetime) -> bool:
    """Whether an undecided invitation's time is over, noted or not."""
    ends = participation.expires_at
    return participation.status in UNDECIDED and ends is not None and ends <= now


def hold(session: Session, participation: Participation) -> None:
    """Hold the row until the transaction ends, and see how it stands now. Orders may go on referring to it."""
    session.refresh(participation, ["status", "expires_at"], with_for_update={"key_share": True})


def offered_terms(participation: Participation) -> dict[str, Any]:
    """The newest terms as they are for this participant."""
    return with_overrides(participation.campaign.terms.body, participation.overrides)


def mark_viewed(session: Session, participation: Participation, now: datetime) -> None:
    """The influencer has opened the terms."""
    seen = update(Participation).where(Participation.id == participation.id, Participation.status == "invited")
    session.execute(seen.values(status="viewed", viewed_at=now))
    session.refresh(participation, ["status", "viewed_at"])


def accept(
    session: Session,
    participation: Participation,
    terms_version: int,
    language: str,
    now: datetime,
    user_id: int | None,
) -> Acceptance:
    """Record consent to the newest terms; raises Conflict where they are no longer those that were read."""
    campaign = participation.campaign
    if language not in LANGUAGES:
        raise Invalid({"language": [Said("must be one of %(choices)s", choices=", ".join(LANGUAGES))]})
    hold(session, participation)
    _refuse_late(participation, now)
    if participation.status not in (*UNDECIDED, *TAKING_PART):
        raise Conflict(Said("this invitation is %(status)s", status=participation.status))
    if campaign.status not in OPEN_FOR_INVITATIONS:
        raise Conflict(Said("the campaign is %(status)s", status=campaign.status))
    if terms_version != campaign.terms.version:
        raise Conflict(
            Said(
                "the terms have changed: version %(version)s is in force, please read it",
                version=campaign.terms.version,
            )
        )
    if participation.acceptances and participation.acceptances[-1].terms_version == terms_version:
        return participation.acceptances[-1]
    terms = offered_terms(participation)
    acceptance = Acceptance(
        participation_id=participation.id,
        terms_version=terms_version,
        terms=terms,
        sha256=fingerprint(terms),
        language=language,
        accepted_at=now,
        recorded_by_user_id=user_id,
    )
    session.add(acceptance)
    if needs_history(terms):
        campaign.shop.asks_for_new_buyers = True
    if participation.status in UNDECIDED:
        participation.status, participation.decided_at = "accepted", now
    session.flush()
    session.expire(participation, ["acceptances"])
    activate(session, participation, now)
    return acceptance


def decline(session: Session, participation: Participation, reason: str, now: datetime) -> None:
    """Say no, with or without a reason, before having said yes."""
    hold(session, participation)
    _refuse_late(participation, now)
    if participation.status not in UNDECIDED:
        raise Conflict(Said("this invitation is %(status)s", status=participation.status))
    participation.status, participation.decided_at = "declined", now
    participation.decline_reason = reason.strip()[:1000]
    session.flush()


def leave(session: Session, participation: Participation, status: str, reason: str, now: datetime) -> None:
    """`withdrawn` (their wish) or `removed` (ours): codes and links stop at this moment, what was earned stays."""
    hold(session, participation)
    if participation.status not in (*UNDECIDED, *TAKING_PART):
        raise Conflict(Said("this participation is %(status)s", status=participation.status))
    if not reason.strip():
        raise Invalid({"reason": [Said("is missing")]})
    participation.status, participation.ended_at = status, now
    participation.end_reason = reason.strip()[:1000]
    for code in participation.codes:
        code.ended_at = code.ended_at or now
    for link in participation.links:
        link.withdrawn_at = link.withdrawn_at or now
    session.flush()


def _refuse_late(participation: Participation, now: datetime) -> None:
    if participation.status == "expired" or over(participation, now):
        raise Conflict("the time of this invitation is over: ask the agency to invite you again")
