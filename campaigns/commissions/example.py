"""What terms mean in money, on an order anybody can check: 236.00 with 36.00 tax inside, bought with the coupon.

The one order shown is the first of a buyer who is new to the shop, at the ordinary rate: goods have no categories in
an example. What several orders come to is worked out for so many equal ones, so that tiers, bonuses and a cap show.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from campaigns.commissions.run import Part, Placed, earned_alone, earned_in_run, needs_run
from campaigns.commissions.terms import Sale
from campaigns.money import parse_minor, share

PRICE, TAX = "236", "36"
COUNTS = (10, 30, 100)
_DAY = datetime(2026, 1, 1, tzinfo=UTC)  # any day: equal orders are told apart by their numbers


@dataclass(frozen=True)
class Example:
    """Minor units. `paid_minor` is what the buyer pays for the items; `base_minor` what the rates are taken of.

    `influencer_minor` is of the first order, and `parts` says by which rules. `collected_minor` is what a partner who
    collects takes from the buyer.
    """

    price_minor: int
    paid_minor: int
    tax_minor: int
    base_minor: int
    influencer_minor: int
    agency_minor: int
    collected_minor: int
    parts: tuple[Part, ...]
    earned_of: tuple[tuple[int, int], ...]

    @property
    def brand_minor(self) -> int:
        """What the brand pays for this sale: both shares and nothing else."""
        return self.influencer_minor + self.agency_minor

    @property
    def handed_on_minor(self) -> int:
        """What a partner who collects hands on to the brand for this sale; nothing where the brand collects."""
        return self.collected_minor - self.influencer_minor if self.collected_minor else 0

    def of_orders(self) -> list[tuple[int, int]]:
        """(number of such orders, what they earn the influencer together)."""
        return list(self.earned_of)


def example(terms: Mapping[str, Any], percent_off: int, currency: str) -> Example:
    """The example order under `terms`, with a coupon of `percent_off`.

    >>> found = example({"influencer_rate_bps": 1500, "agency_rate_bps": 300, "base": "net"}, 10, "ILS")
    >>> found.paid_minor, found.base_minor, found.influencer_minor, found.agency_minor
    (21240, 18000, 2700, 540)
    """
    price, tax = parse_minor(PRICE, currency), parse_minor(TAX, currency)
    left_bps = 10_000 - percent_off * 100
    sale = Sale(share(price - tax, left_bps), share(tax, left_bps), 0, 0)
    earned = earned_alone(terms, sale)
    return Example(
        price_minor=price,
        paid_minor=sale.net_minor + sale.net_tax_minor,
        tax_minor=sale.net_tax_minor,
        base_minor=sale.base_minor(terms["base"]),
        influencer_minor=earned.influencer_minor,
        agency_minor=earned.agency_minor,
        collected_minor=earned.collected_minor,
        parts=earned.parts,
        earned_of=tuple((count, earned_of(terms, sale, count)) for count in COUNTS),
    )


def earned_of(terms: Mapping[str, Any], sale: Sale, count: int) -> int:
    """What `count` equal orders earn the influencer together.

    >>> earned_of({"influencer_rate_bps": 1000, "agency_rate_bps": 0, "base": "net"}, Sale(10_000, 0, 0, 0), 3)
    3000
    """
    if not needs_run(terms):
        return count * earned_alone(terms, sale).influencer_minor
    equal = [Placed(number, _DAY, "", sale, terms) for number in range(count)]
    return sum(earned.influencer_minor for earned in earned_in_run(equal).values())
