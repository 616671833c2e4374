"""A Squarespace order as a snapshot.

https://developers.squarespace.com/commerce-apis/retrieve-specific-order. A line's price is before the order's discount
and the tax is one sum for everything, so both are spread over the lines: the discount by price, the tax first between
goods and shipping by what they cost. What was refunded is one sum for the order and stays unsplit. A discount on
shipping can't be told from one on goods, and is taken off the goods.
"""

from collections.abc import Container
from datetime import datetime

from campaigns.errors import Unreadable
from campaigns.money import spread
from campaigns.tracking.events import Customer, Line, OrderSnapshot, Refund
from campaigns.tracking.json_body import JsonObject, within_reach
from campaigns.tracking.platforms.evidence import click_fields, click_ids, distinct_codes

FULFILLED_OR_NOT = frozenset({"PENDING", "FULFILLED"})
PARTLY = "PARTIALLY_REFUNDED"
# An order is placed by paying for it; only later versions of the API say how far that went.
PAYMENT_STATES = {
    "": "paid",
    "PAID": "paid",
    PARTLY: "paid",
    "REFUNDED": "refunded",
    "NOT_CHARGED": "pending",
    "PARTIALLY_PAID": "pending",
}
TAX_INSIDE = {"INCLUSIVE": True, "EXCLUSIVE": False, "": False}


def read_order(order: JsonObject, occurred_at: datetime | None) -> OrderSnapshot:
    """The snapshot; raises Unreadable."""
    currency = _total(order, "grandTotal", "grandTotal").currency("currency")
    tax_inside = TAX_INSIDE[_word_in(order, "priceTaxInterpretation", TAX_INSIDE)]
    tax, shipping = _sum(order, "taxTotal", "taxTotal", currency), _sum(order, "shippingTotal", "shipping", currency)
    goods, discount = _prices(order, currency), _sum(order, "discountTotal", "discountTotal", currency)
    goods_tax, shipping_tax = spread(tax, [sum(goods) - discount, shipping])
    placed_at = order.when("createdOn")
    return OrderSnapshot(
        external_id=order.identifier("id"),
        number=order.text("orderNumber") or order.identifier("id"),
        version=order.when_or_none("modifiedOn") or occurred_at or placed_at,
        placed_at=placed_at,
        status=_status(order),
        raw_status=order.word("fulfillmentStatus"),
        currency=currency,
        prices_include_tax=tax_inside,
        lines=_lines(order, goods, discount, goods_tax, tax_inside),
        shipping_minor=shipping - (shipping_tax if tax_inside else 0),
        tax_minor=tax,
        fees_minor=0,
        total_minor=_total(order, "grandTotal", "grandTotal").amount("value", currency, rounded=True),
        codes=distinct_codes(line.values.get("promoCode") for line in order.objects("discountLines")),
        click_ids=click_ids(click_fields(order.values.get("formSubmission"), "label"), None),
        customer=_customer(order),
        source=order.text("channel"),
        test=order.flag_or_false("testmode"),
        refunds_complete=True,
        refunds=_refunds(order, currency),
    )


def _prices(order: JsonObject, currency: str) -> list[int]:
    """What each line costs before the discount, as prices are written: with the tax inside or without."""
    prices = [_money(item, "unitPricePaid", currency) * item.count("quantity") for item in order.objects("lineItems")]
    within_reach(sum(prices), order.at("lineItems"))
    return prices


def _lines(order: JsonObject, prices: list[int], discount: int, tax: int, tax_inside: bool) -> tuple[Line, ...]:
    paid = spread(within_reach(sum(prices) - discount, order.at("discountTotal")), prices)
    taxes = spread(tax, paid)
    return tuple(
        Line(
            line_id=item.identifier("id"),
            sku=item.text("sku"),
            title=item.text("productName"),
            category="",
            quantity=item.quantity("quantity"),
            net_minor=line_paid - (line_tax if tax_inside else 0),
            tax_minor=line_tax,
            discount_minor=price - line_paid,
            gift_card=item.text("lineItemType") == "GIFT_CARD",
        )
        for item, price, line_paid, line_tax in zip(order.objects("lineItems"), prices, paid, taxes, strict=True)
    )


def _status(order: JsonObject) -> str:
    fulfilment = order.word("fulfillmentStatus")
    if fulfilment == "CANCELED":
        return "cancelled"
    if fulfilment not in FULFILLED_OR_NOT:
        raise Unreadable(f"{order.at('fulfillmentStatus')}: an unknown status")
    return PAYMENT_STATES[_word_in(order, "paymentState", PAYMENT_STATES)]


def _word_in(order: JsonObject, name: str, known: Container[str]) -> str:
    word = order.text(name).strip()
    if word not in known:
        raise Unreadable(f"{order.at(name)}: an unknown word")
    return word


def _refunds(order: JsonObject, currency: str) -> tuple[Refund, ...]:
    given_back = _sum(order, "refundedTotal", "refundedTotal", currency)
    if not given_back:
        if order.text("paymentState").strip() == PARTLY and _status(order) == "paid":
            raise Unreadable(f"{order.at('paymentState')}: refunded in part, and how much isn't said")
        return ()
    whole = Refund("refunded-total", None, currency, unsplit_minor=given_back, money_minor=given_back)
    return (whole,)


def _total(order: JsonObject, name: str, nested: str) -> JsonObject:
    """One of the order's sums; some versions keep them together under `totals`, and under shorter names."""
    return order.object(name) if order.has(name) else order.object("totals").object(nested)


def _sum(order: JsonObject, name: str, nested: str, currency: str) -> int:
    money = _total(order, name, nested)
    return _in_currency(money, currency) if money.values else 0


def _money(owner: JsonObject, name: str, currency: str) -> int:
    return _in_currency(owner.object(name), currency)


def _in_currency(money: JsonObject, currency: str) -> int:
    if money.currency("currency") != currency:
        raise Unreadable(f"{money.at('currency')}: another currency than the order's")
    return money.amount("value", currency, rounded=True)


def _customer(order: JsonObject) -> Customer:
    return Customer(
        external_id=order.identifier("customerId") if order.has("customerId") else None,
        email=order.text("customerEmail").strip() or None,
        phone=order.object("billingAddress").text("phone").strip() or None,
    )
