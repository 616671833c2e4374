"""Orders: the newest snapshot wins, refunds are a set, and the books follow.

Whatever the order, lateness or doubling of deliveries, the state they end in is the same: a snapshot replaces an
older one only, equal versions are told apart by content, refunds and deletions may come before their order does.
One function takes an event; accepting, retrying and replaying a delivery all end here.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.commissions.accrual import accrue
from campaigns.commissions.terms import Sale, fingerprint
from campaigns.models import AttributionDecision, Order, OrderDeletion, OrderRefund, Shop
from campaigns.tracking.decisions import credit_of, hold_order, redecide
from campaigns.tracking.events import OrderSnapshot, Refund, ShopEvent
from campaigns.tracking.identity import email_key, phone_key
from campaigns.tracking.valuation import Parts, gift_card_minor, value

# Of two snapshots with one time stamp the one further along is the later: shops stamp whole seconds.
STATUS_RANK = {"pending": 0, "paid": 1, "refunded": 2, "cancelled": 3}

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def take(session: Session, shop: Shop, event: ShopEvent, key: bytes, now: datetime) -> Order | None:
    """Bring one order to what `event` tells, judge it, and bring its books along; None while the order is unknown."""
    external_id = event.order.external_id if event.order else event.order_id
    if external_id is None:
        return None
    hold_order(session, shop.id, external_id)
    if event.order:
        _take_snapshot(session, shop, event.order, key, now)
        for refund in event.order.refunds:
            _take_refund(session, shop, external_id, refund, event.order.version, now)
    for refund in event.refunds:
        _take_refund(session, shop, external_id, refund, refund.created_at or _BEGINNING, now)
    if event.deleted:
        _take_deletion(session, shop, external_id, event.occurred_at or now)
    order = find_order(session, shop.id, external_id)
    if order is not None:
        settle(session, order, key, now)
    return order


def settle(session: Session, order: Order, key: bytes, now: datetime) -> AttributionDecision:
    """Derive an order's worth from its state, judge whose sale it is, and post what the books lack."""
    revalue(session, order)
    session.flush()
    decision = redecide(session, order, key, now)
    post_order(session, order, decision, now)
    return decision


def post_order(session: Session, order: Order, decision: AttributionDecision, now: datetime) -> None:
    """Post the difference between what the order earns under `decision` and what stands in the books."""
    accrue(session, order.id, credit_of(decision), sale_of(order), order.currency, now)


def sale_of(order: Order) -> Sale | None:
    """What of an order can earn; None for one that is not (or no longer) a paid sale."""
    if not order.is_sale:
        return None
    return stored_worth(order).sale


@dataclass(frozen=True)
class Worth:
    """What an order's row keeps of what it is worth: derived, and recomputed by `books check`."""

    sale: Sale
    gift_card_minor: int
    deleted: bool


def worth(order: Order, refunds: Iterable[OrderRefund], deleted_at: datetime | None) -> Worth:
    """The worth of an order with all refunds told for it, and the moment it was deleted in the shop, if it was."""
    parts = Parts(
        status=order.status,
        prices_include_tax=order.prices_include_tax,
        lines=order.lines,
        refunds=[refund.body for refund in in_force(order, refunds)],
        shipping_minor=order.shipping_minor,
        tax_minor=order.tax_minor,
        fees_minor=order.fees_minor,
    )
    deleted = deleted_at is not None and deleted_at >= order.version
    return Worth(value(parts), gift_card_minor(order.lines), deleted)


def stored_worth(order: Order) -> Worth:
    """The worth as the order's row has it."""
    sale = Sale(order.net_minor, order.net_tax_minor, order.refunded_minor, order.refunded_tax_minor)
    return Worth(sale, order.gift_card_minor, order.deleted)


def revalue(session: Session, order: Order) -> None:
    """Derive the order's worth from its lines and refunds, and keep it on its row."""
    deleted_at = session.scalar(
        select(OrderDeletion.deleted_at).filter_by(shop_id=order.shop_id, order_external_id=order.external_id)
    )
    derived = worth(order, refunds_of(session, order), deleted_at)
    order.deleted, order.gift_card_minor = derived.deleted, derived.gift_card_minor
    order.net_minor, order.net_tax_minor = derived.sale.net_minor, derived.sale.net_tax_minor
    order.refunded_minor, order.refunded_tax_minor = derived.sale.refunded_minor, derived.sale.refunded_tax_minor


