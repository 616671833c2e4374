"""A Salla order as a snapshot: one line for the whole, because of the lines' amounts no meaning is published.

https://docs.salla.dev/5394146e0. `sub_total`, `shipping_cost` and `cash_on_delivery` are without tax, which is stated
once for the order. The goods are `sub_total` less the discounts, which is believed only if goods, shipping, payment fee
and tax add up to `total`: 186 − 5 + 15 + 0 = 196. Of the tax the goods' part is their part of what was taxed.

Not verified on a shop: whether a discount of the kind that has `discounted_shipping` is in `discount` too (refused
unless it is zero), and how much a partial refund gave back (refused). Until an order under review is taken into work it
is pending: it may be a bank transfer that nobody has seen yet.
"""

import re
from datetime import datetime

from campaigns.errors import Unreadable
from campaigns.money import divide_half_away
from campaigns.tracking.events import Customer, Line, OrderSnapshot
from campaigns.tracking.json_body import JsonObject, parse_moment, within_reach
from campaigns.tracking.platforms.evidence import distinct_codes, loose_pairs

STATUS = {"payment_pending": "pending", "under_review": "pending", "in_progress": "paid", "completed": "paid"}
STATUS |= {"shipped": "paid", "delivering": "paid", "delivered": "paid", "restoring": "paid"}
STATUS |= {"canceled": "cancelled", "restored": "refunded"}

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SPELLED = re.compile(
    r"[A-Z][a-z]{2} (?P<month>[A-Z][a-z]{2}) (?P<day>[0-9]{2}) (?P<year>[0-9]{4}) "
    r"(?P<time>[0-9]{2}:[0-9]{2}:[0-9]{2}) GMT(?P<zone>[+-][0-9]{4})( \(.*\))?"
)


def read_order(message: JsonObject, event: str, shop_timezone: str) -> OrderSnapshot:
    """The snapshot in a message; raises Unreadable."""
    data = message.object("data")
    currency, amounts = data.currency("currency"), data.object("amounts")
    raw_status = data.object("status").word("slug")
    shipping = _money(amounts, "shipping_cost", currency)
    fee = _money(amounts, "cash_on_delivery", currency) if amounts.has("cash_on_delivery") else 0
    tax, total = _tax(amounts, currency), _money(amounts, "total", currency)
    discount = _discount(amounts, currency)
    goods = _money(amounts, "sub_total", currency) - discount
    if goods < 0 or goods + shipping + fee + tax != total:
        raise Unreadable(f"{amounts.path}: they do not add up to the total")
    return OrderSnapshot(
        external_id=data.identifier("id"),
        number=data.identifier("reference_id"),
        version=_version(message, data, shop_timezone),
        placed_at=_moment(data, "date", shop_timezone),
        status=_status(data, raw_status, event),
        raw_status=raw_status,
        currency=currency,
        prices_include_tax=False,
        lines=(_line(within_reach(goods, amounts.path), tax, goods + shipping + fee, discount),),
        shipping_minor=shipping,
        tax_minor=tax,
        fees_minor=fee,
        total_minor=total,
        codes=distinct_codes(_codes(data, amounts)),
        customer=_customer(data.object("customer")),
        source=data.text("source"),
    )


def _status(data: JsonObject, raw_status: str, event: str) -> str:
    status = STATUS.get(raw_status)
    if status is None:
        raise Unreadable(f"{data.at('status')}.slug: an unknown status")
    if event == "order.refunded" and status != "refunded":
        raise Unreadable(f"{data.at('status')}.slug: refunded in part, and how much isn't said")
    if event == "order.cancelled":
        return "cancelled"
    return "pending" if status == "paid" and data.flag_or_false("is_pending_payment") else status


def _line(goods: int, tax: int, taxed: int, discount: int) -> Line:
    goods_tax = divide_half_away(tax * goods, taxed) if taxed else 0
    return Line("order", "", "", "", "1", net_minor=goods, tax_minor=goods_tax, discount_minor=discount)


def _money(owner: JsonObject, name: str, currency: str) -> int:
    money = owner.object(name)
    if money.currency("currency") != currency:
        raise Unreadable(f"{money.at('currency')}: not the order's")
    return money.amount("amount", currency, rounded=True)


def _tax(amounts: JsonObject, currency: str) -> int:
    # The tax's amount stands beside its percentage, and so one object deeper than the others.
    tax = amounts.object("tax")
    return (
        _money(tax, "amount", currency)
        if isinstance(tax.values.get("amount"), dict)
        else _money(amounts, "tax", currency)
    )


def _discount(amounts: JsonObject, currency: str) -> int:
    """What all discounts took off: a list of them, or one amount."""
    if isinstance(amounts.values.get("discounts"), dict):
        return _money(amounts, "discounts", currency)
    taken_off = 0
    for discount in amounts.objects("discounts"):
        if discount.amount_or_zero("discounted_shipping", currency, rounded=True):
            raise Unreadable(f"{discount.at('discounted_shipping')}: a discount on shipping")
        taken_off += discount.amount("discount", currency, rounded=True)
    return taken_off


def _codes(data: JsonObject, amounts: JsonObject) -> list[object]:
    coupon = data.values.get("coupon")
    listed = [discount.get("code") for discount in loose_pairs(amounts.values.get("discounts"))]
    return [data.values.get("coupon_code"), coupon.get("code") if isinstance(coupon, dict) else None, *listed]


def _version(message: JsonObject, data: JsonObject, shop_timezone: str) -> datetime:
    """When the order was changed, where it says so; else when the message was made."""
    if isinstance(data.values.get("updated_at"), dict):
        return _moment(data, "updated_at", shop_timezone)
    path, sent = message.at("created_at"), message.values.get("created_at")
    spelled = _SPELLED.fullmatch(sent.strip()) if isinstance(sent, str) else None
    if spelled is None:
        return parse_moment(sent, path, shop_timezone)
    if spelled["month"] not in _MONTHS:
        raise Unreadable(f"{path}: not a date and time")
    month = _MONTHS.index(spelled["month"]) + 1
    return parse_moment(f"{spelled['year']}-{month:02}-{spelled['day']}T{spelled['time']}{spelled['zone']}", path)


def _moment(owner: JsonObject, name: str, shop_timezone: str) -> datetime:
    """A moment in the shop's own time, with the zone beside it."""
    moment = owner.object(name)
    return moment.when("date", moment.text("timezone").strip() or shop_timezone)


def _customer(customer: JsonObject) -> Customer:
    mobile = customer.text("mobile").strip()
    return Customer(
        external_id=customer.identifier("id") if customer.has("id") else None,
        email=customer.text("email").strip() or None,
        phone=f"{customer.text('mobile_code').strip()}{mobile}" if mobile else None,
    )
