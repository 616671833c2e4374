"""A payslip's arithmetic: from a month's gross pay to its deductions, net and cost to the employer.

Pure functions over the dated tables of tables.py. Every line is worked out exactly, step by step, and rounded
once, half away from zero, to one agora; net is gross less the rounded lines, so a slip always adds up. Each step is
kept ("part x rate = amount"), since a person must be able to check the slip with a pencil.

Commission income only: pension lines, sick pay and the other rights of an employee are not worked out here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from campaigns.deductions.steps import Step, formula, in_brackets, up_to
from campaigns.deductions.tables import Bracket, Row, row
from campaigns.errors import Invalid, MissingTableRow
from campaigns.i18n import N_
from campaigns.money import LARGEST_MINOR, divide_half_away

COUNTRIES = frozenset({"IL"})

NAMES = {
    "income_tax": N_("Income tax"),
    "national_insurance": N_("National insurance"),
    "health_insurance": N_("Health insurance"),
    "employer_national_insurance": N_("National insurance, employer's part"),
}


@dataclass(frozen=True)
class PayFacts:
    """What decides one payslip's deductions.

    `credit_points` is the number declared on form 101, never derived here; None means no form was given, which costs
    the flat rate. `coordination` are the steps of a tax certificate, `(upto_minor, rate_bps)` a month, lowest first.
    `earlier_this_month` sums up the payslips this month already had: their gross, and by code what they deducted.
    """

    country: str
    on: date
    gross_minor: int
    credit_points: Decimal | None
    second_employer: bool = False
    coordination: tuple[tuple[int | None, int], ...] = ()
    earlier_this_month: tuple[int, dict[str, int]] | None = None

    @property
    def month_minor(self) -> int:
        """The whole month's gross, earlier payslips included."""
        return self.gross_minor + (self.earlier_this_month[0] if self.earlier_this_month else 0)

    @property
    def flat_income_tax(self) -> bool:
        """Whether the flat rate is due in place of the table and its credits."""
        return self.second_employer or self.credit_points is None


@dataclass(frozen=True)
class PayLine:
    """One deduction or charge. A negative amount gives back what an earlier payslip of the month took too much."""

    code: str
    base_minor: int
    amount_minor: int
    steps: tuple[Step, ...]

    def as_contents(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "name": NAMES[self.code],
            "base_minor": self.base_minor,
            "amount_minor": self.amount_minor,
            "steps": [step.as_contents() for step in self.steps],
            "formula": formula(self.steps),
        }


@dataclass(frozen=True)
class Payslip:
    """The lines of one payslip. `net_minor` is what the employee gets, `employer_cost_minor` what it costs."""

    gross_minor: int
    lines: tuple[PayLine, ...]
    employer_lines: tuple[PayLine, ...]
    tables: tuple[Row, ...]

    @property
    def net_minor(self) -> int:
        return self.gross_minor - sum(line.amount_minor for line in self.lines)

    @property
    def employer_cost_minor(self) -> int:
        return self.gross_minor + sum(line.amount_minor for line in self.employer_lines)

    def as_contents(self) -> dict[str, Any]:
        """Plain primitives, as a paper freezes them and the API answers them."""
        return {
            "gross_minor": self.gross_minor,
            "lines": [line.as_contents() for line in self.lines],
            "net_minor": self.net_minor,
            "employer_lines": [line.as_contents() for line in self.employer_lines],
            "employer_cost_minor": self.employer_cost_minor,
            "tables": [row.as_contents() for row in self.tables],
        }


def deductions(facts: PayFacts) -> Payslip:
    """The payslip these facts make; raises MissingTableRow for an uncovered day, Invalid for facts that can't be.

    A second payslip of a month is worked out on the whole month's gross, and what the first one took is deducted
    from each line: brackets, credit points and ceilings are monthly, so two slips worked out apart would grant the
    low rates and the credits twice.

    >>> slip = deductions(PayFacts("IL", date(2026, 6, 30), 843050, Decimal("2.75")))
    >>> [(line.code, line.amount_minor) for line in slip.lines], slip.net_minor
    ([('income_tax', 23437), ('national_insurance', 13104), ('health_insurance', 28642)], 777867)
    """
    _check(facts)
    tables = {table: row(f"{facts.country}.{table}", facts.on) for table in _tables_needed(facts)}
    work = _Work(facts, tables)
    return Payslip(
        gross_minor=facts.gross_minor,
        lines=(
            work.line("income_tax", tuple(work.income_tax())),
            work.line("national_insurance", tuple(work.insurance("national_insurance"))),
            work.line("health_insurance", tuple(work.insurance("health_insurance"))),
        ),
        employer_lines=(work.line("employer_national_insurance", tuple(work.employer_insurance())),),
        tables=tuple(tables.values()),
    )


