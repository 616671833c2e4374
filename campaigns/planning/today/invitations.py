"""Invitations nobody has answered, and those that soon can't be answered any more."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from campaigns.models import Campaign, Influencer, Participation
from campaigns.planning.today.waiting import Waiting, first_of

SOON = timedelta(days=2)
ANSWERABLE = ("recruiting", "ready", "live")


def unanswered(session: Session, now: datetime) -> Waiting | None:
    """Invitations to campaigns that still take people in, which have longer than SOON to go."""
    later = Participation.expires_at.is_(None) | (Participation.expires_at > now + SOON)
    wanted = _open(Participation.invited_at).where(later).order_by(Participation.status, Participation.expires_at)
    return first_of(session, "invitations_unanswered", wanted)


def expiring(session: Session, now: datetime) -> Waiting | None:
    """Invitations that run out within SOON."""
    soon = Participation.expires_at <= now + SOON
    wanted = _open(Participation.expires_at).where(soon).order_by(Participation.expires_at)
    return first_of(session, "invitations_expiring", wanted)


def _open(moment: InstrumentedAttribute[Any]) -> Select[Any, Any, Any]:
    return (
        select(moment, Influencer.name, Campaign.public_id)
        .join(Campaign, Campaign.id == Participation.campaign_id)
        .join(Influencer, Influencer.id == Participation.influencer_id)
        .where(Participation.status.in_(("invited", "viewed")), Campaign.status.in_(ANSWERABLE))
    )
