"""What a brand gets for what it pays: its sales beside its cost, as a rate."""

from campaigns.money import divide_half_away
from campaigns.settlement.figures import Figures


def kept_sales_minor(figures: Figures) -> int:
    """The sales that were left after what was given back."""
    return figures.sales_minor - figures.refunded_minor


def sales_per_cost_bps(figures: Figures) -> int | None:
    """The sales left, for each unit that the brand pays, in basis points; None where it pays nothing.

    >>> sales_per_cost_bps(Figures(sales_minor=11_000, refunded_minor=1_000, commission_minor=3_000))
    33333
    """
    if figures.brand_charge_minor <= 0:
        return None
    return divide_half_away(kept_sales_minor(figures) * 10_000, figures.brand_charge_minor)


def as_times(ratio_bps: int) -> str:
    """A rate as how many times over, to one decimal.

    >>> as_times(33_333), as_times(9_960), as_times(-5_000)
    ('3.3×', '1.0×', '-0.5×')
    """
    tenths = divide_half_away(ratio_bps, 1_000)
    whole, part = divmod(abs(tenths), 10)
    return f"{'-' if tenths < 0 else ''}{whole}.{part}×"
