"""Which tables have no row for a day to come: laws run out, and a payslip of such a day is refused."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.deductions.entered import tables
from campaigns.deductions.expressions import Expression
from campaigns.deductions.rules import TableRule
from campaigns.deductions.schemes import MissingScheme, Scheme, scheme, scheme_for
from campaigns.deductions.tables import Row
from campaigns.models import Influencer

WARN_DAYS = 60
ON_THE_SLIP = ("minimum_wage",)  # a country's tables that a payslip shows without working anything out with them


@dataclass(frozen=True)
class Gap:
    """From the day `from_date` on a table has no row."""

    table: str
    from_date: date


def first_gap(rows: Sequence[Row], on: date) -> date | None:
    """The first day from `on` that no usable row covers; None where they go on without an end.

    Rows may overlap, as a corrected one does the row before it.
    """
    day = on
    while True:
        covering = [row for row in rows if row.usable and row.covers(day)]
        if not covering:
            return day
        ends = [row.ends for row in covering if row.ends is not None]
        if len(ends) < len(covering) or max(ends) == date.max:
            return None
        day = max(ends) + timedelta(days=1)


def gaps(named: Iterable[tuple[str, Sequence[Row]]], on: date, days: int = WARN_DAYS) -> list[Gap]:
    """The tables that have no row for `on` or for one of the next `days` days, the nearest first."""
    found = ((name, first_gap(rows, on)) for name, rows in named)
    near = [Gap(name, day) for name, day in found if day is not None and day <= on + timedelta(days=days)]
    return sorted(near, key=lambda gap: (gap.from_date, gap.table))


def payslip_gaps(session: Session, on: date, days: int = WARN_DAYS) -> list[Gap]:
    """The same of the tables that payslips are worked out with, for whoever is paid by one."""
    used = {name for one in _schemes_in_use(session, on) for name in (*tables_of(one), *shown_by(one))}
    known = tables(session)
    return gaps([(name, known.rows(name)) for name in sorted(used & set(known.names()))], on, days)


def tables_of(one: Scheme) -> set[str]:
    """The tables a scheme's active lines look into.

    >>> sorted(tables_of(scheme("IL.employee")))[:3]
    ['IL.credit_point', 'IL.health_insurance.employee', 'IL.income_tax']
    """
    return {name for line in one.lines if line.active for name in _named(line)}


def _named(part: object) -> Iterator[str]:
    if isinstance(part, Expression):
        yield from (figure.partition(":")[0] for figure in part.figures())
    elif isinstance(part, tuple):
        for one in part:
            yield from _named(one)
    elif is_dataclass(part):
        if isinstance(part, TableRule):
            yield part.table
        for field in fields(part):
            yield from _named(getattr(part, field.name))


def shown_by(one: Scheme) -> list[str]:
    """The tables a slip of a scheme shows without working anything out with them, where there are such."""
    return [f"{country}.{table}" for country in one.countries for table in ON_THE_SLIP]


def _schemes_in_use(session: Session, on: date) -> Iterator[Scheme]:
    wanted = select(Influencer.country, Influencer.deduction_scheme).where(Influencer.payee_route == "payslip")
    for country, chosen in session.execute(wanted.distinct()):
        try:
            yield scheme(chosen, on) if chosen else scheme_for(country, "payslip", on)
        except MissingScheme:
            continue  # whoever would be paid is told so; there is no table to be entered for it
