"""One step of a line, and how a line reads: `7,010.00 × 10% + 1,420.50 × 14% − 2.75 × 242.00`."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from campaigns.deductions.tables import Bracket
from campaigns.money import exponent, format_minor

MINUS = "\u2212"


@dataclass(frozen=True)
class Step:
    """A part of the base times a rate.

    kind `bracket`: one step of a table; `flat`: one rate for all of it; `amount`: an amount as such, with no rate;
    `credit`: `rate` credit points of `part_minor` each, taken off; `earlier`: what earlier payments of the month or
    year had deducted, taken off, with no rate.
    """

    part_minor: int
    rate: Decimal | None
    kind: str

    @property
    def exact_minor(self) -> Decimal:
        """What the step adds, in minor units and unrounded; negative where it takes off."""
        amount = self.part_minor * (Decimal(1) if self.rate is None else self.rate)
        return -amount if self.kind in {"credit", "earlier"} else amount

    def as_contents(self, currency: str) -> dict[str, Any]:
        """The step as a paper keeps it; the amount is in major units, and exact."""
        rate = None if self.rate is None else _plain(self.rate)
        return {
            "part_minor": self.part_minor,
            "rate": rate,
            "amount": _plain(self.exact_minor.scaleb(-exponent(currency))),
            "kind": self.kind,
        }


def in_brackets(amount_minor: int, brackets: Iterable[Bracket], kind: str) -> Iterator[Step]:
    """`amount_minor` cut at the brackets' bounds; a rate of nothing makes no step.

    >>> [(step.part_minor, str(step.rate)) for step in in_brackets(150, [Bracket(100, Decimal("0.1")),
    ...                                                                  Bracket(None, Decimal("0.2"))], "bracket")]
    [(100, '0.1'), (50, '0.2')]
    """
    below = 0
    for bracket in brackets:
        top = up_to(amount_minor, bracket.upto_minor)
        if top > below and bracket.rate:
            yield Step(top - below, bracket.rate, kind)
        below = max(below, top)


def up_to(amount_minor: int, bound_minor: int | None) -> int:
    """`amount_minor`, but no more than the bound if there is one."""
    return amount_minor if bound_minor is None else min(amount_minor, bound_minor)


def formula(steps: Iterable[Step], currency: str = "ILS") -> str:
    """The line as a person would write it down; `< 0` where credits exceed the tax, so that nothing is due.

    >>> formula([Step(600000, Decimal("0.10"), "bracket"), Step(24200, Decimal("3.25"), "credit")])
    '6,000.00 × 10% − 3.25 × 242.00 < 0'
    """
    kept = list(steps)
    month = [step for step in kept if step.kind != "earlier"]
    floored = sum(step.exact_minor for step in month) < 0
    text = _joined(month, currency) + (" < 0" if floored else "")
    taken = "".join(f" {MINUS} {_said(step, currency)}" for step in kept if step.kind == "earlier")
    return (f"({text})" if floored and taken else text) + taken


def _joined(steps: list[Step], currency: str) -> str:
    text = ""
    for step in steps:
        sign = MINUS if step.kind == "credit" else "+"
        text += f" {sign} {_said(step, currency)}" if text or sign == MINUS else _said(step, currency)
    return text.strip()


def _said(step: Step, currency: str) -> str:
    part = format_minor(step.part_minor, currency)
    if step.rate is None:
        return part
    if step.kind == "credit":
        return f"{_plain(step.rate)} × {part}"
    return f"{part} × {(step.rate * 100).normalize():f}%"


def _plain(value: Decimal) -> str:
    """A decimal string with two decimals at least and no trailing zeros beyond them.

    >>> _plain(Decimal("701")), _plain(Decimal("37.6117500"))
    ('701.00', '37.61175')
    """
    text = f"{value:f}"
    whole, _, part = text.partition(".")
    return f"{whole}.{part.rstrip('0').ljust(2, '0')}"
