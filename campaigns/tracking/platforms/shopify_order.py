"""A Shopify order resource as a snapshot: https://shopify.dev/docs/api/admin-rest/latest/resources/order.

Plain amounts are the shop's currency; what the buyer saw in theirs (`presentment_money`) is passed over. Amounts come
from the lines, never from `subtotal_price`, which Shopify's own samples get wrong. A line's net is price × quantity
less its discount allocations, less its tax where prices include it.

Edits. `quantity` stays as ordered; `current_quantity` leaves out units taken off by an edit and units refunded alike.
Refunds are counted on their own, so the units removed by edits are quantity − current_quantity − units of the line in
`refunds[]`, never below zero, and a line counts for the rest of its units, pro rata of its net, tax and discount.
Refunded units therefore stay in the line and leave once, by their refund. An edit that takes off a line without a
refund lowers the net; one down to nothing leaves a sale of nothing. `total_price` stays what was first ordered.

Tips, duties and fees are no lines of goods. Gift cards that pay are a way of payment and touch no amount. `source` is
Shopify's `source_name`: web, pos, shopify_draft_order, an app's number; a subscription's renewals are called
`subscription_contract…`, its first order has the word of the door it came through.
"""

from collections.abc import Mapping

from campaigns.errors import Unreadable
from campaigns.money import divide_half_away
from campaigns.tracking.events import Customer, Line, OrderSnapshot
from campaigns.tracking.json_body import JsonObject, within_reach
from campaigns.tracking.platforms.evidence import affiliates, click_fields, click_ids, distinct_codes, landing_url
from campaigns.tracking.platforms.shopify_refund import is_tip, read_refund

# Paid means the whole sum is taken: an authorisation or a part payment may still fall through.
STATUSES = {
    "paid": "paid",
    "partially_refunded": "paid",
    "refunded": "refunded",
    "voided": "cancelled",
    "pending": "pending",
    "authorized": "pending",
    "partially_paid": "pending",
    "expired": "pending",
    "": "pending",
}


def read_order(body: JsonObject) -> OrderSnapshot:
    """The snapshot; raises Unreadable."""
    currency = body.currency("currency")
    prices_include_tax = body.flag("taxes_included")
    status, raw_status = _status(body)
    # Not processed_at: an app that imports or edits an order may set that to any day. Shopify sets created_at itself.
    placed_at = body.when("created_at")
    codes, typed_codes = _codes(body)
    lines = _lines(body, currency, prices_include_tax)
    within_reach(sum(abs(line.net_minor) for line in lines), "line_items")
    return OrderSnapshot(
        external_id=body.identifier("id"),
        number=body.text("name") or body.text("order_number"),
        version=body.when_or_none("updated_at") or placed_at,
        placed_at=placed_at,
        status=status,
        raw_status=raw_status,
        currency=currency,
        prices_include_tax=prices_include_tax,
        lines=lines,
        shipping_minor=_shipping(body, currency),
        tax_minor=_order_tax(body, currency, lines),
        fees_minor=_fees(body, currency),
        total_minor=body.amount("total_price", currency),
        codes=codes,
        typed_codes=typed_codes,
        click_ids=click_ids(click_fields(body.values.get("note_attributes"), "name"), body.values.get("landing_site")),
        landing_url=landing_url(body.values.get("landing_site")),
        affiliates=affiliates([body.values.get("landing_site_ref")]),
        customer=_customer(body),
        source=body.text("source_name"),
        test=body.flag_or_false("test"),
        refunds=tuple(read_refund(refund, currency, within_order=True) for refund in body.objects("refunds")),
    )


def _status(body: JsonObject) -> tuple[str, str]:
    # A cancelled order keeps its financial status, and a refund may leave that at any word.
    if body.has("cancelled_at"):
        return "cancelled", "cancelled"
    raw = body.text("financial_status").strip()
    if raw not in STATUSES:
        raise Unreadable("financial_status: a word we don't know")
    return STATUSES[raw], raw


def _lines(body: JsonObject, currency: str, prices_include_tax: bool) -> tuple[Line, ...]:
    if body.values.get("line_items") is None:
        raise Unreadable("line_items: missing")
    refunded: dict[str, int] = {}
    for refund in body.objects("refunds"):
        for item in refund.objects("refund_line_items"):
            line_id = item.identifier("line_item_id")
            refunded[line_id] = refunded.get(line_id, 0) + item.count("quantity")
    goods = [item for item in body.objects("line_items") if not is_tip(item)]
    tax_inside = prices_include_tax and _taxed(body, currency)
    return tuple(_line(item, refunded, currency, tax_inside) for item in goods)


