"""Which rate each part of an order earns at.

Who bought is asked first: a repeated order of a locked buyer, or a returning buyer, has one rate for the whole order.
Then what was bought: a SKU's rate beats its category's. What is left earns at the tiers, or at the one rate. A rate
for partners who collect the money themselves stands in for the influencer's rate wherever that would apply.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from campaigns.commissions.offered import folded
from campaigns.commissions.sale import Sale
from campaigns.money import spread


class Slice(NamedTuple):
    """A part of an order's base, the rate it earns at, and the rule that says so."""

    rule: str
    base_minor: int
    rate_bps: int


def earns(terms: Mapping[str, Any], returning: bool, repeat: bool) -> bool:
    """Whether an order of this buyer earns at all: not where only new customers do and this one is none."""
    return terms.get("customers") != "new" or not returning or (repeat and "recurring" in terms)


def slices(
    terms: Mapping[str, Any], sale: Sale, base_minor: int, returning: bool, repeat: bool, before: int, total: int
) -> list[Slice]:
    """The parts of an order that earns, summing to its base.

    `before` is what the participant's earlier orders came to, `total` what all of them come to.
    """
    rule, basic = _basic(terms)
    if repeat and "recurring" in terms:
        return [Slice("recurring", base_minor, terms["recurring"].get("rate_bps", basic))]
    if returning and "returning_rate_bps" in terms:
        return [Slice("returning", base_minor, terms["returning_rate_bps"])]
    own = _own_rates(terms, sale, base_minor)
    rest = base_minor - sum(part.base_minor for part in own)
    if "tiers" not in terms:
        ladder = [Slice(rule, rest, basic)]
    elif terms.get("tiers_apply") == "whole":
        ladder = [_reached(terms, Slice(rule, rest, basic), total)]
    else:
        ladder = _climbed(terms, Slice(rule, rest, basic), before)
    return [part for part in ladder + own if part.base_minor]


def _basic(terms: Mapping[str, Any]) -> tuple[str, int]:
    settlement = terms.get("settlement")
    if settlement and settlement["collects"] == "partner":
        return "partner", settlement["partner_rate_bps"]
    return "rate", terms["influencer_rate_bps"]


def _own_rates(terms: Mapping[str, Any], sale: Sale, base_minor: int) -> list[Slice]:
    """What of the order earns at rates of its own, by rule and rate."""
    if not sale.lines or not ("category_rates" in terms or "sku_rates" in terms):
        return []
    by_sku = {folded(name): rate for name, rate in terms.get("sku_rates", {}).items()}
    by_category = {folded(name): rate for name, rate in terms.get("category_rates", {}).items()}
    gross = terms["base"] == "gross"
    weights = [line.net_minor + (line.net_tax_minor if gross else 0) for line in sale.lines]
    found: dict[tuple[str, int], int] = {}
    # Lines sum to their sale; were one ever to be wrong, the order would still earn on its base and no more.
    for line, left in zip(sale.lines, spread(base_minor, weights), strict=True):
        sku, category = folded(line.sku), folded(line.category)
        if sku in by_sku:
            found["sku", by_sku[sku]] = found.get(("sku", by_sku[sku]), 0) + left
        elif category in by_category:
            found["category", by_category[category]] = found.get(("category", by_category[category]), 0) + left
    return [Slice(rule, left, rate) for (rule, rate), left in sorted(found.items())]


def _reached(terms: Mapping[str, Any], rest: Slice, total: int) -> Slice:
    """All of it at the rate of the highest tier that the total reaches."""
    for tier in reversed(terms["tiers"]):
        if total >= tier["from_sales_minor"]:
            return Slice("tier", rest.base_minor, tier["rate_bps"])
    return rest


def _climbed(terms: Mapping[str, Any], rest: Slice, before: int) -> list[Slice]:
    """Each step of the ladder that the order passes, at its own rate. Parts with rates of their own come after."""
    starts = [0, *(tier["from_sales_minor"] for tier in terms["tiers"])]
    rates = [(rest.rule, rest.rate_bps), *(("tier", tier["rate_bps"]) for tier in terms["tiers"])]
    after = before + rest.base_minor
    ends = [*starts[1:], after]
    return [
        Slice(rule, min(after, end) - max(before, start), rate)
        for (rule, rate), start, end in zip(rates, starts, ends, strict=True)
        if min(after, end) > max(before, start)
    ]
