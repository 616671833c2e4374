"""What an order is worth: its items after discounts, and how much of them was given back.

Only items count: no shipping, tax, tips, fees or duties, and no gift cards bought, which are money parked. The
claw-back follows the items given back, never the money moved. Where a platform gives a refund as one sum
(WooCommerce's order body), the items' part is the items' share of the order's parts, taken once of all such sums
together, so that a full refund in two steps gives back exactly everything.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from campaigns.commissions.terms import Sale
from campaigns.money import divide_half_away


class Parts(NamedTuple):
    """What of an order the valuation needs. Lines and refunds are events.Line and events.Refund as primitives."""

    status: str
    prices_include_tax: bool
    lines: Sequence[Mapping[str, Any]]
    refunds: Sequence[Mapping[str, Any]]
    shipping_minor: int
    tax_minor: int
    fees_minor: int


def gift_card_minor(lines: Iterable[Mapping[str, Any]]) -> int:
    """The gift cards bought among the lines, minor units."""
    return sum(line["net_minor"] for line in lines if line["gift_card"])


def value(parts: Parts) -> Sale:
    """The sale in an order: items' net and tax, and what was given back of each, never more than there was."""
    sold = [line for line in parts.lines if not line["gift_card"]]
    net, tax = sum(line["net_minor"] for line in sold), sum(line["tax_minor"] for line in sold)
    if parts.status == "refunded":
        return Sale(net, tax, net, tax)
    if not parts.refunds:
        return Sale(net, tax, 0, 0)
    back, back_tax = _itemised(parts)
    unsplit = sum(refund["unsplit_minor"] for refund in parts.refunds)
    whole = gift_card_minor(parts.lines) + net + parts.tax_minor + parts.shipping_minor + parts.fees_minor
    if unsplit and whole > 0:
        back += divide_half_away(unsplit * net, whole)
        back_tax += divide_half_away(unsplit * tax, whole)
    return Sale(net, tax, _within(back, net), _within(back_tax, tax))


def _itemised(parts: Parts) -> tuple[int, int]:
    gift_cards = {line["line_id"] for line in parts.lines if line["gift_card"]}
    net = tax = 0
    for refund in parts.refunds:
        stated = refund["lines_include_tax"]
        inside = parts.prices_include_tax if stated is None else stated
        for line in refund["lines"]:
            if line["line_id"] not in gift_cards:
                net += line["amount_minor"] - (line["tax_minor"] if inside else 0)
                tax += line["tax_minor"]
    return net, tax


def _within(amount: int, most: int) -> int:
    return max(0, min(amount, most))
