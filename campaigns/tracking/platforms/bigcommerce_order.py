"""A BigCommerce order as a snapshot, put together from the documents order, products, coupons and refunds.

Amounts are strings of four decimals in `default_currency_code`, the currency the buyer pays in (`currency_code` is the
one prices were shown in), each rounded on its own. The products' totals are before the order's discounts, and the
discounts are told with tax inside, so no line states its net. The order does: its total less shipping, handling and
wrapping, all without tax. That is spread over the products by what each costs after its own discounts, to the last
unit, so that a product given back takes back what was paid for it.
"""

from collections.abc import Sequence
from datetime import datetime

from campaigns.errors import Unreadable
from campaigns.money import divide_half_away, spread
from campaigns.tracking.events import Customer, Line, OrderSnapshot
from campaigns.tracking.json_body import LONGEST_TEXT, JsonObject, within_reach
from campaigns.tracking.platforms.bigcommerce_refund import read_refunds
from campaigns.tracking.platforms.evidence import distinct_codes
from campaigns.tracking.platforms.moments import mail_date

# https://docs.bigcommerce.com/docs/rest-management/orders/order-status, by number: shops rename the words.
INCOMPLETE = 0  # the buyer reached the payment page and went no further
STATUSES = {
    1: "pending",
    2: "paid",  # shipped
    3: "paid",  # partially shipped
    4: "refunded",
    5: "cancelled",
    6: "cancelled",  # declined
    7: "pending",  # awaiting payment
    8: "paid",  # awaiting pickup
    9: "paid",  # awaiting shipment
    10: "paid",  # completed
    11: "paid",  # awaiting fulfilment
    12: "pending",  # to be verified by hand
    13: "pending",  # disputed: nobody knows yet who keeps the money
    14: "paid",  # partially refunded
}
TEST_PAYMENT = "test payment gateway"
GIFT_CERTIFICATE = "giftcertificate"


def read_order(documents: JsonObject, occurred_at: datetime | None) -> OrderSnapshot:
    """The snapshot; raises Unreadable."""
    order, products = documents.object("order"), documents.objects("products")
    currency = order.currency("default_currency_code" if order.has("default_currency_code") else "currency_code")
    status_id = order.count("status_id")
    if status_id not in STATUSES:
        raise Unreadable(f"{order.at('status_id')}: an unknown status")
    shipping, handling, wrapping = (_cost(order, name, "ex_tax", currency) for name in _CHARGES)
    lines = _lines(order, products, currency, shipping + handling + wrapping)
    refunds = read_refunds(documents, lines, currency)
    placed_at = mail_date(order, "date_created")
    modified_at = mail_date(order, "date_modified") if order.has("date_modified") else occurred_at or placed_at
    return OrderSnapshot(
        external_id=order.identifier("id"),
        number=order.identifier("id"),
        # A refund need not touch the order, and must not look older than what was known before it.
        version=max([modified_at, *(refund.created_at for refund in refunds if refund.created_at)]),
        placed_at=placed_at,
        status=STATUSES[status_id],
        raw_status=f"{status_id} {order.text('status')}".strip()[:LONGEST_TEXT],
        currency=currency,
        prices_include_tax=order.flag_or_false("is_tax_inclusive_pricing"),
        lines=lines,
        shipping_minor=shipping,
        tax_minor=_amount(order, "total_tax", currency),
        fees_minor=handling + wrapping,
        total_minor=_amount(order, "total_inc_tax", currency),
        codes=distinct_codes(coupon.values.get("code") for coupon in documents.objects("coupons")),
        customer=_customer(order),
        source=order.text("order_source"),
        test=order.text("payment_method").strip().casefold() == TEST_PAYMENT,
        refunds_complete=True,
        refunds=refunds,
    )


_CHARGES = ("shipping", "handling", "wrapping")


def _lines(order: JsonObject, products: Sequence[JsonObject], currency: str, charges: int) -> tuple[Line, ...]:
    net = within_reach(_amount(order, "total_ex_tax", currency) - charges, order.at("total_ex_tax"))
    tax = _amount(order, "total_tax", currency) - sum(_cost(order, name, "tax", currency) for name in _CHARGES)
    discounts = [_discount(product, currency) for product in products]
    after = [
        _after_discount(product, discount, currency) for product, discount in zip(products, discounts, strict=True)
    ]
    nets = spread(net, after)
    taxes = spread(tax, [_charge(product, "total_tax", currency) for product in products])
    return tuple(
        Line(
            line_id=product.identifier("id"),
            sku=product.text("sku"),
            title=product.text("name"),
            category="",
            quantity=str(product.count("quantity")),
            net_minor=line_net,
            tax_minor=line_tax,
            discount_minor=discount,
            gift_card=product.text("type") == GIFT_CERTIFICATE or product.has("gift_certificate_id"),
        )
        for product, line_net, line_tax, discount in zip(products, nets, taxes, discounts, strict=True)
    )


def _discount(product: JsonObject, currency: str) -> int:
    return sum(_charge(discount, "amount", currency) for discount in product.objects("applied_discounts"))


def _after_discount(product: JsonObject, discount: int, currency: str) -> int:
    """What a product costs without tax after its discounts, which are told with tax inside: a weight, no amount."""
    without_tax, with_tax = _amount(product, "total_ex_tax", currency), _amount(product, "total_inc_tax", currency)
    return without_tax - divide_half_away(discount * without_tax, with_tax) if with_tax > 0 else without_tax


def _cost(order: JsonObject, name: str, kind: str, currency: str) -> int:
    return _charge(order, f"{name}_cost_{kind}", currency)


def _charge(owner: JsonObject, name: str, currency: str) -> int:
    return owner.amount_or_zero(name, currency, signed=True, rounded=True)


def _amount(owner: JsonObject, name: str, currency: str) -> int:
    return owner.amount(name, currency, signed=True, rounded=True)


def _customer(order: JsonObject) -> Customer:
    billing = order.object("billing_address")
    number = order.identifier("customer_id") if order.has("customer_id") else "0"
    return Customer(
        external_id=None if number == "0" else number,  # 0 is a guest
        email=billing.text("email").strip() or None,
        phone=billing.text("phone").strip() or None,
    )
