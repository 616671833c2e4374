"""An Adobe Commerce (Magento) order as a snapshot, in the shop's base currency.

https://developer.adobe.com/commerce/extensibility/events/. An event and `GET /V1/orders/{id}` name the fields alike.
`base_row_total` is without tax; where prices include tax the discount is off the taxed price, and
`base_discount_tax_compensation_amount` is the part of it that was tax. So 100.00 less 11.90 with 1.90 of it tax is
90.00. A configurable product comes as a parent and its child, which is the same sale. Bundles keep their discounts
with the children: there, or where a subscription leaves fields of the items out, the lines don't add up to the order,
and the goods are one line.
"""

from collections.abc import Sequence

from campaigns.errors import Unreadable
from campaigns.tracking.events import Customer, Line, OrderSnapshot
from campaigns.tracking.json_body import LONGEST_TEXT, JsonObject, within_reach
from campaigns.tracking.platforms.adobe_commerce_refund import read_credit_memo
from campaigns.tracking.platforms.evidence import click_fields, click_ids, distinct_codes

# What an order can't be valued without. A name that is there with null was subscribed to; a missing one was not.
ORDER_FIELDS = frozenset(
    {
        "entity_id", "increment_id", "created_at", "updated_at", "state", "base_currency_code", "coupon_code",
        "base_subtotal", "base_discount_amount", "base_discount_tax_compensation_amount",
        "base_shipping_amount", "base_shipping_discount_amount", "base_shipping_tax_amount",
        "base_tax_amount", "base_grand_total", "items",
    }
)  # fmt: skip
STATUS = {"new": "pending", "pending_payment": "pending", "payment_review": "pending", "holded": "pending"}
STATUS |= {"processing": "paid", "complete": "paid", "closed": "refunded", "canceled": "cancelled"}


def order_id_of(order: JsonObject) -> str:
    """The order's own id; its items know it too."""
    if order.has("entity_id"):
        return order.identifier("entity_id")
    ids = {item.identifier("order_id") for item in order.objects("items") if item.has("order_id")}
    if len(ids) != 1:
        raise Unreadable(f"{order.at('entity_id')}: missing")
    return ids.pop()


def read_order(order: JsonObject, credit_memos: Sequence[JsonObject]) -> OrderSnapshot:
    """The snapshot, with the credit memos that were read back beside it; raises Unreadable."""
    currency, state = order.currency("base_currency_code"), order.word("state")
    if state not in STATUS:
        raise Unreadable(f"{order.at('state')}: an unknown state")
    shipping = amount(order, "base_shipping_amount", currency) - _shipping_discount(order, currency)
    return OrderSnapshot(
        external_id=order_id_of(order),
        number=order.identifier("increment_id"),
        version=order.when("updated_at", "UTC"),
        placed_at=order.when("created_at", "UTC"),
        status=STATUS[state],
        raw_status=order.text("status") or state,
        currency=currency,
        prices_include_tax=False,
        lines=_lines(order, currency),
        shipping_minor=shipping,
        tax_minor=amount(order, "base_tax_amount", currency),
        fees_minor=0,
        total_minor=order.amount("base_grand_total", currency, rounded=True),
        codes=distinct_codes(_codes(order)),
        click_ids=click_ids(_clicks(order), None),
        customer=_customer(order),
        source=order.text("store_name").replace("\n", " / ")[:LONGEST_TEXT],
        refunds=tuple(read_credit_memo(memo) for memo in credit_memos),
    )


def amount(owner: JsonObject, name: str, currency: str) -> int:
    """An amount with up to four decimals; null where there is nothing."""
    return owner.amount_or_zero(name, currency, signed=True, rounded=True)


def _lines(order: JsonObject, currency: str) -> tuple[Line, ...]:
    # The order's discount is below zero and has shipping's in it.
    goods = amount(order, "base_subtotal", currency) + amount(order, "base_discount_amount", currency)
    goods += _shipping_discount(order, currency) + amount(order, "base_discount_tax_compensation_amount", currency)
    tax = amount(order, "base_tax_amount", currency) - amount(order, "base_shipping_tax_amount", currency)
    items = order.objects("items")
    if all(item.has("item_id") and item.has("qty_ordered") for item in items):
        lines = tuple(_line(item, currency) for item in items if not item.has("parent_item_id"))
        within_reach(sum(abs(line.net_minor) for line in lines), order.at("items"))
        if (sum(line.net_minor for line in lines), sum(line.tax_minor for line in lines)) == (goods, tax):
            return lines
    return (Line("order", "", "", "", "1", within_reach(goods, order.at("base_subtotal")), tax, 0),)


def _line(item: JsonObject, currency: str) -> Line:
    discount = amount(item, "base_discount_amount", currency)
    compensation = amount(item, "base_discount_tax_compensation_amount", currency)
    return Line(
        line_id=item.identifier("item_id"),
        sku=item.text("sku"),
        title=item.text("name"),
        category="",
        quantity=item.quantity("qty_ordered"),
        net_minor=amount(item, "base_row_total", currency) - discount + compensation,
        tax_minor=amount(item, "base_tax_amount", currency),
        discount_minor=discount,
        gift_card=item.text("product_type") == "giftcard",
    )


def _shipping_discount(order: JsonObject, currency: str) -> int:
    return amount(order, "base_shipping_discount_amount", currency)


def _codes(order: JsonObject) -> list[str]:
    # Since 2.4.7 an order may have several coupons, with commas between.
    return order.text("coupon_code").split(",")


def _clicks(order: JsonObject) -> list[object]:
    return [order.values.get("click_id"), *click_fields(order.values.get("custom_attributes"), "attribute_code")]


def _customer(order: JsonObject) -> Customer:
    return Customer(
        external_id=order.identifier("customer_id") if order.has("customer_id") else None,
        email=order.text("customer_email").strip() or None,
        phone=order.object("billing_address").text("telephone").strip() or None,
    )
