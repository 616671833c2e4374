"""What of a BigCommerce order was given back, from the document refunds of its v3 API.

https://docs.bigcommerce.com/docs/rest-management/orders/order-refunds. A refund counts the units of a product that
came back and leaves their price to the reader: it is their share of the line, taken so that all units given back one by
one give back exactly the line. A sum for the order as a whole names no product and stays unsplit; so does what the
order says was refunded beyond its refunds, as older refunds have no document.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from campaigns.errors import Unreadable
from campaigns.money import divide_half_away
from campaigns.tracking.events import Line, Refund, RefundLine
from campaigns.tracking.json_body import JsonObject

# Items of a refund that are no goods.
NO_GOODS = frozenset({"HANDLING", "GIFT_WRAPPING", "TAX", "FEE"})
UNDOCUMENTED = "refunded-amount"


def read_refunds(documents: JsonObject, lines: Sequence[Line], currency: str) -> tuple[Refund, ...]:
    """Every refund that took place, in the order they came; raises Unreadable."""
    order, known = documents.object("order"), {line.line_id: line for line in lines}
    returned: Counter[str] = Counter()  # units of each line that earlier refunds gave back
    refunds = tuple(
        _refund(refund, known, returned, currency)
        for refund in documents.object("refunds").objects("data")
        if not _declined(refund)
    )
    stated = order.amount_or_zero("refunded_amount", currency, rounded=True)
    rest = stated - sum(refund.money_minor for refund in refunds)
    if rest <= 0:
        return refunds
    undocumented = Refund(UNDOCUMENTED, created_at=None, currency=currency, unsplit_minor=rest, money_minor=rest)
    return (*refunds, undocumented)


def _declined(refund: JsonObject) -> bool:
    payments = refund.objects("payments")
    return bool(payments) and all(payment.flag_or_false("is_declined") for payment in payments)


def _refund(refund: JsonObject, known: Mapping[str, Line], returned: Counter[str], currency: str) -> Refund:
    lines, shipping, unsplit = [], 0, 0
    for item in refund.objects("items"):
        kind = item.word("item_type")
        if kind == "PRODUCT" and item.has("quantity") and item.count("quantity"):
            lines.append(_refund_line(item, known, returned))
        elif kind in ("PRODUCT", "ORDER"):
            unsplit += item.amount("requested_amount", currency, rounded=True)
        elif kind == "SHIPPING":
            shipping += item.amount_or_zero("requested_amount", currency, rounded=True)
        elif kind not in NO_GOODS:
            raise Unreadable(f"{item.at('item_type')}: an unknown kind of item")
    return Refund(
        refund_id=refund.identifier("id"),
        created_at=refund.when("created"),
        currency=currency,
        lines=tuple(lines),
        lines_include_tax=False,
        shipping_minor=shipping,
        unsplit_minor=unsplit,
        money_minor=refund.amount("total_amount", currency, rounded=True),
    )


def _refund_line(item: JsonObject, known: Mapping[str, Line], returned: Counter[str]) -> RefundLine:
    line_id, quantity = item.identifier("item_id"), item.count("quantity")
    if line_id not in known:
        raise Unreadable(f"{item.at('item_id')}: not a line of the order")
    line, before = known[line_id], returned[line_id]
    returned[line_id] += quantity
    sold = int(line.quantity)

    def share(amount_minor: int) -> int:
        given, earlier = min(before + quantity, sold), min(before, sold)
        return _units(amount_minor, given, sold) - _units(amount_minor, earlier, sold)

    return RefundLine(line_id, str(quantity), amount_minor=share(line.net_minor), tax_minor=share(line.tax_minor))


def _units(amount_minor: int, units: int, sold: int) -> int:
    return divide_half_away(amount_minor * units, sold) if sold else 0
