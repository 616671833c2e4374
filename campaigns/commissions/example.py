"""What terms mean in money, on an order anybody can check: 236.00 with 36.00 tax inside, bought with the coupon."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from campaigns.commissions.terms import Sale, earning
from campaigns.money import parse_minor, share

PRICE, TAX = "236", "36"
COUNTS = (10, 30, 100)


@dataclass(frozen=True)
class Example:
    """Minor units. `paid_minor` is what the buyer pays for the items; `base_minor` what the rates are taken of."""

    price_minor: int
    paid_minor: int
    tax_minor: int
    base_minor: int
    influencer_minor: int
    agency_minor: int

    @property
    def brand_minor(self) -> int:
        """What the brand pays for this sale: both shares and nothing else."""
        return self.influencer_minor + self.agency_minor

    def of_orders(self) -> list[tuple[int, int]]:
        """(number of such orders, what they earn the influencer)."""
        return [(count, count * self.influencer_minor) for count in COUNTS]


def example(terms: Mapping[str, Any], percent_off: int, currency: str) -> Example:
    """The example order under `terms`, with a coupon of `percent_off`.

    >>> found = example({"influencer_rate_bps": 1500, "agency_rate_bps": 300, "base": "net"}, 10, "ILS")
    >>> found.paid_minor, found.base_minor, found.influencer_minor, found.agency_minor
    (21240, 18000, 2700, 540)
    """
    price, tax = parse_minor(PRICE, currency), parse_minor(TAX, currency)
    left_bps = 10_000 - percent_off * 100
    sale = Sale(share(price - tax, left_bps), share(tax, left_bps), 0, 0)
    earned = earning(terms, sale)
    return Example(
        price_minor=price,
        paid_minor=sale.net_minor + sale.net_tax_minor,
        tax_minor=sale.net_tax_minor,
        base_minor=sale.base_minor(terms["base"]),
        influencer_minor=earned.influencer_minor,
        agency_minor=earned.agency_minor,
    )
