"""A WooCommerce refund: as the order names it, a sum; as the refunds of its API, with what was given back of each line.

https://developer.woocommerce.com/docs/apis/rest-api/v3/order-refunds/. In the detail `amount` is positive, the lines'
amounts are negative and without tax, and a meta field names the order's line. `amount` may be typed by hand and then
agrees with no lines: what it has beyond them stays unsplit, and where the lines have more the lines count, for the
claw-back follows what was given back.
"""

from typing import Any

from campaigns.errors import Unreadable
from campaigns.tracking.events import Refund, RefundLine
from campaigns.tracking.json_body import JsonObject
from campaigns.tracking.platforms.evidence import loose_pairs

LINE_KEY = "_refunded_item_id"


def read_refund(refund: JsonObject, currency: str) -> Refund:
    """The refund in the order's currency, in detail where it came with details; raises Unreadable."""
    return _detailed(refund, currency) if refund.has("amount") else _summed(refund, currency)


def _summed(refund: JsonObject, currency: str) -> Refund:
    given_back = -refund.amount("total", currency, signed=True, rounded=True)
    if given_back < 0:
        raise Unreadable(f"{refund.at('total')}: a refund that adds money")
    return Refund(
        refund_id=refund.identifier("id"),
        created_at=None,
        currency=currency,
        unsplit_minor=given_back,
        money_minor=given_back,
    )


def _detailed(refund: JsonObject, currency: str) -> Refund:
    amount = refund.amount("amount", currency, rounded=True)
    items, shipping = refund.objects("line_items"), refund.objects("shipping_lines")
    lines = tuple(_line(item, currency) for item in items)
    everything = items + shipping + refund.objects("fee_lines")
    itemised = sum(_back(each, "total", currency) + _back(each, "total_tax", currency) for each in everything)
    rest = amount - itemised
    return Refund(
        refund_id=refund.identifier("id"),
        created_at=refund.when_or_none("date_created_gmt", "UTC"),
        currency=currency,
        lines=lines,
        lines_include_tax=False,
        shipping_minor=sum(_back(each, "total", currency) for each in shipping),
        # Each amount is rounded on its own, so the sum may be off by one minor unit for each and say nothing.
        unsplit_minor=rest if rest > 2 * len(everything) else 0,
        money_minor=amount,
    )


def _line(item: JsonObject, currency: str) -> RefundLine:
    return RefundLine(
        line_id=_order_line(item),
        quantity=_quantity(item),
        amount_minor=_back(item, "total", currency),
        tax_minor=_back(item, "total_tax", currency),
    )


def _back(item: JsonObject, name: str, currency: str) -> int:
    """What was given back, counted positive; a fee that was a discount comes back below zero."""
    return -item.amount_or_zero(name, currency, signed=True, rounded=True)


def _order_line(item: JsonObject) -> str:
    # Where a plugin hides the meta field the refund's own line is named: what it is worth stays right.
    found: Any = next(
        (pair.get("value") for pair in loose_pairs(item.values.get("meta_data")) if pair.get("key") == LINE_KEY), None
    )
    return JsonObject({"id": found}, item.path).identifier("id") if found else item.identifier("id")


def _quantity(item: JsonObject) -> str:
    written = str(item.values.get("quantity", "")).strip().removeprefix("-")
    return JsonObject({"quantity": written}, item.path).quantity("quantity")
