"""A period as bounds of deliveries' ids: ids grow with time, so a walk by id begins and ends where the period does.

The bounds are found shop by shop, along the index of when deliveries came. They may be somewhat too wide, never too
narrow, so whoever walks asks for the time as well.
"""

from datetime import datetime

from sqlalchemy import Connection, Select, func, select
from sqlalchemy.orm import Session

from campaigns.models import Delivery, Shop


def first_id(asked: Session | Connection, since: datetime) -> int:
    """The lowest id of what came from `since` on; 0 where nothing did."""
    first = _of_shop().where(Delivery.received_at >= since).order_by(Delivery.received_at, Delivery.id)
    return asked.scalar(select(func.min(first.scalar_subquery())).select_from(Shop)) or 0


def last_id(asked: Session | Connection, until: datetime) -> int:
    """The highest id of what came before `until`; 0 where nothing did."""
    last = _of_shop().where(Delivery.received_at < until).order_by(Delivery.received_at.desc(), Delivery.id.desc())
    return asked.scalar(select(func.max(last.scalar_subquery())).select_from(Shop)) or 0


def _of_shop() -> Select[int]:
    return select(Delivery.id).where(Delivery.shop_id == Shop.id).limit(1).correlate(Shop)