def _taxed(body: JsonObject, currency: str) -> bool:
    return not body.has("total_tax") or body.amount("total_tax", currency) != 0


def _line(item: JsonObject, refunded: Mapping[str, int], currency: str, tax_inside: bool) -> Line:
    line_id = item.identifier("id")
    ordered = item.count("quantity")
    sold = ordered
    if item.has("current_quantity"):
        removed = max(0, ordered - item.count("current_quantity") - refunded.get(line_id, 0))
        sold = max(0, ordered - removed)
    net, tax, discount = _amounts(item, ordered, currency, tax_inside)
    return Line(
        line_id=line_id,
        sku=item.text("sku"),
        title=item.text("title") or item.text("name"),
        category=item.text("product_type"),
        quantity=str(sold),
        net_minor=_part(net, sold, ordered),
        tax_minor=_part(tax, sold, ordered),
        discount_minor=_part(discount, sold, ordered),
        gift_card=item.flag_or_false("gift_card"),
    )


def _amounts(item: JsonObject, ordered: int, currency: str, tax_inside: bool) -> tuple[int, int, int]:
    """A line's net, tax and discount for all units ordered."""
    if tax_inside and item.values.get("tax_lines") is None:
        raise Unreadable(f"{item.at('tax_lines')}: missing, and the price has the tax inside")
    tax = sum(tax_line.amount("price", currency) for tax_line in item.objects("tax_lines"))
    # Bodies from before 2018 have no allocations; what was taken off a line stands in its own total_discount.
    if item.values.get("discount_allocations") is None:
        discount = item.amount_or_zero("total_discount", currency)
    else:
        discount = sum(each.amount("amount", currency) for each in item.objects("discount_allocations"))
    gross = within_reach(item.amount("price", currency) * ordered, item.at("price"))
    net = gross - discount - (tax if tax_inside else 0)
    return within_reach(net, item.path), within_reach(tax, item.path), within_reach(discount, item.path)


def _part(amount_minor: int, sold: int, ordered: int) -> int:
    if sold == ordered:
        return amount_minor if ordered else 0
    return divide_half_away(amount_minor * sold, ordered)


def _order_tax(body: JsonObject, currency: str, lines: tuple[Line, ...]) -> int:
    # Old bodies leave total_tax null where the lines' taxes are all there is.
    return body.amount("total_tax", currency) if body.has("total_tax") else sum(line.tax_minor for line in lines)


def _shipping(body: JsonObject, currency: str) -> int:
    shop_money = body.object("total_shipping_price_set").object("shop_money")
    if shop_money.has("amount"):
        return shop_money.amount("amount", currency)
    return sum(
        line.amount("discounted_price" if line.has("discounted_price") else "price", currency)
        for line in body.objects("shipping_lines")
    )


def _fees(body: JsonObject, currency: str) -> int:
    tips = body.amount_or_zero("total_tip_received", currency)
    return (
        tips
        + _as_ordered(body, "total_duties_set", currency)
        + _as_ordered(body, "total_additional_fees_set", currency)
    )


def _as_ordered(body: JsonObject, name: str, currency: str) -> int:
    # What edits left of it stands in for what was first ordered only where that isn't told.
    ordered = body.object(f"original_{name}").object("shop_money")
    current = body.object(f"current_{name}").object("shop_money")
    return (ordered if ordered.has("amount") else current).amount_or_zero("amount", currency)


def _codes(body: JsonObject) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Codes a buyer entered, and codes staff or an API put there.

    `discount_codes` lists the title of a staff discount as if it were a code; only an application of type
    `discount_code` shows that somebody entered it. Bodies without applications can't be told apart: believed.
    """
    listed = distinct_codes(each.values.get("code") for each in body.objects("discount_codes"))
    applications = body.objects("discount_applications")
    if not applications:
        return listed, ()
    by_buyer = [each.values.get("code") for each in applications if each.text("type") == "discount_code"]
    entered = {code.strip().casefold() for code in distinct_codes(by_buyer)}
    typed = tuple(code for code in listed if code.strip().casefold() not in entered)
    codes = [code for code in listed if code not in typed]
    return distinct_codes([*codes, *by_buyer]), typed


def _customer(body: JsonObject) -> Customer:
    person = body.object("customer")
    emails = [body.text("email"), body.text("contact_email"), person.text("email")]
    phones = [body.text("phone"), person.text("phone")]
    return Customer(
        external_id=person.identifier("id") if person.has("id") else None,
        email=next(filter(None, map(str.strip, emails)), None),
        phone=next(filter(None, map(str.strip, phones)), None),
    )
