"""The `data` of a Standard delivery as a snapshot and refunds.

`lines[].total` is the line before discount, `discount` what was taken off, `tax` the tax in the discounted line where
`prices_include_tax`, else on it. So 180.00 less 20.00 with 24.41 inside is 135.59 net. A refund's lines follow the
same convention for the units given back. What isn't a line is no goods: shipping, and duties, tips and other `fees`.
"""

from datetime import datetime

from campaigns.errors import Unreadable
from campaigns.tracking.events import Customer, Line, OrderSnapshot, Refund, RefundLine
from campaigns.tracking.json_body import JsonObject, within_reach
from campaigns.tracking.platforms.evidence import click_ids, distinct_codes, landing_url

STATUSES = frozenset({"pending", "paid", "cancelled", "refunded"})
# What a type says of an order whose data leaves its status out.
STATUS_OF_TYPE = {"order.paid": "paid", "order.cancelled": "cancelled"}


def read_order(data: JsonObject, event_type: str, occurred_at: datetime | None) -> OrderSnapshot:
    """The snapshot; without a version of its own it has the event's time. Raises Unreadable."""
    currency = data.currency("currency")
    prices_include_tax = data.flag("prices_include_tax")
    lines = tuple(_line(line, currency, prices_include_tax) for line in data.objects("lines"))
    within_reach(sum(abs(line.net_minor) for line in lines), "data.lines")
    landing = data.values.get("landing_url")
    status = _status(data, event_type)
    # A cancelled order may be told without its goods: they count nothing.
    if status != "cancelled" and data.values.get("lines") is None:
        raise Unreadable(f"{data.at('lines')}: missing")
    version = occurred_at if occurred_at and not data.has("version") else data.when("version")
    return OrderSnapshot(
        external_id=data.identifier("id"),
        number=data.text("number") or data.identifier("id"),
        version=version,
        placed_at=data.when("placed_at"),
        status=status,
        raw_status=status,
        currency=currency,
        prices_include_tax=prices_include_tax,
        lines=lines,
        shipping_minor=data.amount_or_zero("shipping", currency),
        tax_minor=data.amount("tax", currency) if data.has("tax") else sum(line.tax_minor for line in lines),
        fees_minor=data.amount_or_zero("fees", currency, signed=True),
        total_minor=data.amount("total", currency),
        codes=read_codes(data),
        click_ids=click_ids([data.values.get("click_id")], landing),
        landing_url=landing_url(landing),
        customer=read_customer(data.object("customer")),
        source=data.text("source"),
        test=data.flag_or_false("test"),
        refunds=tuple(read_refund(refund, data, currency) for refund in data.objects("refunds")),
    )


def read_refund(refund: JsonObject, data: JsonObject, currency: str) -> Refund:
    """One refund; whether its lines include tax is the order's to say where `data` leaves it out. Raises Unreadable."""
    inside = data.flag("prices_include_tax") if data.has("prices_include_tax") else None
    lines = tuple(_refund_line(line, currency, inside) for line in refund.objects("lines"))
    shipping = refund.amount_or_zero("shipping", currency)
    on_top = sum(line.tax_minor for line in lines) if inside is False else 0
    return Refund(
        refund_id=refund.identifier("id"),
        created_at=refund.when_or_none("created_at"),
        currency=currency,
        lines=lines,
        lines_include_tax=inside,
        shipping_minor=shipping,
        money_minor=sum(line.amount_minor for line in lines) + on_top + shipping,
    )


def _status(data: JsonObject, event_type: str) -> str:
    status = data.text("status").strip() or STATUS_OF_TYPE.get(event_type, "")
    if status not in STATUSES:
        raise Unreadable(f"{data.at('status')}: none of {', '.join(sorted(STATUSES))}")
    return status


def _line(line: JsonObject, currency: str, tax_inside: bool) -> Line:
    tax = _tax(line, currency, tax_inside)
    discount = line.amount_or_zero("discount", currency)
    net = line.amount("total", currency) - discount - (tax if tax_inside else 0)
    return Line(
        line_id=line.identifier("id"),
        sku=line.text("sku"),
        title=line.text("title"),
        category=line.text("category"),
        quantity=line.quantity("quantity"),
        net_minor=within_reach(net, line.path),
        tax_minor=tax,
        discount_minor=discount,
        gift_card=line.flag_or_false("gift_card"),
    )


def _refund_line(line: JsonObject, currency: str, tax_inside: bool | None) -> RefundLine:
    given_back = line.amount("total", currency) - line.amount_or_zero("discount", currency)
    if given_back < 0:
        raise Unreadable(f"{line.at('discount')}: more than the total")
    return RefundLine(
        line_id=line.identifier("line_id"),
        quantity=line.quantity("quantity"),
        amount_minor=given_back,
        tax_minor=_tax(line, currency, tax_inside is not False),
    )


def _tax(line: JsonObject, currency: str, needed: bool) -> int:
    # Where the tax is inside the total, the net can't be known without it.
    return line.amount("tax", currency) if needed else line.amount_or_zero("tax", currency)


def read_codes(data: JsonObject) -> tuple[str, ...]:
    """The codes as sent, in their order."""
    codes = data.values.get("coupon_codes")
    if codes is not None and not isinstance(codes, list):
        raise Unreadable(f"{data.at('coupon_codes')}: not a list")
    return distinct_codes(codes or [])


def read_customer(customer: JsonObject) -> Customer:
    """Who bought, or called: raw, to be hashed before anything is kept."""
    return Customer(
        external_id=customer.identifier("id") if customer.has("id") else None,
        email=customer.text("email").strip() or None,
        phone=customer.text("phone").strip() or None,
    )
