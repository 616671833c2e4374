"""Orders: what shops tell about them is taken, judged, and followed by the books, some orders at a time.

The path is one for a delivery just come, one retried or replayed, an order read back or pulled: load what is known,
apply the events, derive the worth, write, decide whose sale each is, post what the books lack. Each step takes all
orders of a batch at once; a batch of one is the same path.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, or_, select
from sqlalchemy.orm import Session

from campaigns.commissions.accrual import accrue_all
from campaigns.crash import crash_point
from campaigns.models import AttributionDecision, Order, OrderRefund, Shop
from campaigns.questions import Question, among
from campaigns.tracking.decisions import hold_orders, redecide_all, standing_of
from campaigns.tracking.events import ShopEvent
from campaigns.tracking.known import Key, Told, load, store
from campaigns.tracking.pointing import followers
from campaigns.tracking.snapshots import apply
from campaigns.tracking.valued import owing_all
from campaigns.tracking.worth import in_force, keep_worth, stored_worth, worth

_SPECIAL = Question(
    select(Shop.id, Shop.asks_for_new_buyers, Shop.has_registrations).where(
        among(Shop.id, "shops"), or_(Shop.asks_for_new_buyers, Shop.has_registrations)
    )
)


class Taking(NamedTuple):
    """One event about one order of a shop."""

    shop_id: int
    external_id: str
    event: ShopEvent


def takings(shop_id: int, event: ShopEvent) -> list[Taking]:
    """What there is to take from an event: one order's news, or nothing."""
    external_id = event.order.external_id if event.order else event.order_id
    nothing = external_id is None or event.ignored is not None or event.look_up
    return [] if nothing or external_id is None else [Taking(shop_id, external_id, event)]


def take(session: Session, shop: Shop, event: ShopEvent, key: bytes, now: datetime) -> Order | None:
    """Take one event; the order it is about, or None while that is unknown."""
    session.flush()
    for taking in takings(shop.id, event):
        take_all(session.connection(), [taking], key, now)
        session.expire_all()
        return find_order(session, shop.id, taking.external_id)
    return None


def take_all(connection: Connection, news: Sequence[Taking], key: bytes, now: datetime) -> None:
    """Bring orders to what events tell, judge them, and bring their books along."""
    keys = {(taking.shop_id, taking.external_id) for taking in news}
    hold_orders(connection, keys)
    known = load(connection, keys)
    for taking in news:
        apply(known[taking.shop_id, taking.external_id], taking.shop_id, taking.external_id, taking.event, key, now)
    crash_point("orders.before_store")
    settle_all(connection, known, key, now)


def settle(session: Session, order: Order, key: bytes, now: datetime) -> None:
    """Judge an order anew by what the tables have now, and post what the books lack."""
    session.flush()
    place = (order.shop_id, order.external_id)
    hold_orders(session.connection(), [place])
    settle_all(session.connection(), load(session.connection(), [place]), key, now)
    session.expire_all()


def settle_all(connection: Connection, known: dict[Key, Told], key: bytes, now: datetime) -> None:
    """Derive the worth of orders from what is told of them, write it, judge them, and post.

    An order that tells whose customer somebody is may change later orders of the same buyer: they are judged again.
    """
    for told in known.values():
        _derive(told)
    store(connection, known)
    crash_point("orders.stored")
    orders = [(told.order, told.fresh) for told in known.values() if told.order is not None]
    locking = _judge_and_post(connection, orders, key, now)
    if locking:
        was = {told.order.id: told.was for told in known.values() if told.order is not None and told.was is not None}
        behind = followers(connection, locking, was)
        hold_orders(connection, behind)
        later = [told.order for told in load(connection, behind).values() if told.order is not None]
        _judge_and_post(connection, [(order, False) for order in later], key, now)


def _judge_and_post(
    connection: Connection, orders: Sequence[tuple[Order, bool]], key: bytes, now: datetime
) -> list[Order]:
    """Decide and post; returns the orders that may change later ones of their buyers.

    These are those that lock their buyer to an influencer, or did before; and all of a shop where terms ask whether a
    buyer is new.
    """
    if not orders:
        return []
    fresh = {order.id for order, new in orders if new}
    special = _SPECIAL.ask(connection, shops={order.shop_id for order, _ in orders})
    asking = {row.id for row in special if row.asks_for_new_buyers}
    registering = {row.id for row in special if row.has_registrations}
    standing = redecide_all(connection, [order for order, _ in orders], fresh, key, now, registering)
    crash_point("orders.decided")
    accrue_all(connection, owing_all(connection, orders, standing), now)
    crash_point("orders.posted")
    return [order for order, _ in orders if standing[order.id].locks or order.shop_id in asking]


def _derive(told: Told) -> None:
    """Keep on the order's row what it is worth now."""
    if told.order is None:
        return
    derived = worth(told.order, told.refunds.values(), told.deleted_at)
    if told.fresh or derived != stored_worth(told.order):
        keep_worth(told.order, derived)
        told.order_changed = True


def post_order(
    session: Session,
    order: Order,
    decision: AttributionDecision,
    before: AttributionDecision | None,
    key: bytes,
    now: datetime,
) -> None:
    """Post what the books lack after staff credited an order that was credited as `before` says."""
    session.flush()
    connection = session.connection()
    standing = {order.id: standing_of(connection, decision, before, key)}
    accrue_all(connection, owing_all(connection, [(order, False)], standing), now)


def refunds_of(session: Session, order: Order) -> list[OrderRefund]:
    """The refunds of an order that are in force."""
    told: Iterable[OrderRefund] = session.scalars(
        select(OrderRefund)
        .filter_by(shop_id=order.shop_id, order_external_id=order.external_id)
        .order_by(OrderRefund.refund_id)
    )
    return in_force(order, told)


def find_order(session: Session, shop_id: int, external_id: str) -> Order | None:
    """The order of a shop by the shop's own id."""
    return session.scalar(select(Order).filter_by(shop_id=shop_id, external_id=external_id))
