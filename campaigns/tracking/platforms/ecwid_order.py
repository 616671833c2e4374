"""An Ecwid order as a snapshot.

https://docs.ecwid.com/api-reference/rest-api/orders/get-order. Amounts are JSON numbers. The goods cost `subtotal` less
`discount` and `couponDiscount`, which is spread over the lines by what each costs after the discounts it states. Tax is
on top unless `pricesIncludeTax`; a line's own is what its `taxes` say of the goods, as `tax` has shipping's in it.
Goods that came back or will never be sent are no sale, also while the payment still says paid. Not every payment method
tells the sum of a refund; without one an order refunded in part is refused: nobody could say what is left of the sale.
"""

from collections.abc import Sequence
from datetime import datetime

from campaigns.errors import Unreadable
from campaigns.money import spread
from campaigns.tracking.events import Customer, Line, OrderSnapshot, Refund
from campaigns.tracking.json_body import LONGEST_TEXT, JsonObject, within_reach
from campaigns.tracking.landing import named_in_landing
from campaigns.tracking.platforms.evidence import affiliates, click_fields, click_ids, distinct_codes, landing_url
from campaigns.tracking.platforms.moments import unix_seconds

INCOMPLETE = "INCOMPLETE"  # a cart that was left
PARTLY = "PARTIALLY_REFUNDED"
PAYMENT = {"AWAITING_PAYMENT": "pending", "PAID": "paid", PARTLY: "paid"}
PAYMENT |= {"REFUNDED": "refunded", "CANCELLED": "cancelled"}
OWN_PAYMENT = "CUSTOM_PAYMENT_STATUS_"  # a word of the shop's own; none of them says that it was paid
FULFILMENT = {"RETURNED": "refunded", "WILL_NOT_DELIVER": "cancelled"}


def read_order(order: JsonObject, currency: str, occurred_at: datetime | None) -> OrderSnapshot:
    """The snapshot, with amounts in the shop's `currency`; raises Unreadable."""
    tax_inside = order.flag_or_false("pricesIncludeTax")
    placed_at = _moment(order, "create")
    if placed_at is None:
        raise Unreadable(f"{order.at('createTimestamp')}: missing")
    url, clicks = _evidence(order)
    return OrderSnapshot(
        external_id=order.identifier("id" if order.has("id") else "orderNumber"),
        number=order.text("vendorOrderNumber") or order.text("orderNumber"),
        version=_moment(order, "update") or occurred_at or placed_at,
        placed_at=placed_at,
        status=_status(order),
        raw_status=f"{order.word('paymentStatus')}/{order.text('fulfillmentStatus')}"[:LONGEST_TEXT],
        currency=currency,
        prices_include_tax=tax_inside,
        lines=_lines(order, currency, tax_inside),
        shipping_minor=_without_tax(order.object("shippingOption"), "shippingRate", currency),
        tax_minor=_charge(order, "tax", currency),
        fees_minor=_fees(order, currency),
        total_minor=_amount(order, "total", currency),
        codes=distinct_codes([order.object("discountCoupon").values.get("code")]),
        click_ids=clicks,
        landing_url=url,
        affiliates=affiliates([order.values.get("affiliateId")]),
        customer=_customer(order),
        refunds_complete=True,
        refunds=_refunds(order, currency),
    )


def _status(order: JsonObject) -> str:
    payment = order.word("paymentStatus")
    status = "pending" if payment.startswith(OWN_PAYMENT) else PAYMENT.get(payment)
    if status is None:
        raise Unreadable(f"{order.at('paymentStatus')}: an unknown status")
    return FULFILMENT.get(order.text("fulfillmentStatus"), status) if status == "paid" else status


