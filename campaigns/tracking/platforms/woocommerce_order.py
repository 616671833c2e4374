"""A WooCommerce order as a snapshot, of REST v1 to v3 and of the legacy API (`total_shipping`, `billing_address`, …).

https://woocommerce.github.io/woocommerce-rest-api-docs/#order-properties. A line's `total` is after coupons and always
without tax, whatever `prices_include_tax` says. Amounts may come unrounded, where a shop rounds tax at the subtotal:
each is rounded to the currency on its own. Quantities may be fractions. Fees are no goods, below zero no less: what a
plugin takes off as a fee lowers no line. Refunds: see woocommerce_refund.py.
"""

from urllib.parse import urlencode

from campaigns.errors import Unreadable
from campaigns.tracking.events import Customer, Line, OrderSnapshot
from campaigns.tracking.json_body import JsonObject, within_reach
from campaigns.tracking.platforms.evidence import (
    click_fields,
    click_ids,
    distinct_codes,
    landing_url,
    loose_pairs,
)
from campaigns.tracking.platforms.woocommerce_refund import read_refund

# What core calls an order whose goods are sold; a shop's own statuses are paid once a payment date is set.
PAID = frozenset({"processing", "completed"})
CANCELLED = frozenset({"cancelled", "trash"})

# The keys under which Gift Cards (WooCommerce) and PW Gift Cards mark a line that sells a card.
GIFT_CARD_KEYS = ("wc_gc_giftcard", "pw_gift_card")
# Order attribution, in core since 8.5: the first page's address with its query, and the utm_… marks of the visit.
SESSION_ENTRY = "_wc_order_attribution_session_entry"
UTM = "_wc_order_attribution_utm_"
OUR_MEDIUM = "influencer"  # the utm_medium that our redirect writes
# WooCommerce Subscriptions marks a renewal with the subscription's number, whichever door it came through.
RENEWAL = "_subscription_renewal"


def read_order(body: JsonObject, shop_timezone: str) -> OrderSnapshot:
    """The snapshot; raises Unreadable."""
    currency = body.currency("currency")
    placed_at = body.when(_time_field(body, "date_created", "created_at"), _zone(body, "date_created", shop_timezone))
    modified = _time_field(body, "date_modified", "updated_at")
    raw_status = status_word(body)
    meta = body.values.get("meta_data")
    entry = _meta(meta, SESSION_ENTRY) or _visit(meta)
    if body.values.get("line_items") is None:
        raise Unreadable("line_items: missing")
    lines = tuple(_line(item, currency) for item in body.objects("line_items"))
    within_reach(sum(abs(line.net_minor) for line in lines), "line_items")
    return OrderSnapshot(
        external_id=body.identifier("id"),
        number=body.text("number") or body.text("order_number"),
        version=body.when_or_none(modified, _zone(body, "date_modified", shop_timezone)) or placed_at,
        placed_at=placed_at,
        status=_status(body, raw_status),
        raw_status=raw_status,
        currency=currency,
        # Only says how the shop types its prices; some versions leave it out, and no amount here depends on it.
        prices_include_tax=body.flag_or_false("prices_include_tax"),
        lines=lines,
        shipping_minor=_charge(body, "shipping_total" if body.has("shipping_total") else "total_shipping", currency),
        tax_minor=_charge(body, "total_tax", currency),
        fees_minor=sum(_charge(fee, "total", currency) for fee in body.objects("fee_lines")),
        total_minor=body.amount("total", currency, signed=True, rounded=True),
        codes=distinct_codes(line.values.get("code") for line in body.objects("coupon_lines")),
        click_ids=click_ids([*click_fields(meta, "key"), _meta(meta, f"{UTM}content")], entry),
        landing_url=landing_url(entry),
        customer=_customer(body),
        source="subscription" if _meta(meta, RENEWAL) else body.text("created_via"),
        # The legacy API leaves refunds out altogether; where the list is there, it is whole.
        refunds_complete=isinstance(body.values.get("refunds"), list),
        refunds=tuple(read_refund(refund, currency) for refund in body.objects("refunds")),
    )


def status_word(body: JsonObject) -> str:
    """The order's status in WooCommerce's words; the database's own prefix is left off."""
    return body.word("status").removeprefix("wc-")


def _status(body: JsonObject, raw: str) -> str:
    if raw in CANCELLED:
        return "cancelled"
    if raw == "refunded":
        return "refunded"
    if raw in PAID:
        return "paid"
    # A failed order may keep the date of a payment that was charged back or of an earlier try: no money is there.
    if raw == "failed":
        return "pending"
    dated = body.has("date_paid_gmt") or body.has("date_paid")
    return "paid" if dated or body.object("payment_details").values.get("paid") is True else "pending"


def _time_field(body: JsonObject, name: str, legacy_name: str) -> str:
    return next((field for field in (f"{name}_gmt", name) if body.has(field)), legacy_name)


def _zone(body: JsonObject, name: str, shop_timezone: str) -> str:
    # Fields ending _gmt are UTC without saying so; REST v1 has only the shop's local time.
    return shop_timezone if body.has(name) and not body.has(f"{name}_gmt") else "UTC"


def _line(item: JsonObject, currency: str) -> Line:
    net = item.amount("total", currency, signed=True, rounded=True)
    before = item.amount("subtotal", currency, signed=True, rounded=True) if item.has("subtotal") else net
    return Line(
        line_id=item.identifier("id"),
        sku=item.text("sku"),
        title=item.text("name"),
        category="",
        quantity=item.quantity("quantity"),
        net_minor=net,
        tax_minor=_charge(item, "total_tax", currency),
        discount_minor=before - net,
        gift_card=_sells_gift_card(item),
    )


def _charge(owner: JsonObject, name: str, currency: str) -> int:
    return owner.amount_or_zero(name, currency, signed=True, rounded=True)


def _meta(meta: object, key: str) -> object:
    return next((pair.get("value") for pair in loose_pairs(meta) if pair.get("key") == key), None)


def _visit(meta: object) -> str | None:
    """Where the first page isn't kept, the marks our redirect gave it: any other campaign's say nothing of us."""
    marks = {f"utm_{name}": _meta(meta, f"{UTM}{name}") for name in ("source", "medium", "campaign")}
    ours = marks["utm_medium"] == OUR_MEDIUM and all(isinstance(mark, str) for mark in marks.values())
    return f"?{urlencode(marks, errors='replace')}" if ours else None


def _sells_gift_card(item: JsonObject) -> bool:
    keys = [pair.get("key") for pair in loose_pairs(item.values.get("meta_data"))]
    return any(isinstance(key, str) and key.startswith(GIFT_CARD_KEYS) for key in keys)


def _customer(body: JsonObject) -> Customer:
    billing = body.object("billing" if body.has("billing") else "billing_address")
    number = body.identifier("customer_id") if body.has("customer_id") else "0"
    return Customer(
        external_id=None if number == "0" else number,  # 0 is a guest
        email=billing.text("email").strip() or None,
        phone=billing.text("phone").strip() or None,
    )
