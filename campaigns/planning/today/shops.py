"""Shops that need a look: alarms of their feeds, messages that could not be read, orders that are nobody's."""

from datetime import datetime, timedelta

from sqlalchemy import String, cast, select
from sqlalchemy.orm import Session

from campaigns.models import AttributionDecision, Delivery, Order, Shop, ShopAlarm
from campaigns.planning.today.waiting import Waiting, first_of
from campaigns.tracking.suggestions import OPEN

RECENT = timedelta(days=7)
LOOKED_THROUGH = 2000  # the newest decisions


def alarms(session: Session, now: datetime) -> Waiting | None:
    """A shop that fell silent, whose webhook seems switched off, whose API can't be reached."""
    opened = select(ShopAlarm.raised_at, Shop.name, Shop.public_id).join(Shop, Shop.id == ShopAlarm.shop_id)
    return first_of(session, "shop_alarms", opened.where(ShopAlarm.cleared_at.is_(None)).order_by(ShopAlarm.raised_at))


def failed_deliveries(session: Session, now: datetime) -> Waiting | None:
    """Messages of shops that failed; some of those whose next try comes first."""
    failed = select(Delivery.received_at, Shop.name, Delivery.public_id).join(Shop, Shop.id == Delivery.shop_id)
    in_order = failed.where(Delivery.status == "failed").order_by(Delivery.status, Delivery.retry_at)
    return first_of(session, "deliveries_failed", in_order)


def nobodys_orders(session: Session, now: datetime) -> Waiting | None:
    """Recent orders nobody is credited for that carried something that may point to somebody after all."""
    newest = select(AttributionDecision).order_by(AttributionDecision.id.desc()).limit(LOOKED_THROUGH).subquery()
    wanted = (
        select(newest.c.decided_at, Order.number, Order.public_id)
        .join(Order, Order.id == newest.c.order_id)
        .where(
            newest.c.superseded_at.is_(None),
            newest.c.participation_id.is_(None),
            newest.c.reason.in_(OPEN),
            cast(newest.c.evidence, String) != "{}",
            newest.c.decided_at > now - RECENT,
        )
    )
    return first_of(session, "orders_of_nobody", wanted)