@dataclass(frozen=True)
class _Work:
    """Israel's rules over one month: each method yields the steps of one line."""

    facts: PayFacts
    tables: dict[str, Row]

    def income_tax(self) -> Iterator[Step]:
        """The monthly table less credit points, or the flat rate of reg. 5(a) where no table may be used.

        A tax coordination certificate takes the flat rate's place as far as its steps reach. It lifts nothing where
        the ordinary table applies.
        """
        month = self.facts.month_minor
        if self.facts.flat_income_tax:
            flat = Decimal(self.tables["second_employer"].values["income_tax_rate"])
            certificate = [Bracket(upto, Decimal(bps).scaleb(-4)) for upto, bps in self.facts.coordination]
            yield from in_brackets(month, (*certificate, Bracket(None, flat)), "bracket" if certificate else "flat")
            return
        yield from in_brackets(month, self.tables["income_tax"].brackets(), "bracket")
        points = self.facts.credit_points
        if points:
            yield Step(self.tables["credit_point"].values["value_minor"], points, "credit")

    def insurance(self, code: str) -> Iterator[Step]:
        """Two rates up to a ceiling; at a second employer the full rate from the first shekel up to it.

        https://www.kolzchut.org.il/en/National_Insurance_Contributions
        """
        brackets = self.tables[f"{code}.employee"].brackets()
        if self.facts.second_employer:
            ceiling = max(bracket.upto_minor for bracket in brackets if bracket.upto_minor is not None)
            full = Decimal(self.tables["second_employer"].values[f"{code}_rate"])
            part = up_to(self.facts.month_minor, ceiling)
            yield from in_brackets(part, (Bracket(None, full),), "flat")
        else:
            yield from in_brackets(self.facts.month_minor, brackets, "bracket")

    def employer_insurance(self) -> Iterator[Step]:
        """The employer's part has its two rates at a second employer too."""
        yield from in_brackets(self.facts.month_minor, self.tables["national_insurance.employer"].brackets(), "bracket")

    def line(self, code: str, steps: tuple[Step, ...]) -> PayLine:
        """The steps summed exactly and rounded once, never below zero, less what this month took already."""
        exact = max(Decimal(0), sum((step.exact_minor for step in steps), Decimal(0)))
        numerator, denominator = exact.as_integer_ratio()
        amount = divide_half_away(numerator, denominator)
        if self.facts.earlier_this_month:
            taken = self.facts.earlier_this_month[1][code]
            amount -= taken
            steps = (*steps, Step(taken, None, "earlier"))
        return PayLine(code, self.facts.month_minor, amount, steps)


def _tables_needed(facts: PayFacts) -> list[str]:
    income_tax = ["second_employer"] if facts.flat_income_tax else ["income_tax", "credit_point"]
    return [
        *income_tax,
        "national_insurance.employee",
        "health_insurance.employee",
        "national_insurance.employer",
    ]


def _check(facts: PayFacts) -> None:
    if facts.country not in COUNTRIES:
        raise MissingTableRow(f"{facts.country}.income_tax", facts.on.isoformat())
    problems = {
        "gross_minor": _unless(0 <= facts.gross_minor <= LARGEST_MINOR, "is zero or more, in minor units"),
        "credit_points": _unless(
            _are_points(facts.credit_points), "is a number from 0 to 100, with 4 decimals at most"
        ),
        "coordination": _unless(_are_steps(facts.coordination), "has steps of growing amounts and 0 to 10,000 bps"),
        "earlier_this_month": _unless(_is_earlier(facts.earlier_this_month), "names a gross and every line's amount"),
    }
    wrong = {field: reasons for field, reasons in problems.items() if reasons}
    if wrong:
        raise Invalid(wrong)


def _unless(holds: bool, reason: str) -> list[str]:
    return [] if holds else [reason]


def _are_points(points: Decimal | None) -> bool:
    if points is None:
        return True
    return points.is_finite() and 0 <= points <= 100 and points == points.quantize(Decimal("0.0001"))


def _are_steps(steps: tuple[tuple[int | None, int], ...]) -> bool:
    bounds = [upto for upto, _ in steps]
    closed = [upto for upto in bounds if upto is not None]
    ascend = closed == sorted(set(closed)) and all(upto > 0 for upto in closed)
    return ascend and None not in bounds[:-1] and all(0 <= bps <= 10_000 for _, bps in steps)


def _is_earlier(earlier: tuple[int, dict[str, int]] | None) -> bool:
    if earlier is None:
        return True
    gross_minor, taken = earlier
    return (
        0 <= gross_minor <= LARGEST_MINOR and set(NAMES) <= set(taken) and all(minor >= 0 for minor in taken.values())
    )
