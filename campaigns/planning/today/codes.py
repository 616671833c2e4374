"""Codes that seem to go round among people who never saw their influencer."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import CodeSuspicion, Influencer, Participation
from campaigns.planning.today.waiting import Waiting, first_of


def leaking(session: Session, now: datetime) -> Waiting | None:
    """Suspicions nobody has looked at yet (tracking/leaks.py)."""
    opened = (
        select(CodeSuspicion.raised_at, Influencer.name, Participation.public_id)
        .join(Participation, Participation.id == CodeSuspicion.participation_id)
        .join(Influencer, Influencer.id == Participation.influencer_id)
        .where(CodeSuspicion.closed_at.is_(None))
        .order_by(CodeSuspicion.id)
    )
    return first_of(session, "codes_leaking", opened)
