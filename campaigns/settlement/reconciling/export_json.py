"""A shop's orders as JSON: a list of them, or an object that holds the list.

Each order is in our Standard format (the `data` of a delivery, or the whole delivery), or as the Admin API of Shopify
or the REST API of WooCommerce lists it; it is read by the very function that reads the platform's deliveries.
"""

from typing import Any

from campaigns.errors import Unreadable
from campaigns.settlement.reconciling.exported import Export, ShopOrder
from campaigns.tracking.events import OrderSnapshot
from campaigns.tracking.json_body import JsonObject, read_json
from campaigns.tracking.platforms import shopify_order, standard_order, woocommerce, woocommerce_order

LISTS = ("orders", "data", "items")


def read_orders(body: bytes, zone: str) -> Export | None:
    """The orders of a document; None where it holds no list of them. Raises Unreadable where it is no JSON."""
    found = read_json(body)
    if isinstance(found, dict):
        found = next((found[name] for name in LISTS if isinstance(found.get(name), list)), None)
    if not isinstance(found, list):
        return None
    export = Export("json")
    for row, one in enumerate(found, 1):
        export.take(row, lambda row=row, one=one: _order(row, one, zone))  # type: ignore[misc]
    return export


def _order(row: int, one: Any, zone: str) -> ShopOrder | None:
    if not isinstance(one, dict):
        raise Unreadable("not an object")
    snapshot = _snapshot(JsonObject(one), zone)
    if snapshot is None:
        return None
    return ShopOrder(
        row=row,
        external_id=snapshot.external_id,
        number=snapshot.number,
        placed_at=snapshot.placed_at,
        status=snapshot.status,
        raw_status=snapshot.raw_status,
        currency=snapshot.currency,
        total_minor=snapshot.total_minor,
        refunded_minor=sum(refund.money_minor for refund in snapshot.refunds),
        snapshot=snapshot,
        dated=True,
    )


def _snapshot(order: JsonObject, zone: str) -> OrderSnapshot | None:
    """The order by the reader of its own kind; None for a draft."""
    if "line_items" in order.values and ("financial_status" in order.values or "total_price" in order.values):
        return shopify_order.read_order(order)
    if "line_items" in order.values:
        draft = woocommerce_order.status_word(order) in woocommerce.NOT_YET_ORDERS
        return None if draft else woocommerce_order.read_order(order, zone)
    if isinstance(order.values.get("data"), dict):
        occurred_at = order.when_or_none("timestamp")
        return standard_order.read_order(order.object("data"), order.text("type"), occurred_at)
    return standard_order.read_order(order, "", None)
