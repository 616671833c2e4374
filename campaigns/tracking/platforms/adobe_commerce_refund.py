"""A credit memo of Adobe Commerce as a refund: what of each line went back, without tax and after its discount.

https://developer.adobe.com/commerce/extensibility/events/. An adjustment of the sum given back is money, not goods, and
moves no commission. A cancelled credit memo gives nothing back.
"""

from campaigns.errors import Unreadable
from campaigns.tracking.events import Refund, RefundLine
from campaigns.tracking.json_body import JsonObject, within_reach

CREDIT_MEMO_FIELDS = frozenset(
    {"increment_id", "order_id", "base_currency_code", "base_grand_total", "base_shipping_amount", "state", "items"}
)
ITEM_FIELDS = frozenset(
    {"order_item_id", "qty", "base_row_total", "base_tax_amount", "base_discount_amount"}
    | {"base_discount_tax_compensation_amount"}
)
CANCELLED = "3"


def is_whole(memo: JsonObject) -> bool:
    """Whether a subscription named all that a refund can't be valued without."""
    items = memo.objects("items")
    return memo.values.keys() >= CREDIT_MEMO_FIELDS and all(item.values.keys() >= ITEM_FIELDS for item in items)


def read_credit_memo(memo: JsonObject) -> Refund:
    """One refund; raises Unreadable."""
    currency = memo.currency("base_currency_code")
    # A configurable product's child stands beside it without amounts.
    lines = tuple(_line(item, currency) for item in memo.objects("items") if item.has("base_row_total"))
    within_reach(sum(line.amount_minor for line in lines), memo.at("items"))
    void = memo.word("state") == CANCELLED
    return Refund(
        refund_id=memo.identifier("increment_id"),
        created_at=memo.when_or_none("updated_at" if memo.has("updated_at") else "created_at", "UTC"),
        currency=currency,
        lines=() if void else lines,
        lines_include_tax=False,
        shipping_minor=0 if void else _amount(memo, "base_shipping_amount", currency),
        money_minor=0 if void else memo.amount("base_grand_total", currency, rounded=True),
    )


def _line(item: JsonObject, currency: str) -> RefundLine:
    discount = _amount(item, "base_discount_amount", currency)
    given_back = _amount(item, "base_row_total", currency) - discount
    given_back += _amount(item, "base_discount_tax_compensation_amount", currency)
    if given_back < 0:
        raise Unreadable(f"{item.at('base_row_total')}: less than its discount")
    return RefundLine(
        line_id=item.identifier("order_item_id"),
        quantity=item.quantity("qty"),
        amount_minor=given_back,
        tax_minor=_amount(item, "base_tax_amount", currency),
    )


def _amount(owner: JsonObject, name: str, currency: str) -> int:
    return owner.amount_or_zero(name, currency, rounded=True)
