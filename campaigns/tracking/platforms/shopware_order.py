"""A Shopware order as a snapshot.

https://developer.shopware.com/docs/resources/references/core-reference/dal-reference/entities-reference/order.html.
Amounts are JSON numbers. `price.netPrice` is the whole without tax, whatever `taxStatus` says; the goods are that less
shipping without its tax. A line's own price has its taxes inside where `taxStatus` is gross; promotions are lines below
zero. Where the lines don't add up to the order, which rounds for itself, the goods are one line.

An order's payments have states of their own. Of a partial refund the state says nothing but that there was one: how
much is in the captures, where the payment provider keeps it there.
"""

from collections.abc import Iterator
from datetime import datetime

from campaigns.errors import Unreadable
from campaigns.tracking.events import Customer, Line, OrderSnapshot, Refund
from campaigns.tracking.json_body import JsonObject, within_reach
from campaigns.tracking.platforms.evidence import CLICK_FIELDS, affiliates, click_ids, distinct_codes

TAX_STATUSES = frozenset({"gross", "net", "tax-free"})
PARTLY = "refunded_partially"
# The strongest state of any of the payments, as a buyer may have tried several.
STRONGEST = (
    (frozenset({"paid", PARTLY}), "paid"),
    (frozenset({"refunded", "chargeback"}), "refunded"),
)
COMPLETED = "completed"


def is_whole(entity: JsonObject) -> bool:
    """Whether the entity came with what an order can't be read without: its currency, lines and payments."""
    return bool(entity.values.get("currency")) and all(
        isinstance(entity.values.get(name), list) for name in ("lineItems", "transactions")
    )


def has_states(entity: JsonObject) -> bool:
    """Whether the order and its payments came with their states."""
    return all(each.values.get("stateMachineState") for each in (entity, *entity.objects("transactions")))


def partly_refunded(entity: JsonObject) -> bool:
    """Whether a part was given back, and the entity doesn't say how much."""
    return PARTLY in _payment_states(entity) and not _refunds(entity, entity.object("currency").currency("isoCode"))


def read_order(entity: JsonObject) -> OrderSnapshot:
    """The snapshot; raises Unreadable."""
    if not is_whole(entity):
        raise Unreadable("order: without its currency, lines or payments")
    currency = entity.object("currency").currency("isoCode")
    refunds = _refunds(entity, currency)
    if PARTLY in _payment_states(entity) and not refunds:
        raise Unreadable("order: refunded in part, and how much isn't said")
    price, shipping = entity.object("price"), entity.object("shippingCosts")
    total, net = _amount(price, "totalPrice", currency), _amount(price, "netPrice", currency)
    tax_status = _tax_status(entity)
    shipping_tax = _tax(shipping, currency)
    shipping_net = _amount(shipping, "totalPrice", currency) - (shipping_tax if tax_status == "gross" else 0)
    state = entity.object("stateMachineState").word("technicalName")
    return OrderSnapshot(
        external_id=entity.identifier("id"),
        number=entity.text("orderNumber"),
        version=_version(entity),
        placed_at=entity.when("orderDateTime"),
        status=_status(state, _payment_states(entity)),
        raw_status=state,
        currency=currency,
        prices_include_tax=tax_status == "gross",
        lines=_lines(entity, currency, net - shipping_net, total - net - shipping_tax),
        shipping_minor=shipping_net,
        tax_minor=total - net,
        fees_minor=0,
        total_minor=total,
        codes=distinct_codes(_promotion_codes(entity)),
        click_ids=click_ids(_custom_fields(entity), None),
        affiliates=affiliates([entity.values.get("affiliateCode"), entity.values.get("campaignCode")]),
        customer=_customer(entity),
        refunds=refunds,
    )


def _tax_status(entity: JsonObject) -> str:
    status = entity.object("price").word("taxStatus")
    if status not in TAX_STATUSES:
        raise Unreadable("price.taxStatus: an unknown way of stating prices")
    return status


