"""How a line is rounded: once, to a multiple of a quantum of minor units.

No law says how lines of a payslip are rounded (an accountant may know better), so it is part of the scheme.
`half_up` is the house's rule, half away from zero; `half_down` leaves the half to whoever it would be taken from.
"""

from dataclasses import dataclass
from decimal import Decimal

from campaigns.money import divide_half_away

MODES = ("half_up", "half_down", "down")


@dataclass(frozen=True)
class Rounding:
    """A mode, and the quantum in minor units: 1 is to the agora, 100 to the whole shekel or rouble."""

    mode: str = "half_up"
    quantum: int = 1

    def of(self, exact_minor: Decimal) -> int:
        """An amount of zero or more, rounded.

        >>> [Rounding(mode).of(Decimal("2.5")) for mode in MODES], Rounding(quantum=100).of(Decimal(5150))
        ([3, 2, 2], 5200)
        """
        numerator, denominator = exact_minor.as_integer_ratio()
        denominator *= self.quantum
        if self.mode == "half_up":
            return divide_half_away(numerator, denominator) * self.quantum
        if self.mode == "half_down":
            return -((denominator - 2 * numerator) // (2 * denominator)) * self.quantum
        return numerator // denominator * self.quantum
