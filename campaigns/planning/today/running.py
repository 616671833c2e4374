"""Campaigns that need a step: to be launched, to be watched to their end, to be compared with the shop and closed."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from campaigns.models import Campaign
from campaigns.planning.today.waiting import Waiting, first_of

SOON = timedelta(days=3)


def to_launch(session: Session, now: datetime) -> Waiting | None:
    """Not launched, and to start within SOON, or past its start."""
    planned = _of(Campaign.starts_at, "draft", "recruiting").where(Campaign.starts_at <= now + SOON)
    return first_of(session, "campaigns_to_launch", planned.order_by(Campaign.starts_at))


def ending(session: Session, now: datetime) -> Waiting | None:
    """Live, and over within SOON."""
    live = _of(Campaign.ends_at, "live").where(Campaign.ends_at <= now + SOON)
    return first_of(session, "campaigns_ending", live.order_by(Campaign.ends_at))


def to_close(session: Session, now: datetime) -> Waiting | None:
    """Over, and waiting to be compared with the shop's own export and closed."""
    return first_of(
        session, "campaigns_to_close", _of(Campaign.ends_at, "ended", "reconciling").order_by(Campaign.ends_at)
    )


def _of(moment: InstrumentedAttribute[datetime], *statuses: str) -> Select[Any, Any, Any]:
    return select(moment, Campaign.name, Campaign.public_id).where(Campaign.status.in_(statuses))
