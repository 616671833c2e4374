"""One influencer and one campaign: invited, shown the terms, free to accept or decline, free to leave.

The terms come before the choice. Accepting keeps proof: the very terms, their hash, the language they were read in,
the moment. Declining costs nothing. New terms are a new version and want a new acceptance; until then the accepted
ones go on, for orders already placed and for those to come.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.commissions.run import needs_history
from campaigns.commissions.terms import fingerprint, with_overrides
from campaigns.errors import Conflict, Invalid, Said
from campaigns.i18n import LANGUAGES
from campaigns.models import Acceptance, Campaign, Influencer, Participation
from campaigns.planning.life import activate

OPEN_FOR_INVITATIONS = ("draft", "recruiting", "ready", "live")
UNDECIDED = ("invited", "viewed")
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
        campaign_id=campaign.id, influencer_id=influencer.id, overrides=overrides or {}, invited_at=now
    )
    session.add(participation)
    if campaign.status == "draft":
        campaign.status = "recruiting"
    session.flush()
    return participation


def offered_terms(participation: Participation) -> dict[str, Any]:
    """The newest terms as they are for this participant."""
    return with_overrides(participation.campaign.terms.body, participation.overrides)


def mark_viewed(session: Session, participation: Participation, now: datetime) -> None:
    """The influencer has opened the terms."""
    if participation.status == "invited":
        participation.status, participation.viewed_at = "viewed", now
        session.flush()


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
    if participation.status not in UNDECIDED:
        raise Conflict(Said("this invitation is %(status)s", status=participation.status))
    participation.status, participation.decided_at = "declined", now
    participation.decline_reason = reason.strip()[:1000]
    session.flush()


def leave(session: Session, participation: Participation, status: str, reason: str, now: datetime) -> None:
    """`withdrawn` (their wish) or `removed` (ours): codes and links stop at this moment, what was earned stays."""
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
