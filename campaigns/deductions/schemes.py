"""Deduction schemes: which lines are worked out on a payment, in which order, and by which rule. Data, not code.

A scheme holds for a country (or several) and the routes of payment; its files are in schemes/, one version of one
scheme each. A malformed one is refused when it is read, with the line named (reading.py). What a payment is worked out
with is written on its paper: the scheme's code and version, and the rows of the tables.
"""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from campaigns.deductions.expressions import Expression
from campaigns.deductions.rounding import Rounding
from campaigns.deductions.rules import Rule
from campaigns.errors import DomainError, MissingTableRow, Said

FOLDER = Path(__file__).with_name("schemes")

# Whose line it is. `employee` and `payee`: taken off the payment. `added`: paid on top of it, as VAT is. `employer` and
# `payer`: what the payer owes the authorities beside it. `info`: said on paper, and moves no money.
TAKEN, ADDED, CHARGED, TOLD = ("employee", "payee"), ("added",), ("employer", "payer"), ("info",)
SIDES = (*TAKEN, *ADDED, *CHARGED, *TOLD)
BASES = ("payment", "month", "year_to_date")


class MissingScheme(MissingTableRow):
    """Raised when no scheme says what is taken off a payment: it is refused, never guessed."""

    def __init__(self, country: str, route: str, on: date) -> None:
        sentence = Said(
            "no deduction scheme holds for %(country)s, %(route)s, on %(on)s: choose one for the payee",
            country=country, route=route, on=on.isoformat(),
        )  # fmt: skip
        DomainError.__init__(self, sentence)
        self.table, self.on, self.figures = f"{country}.{route}", on.isoformat(), ()


@dataclass(frozen=True)
class Credit:
    """What is taken off a line's amount: so many units of so much each."""

    units: Expression
    each: Expression


@dataclass(frozen=True)
class Line:
    """One way to work out one line. Of lines with the same code, the first that applies is the one worked out.

    `base` is an expression over facts and earlier lines, summed over the payment, the month or the year so far, as
    `basis` says; no less than `minimum_base` of it counts, no more than `ceiling`, and nothing up to `floor`. An
    inactive line is kept for reading and not worked out.
    """

    code: str
    label: str
    side: str
    rule: Rule
    base: Expression
    basis: str = "payment"
    printed: bool = True
    active: bool = True
    applies_if: Expression | None = None
    minimum_base: Expression | None = None
    ceiling: Expression | None = None
    floor: Expression | None = None
    credits: tuple[Credit, ...] = ()
    rounding: Rounding = Rounding()
    legal_ref: str = ""


@dataclass(frozen=True)
class Need:
    """What must be there before the payment is made, such as a receipt: `label` is asked for until `met_if` holds."""

    label: str
    met_if: Expression


@dataclass(frozen=True)
class Scheme:
    """An ordered list of lines, for payees of some countries on some routes, and the days it holds.

    One that is `by_choice` is nobody's until it is chosen for a payee by its code.
    `currency` is that of its tables' amounts; "" where it has none, and takes every currency. `declared` are facts
    beyond those of facts.py, by name and kind.
    """

    code: str
    version: int
    name: str
    countries: tuple[str, ...]
    routes: tuple[str, ...]
    valid_from: date
    valid_to: date | None
    currency: str
    lines: tuple[Line, ...]
    needs: tuple[Need, ...] = ()
    declared: tuple[tuple[str, str], ...] = ()
    by_choice: bool = False

    def holds(self, on: date) -> bool:
        """Whether the version is in force on a day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the lines that are worked out, each once, in their order."""
        return tuple(dict.fromkeys(line.code for line in self.lines if line.active))

    @property
    def labels(self) -> dict[str, str]:
        """What each line is called, by its code; English, for gettext."""
        return {line.code: line.label for line in self.lines}


def schemes() -> tuple[Scheme, ...]:
    """Every version of every shipped scheme, by code and version."""
    return _shipped()


def scheme(code: str, on: date | None = None) -> Scheme:
    """The version of a scheme that holds on a day, or the newest; raises MissingScheme."""
    found = [one for one in schemes() if one.code == code and (on is None or one.holds(on))]
    if not found:
        raise MissingScheme(code, "*", on or date.max)
    return found[-1]


def scheme_for(country: str, route: str, on: date) -> Scheme:
    """The scheme that a country's payees on a route usually have on a day; raises MissingScheme.

    >>> scheme_for("IL", "payslip", date(2026, 5, 31)).code, scheme_for("FR", "invoice", date(2026, 5, 31)).code
    ('IL.employee', 'EU.freelancer')
    """
    holding = [one for one in schemes() if one.holds(on) and not one.by_choice]
    found = [one for one in holding if country in one.countries and route in one.routes]
    if not found:
        raise MissingScheme(country, route, on)
    return found[-1]


def scheme_of(chosen: str, country: str, route: str, on: date) -> Scheme:
    """The scheme chosen for a payee where it is one for the route, else the usual one; raises MissingScheme."""
    if chosen and route in scheme(chosen).routes:
        return scheme(chosen, on)
    return scheme_for(country, route, on)


@cache
def _shipped() -> tuple[Scheme, ...]:
    from campaigns.deductions.reading import read_scheme

    read = [read_scheme(json.loads(path.read_text(encoding="utf-8"))) for path in sorted(FOLDER.glob("*.json"))]
    return tuple(sorted(read, key=lambda one: (one.code, one.version)))
