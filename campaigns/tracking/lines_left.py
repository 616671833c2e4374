"""What is left of each line of an order after its refunds, for terms that name categories or SKUs.

The lines' sums agree with the sale to the unit. What was given back of a line is taken from it; a sum that names no
line (WooCommerce's order body, an amount beside the items) is taken from all, in proportion to what is left of each,
and so is a line below zero, which is a discount on the order. Gift cards bought are no sale.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from campaigns.commissions.terms import Sale, SoldLine
from campaigns.money import spread


def lines_left(
    lines: Sequence[Mapping[str, Any]], refunds: Sequence[Mapping[str, Any]], prices_include_tax: bool, sale: Sale
) -> tuple[SoldLine, ...]:
    """The lines of `sale`, which `valuation.value` made of the same lines and refunds in force."""
    sold = [line for line in lines if not line["gift_card"]]
    if not sold:
        return ()
    back = _given_back(refunds, prices_include_tax)
    nothing = (0, 0)
    nets = [line["net_minor"] - back.get(line["line_id"], nothing)[0] for line in sold]
    taxes = [line["tax_minor"] - back.get(line["line_id"], nothing)[1] for line in sold]
    nets = spread(max(0, sale.net_minor - sale.refunded_minor), _weights(nets, sold, "net_minor"))
    taxes = spread(max(0, sale.net_tax_minor - sale.refunded_tax_minor), _weights(taxes, sold, "tax_minor"))
    return tuple(
        SoldLine(line["category"], line["sku"], net, tax) for line, net, tax in zip(sold, nets, taxes, strict=True)
    )


def _given_back(refunds: Sequence[Mapping[str, Any]], prices_include_tax: bool) -> dict[str, tuple[int, int]]:
    """Net and tax given back, by line; as `valuation.value` reads them."""
    back: dict[str, tuple[int, int]] = {}
    for refund in refunds:
        stated = refund["lines_include_tax"]
        inside = prices_include_tax if stated is None else stated
        for line in refund["lines"]:
            net, tax = back.get(line["line_id"], (0, 0))
            given = line["amount_minor"] - (line["tax_minor"] if inside else 0)
            back[line["line_id"]] = (net + given, tax + line["tax_minor"])
    return back


def _weights(left: list[int], sold: Sequence[Mapping[str, Any]], amount: str) -> list[int]:
    """What is left of each line; where nothing seems to be, what each was sold for."""
    return left if any(one > 0 for one in left) else [line[amount] for line in sold]
