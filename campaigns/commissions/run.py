"""What orders earn under all that terms may say: one alone, or all of a participant's in a campaign together.

Tiers, bonuses and a cap make an order's earning depend on the participant's other orders. Their one order is the
canonical one: when placed, then the shop's id. So any order of arrival comes to one result, and what an order earns
can be worked out again from the books at any time. Every earning says which rule gave which part of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from campaigns.commissions.rates import Slice, earns, slices
from campaigns.commissions.sale import Sale
from campaigns.money import divide_half_away, share, spread


@dataclass(frozen=True)
class Placed:
    """One order credited to a participant, and the terms it was placed under. `sale` is None for one that is no sale.

    `returning` says that the buyer was not shown to be new to the shop, `repeat` that it is a repeated order of a
    buyer locked to the influencer.
    """

    key: int
    placed_at: datetime
    external_id: str
    sale: Sale | None
    terms: Mapping[str, Any]
    returning: bool = False
    repeat: bool = False


class Part(NamedTuple):
    """What one rule gave of an earning, signed. Parts by a rate name their part of the base; the others have none.

    `rule` is rate, tier, category, sku, returning, recurring, partner, fixed, bonus or cap; for contacts lead,
    qualified, closed or plan.
    """

    rule: str
    base_minor: int
    rate_bps: int | None
    amount_minor: int


class Earned(NamedTuple):
    """What an order earns, in minor units. The parts sum to the influencer's amount.

    `collected_minor` is what a partner who collects has taken from the buyer and owes the brand, less the commission.
    """

    influencer_minor: int
    agency_minor: int
    collected_minor: int = 0
    parts: tuple[Part, ...] = ()
    base_minor: int = 0


@dataclass(frozen=True)
class _Progress:
    """How far a participant's earlier orders came."""

    orders: int = 0
    sales_minor: int = 0
    earned_minor: int = 0

    def after(self, earned: Earned) -> "_Progress":
        return _Progress(
            self.orders + (earned.base_minor > 0),
            self.sales_minor + earned.base_minor,
            self.earned_minor + earned.influencer_minor,
        )


_FIRST = _Progress()  # no orders are earlier than the first


def needs_run(terms: Mapping[str, Any]) -> bool:
    """Whether an order's earning depends on the participant's other orders."""
    return "tiers" in terms or "bonus" in terms or "cap_minor" in terms


def needs_lines(terms: Mapping[str, Any]) -> bool:
    """Whether a sale must come with its lines."""
    return "category_rates" in terms or "sku_rates" in terms


def needs_history(terms: Mapping[str, Any]) -> bool:
    """Whether it matters if the buyer is new to the shop."""
    return terms.get("customers") == "new" or "returning_rate_bps" in terms


def earned_alone(terms: Mapping[str, Any], sale: Sale | None, returning: bool = False, repeat: bool = False) -> Earned:
    """What an order earns as the participant's only one.

    >>> terms = {"influencer_rate_bps": 1000, "agency_rate_bps": 300, "base": "net", "fixed_per_order_minor": 500}
    >>> earned = earned_alone(terms, Sale(18000, 3240, 0, 0))
    >>> earned.influencer_minor, earned.agency_minor, [part.rule for part in earned.parts]
    (2300, 540, ['rate', 'fixed'])
    """
    base = _base(terms, sale, returning, repeat)
    return _earned(terms, sale, base, returning, repeat, _FIRST, base)


def earned_in_run(placed: Sequence[Placed]) -> dict[int, Earned]:
    """What each of a participant's orders earns, by key: each under its own terms, its place found among all."""
    ordered = sorted(placed, key=lambda one: (one.placed_at, one.external_id, one.key))
    bases = [_base(one.terms, one.sale, one.returning, one.repeat) for one in ordered]
    total = sum(bases)
    progress = _FIRST
    found = {}
    for one, base in zip(ordered, bases, strict=True):
        earned = _earned(one.terms, one.sale, base, one.returning, one.repeat, progress, total)
        progress = progress.after(earned)
        found[one.key] = earned
    return found


def _base(terms: Mapping[str, Any], sale: Sale | None, returning: bool, repeat: bool) -> int:
    """What of an order counts: nothing of one that isn't a sale, or whose buyer these terms don't pay for."""
    return sale.base_minor(terms["base"]) if sale and earns(terms, returning, repeat) else 0


def _earned(
    terms: Mapping[str, Any],
    sale: Sale | None,
    base: int,
    returning: bool,
    repeat: bool,
    progress: _Progress,
    total: int,
) -> Earned:
    if sale is None or not base:
        return Earned(0, 0, _collected(terms, sale))
    by_rates = slices(terms, sale, base, returning, repeat, progress.sales_minor, total)
    commission = divide_half_away(sum(part.base_minor * part.rate_bps for part in by_rates), 10_000)
    # Rates of 100 % could both round up: a brand still never pays more than it sold.
    fee = min(share(base, terms["agency_rate_bps"]), base - commission)
    fixed = min(terms.get("fixed_per_order_minor", 0), base - commission - fee)
    parts = _parts(by_rates, commission)
    if fixed:
        parts.append(Part("fixed", 0, None, fixed))
    parts += [Part("bonus", 0, None, amount) for amount in _bonuses(terms, progress, base)]
    earned = sum(part.amount_minor for part in parts)
    # Under a cap lowered by newer terms, what was earned before stays: only this order gives way.
    over = min(earned, progress.earned_minor + earned - terms["cap_minor"]) if "cap_minor" in terms else 0
    if over > 0:
        parts.append(Part("cap", 0, None, -over))
        earned -= over
    return Earned(earned, fee, _collected(terms, sale), tuple(parts), base)


def _parts(by_rates: Sequence[Slice], commission: int) -> list[Part]:
    """The commission over the rates it comes from, exact to the unit: the largest remainders take what is left."""
    if len(by_rates) == 1:
        only = by_rates[0]
        return [Part(only.rule, only.base_minor, only.rate_bps, commission)]
    amounts = spread(commission, [part.base_minor * part.rate_bps for part in by_rates])
    return [
        Part(part.rule, part.base_minor, part.rate_bps, amount) for part, amount in zip(by_rates, amounts, strict=True)
    ]


def _bonuses(terms: Mapping[str, Any], progress: _Progress, base: int) -> list[int]:
    """The bonuses whose target this order reaches."""
    orders, sales = progress.orders, progress.sales_minor
    return [
        bonus["amount_minor"]
        for bonus in terms.get("bonus", ())
        if bonus.get("at_orders") == orders + 1 or sales < bonus.get("at_sales_minor", 0) <= sales + base
    ]


def _collected(terms: Mapping[str, Any], sale: Sale | None) -> int:
    """What a partner who collects took from the buyer for what is left: net and tax, whoever the buyer is."""
    settlement = terms.get("settlement")
    if sale is None or not settlement or settlement["collects"] != "partner":
        return 0
    return max(0, sale.net_minor - sale.refunded_minor) + max(0, sale.net_tax_minor - sale.refunded_tax_minor)
