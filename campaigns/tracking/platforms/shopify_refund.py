"""A Shopify refund, the same shape inside an order's `refunds[]` and as the body of refunds/create.

https://shopify.dev/docs/api/admin-rest/latest/resources/refund. The claw-back follows `refund_line_items`: money moved
differs from items given back whenever a discrepancy was agreed, shipping came back, or nothing but shipping did. How
the goods were put back (`restock_type`) changes no amount: units cancelled before they left are given back like others.
"""

from campaigns.money import divide_half_away
from campaigns.tracking.events import Refund, RefundLine
from campaigns.tracking.json_body import JsonObject, within_reach


def read_refund(body: JsonObject, currency: str, within_order: bool = False) -> Refund:
    """The refund in `currency`, the order's or, where that isn't at hand, refund_currency's. Raises Unreadable.

    Within an order, an item that doesn't state its tax has its part of the line's; alone, that is left to the order.
    """
    goods = [item for item in body.objects("refund_line_items") if not is_tip(item.object("line_item"))]
    return Refund(
        refund_id=body.identifier("id"),
        created_at=body.when_or_none("created_at"),
        currency=currency,
        lines=tuple(_line(item, currency, within_order) for item in goods),
        shipping_minor=_shipping(body, currency),
        money_minor=_money(body, currency),
    )


def refund_currency(body: JsonObject) -> str | None:
    """The shop's currency as a refund states it, inside its `*_set` members only; None where it has none.

    `transactions[]` name what the buyer paid in, which may be another currency: they never decide.
    """
    named = [item.object("subtotal_set") for item in body.objects("refund_line_items")]
    named += [adjustment.object("amount_set") for adjustment in body.objects("order_adjustments")]
    named += [line.object("subtotal_amount_set") for line in body.objects("refund_shipping_lines")]
    for amounts in named:
        shop_money = amounts.object("shop_money")
        if shop_money.has("currency_code"):
            return shop_money.currency("currency_code")
    return None


def is_tip(line_item: JsonObject) -> bool:
    """Whether a line is a tip: only tips have the member at all, be it null."""
    return "tip_payment_gateway" in line_item.values


def _line(item: JsonObject, currency: str, within_order: bool) -> RefundLine:
    return RefundLine(
        line_id=item.identifier("line_item_id"),
        quantity=str(item.count("quantity")),
        amount_minor=_subtotal(item, currency),
        tax_minor=_tax(item, currency, within_order),
    )


def _subtotal(item: JsonObject, currency: str) -> int:
    if _states(item, "subtotal"):
        return _in_shop_money(item, "subtotal", currency)
    # Bodies from before 2017 name the line alone: its price for the units given back, less their part of discounts.
    line = item.object("line_item")
    quantity, ordered = item.count("quantity"), line.count("quantity")
    price = within_reach(line.amount("price", currency) * quantity, line.at("price"))
    discount = sum(each.amount("amount", currency) for each in line.objects("discount_allocations"))
    return price - (divide_half_away(discount * quantity, ordered) if ordered else 0)


def _tax(item: JsonObject, currency: str, within_order: bool) -> int:
    if _states(item, "total_tax") or not within_order:
        return _in_shop_money(item, "total_tax", currency)
    line = item.object("line_item")
    tax = within_reach(sum(each.amount("price", currency) for each in line.objects("tax_lines")), line.path)
    ordered = line.count("quantity") if line.has("quantity") else 0
    return divide_half_away(tax * item.count("quantity"), ordered) if ordered else 0


def _states(item: JsonObject, name: str) -> bool:
    return item.has(name) or item.object(f"{name}_set").object("shop_money").has("amount")


def _in_shop_money(item: JsonObject, name: str, currency: str) -> int:
    # The set's string is exact. The bare member is a JSON number, which some senders make from a binary fraction
    # (195.67000000000002), so its excess decimals are rounded.
    shop_money = item.object(f"{name}_set").object("shop_money")
    if shop_money.has("amount"):
        return shop_money.amount("amount", currency)
    return item.amount_or_zero(name, currency, rounded=True)


def _shipping(body: JsonObject, currency: str) -> int:
    adjustments = [each for each in body.objects("order_adjustments") if each.text("kind") == "shipping_refund"]
    if adjustments:
        return -sum(adjustment.amount("amount", currency, signed=True) for adjustment in adjustments)
    lines = [line.object("subtotal_amount_set").object("shop_money") for line in body.objects("refund_shipping_lines")]
    return sum(shop_money.amount("amount", currency) for shop_money in lines)


def _money(body: JsonObject, currency: str) -> int:
    moved = [each for each in body.objects("transactions") if each.text("kind") == "refund"]
    done = [each for each in moved if each.text("status") == "success"]
    same = [each for each in done if not each.has("currency") or each.text("currency") == currency]
    return sum(each.amount("amount", currency) for each in same)