def _payment_states(entity: JsonObject) -> set[str]:
    return {payment.object("stateMachineState").word("technicalName") for payment in entity.objects("transactions")}


def _status(state: str, payments: set[str]) -> str:
    if state == "cancelled":
        return "cancelled"
    return next((status for states, status in STRONGEST if states & payments), "pending")


def _version(entity: JsonObject) -> datetime:
    """The latest change to the order or a payment: a payment's new state leaves the order's own time as it is."""
    changes = [entity.when("createdAt"), entity.when_or_none("updatedAt")]
    changes += [payment.when_or_none("updatedAt") for payment in entity.objects("transactions")]
    return max(moment for moment in changes if moment is not None)


def _lines(entity: JsonObject, currency: str, net: int, tax: int) -> tuple[Line, ...]:
    inside = _tax_status(entity) == "gross"
    # What stands in a container is in the container's price.
    items = [item for item in entity.objects("lineItems") if not item.has("parentId")]
    lines = tuple(_line(item, currency, inside) for item in items)
    within_reach(sum(abs(line.net_minor) for line in lines), "lineItems")
    if sum(line.net_minor for line in lines) == net:
        return lines
    return (Line("order", "", "", "", "1", within_reach(net, "price.netPrice"), tax, 0),)


def _line(item: JsonObject, currency: str, inside: bool) -> Line:
    price = item.object("price")
    tax = _tax(price, currency)
    gross_or_net = _amount(item, "totalPrice", currency)
    payload = item.values.get("payload")
    return Line(
        line_id=item.identifier("id"),
        sku=item.object("payload").text("productNumber") if isinstance(payload, dict) else "",
        title=item.text("label"),
        category="",
        quantity=item.quantity("quantity"),
        net_minor=gross_or_net - (tax if inside else 0),
        tax_minor=tax,
        discount_minor=0,
    )


def _tax(price: JsonObject, currency: str) -> int:
    # A collection keyed by rate becomes an object where PHP can't make a list of it.
    taxes = price.values.get("calculatedTaxes")
    listed = JsonObject({"calculatedTaxes": list(taxes.values())}, price.path) if isinstance(taxes, dict) else price
    return sum(_amount(tax, "tax", currency) for tax in listed.objects("calculatedTaxes"))


def _amount(owner: JsonObject, name: str, currency: str) -> int:
    return owner.amount(name, currency, signed=True, rounded=True)


def _promotion_codes(entity: JsonObject) -> Iterator[object]:
    for item in entity.objects("lineItems"):
        payload = item.values.get("payload")
        if item.text("type") == "promotion" and isinstance(payload, dict):
            yield payload.get("code")


def _custom_fields(entity: JsonObject) -> list[object]:
    fields = entity.values.get("customFields")
    return [value for name, value in fields.items() if name in CLICK_FIELDS] if isinstance(fields, dict) else []


def _refunds(entity: JsonObject, currency: str) -> tuple[Refund, ...]:
    found = []
    for payment in entity.objects("transactions"):
        for capture in payment.objects("captures"):
            for refund in capture.objects("refunds"):
                if refund.object("stateMachineState").word("technicalName") == COMPLETED:
                    found.append(_refund(refund, currency))
    return tuple(found)


def _refund(refund: JsonObject, currency: str) -> Refund:
    amount = refund.object("amount").amount("totalPrice", currency, rounded=True)
    return Refund(
        refund_id=refund.identifier("id"),
        created_at=refund.when_or_none("createdAt"),
        currency=currency,
        unsplit_minor=amount,
        money_minor=amount,
    )


def _customer(entity: JsonObject) -> Customer:
    customer, address = entity.object("orderCustomer"), entity.object("billingAddress")
    return Customer(
        external_id=customer.identifier("customerId") if customer.has("customerId") else None,
        email=customer.text("email").strip() or None,
        phone=address.text("phoneNumber").strip() or None,
    )
