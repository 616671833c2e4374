"""The VAT on the agency's fee, from dated rows: a day that no verified row covers is refused, not guessed.

Commissions pass through the agency to influencers, who account for their own VAT; the agency's taxable service is its
fee. An exempt dealer charges none (`AGENCY_VAT=none`).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from campaigns.deductions.tables import Row, Tables
from campaigns.money import share

EXEMPT = "none"


@dataclass(frozen=True)
class Vat:
    """The rate of a day, and the row that says so, as papers keep it; `source` is None for who charges none."""

    rate_bps: int
    source: dict[str, Any] | None

    def of(self, fee_minor: int) -> int:
        """The VAT on a fee, rounded half away from zero once."""
        return share(fee_minor, self.rate_bps)


def vat_on(country: str, on: date, tables: Tables) -> Vat:
    """The VAT of a country on a day; raises MissingTableRow where no verified row covers it.

    >>> from campaigns.deductions.tables import shipped
    >>> [vat_on("IL", date(2026, 1, 1), shipped()).of(100), vat_on("none", date.min, shipped()).of(9)]
    [18, 0]
    """
    if country == EXEMPT:
        return Vat(0, None)
    row = tables.row(f"{country}.vat", on)
    return Vat(rate_of(row), row.as_contents())


def was_ever(country: str, on: date, rate_bps: int, ever: Tables) -> bool:
    """Whether a rate was that of a day, by some row that was ever verified: a later one changes no bill made before."""
    if country == EXEMPT:
        return rate_bps == 0
    return any(rate_of(row) == rate_bps for row in ever.rows(f"{country}.vat") if row.usable and row.covers(on))


def rate_of(row: Row) -> int:
    """The rate a row of a VAT table says, in basis points."""
    return int(Decimal(row.values["rate"]) * 10_000)