def refunds_of(session: Session, order: Order) -> list[OrderRefund]:
    """The refunds of an order that are in force."""
    told = session.scalars(
        select(OrderRefund)
        .filter_by(shop_id=order.shop_id, order_external_id=order.external_id)
        .order_by(OrderRefund.refund_id)
    )
    return in_force(order, told)


def in_force(order: Order, refunds: Iterable[OrderRefund]) -> list[OrderRefund]:
    """Of the refunds told for an order all, or where its platform lists every one with it, those still listed."""
    return [row for row in refunds if order.refund_ids is None or row.refund_id in order.refund_ids]


def find_order(session: Session, shop_id: int, external_id: str) -> Order | None:
    """The order of a shop by the shop's own id."""
    return session.scalar(select(Order).filter_by(shop_id=shop_id, external_id=external_id))


def _take_snapshot(session: Session, shop: Shop, snapshot: OrderSnapshot, key: bytes, now: datetime) -> None:
    order = find_order(session, shop.id, snapshot.external_id)
    digest = fingerprint(_primitives(snapshot))
    stamp = (snapshot.version, STATUS_RANK[snapshot.status], digest)
    if order is not None and (order.version, STATUS_RANK[order.status], order.digest) >= stamp:
        return
    if order is None:
        order = Order(shop_id=shop.id, external_id=snapshot.external_id, first_seen_at=now)
        session.add(order)
    for name in (
        "number", "version", "placed_at", "status", "raw_status", "currency", "prices_include_tax",
        "shipping_minor", "tax_minor", "fees_minor", "total_minor", "source", "test",
    ):  # fmt: skip
        setattr(order, name, getattr(snapshot, name))
    order.digest = digest
    order.lines = [asdict(line) for line in snapshot.lines]
    order.codes, order.typed_codes = list(snapshot.codes), list(snapshot.typed_codes)
    order.click_ids = list(snapshot.click_ids)
    order.customer_key = email_key(key, snapshot.customer.email)
    order.phone_key = phone_key(key, snapshot.customer.phone)
    order.refund_ids = [refund.refund_id for refund in snapshot.refunds] if snapshot.refunds_complete else None
    order.updated_at = now
    session.flush()


def _take_refund(
    session: Session, shop: Shop, order_external_id: str, refund: Refund, version: datetime, now: datetime
) -> None:
    body = _primitives(refund)
    digest = fingerprint(body)
    row = session.scalar(
        select(OrderRefund).filter_by(shop_id=shop.id, order_external_id=order_external_id, refund_id=refund.refund_id)
    )
    if row is None:
        row = OrderRefund(
            shop_id=shop.id,
            order_external_id=order_external_id,
            refund_id=refund.refund_id,
            body=body,
            version=version,
            digest=digest,
            first_seen_at=now,
        )
        session.add(row)
    elif (version, digest) > (row.version, row.digest):
        row.body, row.version, row.digest = body, version, digest
    session.flush()


def _take_deletion(session: Session, shop: Shop, order_external_id: str, deleted_at: datetime) -> None:
    row = session.scalar(select(OrderDeletion).filter_by(shop_id=shop.id, order_external_id=order_external_id))
    if row is None:
        session.add(OrderDeletion(shop_id=shop.id, order_external_id=order_external_id, deleted_at=deleted_at))
    else:
        row.deleted_at = max(row.deleted_at, deleted_at)
    session.flush()


def _primitives(thing: OrderSnapshot | Refund) -> dict[str, Any]:
    """A dataclass as JSON can hold it; times as ISO 8601 to the microsecond."""

    def plain(value: Any) -> Any:
        if isinstance(value, datetime):
            return value.astimezone(UTC).isoformat()
        if isinstance(value, dict):
            return {name: plain(part) for name, part in value.items()}
        if isinstance(value, list | tuple):
            return [plain(part) for part in value]
        return value

    primitives: dict[str, Any] = plain(asdict(thing))
    return primitives
