"""A payment's arithmetic: a scheme's lines over the facts and the dated tables, every step kept.

Pure: nothing is read or written here. Every line is worked out exactly, step by step, and rounded once, as its scheme
says; net is what is left of the rounded lines, so a paper always adds up. Each step is kept ("part x rate = amount"),
since a person must be able to check the paper with a pencil.

A line whose basis is the month or the year so far is worked out on all of it, and what earlier payments took is
deducted: brackets, credit points and ceilings hold for the month or year, so two payments worked out apart would grant
the low rates and the credits twice. A line that comes to less than was taken gives the difference back.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from campaigns.deductions.expressions import Expression, Value
from campaigns.deductions.facts import CertificateSteps, Earlier, Facts, check
from campaigns.deductions.rules import decimal, whole
from campaigns.deductions.schemes import TOLD, Line, Scheme
from campaigns.deductions.steps import Step
from campaigns.deductions.tables import Row, Tables
from campaigns.deductions.worked_out import WorkedLine, WorkedOut
from campaigns.errors import Invalid, MissingTableRow, Said


def work_out(scheme: Scheme, facts: Facts, tables: Tables) -> WorkedOut:
    """What these facts come to; raises MissingTableRow for an uncovered day, Invalid for facts that can't be.

    >>> from datetime import date
    >>> from campaigns.deductions.schemes import scheme
    >>> from campaigns.deductions.tables import shipped
    >>> facts = Facts(date(2026, 6, 30), 843050, credit_points=Decimal("2.75"))
    >>> slip = work_out(scheme("IL.employee"), facts, shipped())
    >>> [(line.code, line.amount_minor) for line in slip.lines], slip.net_minor
    ([('income_tax', 23437), ('national_insurance', 13104), ('health_insurance', 28642)], 777867)
    """
    check(facts)
    _fits(scheme, facts)
    work = _Work(facts, tables, facts.named())
    for line in scheme.lines:
        if line.active and line.code not in work.done and work.applies(line):
            work.done[line.code] = work.line(line)
    return WorkedOut(
        scheme=scheme.code,
        version=scheme.version,
        currency=facts.currency,
        gross_minor=facts.gross_minor,
        all_lines=tuple(work.done.values()),
        tables=tuple(work.rows.values()),
        needs=tuple(need.label for need in scheme.needs if not work.at("payment").truth(need.met_if)),
    )


def _fits(scheme: Scheme, facts: Facts) -> None:
    """Raise Invalid where the scheme does not hold that day, counts in other money, or has a fact it isn't given."""
    wrong: dict[str, list[str]] = {}
    if not scheme.holds(facts.on):
        wrong["on"] = [f"is no day of version {scheme.version} of {scheme.code}"]
    if scheme.currency and facts.currency != scheme.currency:
        wrong["currency"] = [
            Said("must be %(currency)s: %(scheme)s counts in it", currency=scheme.currency, scheme=scheme.code)
        ]
    kinds = {"number": Decimal, "truth": bool, "word": str}
    for name, kind in scheme.declared:
        if not isinstance(facts.others.get(name), kinds[kind]):
            wrong[name] = [f"is a {kind} that {scheme.code} needs"]
    if facts.others.keys() - dict(scheme.declared):
        wrong["others"] = [f"has facts that {scheme.code} does not declare"]
    if wrong:
        raise Invalid(wrong)


