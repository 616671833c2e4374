"""A Wix order as a snapshot.

https://dev.wix.com/docs/api-reference/business-solutions/e-commerce/orders/orders/order-object. Amounts are decimal
strings in objects of their own. A line's `totalPriceBeforeTax` is after its discounts, the coupon's part included, and
without tax, whatever `taxIncludedInPrices` says; the line's tax is what `totalPriceAfterTax` has more. Refunds are no
part of an order: they are listed apart, each with the sum that went back and not what of it was for which line.
"""

from campaigns.errors import Unreadable
from campaigns.tracking.events import Customer, Line, OrderSnapshot, Refund
from campaigns.tracking.json_body import LONGEST_TEXT, JsonObject, within_reach
from campaigns.tracking.platforms.evidence import CLICK_FIELDS, click_fields, click_ids, distinct_codes, loose_pairs

NOT_YET = frozenset({"INITIALIZED"})  # a checkout whose payment has not been decided
CANCELLED = frozenset({"CANCELED", "REJECTED"})
PARTLY = "PARTIALLY_REFUNDED"
PAYMENT = {"PAID": "paid", PARTLY: "paid", "FULLY_REFUNDED": "refunded"}
GIFT_CARD = "GIFT_CARD"


def partly_refunded(order: JsonObject) -> bool:
    """Whether a part was given back, of which only the transactions say how much."""
    return order.text("paymentStatus") == PARTLY


def read_order(order: JsonObject, transactions: JsonObject | None) -> OrderSnapshot:
    """The snapshot; `transactions` is what was read back beside it. Raises Unreadable."""
    currency, summary = order.currency("currency"), order.object("priceSummary")
    lines = tuple(_line(item, currency) for item in order.objects("lineItems"))
    if not lines:
        raise Unreadable(f"{order.at('lineItems')}: missing")
    within_reach(sum(abs(line.net_minor) for line in lines), order.at("lineItems"))
    placed_at = order.when("createdDate")
    return OrderSnapshot(
        external_id=order.identifier("id"),
        number=order.text("number"),
        version=order.when_or_none("updatedDate") or placed_at,
        placed_at=placed_at,
        status=_status(order),
        raw_status=f"{order.word('status')}/{order.word('paymentStatus')}"[:LONGEST_TEXT],
        currency=currency,
        prices_include_tax=order.flag_or_false("taxIncludedInPrices"),
        lines=lines,
        shipping_minor=_shipping(order, currency),
        tax_minor=_price(summary, "tax", currency),
        fees_minor=_price_or_zero(summary, "totalAdditionalFees", currency),
        total_minor=_price(summary, "total", currency),
        codes=distinct_codes(_coupon_codes(order)),
        click_ids=click_ids(_clicks(order), None),
        customer=_customer(order),
        source=order.object("channelInfo").text("type"),
        refunds=_refunds(transactions, currency) if transactions is not None else (),
    )


def _status(order: JsonObject) -> str:
    if order.word("status") in CANCELLED:
        return "cancelled"
    return PAYMENT.get(order.word("paymentStatus"), "pending")


def _line(item: JsonObject, currency: str) -> Line:
    net = _price(item, "totalPriceBeforeTax", currency)
    return Line(
        line_id=item.identifier("id"),
        sku=item.object("physicalProperties").text("sku"),
        title=item.object("productName").text("original"),
        category="",
        quantity=item.quantity("quantity"),
        net_minor=net,
        tax_minor=_price(item, "totalPriceAfterTax", currency) - net,
        discount_minor=_price_or_zero(item, "totalDiscount", currency),
        gift_card=item.object("itemType").text("preset") == GIFT_CARD,
    )


def _price(owner: JsonObject, name: str, currency: str) -> int:
    return owner.object(name).amount("amount", currency, rounded=True)


def _price_or_zero(owner: JsonObject, name: str, currency: str) -> int:
    return _price(owner, name, currency) if owner.has(name) else 0


def _shipping(order: JsonObject, currency: str) -> int:
    cost = order.object("shippingInfo").object("cost")
    if cost.has("totalPriceBeforeTax"):
        return _price(cost, "totalPriceBeforeTax", currency)
    return _price_or_zero(order.object("priceSummary"), "shipping", currency)


def _coupon_codes(order: JsonObject) -> list[object]:
    coupons = [discount.get("coupon") for discount in loose_pairs(order.values.get("appliedDiscounts"))]
    return [coupon.get("code") for coupon in coupons if isinstance(coupon, dict)]


def _clicks(order: JsonObject) -> list[object]:
    """What the checkout's own fields and apps' extensions of the order hold under a click id's name."""
    extended = order.values.get("extendedFields")
    namespaces = extended.get("namespaces") if isinstance(extended, dict) else None
    apps = (
        [fields for fields in namespaces.values() if isinstance(fields, dict)] if isinstance(namespaces, dict) else []
    )
    written = [value for fields in apps for name, value in fields.items() if name in CLICK_FIELDS]
    return click_fields(order.values.get("customFields"), "title") + written


def _refunds(documents: JsonObject, currency: str) -> tuple[Refund, ...]:
    listed = documents.object("orderTransactions")
    return tuple(_refund(refund, currency) for refund in listed.objects("refunds"))


def _refund(refund: JsonObject, currency: str) -> Refund:
    # A refund may be made of several transactions, of which some have failed or are still on their way.
    amount = sum(
        _price(transaction, "amount", currency)
        for transaction in refund.objects("transactions")
        if transaction.word("refundStatus") == "SUCCEEDED"
    )
    return Refund(
        refund_id=refund.identifier("id"),
        created_at=refund.when_or_none("createdDate"),
        currency=currency,
        unsplit_minor=amount,
        money_minor=amount,
    )


def _customer(order: JsonObject) -> Customer:
    buyer, contact = order.object("buyerInfo"), order.object("billingInfo").object("contactDetails")
    known_by = next((name for name in ("memberId", "contactId") if buyer.has(name)), None)
    return Customer(
        external_id=buyer.identifier(known_by) if known_by else None,
        email=buyer.text("email").strip() or None,
        phone=contact.text("phone").strip() or None,
    )
