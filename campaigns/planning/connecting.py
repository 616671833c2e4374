"""How far a shop is connected, step by step, from what has come of it: reached, believed, read, and what orders carry.

A step is done as soon as it has happened once, and in trouble where something came that was not good enough.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from campaigns.models import Delivery, Order, Shop

STEPS = ("reached", "believed", "read", "code", "click")
LOOKED_AT = 100  # of the newest orders, for what they carry


@dataclass(frozen=True)
class Step:
    """One step: `done`, `open` or `trouble`; since when, and the order that shows it, where one does."""

    name: str
    state: str
    at: datetime | None = None
    order: Order | None = None


def connection(session: Session, shop: Shop) -> list[Step]:
    """The steps in their order."""
    first = session.scalar(select(func.min(Delivery.received_at)).where(Delivery.shop_id == shop.id))
    orders = _newest_orders(session, shop)
    return [
        _reached(shop, first),
        Step("believed", "done" if first else ("trouble" if shop.refused_deliveries else "open"), first),
        _read(session, shop, orders, first),
        _carrying("code", [order for order in orders if order.codes]),
        _carrying("click", [order for order in orders if order.click_ids or order.landing_url]),
    ]


def is_connected(steps: list[Step]) -> bool:
    """Whether orders come in and are understood; codes and links are seen when the first buyer uses one."""
    return all(step.state == "done" for step in steps if step.name in ("believed", "read"))


def _reached(shop: Shop, first: datetime | None) -> Step:
    reached = shop.pinged_at or first
    return Step("reached", "done" if reached or shop.refused_deliveries else "open", reached)


def _read(session: Session, shop: Shop, orders: list[Order], first: datetime | None) -> Step:
    if orders:
        return Step("read", "done", orders[-1].first_seen_at, orders[-1])
    failed = select(Delivery.id).filter_by(shop_id=shop.id, status="failed").limit(1)
    return Step("read", "trouble" if first and session.scalar(failed) is not None else "open")


def _carrying(name: str, found: list[Order]) -> Step:
    return Step(name, "done", found[-1].first_seen_at, found[-1]) if found else Step(name, "open")


def _newest_orders(session: Session, shop: Shop) -> list[Order]:
    """The newest orders, the newest last."""
    newest = select(Order).where(Order.shop_id == shop.id).order_by(Order.placed_at.desc(), Order.id.desc())
    return list(reversed(session.scalars(newest.options(defer(Order.lines)).limit(LOOKED_AT)).all()))
