"""A Checkout Session as a snapshot.

https://docs.stripe.com/api/checkout/sessions/object. `amount_total` is after discounts and with shipping and tax;
`total_details.amount_tax` is all tax, inside the prices or on top, and `shipping_cost` says how much of it is
shipping's. So the goods are the total less all tax less shipping without its tax: 119.00 with 19.00 tax, of which
5.95 with 0.95 tax is shipping, are 95.00 of goods. Line items come only where they are asked for; without them, or
where they don't add up to the same, the goods are one line.
"""

from datetime import datetime

from campaigns.errors import Unreadable
from campaigns.tracking.events import Customer, Line, OrderSnapshot
from campaigns.tracking.json_body import LONGEST_TEXT, JsonObject, within_reach
from campaigns.tracking.platforms.moments import unix_seconds
from campaigns.tracking.platforms.stripe_object import (
    UnnamedYet,
    clicks_of,
    codes_of,
    currency_of,
    minor,
    minor_or_zero,
    paid_by,
    reference,
    shipping_net,
)

STATUS = {"paid": "paid", "no_payment_required": "paid", "unpaid": "pending"}


def read_session(session: JsonObject, version: datetime, *, failed: bool, last_word: bool) -> OrderSnapshot:
    """The snapshot; `failed` says that a delayed payment did not come. Raises Unreadable.

    Raises UnnamedYet where its payment or a promotion code isn't named; `last_word` is for what was read back, which
    can name no more.
    """
    currency = currency_of(session)
    total, details = minor(session, "amount_total", currency), session.object("total_details")
    tax, shipping = minor(details, "amount_tax", currency), _shipping(session, currency)
    codes, coupons = codes_of(session)
    goods = _goods(session, currency, total - tax - shipping)
    payment_status = session.word("payment_status")
    if payment_status not in STATUS:
        raise Unreadable(f"{session.at('payment_status')}: an unknown status")
    return OrderSnapshot(
        external_id=_order_id(session, total, last_word),
        number=session.identifier("id"),
        version=version,
        placed_at=unix_seconds(session, "created"),
        status="cancelled" if failed or session.text("status") == "expired" else STATUS[payment_status],
        raw_status=f"{session.text('status')}/{payment_status}"[:LONGEST_TEXT],
        currency=currency,
        prices_include_tax=_tax_inside(session, currency, total, tax),
        lines=_lines(session, currency, goods),
        shipping_minor=shipping,
        tax_minor=tax,
        fees_minor=0,
        total_minor=total,
        codes=codes,
        typed_codes=coupons,
        click_ids=clicks_of(session.values.get("client_reference_id"), session.values.get("metadata")),
        customer=_customer(session),
        source="subscription" if session.text("mode") == "subscription" else "checkout",
        test=not session.flag("livemode"),
    )


def _order_id(session: JsonObject, total: int, last_word: bool) -> str:
    """The payment's id; a subscription's first payment stands in its invoice."""
    invoice = session.object("invoice") if isinstance(session.values.get("invoice"), dict) else JsonObject({})
    payment = reference(session, "payment_intent") or paid_by(invoice)
    if payment is None and total and not last_word:
        raise UnnamedYet
    return payment or session.identifier("id")


def _shipping(session: JsonObject, currency: str) -> int:
    stated = minor_or_zero(session.object("total_details"), "amount_shipping", currency)
    if stated and not session.has("shipping_cost"):
        raise Unreadable(f"{session.at('shipping_cost')}: missing, so its tax is unknown")
    return shipping_net(session, currency)


def _tax_inside(session: JsonObject, currency: str, total: int, tax: int) -> bool:
    """Whether the prices add up to the total without the tax. Nothing is computed by it: it is only told."""
    details = session.object("total_details")
    prices = minor_or_zero(session, "amount_subtotal", currency) - minor_or_zero(details, "amount_discount", currency)
    return bool(tax) and prices + minor_or_zero(details, "amount_shipping", currency) == total


def _goods(session: JsonObject, currency: str, net: int) -> Line:
    if net < 0:
        raise Unreadable(f"{session.at('amount_total')}: less than its tax and shipping")
    details = session.object("total_details")
    return Line(
        line_id="checkout",
        sku="",
        title="",
        category="",
        quantity="1",
        net_minor=within_reach(net, session.path),
        tax_minor=minor(details, "amount_tax", currency)
        - minor_or_zero(session.object("shipping_cost"), "amount_tax", currency),
        discount_minor=minor_or_zero(details, "amount_discount", currency),
    )


def _lines(session: JsonObject, currency: str, goods: Line) -> tuple[Line, ...]:
    listed = session.object("line_items")
    lines = tuple(_line(item, currency) for item in listed.objects("data"))
    if listed.flag_or_false("has_more") or sum(line.net_minor for line in lines) != goods.net_minor:
        return (goods,)
    return lines or (goods,)


def _line(item: JsonObject, currency: str) -> Line:
    tax = minor_or_zero(item, "amount_tax", currency)
    return Line(
        line_id=item.identifier("id"),
        sku=reference(item.object("price"), "product") or "",
        title=item.text("description"),
        category="",
        quantity=item.quantity("quantity"),
        net_minor=minor(item, "amount_total", currency) - tax,
        tax_minor=tax,
        discount_minor=minor_or_zero(item, "amount_discount", currency),
    )


def _customer(session: JsonObject) -> Customer:
    details = session.object("customer_details")
    return Customer(
        external_id=reference(session, "customer"),
        email=details.text("email").strip() or session.text("customer_email").strip() or None,
        phone=details.text("phone").strip() or None,
    )
