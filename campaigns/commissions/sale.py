"""A sale: the part of an order that can earn, and what it earns where terms speak of plain rates only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from campaigns.money import share


@dataclass(frozen=True)
class SoldLine:
    """What is left of one order line after refunds, in minor units: for terms that name categories or SKUs."""

    category: str
    sku: str
    net_minor: int
    net_tax_minor: int


@dataclass(frozen=True)
class Sale:
    """The part of an order that can earn: minor units after discounts, without gift cards bought.

    `lines` are given where terms need them; what is left of them sums to what is left of the sale.
    """

    net_minor: int
    net_tax_minor: int
    refunded_minor: int
    refunded_tax_minor: int
    lines: tuple[SoldLine, ...] = ()

    def base_minor(self, base: str) -> int:
        """What is left of the sale, without tax (`net`) or with it (`gross`); never negative."""
        left = self.net_minor - self.refunded_minor
        if base == "gross":
            left += self.net_tax_minor - self.refunded_tax_minor
        return max(left, 0)


@dataclass(frozen=True)
class Earning:
    """What one sale earns, in minor units; the brand pays both."""

    influencer_minor: int
    agency_minor: int


NOTHING = Earning(0, 0)


def earning(terms: Mapping[str, Any], sale: Sale) -> Earning:
    """The shares of one sale by the two plain rates, each rounded half away from zero once.

    Both together never pass the base: where rates of 100 % both round up, the agency's fee gives way. Terms that say
    more than plain rates are for `run.earned_alone` and `run.earned_in_run`.

    >>> earning({"influencer_rate_bps": 1500, "agency_rate_bps": 300, "base": "net"}, Sale(18000, 3240, 0, 0))
    Earning(influencer_minor=2700, agency_minor=540)
    """
    base = sale.base_minor(terms["base"])
    commission = share(base, terms["influencer_rate_bps"])
    fee = share(base, terms["agency_rate_bps"])
    if commission + fee > base:
        fee = base - commission
    return Earning(commission, fee)
