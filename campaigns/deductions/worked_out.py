"""What a payment came to: its lines with their steps, its net, its cost, and what a paper keeps of all that."""

from dataclasses import dataclass
from typing import Any

from campaigns.deductions.schemes import ADDED, CHARGED, TAKEN, TOLD
from campaigns.deductions.steps import Step, formula
from campaigns.deductions.tables import Row
from campaigns.errors import Said


@dataclass(frozen=True)
class WorkedLine:
    """One line. A negative amount gives back what an earlier payment of the month or year took too much.

    `missing` is what a line that is only said could not be worked out for.
    """

    code: str
    label: str
    side: str
    base_minor: int
    amount_minor: int
    steps: tuple[Step, ...]
    printed: bool = True
    missing: str = ""

    def as_contents(self, currency: str) -> dict[str, Any]:
        contents: dict[str, Any] = {
            "code": self.code,
            "name": self.label,
            "base_minor": self.base_minor,
            "amount_minor": None if self.missing else self.amount_minor,
            "steps": [step.as_contents(currency) for step in self.steps],
            "formula": formula(self.steps, currency),
        }
        if isinstance(self.missing, Said):
            contents["missing"] = {"sentence": self.missing.template, "facts": self.missing.facts}
        return contents


@dataclass(frozen=True)
class WorkedOut:
    """The lines of one payment, and what it was worked out with.

    `net_minor` is what the payee gets; `employer_cost_minor` what the payment costs whoever makes it. `needs` are the
    papers still wanted before it is made.
    """

    scheme: str
    version: int
    currency: str
    gross_minor: int
    all_lines: tuple[WorkedLine, ...]
    tables: tuple[Row, ...]
    needs: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[WorkedLine, ...]:
        """What is taken off."""
        return self._of(TAKEN)

    @property
    def additions(self) -> tuple[WorkedLine, ...]:
        """What is paid on top, as VAT is."""
        return self._of(ADDED)

    @property
    def employer_lines(self) -> tuple[WorkedLine, ...]:
        """What the payer owes beside it."""
        return self._of(CHARGED)

    @property
    def information(self) -> tuple[WorkedLine, ...]:
        """What is said on paper and moves no money."""
        return tuple(line for line in self._of(TOLD) if line.printed)

    @property
    def amounts(self) -> dict[str, int]:
        """Every line that moves money, by its code."""
        return {line.code: line.amount_minor for line in self.all_lines if line.side not in TOLD}

    @property
    def net_minor(self) -> int:
        return self.gross_minor + _sum(self.additions) - _sum(self.lines)

    @property
    def employer_cost_minor(self) -> int:
        return self.gross_minor + _sum(self.additions) + _sum(self.employer_lines)

    def as_contents(self) -> dict[str, Any]:
        """Plain primitives, as a paper freezes them and the API answers them."""
        return {
            "scheme": self.scheme,
            "scheme_version": self.version,
            "gross_minor": self.gross_minor,
            "additions": self._contents(self.additions),
            "lines": self._contents(self.lines),
            "net_minor": self.net_minor,
            "employer_lines": self._contents(self.employer_lines),
            "employer_cost_minor": self.employer_cost_minor,
            "information": self._contents(self.information),
            "needs": list(self.needs),
            "tables": [row.as_contents() for row in self.tables],
        }

    def _of(self, sides: tuple[str, ...]) -> tuple[WorkedLine, ...]:
        return tuple(line for line in self.all_lines if line.side in sides)

    def _contents(self, lines: tuple[WorkedLine, ...]) -> list[dict[str, Any]]:
        return [line.as_contents(self.currency) for line in lines]


def _sum(lines: tuple[WorkedLine, ...]) -> int:
    return sum(line.amount_minor for line in lines)