@dataclass
class _Work:
    """One payment being worked out: the lines done so far, and the rows of tables they were done with."""

    facts: Facts
    tables: Tables
    named: dict[str, Value]
    done: dict[str, WorkedLine] = field(default_factory=dict)
    rows: dict[str, Row] = field(default_factory=dict)

    def at(self, basis: str) -> "_Desk":
        earlier = {"month": self.facts.this_month, "year_to_date": self.facts.this_year}.get(basis)
        return _Desk(self, earlier)

    def applies(self, line: Line) -> bool:
        return line.applies_if is None or self.at(line.basis).truth(line.applies_if)

    def line(self, line: Line) -> WorkedLine:
        """The line's steps summed exactly and rounded once, never below zero, less what was taken before.

        Raises Invalid where earlier payments are told of the month and not of the year it is part of.
        """
        if line.basis == "year_to_date" and self.facts.this_month and not self.facts.this_year:
            raise Invalid({"this_year": ["is missing: there were payments this month"]})
        desk = self.at(line.basis)
        base = max(0, whole(desk.number(line.base)))
        if line.side in TOLD:
            return self._told(line, base, desk)
        steps, amount = _summed(line, base, desk)
        if desk.earlier is not None:
            taken = _taken(desk.earlier, line)
            amount -= taken
            steps = (*steps, Step(taken, None, "earlier"))
        return WorkedLine(line.code, line.label, line.side, base, amount, steps)

    def _told(self, line: Line, base: int, desk: "_Desk") -> WorkedLine:
        """A line that moves no money says it where its table has no row: nobody waits for their pay because of it."""
        try:
            steps, amount = _summed(line, base, desk)
        except MissingTableRow as missing:
            return WorkedLine(line.code, line.label, line.side, base, 0, (), line.printed, missing.sentence)
        return WorkedLine(line.code, line.label, line.side, base, amount, steps, line.printed)


@dataclass(frozen=True)
class _Desk:
    """Where one line is worked out: its names stand for sums over the payment, the month or the year so far."""

    work: _Work
    earlier: Earlier | None

    def number(self, expression: Expression) -> Fraction:
        value = expression.value(self._look_up)
        assert isinstance(value, Fraction), f"{expression.text} was read as a number"
        return value

    def truth(self, expression: Expression) -> bool:
        return expression.value(self._look_up) is True

    def row(self, table: str) -> Row:
        return self.work.rows.setdefault(table, self.work.tables.row(table, self.work.facts.on))

    def steps_of(self, fact: str) -> CertificateSteps:
        return self.work.facts.steps(fact)

    def _look_up(self, name: str) -> Value:
        if ":" in name:
            return self._figure(*name.split(":"))
        if name == "gross":
            return Fraction(self.work.facts.gross_minor + (self.earlier.gross_minor if self.earlier else 0))
        if name in self.work.named:
            return self.work.named[name]
        own = self.work.done.get(name)
        before = self.earlier.taken.get(name, 0) if self.earlier else 0
        return Fraction((own.amount_minor if own else 0) + before)

    def _figure(self, table: str, figure: str) -> Fraction:
        """A figure of the row in force; `top` is the highest bound of its steps."""
        row = self.row(table)
        if figure == "top" and "steps" in row.values:
            return Fraction(max(one.upto_minor for one in row.brackets() if one.upto_minor is not None))
        if figure not in row.values:
            raise MissingTableRow(table, self.work.facts.on.isoformat(), (figure,))
        return Fraction(row.values[figure])


def _summed(line: Line, base: int, desk: _Desk) -> tuple[tuple[Step, ...], int]:
    steps = (*line.rule.steps(_counted(line, base, desk), desk), *_credits(line, desk))
    exact = max(Decimal(0), sum((step.exact_minor for step in steps), Decimal(0)))
    return steps, line.rounding.of(exact)


def _counted(line: Line, base: int, desk: _Desk) -> int:
    """The part of the base that the rule is applied to."""
    counted = base
    if line.minimum_base and base > 0:
        counted = max(counted, whole(desk.number(line.minimum_base)))
    if line.ceiling:
        counted = min(counted, whole(desk.number(line.ceiling)))
    return max(0, counted - whole(desk.number(line.floor))) if line.floor else counted


def _credits(line: Line, desk: _Desk) -> Iterable[Step]:
    for credit in line.credits:
        units, each = desk.number(credit.units), whole(desk.number(credit.each))
        if units:
            yield Step(each, decimal(units), "credit")


def _taken(earlier: Earlier, line: Line) -> int:
    """What earlier payments took by this line; raises Invalid where nobody says it."""
    if line.code not in earlier.taken:
        period = "this_month" if line.basis == "month" else "this_year"
        raise Invalid({period: [f"does not say what {line.code} came to"]})
    return earlier.taken[line.code]