def _lines(order: JsonObject, currency: str, tax_inside: bool) -> tuple[Line, ...]:
    items = order.objects("items")
    discount = _charge(order, "discount", currency) + _charge(order, "couponDiscount", currency)
    goods = within_reach(_amount(order, "subtotal", currency) - discount, order.at("subtotal"))
    discounts = [_discount(item, currency) for item in items]
    paid = spread(goods, _after_discounts(items, discounts, currency))
    taxes = [_goods_tax(item, currency) for item in items]
    lines = tuple(
        Line(
            line_id=item.identifier("id"),
            sku=item.text("sku"),
            title=item.text("name"),
            category="",
            quantity=item.quantity("quantity"),
            net_minor=line_paid - (tax if tax_inside else 0),
            tax_minor=tax,
            discount_minor=line_discount,
            gift_card=item.flag_or_false("isGiftCard"),
        )
        for item, line_paid, tax, line_discount in zip(items, paid, taxes, discounts, strict=True)
    )
    within_reach(sum(abs(line.net_minor) for line in lines), order.at("items"))
    return lines


def _after_discounts(items: Sequence[JsonObject], discounts: Sequence[int], currency: str) -> list[int]:
    return [
        _amount(item, "price", currency) * item.count("quantity") - discount
        for item, discount in zip(items, discounts, strict=True)
    ]


def _discount(item: JsonObject, currency: str) -> int:
    listed = sum(_charge(discount, "total", currency) for discount in item.objects("discounts"))
    return listed + _charge(item, "couponAmount", currency)


def _goods_tax(item: JsonObject, currency: str) -> int:
    taxes = item.objects("taxes")
    if not taxes:
        return _charge(item, "tax", currency)
    return sum(_amount(tax, "taxOnDiscountedSubtotal", currency) for tax in taxes)


def _fees(order: JsonObject, currency: str) -> int:
    surcharges = [_without_tax(surcharge, "total", currency) for surcharge in order.objects("customSurcharges")]
    return _without_tax(order.object("handlingFee"), "value", currency) + sum(surcharges)


def _without_tax(owner: JsonObject, name: str, currency: str) -> int:
    return _charge(owner, f"{name}WithoutTax" if owner.has(f"{name}WithoutTax") else name, currency)


def _refunds(order: JsonObject, currency: str) -> tuple[Refund, ...]:
    """The refunds in their order, which is all that tells them apart; and what `refundedAmount` says beyond them."""
    listed = [
        Refund(str(place), refund.when_or_none("date"), currency, unsplit_minor=amount, money_minor=amount)
        for place, refund in enumerate(order.objects("refunds"), start=1)
        for amount in [refund.amount("amount", currency, rounded=True)]
    ]
    stated = order.amount_or_zero("refundedAmount", currency, rounded=True)
    rest = stated - sum(refund.money_minor for refund in listed)
    if rest > 0:
        listed.append(Refund("refunded-amount", None, currency, unsplit_minor=rest, money_minor=rest))
    if (
        order.word("paymentStatus") == PARTLY
        and _status(order) == "paid"
        and not any(one.money_minor for one in listed)
    ):
        raise Unreadable(f"{order.at('paymentStatus')}: refunded in part, and how much isn't said")
    return tuple(listed)


def _evidence(order: JsonObject) -> tuple[str | None, tuple[str, ...]]:
    """The address that brought the buyer, where it says that one of ours did; and the click ids the order carries."""
    fields = order.values.get("orderExtraFields")
    explicit = [*click_fields(fields, "id"), *click_fields(fields, "name")]
    urls = [order.values.get("refererUrl"), order.values.get("globalReferer")]
    ours = [url for url in urls if click_ids([], url) or not named_in_landing(url).empty]
    found = [*explicit, *(click for url in ours for click in click_ids([], url))]
    return landing_url(ours[0]) if ours else None, click_ids(found, None)


def _moment(order: JsonObject, name: str) -> datetime | None:
    if order.has(f"{name}Timestamp"):
        return unix_seconds(order, f"{name}Timestamp")
    return order.when_or_none(f"{name}Date")


def _charge(owner: JsonObject, name: str, currency: str) -> int:
    return owner.amount_or_zero(name, currency, signed=True, rounded=True)


def _amount(owner: JsonObject, name: str, currency: str) -> int:
    return owner.amount(name, currency, signed=True, rounded=True)


def _customer(order: JsonObject) -> Customer:
    return Customer(
        external_id=order.identifier("customerId") if order.has("customerId") else None,
        email=order.text("email").strip() or None,
        phone=order.object("billingPerson").text("phone").strip() or None,
    )
