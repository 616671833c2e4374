"""What issued payslips would be with the tables as they are known today.

A slip stands as it was issued and corrected since; held against it is the same payment worked out anew, from the facts
its paper froze. The slips of a month are taken in the order they were issued, each on the whole month's gross less what
the slips before it come to now, as when they were issued. Where a later slip of the month (or of the year, for a line
that is worked out on the year so far) has already put right what an earlier one took wrongly, nothing is left to be
corrected, and the line is left as it is.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from campaigns.deductions.engine import work_out
from campaigns.deductions.entered import tables
from campaigns.deductions.facts import Earlier, Facts
from campaigns.deductions.frozen import thawed_facts, whole
from campaigns.deductions.schemes import Scheme, scheme
from campaigns.deductions.tables import Tables
from campaigns.deductions.worked_out import WorkedOut
from campaigns.errors import DomainError, Said
from campaigns.models import Payslip
from campaigns.settlement.payslips import amount_of

FACTS_NOT_KEPT = Said("it was made before its facts were kept: work it out by hand")


@dataclass(frozen=True)
class Line:
    """One line of a slip: what it came to with its corrections so far, and what it comes to today, minor units."""

    code: str
    was_minor: int
    is_minor: int

    @property
    def difference_minor(self) -> int:
        return self.is_minor - self.was_minor


@dataclass(frozen=True)
class Recomputed:
    """A slip and its lines. Where it can't be worked out anew, `problem` says why and no line differs."""

    payslip: Payslip
    corrections: tuple[Payslip, ...]
    lines: tuple[Line, ...]
    worked_out: WorkedOut | None = None
    problem: str = ""
    to_date: frozenset[str] = field(default_factory=frozenset)  # the lines that are worked out on the year so far

    @property
    def differs(self) -> bool:
        """Whether it is to be corrected."""
        return any(line.difference_minor for line in self.lines)

    @property
    def differences(self) -> dict[str, int]:
        """Line code -> what a correction adds to it."""
        return {line.code: line.difference_minor for line in self.lines}

    @property
    def net_difference_minor(self) -> int:
        """What the payee gets on top; negative where they owe it."""
        if self.worked_out is None:
            return 0
        moved = self.differences
        taken = sum(moved[line.code] for line in self.worked_out.lines)
        return sum(moved[line.code] for line in self.worked_out.additions) - taken

    @property
    def employer_difference_minor(self) -> int:
        """What the employer's own charges grow by."""
        return sum(self.differences[line.code] for line in self.worked_out.employer_lines) if self.worked_out else 0


def recompute_year(session: Session, year: int, influencer_id: int | None = None) -> list[Recomputed]:
    """Every slip of a tax year, of one payee or of all, in the order they were issued."""
    wanted = select(Payslip).where(Payslip.pay_date >= date(year, 1, 1), Payslip.pay_date <= date(year, 12, 31))
    if influencer_id is not None:
        wanted = wanted.where(Payslip.influencer_id == influencer_id)
    rows = session.scalars(wanted.options(joinedload(Payslip.document)).order_by(Payslip.id)).all()
    corrections: dict[int, list[Payslip]] = defaultdict(list)
    payees: dict[tuple[int, str], list[Payslip]] = defaultdict(list)
    for row in rows:
        if row.corrects_id is not None:
            corrections[row.corrects_id].append(row)
        else:
            payees[row.influencer_id, row.currency].append(row)
    known = tables(session)
    found = [one for slips in payees.values() for one in _recompute_all(slips, corrections, known)]
    return sorted(found, key=lambda one: one.payslip.id)


def _recompute_all(slips: Sequence[Payslip], corrections: dict[int, list[Payslip]], known: Tables) -> list[Recomputed]:
    """The slips of one payee and year in one currency, oldest first."""
    done: list[Recomputed] = []
    for slip in slips:
        done.append(_recompute(slip, tuple(corrections[slip.id]), done, known))
    return _without_what_is_right_already(done)


def _recompute(
    slip: Payslip, corrections: tuple[Payslip, ...], before: Sequence[Recomputed], known: Tables
) -> Recomputed:
    contents = json.loads(slip.document.contents)
    frozen = contents["facts"]
    was = {code: sum(amount_of(one, code) for one in (slip, *corrections)) for code in _codes(slip)}
    as_it_is = tuple(Line(code, amount, amount) for code, amount in was.items())
    if not whole(frozen) and (frozen["second_employer"] or frozen["credit_points"] is None):
        return Recomputed(slip, corrections, as_it_is, problem=FACTS_NOT_KEPT)  # a certificate may have counted
    month = [one for one in before if one.payslip.pay_date.month == slip.pay_date.month]
    try:
        rules = scheme(slip.scheme, slip.pay_date)
        facts = thawed_facts(
            frozen, slip.pay_date, slip.gross_minor, slip.currency, _together(month, rules), _together(before, rules)
        )
        worked_out = work_out(rules, facts, known)
    except DomainError as refused:
        return Recomputed(slip, corrections, as_it_is, problem=refused.sentence)
    lines = tuple(
        Line(code, was.get(code, 0), worked_out.amounts.get(code, 0))
        for code in dict.fromkeys([*worked_out.amounts, *was])
    )
    return Recomputed(slip, corrections, lines, worked_out, to_date=_on_the_year(rules, facts))


def _codes(slip: Payslip) -> Iterable[str]:
    """The lines of a slip that move money; slips from before there were schemes have the four in columns."""
    return slip.amounts or scheme(slip.scheme).codes


def _together(slips: Sequence[Recomputed], rules: Scheme) -> Earlier | None:
    """What earlier slips come to today, together, by the lines of a scheme."""
    if not slips:
        return None
    taken = dict.fromkeys(rules.codes, 0)
    for one in slips:
        for line in one.lines:
            taken[line.code] = taken.get(line.code, 0) + line.is_minor
    return Earlier(sum(one.payslip.gross_minor for one in slips), taken)


def _on_the_year(rules: Scheme, facts: Facts) -> frozenset[str]:
    """The lines worked out on the year so far: those that always are, and with `cumulative` those that can be."""
    bases: dict[str, set[str]] = defaultdict(set)
    for line in rules.lines:
        if line.active:
            bases[line.code].add(line.basis)
    return frozenset(
        code
        for code, found in bases.items()
        if found == {"year_to_date"} or (facts.cumulative and "year_to_date" in found)
    )


def _without_what_is_right_already(slips: list[Recomputed]) -> list[Recomputed]:
    """Leave a line as it is on all slips of its month, or year, where their differences cancel each other out."""
    sums: dict[tuple[str, int], int] = defaultdict(int)
    for one in slips:
        for line in one.lines:
            sums[_place(one, line.code)] += line.difference_minor
    return [
        replace(
            one,
            lines=tuple(
                line if sums[_place(one, line.code)] else Line(line.code, line.was_minor, line.was_minor)
                for line in one.lines
            ),
        )
        for one in slips
    ]


def _place(one: Recomputed, code: str) -> tuple[str, int]:
    return code, 0 if code in one.to_date else one.payslip.pay_date.month
