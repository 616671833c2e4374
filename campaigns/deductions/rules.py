"""The four ways a line comes to an amount: a rate, a dated table, the steps of a certificate, or an amount as such.

A rule turns the part of the base that counts into steps of `part x rate`. It asks its desk (engine.py) for the values
of expressions and the rows of tables, so that the desk knows every row that was used.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from campaigns.deductions.expressions import Expression
from campaigns.deductions.facts import CertificateSteps
from campaigns.deductions.steps import Step, in_brackets
from campaigns.deductions.tables import Bracket, Row
from campaigns.errors import Unreadable
from campaigns.money import divide_half_away

MOST_DECIMALS = 10


class Desk(Protocol):
    """Whoever works out one line."""

    def number(self, expression: Expression) -> Fraction: ...
    def row(self, table: str) -> Row: ...
    def steps_of(self, fact: str) -> CertificateSteps: ...


@dataclass(frozen=True)
class FlatRule:
    """One rate for all of it."""

    rate: Expression

    def steps(self, part_minor: int, desk: Desk) -> Iterator[Step]:
        return in_brackets(part_minor, [Bracket(None, decimal(desk.number(self.rate)))], "flat")


@dataclass(frozen=True)
class TableRule:
    """The steps of a dated table.

    `times` widens every step, as a monthly table on the year so far needs it; `first_upto` narrows the first one, whose
    rest then falls into the second.
    """

    table: str
    times: Expression | None = None
    first_upto: Expression | None = None

    def steps(self, part_minor: int, desk: Desk) -> Iterator[Step]:
        brackets = list(desk.row(self.table).brackets())
        if self.first_upto:
            bound = whole(desk.number(self.first_upto))
            first = brackets[0].upto_minor
            brackets[0] = Bracket(bound if first is None else min(bound, first), brackets[0].rate)
        if self.times:
            by = desk.number(self.times)
            brackets = [
                Bracket(None if one.upto_minor is None else whole(one.upto_minor * by), one.rate) for one in brackets
            ]
        return in_brackets(part_minor, brackets, "bracket")


@dataclass(frozen=True)
class StepsRule:
    """The steps that a payee's certificate sets, as far as they reach, and one rate above them."""

    fact: str
    above: Expression

    def steps(self, part_minor: int, desk: Desk) -> Iterator[Step]:
        above = Bracket(None, decimal(desk.number(self.above)))
        certificate = [Bracket(upto, Decimal(bps).scaleb(-4)) for upto, bps in desk.steps_of(self.fact)]
        return in_brackets(part_minor, (*certificate, above), "bracket")


@dataclass(frozen=True)
class AmountRule:
    """An amount that does not depend on the base."""

    amount: Expression

    def steps(self, part_minor: int, desk: Desk) -> Iterator[Step]:
        yield Step(max(0, whole(desk.number(self.amount))), None, "amount")


Rule = FlatRule | TableRule | StepsRule | AmountRule


def whole(value: Fraction) -> int:
    """To the nearest minor unit, half away from zero."""
    return divide_half_away(value.numerator, value.denominator)


def decimal(value: Fraction) -> Decimal:
    """The same number as a decimal, which a step can print; raises Unreadable for one that doesn't end, a third.

    >>> decimal(Fraction(517, 10_000))
    Decimal('0.0517')
    """
    scaled = value * 10**MOST_DECIMALS
    if scaled.denominator != 1:
        raise Unreadable(f"a rate of {value} can't be written in {MOST_DECIMALS} decimals")
    return Decimal(scaled.numerator).scaleb(-MOST_DECIMALS).normalize()
