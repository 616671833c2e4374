"""A sale: the part of an order that can earn."""

from dataclasses import dataclass


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
