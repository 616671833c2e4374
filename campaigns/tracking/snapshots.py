"""How an event changes what is known of an order: the newest snapshot wins, refunds are a set, a deletion has a moment.

Whatever the order, lateness or doubling of deliveries, the state they end in is the same: a snapshot replaces an
older one only, equal versions are told apart by how far along they are and then by content, refunds and deletions may
come before their order does. Pure: rows in, rows out.
"""

import hashlib
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any

import msgspec

from campaigns.ids import public_id
from campaigns.models import Order, OrderRefund
from campaigns.tracking.events import Customer, OrderSnapshot, Refund, ShopEvent
from campaigns.tracking.identity import email_key, phone_key
from campaigns.tracking.known import Told, change, loose

# Of two snapshots with one time stamp the one further along is the later: shops stamp whole seconds.
STATUS_RANK = {"pending": 0, "paid": 1, "refunded": 2, "cancelled": 3}

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_COPIED = (
    "number", "version", "placed_at", "status", "raw_status", "currency", "prices_include_tax",
    "shipping_minor", "tax_minor", "fees_minor", "total_minor", "source", "test",
    "codes", "typed_codes", "click_ids", "affiliates",
)  # fmt: skip
_copied = attrgetter(*_COPIED)


def apply(told: Told, shop_id: int, external_id: str, event: ShopEvent, key: bytes, now: datetime) -> None:
    """Bring what is known of one order to what `event` tells."""
    if event.order:
        _take_snapshot(told, shop_id, event.order, key, now)
        for refund in event.order.refunds:
            _take_refund(told, shop_id, external_id, refund, event.order.version, now)
    for refund in event.refunds:
        _take_refund(told, shop_id, external_id, refund, refund.created_at or _BEGINNING, now)
    if event.deleted:
        deleted_at = event.occurred_at or now
        if told.deleted_at is None or deleted_at > told.deleted_at:
            told.deleted_at, told.deletion_changed = deleted_at, True


def _take_snapshot(told: Told, shop_id: int, snapshot: OrderSnapshot, key: bytes, now: datetime) -> None:
    order = told.order
    digest = _fingerprint(snapshot)
    stamp = (snapshot.version, STATUS_RANK[snapshot.status], digest)
    if order is not None and (order.version, STATUS_RANK[order.status], order.digest) >= stamp:
        return
    if order is None:
        beginnings = {
            "public_id": public_id(), "shop_id": shop_id, "external_id": snapshot.external_id, "first_seen_at": now,
        }  # fmt: skip
        order = told.order = loose(Order, beginnings)
        told.fresh = True
    elif told.was is None and not told.fresh:
        told.was = (order.customer_key, order.placed_at)
    change(
        order,
        {
            **dict(zip(_COPIED, _copied(snapshot), strict=True)),
            "digest": digest,
            "lines": msgspec.to_builtins(snapshot.lines),
            "landing_url": snapshot.landing_url or "",
            "refund_ids": [refund.refund_id for refund in snapshot.refunds] if snapshot.refunds_complete else None,
            "updated_at": now,
        },
    )
    if snapshot.customer is not None or told.fresh:
        buyer = snapshot.customer or Customer()
        change(order, {"customer_key": email_key(key, buyer.email), "phone_key": phone_key(key, buyer.phone)})
    told.order_changed = True


def _take_refund(
    told: Told, shop_id: int, order_external_id: str, refund: Refund, version: datetime, now: datetime
) -> None:
    body, digest = msgspec.to_builtins(refund), _fingerprint(refund)
    row = told.refunds.get(refund.refund_id)
    if row is None:
        first = {
            "shop_id": shop_id, "order_external_id": order_external_id, "refund_id": refund.refund_id,
            "body": body, "version": version, "digest": digest, "first_seen_at": now,
        }  # fmt: skip
        told.refunds[refund.refund_id] = loose(OrderRefund, first)
    elif (_split(body), version, digest) > (_split(row.body), row.version, row.digest):
        row.body, row.version, row.digest = body, version, digest
    else:
        return
    told.refunds_changed.add(refund.refund_id)


def _split(body: dict[str, Any]) -> bool:
    """Whether a refund says what it was for. WooCommerce's orders name its sum only, its API the lines as well."""
    return bool(body["lines"]) or not body["unsplit_minor"]


def _fingerprint(told: OrderSnapshot | Refund) -> str:
    """SHA-256 of the content, in hex: the same content has the same, and that is all it is for."""
    return hashlib.sha256(msgspec.json.encode(told)).hexdigest()
