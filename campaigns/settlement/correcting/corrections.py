"""Correction runs: payslips that a table known only now would have made otherwise are corrected by further papers.

A correction names the slip it corrects, with every line as it was, as it is and the difference; the difference is
posted as the slip was, so that the payee gets it, or owes it, with the next payout. Its Payslip row holds the
differences, of the slip's own day, so that the sums of a month and of a year are right by adding up. Each is issued in
a transaction of its own, under the lock of all dues: of two people at once the second finds nothing left to correct.
"""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.clock import iso
from campaigns.commissions.ledger import post
from campaigns.deductions.worked_out import WorkedLine, WorkedOut
from campaigns.documents.issue import issue
from campaigns.errors import Conflict, Said
from campaigns.models import Influencer, Payslip, PayslipStatement, Statement
from campaigns.settlement.correcting.recomputing import Recomputed, recompute_year
from campaigns.settlement.payslips import IN_COLUMNS, amount_of, withheld_legs
from campaigns.settlement.wallets.wallets import hold_dues

KIND = "payslip_correction"


def affected(session: Session, year: int) -> list[Recomputed]:
    """The slips of a tax year that would be others today, and those that can't be worked out anew."""
    return [one for one in recompute_year(session, year) if one.differs or one.problem]


def issue_correction(
    session: Session, payslip: Payslip, agency: dict[str, str], now: datetime, seen: dict[str, int] | None = None
) -> Payslip | None:
    """Correct one slip as today's tables would have it; None where it is right, or can't be worked out anew.

    `seen` are the differences by line that somebody looked at: raises Conflict where they are others by now.
    """
    hold_dues(session)
    found = {one.payslip.id: one for one in recompute_year(session, payslip.pay_date.year, payslip.influencer_id)}
    one = found.get(payslip.id)
    if one is None or one.worked_out is None or not one.differs:
        return None
    if seen is not None and seen != {code: minor for code, minor in one.differences.items() if minor}:
        raise Conflict(
            Said("the figures of %(number)s have changed since you looked: look again", number=payslip.document.number)
        )
    influencer = session.get_one(Influencer, payslip.influencer_id)
    document = issue(
        session, KIND, _contents(session, one, one.worked_out, agency, now), influencer.language, now, now.year,
        influencer_id=influencer.id, campaign_id=payslip.document.campaign_id,
        participation_id=payslip.document.participation_id, corrects_id=payslip.document_id,
    )  # fmt: skip
    row = Payslip(
        document_id=document.id,
        influencer_id=influencer.id,
        pay_date=payslip.pay_date,
        currency=payslip.currency,
        gross_minor=0,
        net_minor=one.net_difference_minor,
        scheme=one.worked_out.scheme,
        amounts=one.differences,
        corrects_id=payslip.id,
        **{f"{code}_minor": one.differences.get(code, 0) for code in IN_COLUMNS},
    )
    session.add(row)
    session.flush()
    withheld, employer = -one.net_difference_minor, one.employer_difference_minor
    statements = _statements(session, payslip)
    post(
        session, KIND, withheld_legs(influencer.id, payslip.currency, withheld, employer, statements), now,
        document_id=document.id, basis={"corrects": payslip.document.number},
    )  # fmt: skip
    return row


def _statements(session: Session, payslip: Payslip) -> list[Statement]:
    paid = select(PayslipStatement.statement_id).where(PayslipStatement.payslip_id == payslip.id)
    return list(session.scalars(select(Statement).where(Statement.id.in_(paid)).order_by(Statement.id)))


def _contents(
    session: Session, one: Recomputed, worked_out: WorkedOut, agency: dict[str, str], now: datetime
) -> dict[str, Any]:
    slip = one.payslip
    before = json.loads(slip.document.contents)
    net_was = slip.net_minor + sum(row.net_minor for row in one.corrections)
    cost_was = slip.gross_minor + sum(one_line.was_minor for one_line in _of(one, worked_out.employer_lines))
    same = ("employee", "period", "period_start", "period_end", "facts")
    return {
        "issued_at": iso(now),
        "currency": slip.currency,
        "timezone": before["timezone"],
        "employer": agency,
        **{name: before[name] for name in same},
        "corrects": {"number": slip.document.number, "issued_at": before["issued_at"]},
        "earlier_corrections": [row.document.number for row in one.corrections],
        "scheme": worked_out.scheme,
        "scheme_version": worked_out.version,
        "gross_minor": slip.gross_minor,
        "additions": [_line(one, line, slip.currency) for line in worked_out.additions],
        "lines": [_line(one, line, slip.currency) for line in worked_out.lines],
        "employer_lines": [_line(one, line, slip.currency) for line in worked_out.employer_lines],
        "net": _change(net_was, one.net_difference_minor),
        "employer_cost": _change(cost_was, one.employer_difference_minor),
        "year_to_date": _year_to_date(session, one, worked_out),
        "tables": [row.as_contents() for row in worked_out.tables],
    }


def _of(one: Recomputed, lines: tuple[WorkedLine, ...]) -> list[Any]:
    codes = {line.code for line in lines}
    return [line for line in one.lines if line.code in codes]


def _line(one: Recomputed, line: WorkedLine, currency: str) -> dict[str, Any]:
    """A line of the paper. Where it is left as it was, the calculation of today is not its own, and is left out."""
    (mine,) = [found for found in one.lines if found.code == line.code]
    worked = line.as_contents(currency)
    return {
        "code": line.code,
        "name": line.label,
        "base_minor": line.base_minor,
        "formula": worked["formula"] if mine.is_minor == line.amount_minor else "",
        "was_minor": mine.was_minor,
        "is_minor": mine.is_minor,
        "difference_minor": mine.difference_minor,
    }


def _change(was_minor: int, difference_minor: int) -> dict[str, int]:
    return {"was_minor": was_minor, "is_minor": was_minor + difference_minor, "difference_minor": difference_minor}


def _year_to_date(session: Session, one: Recomputed, worked_out: WorkedOut) -> dict[str, int]:
    """The year's sums after this correction, over everything issued so far."""
    slip = one.payslip
    rows = [
        row
        for row in session.scalars(select(Payslip).filter_by(influencer_id=slip.influencer_id, currency=slip.currency))
        if row.pay_date.year == slip.pay_date.year
    ]
    own = {"gross": 0, "net": one.net_difference_minor, **one.differences}
    sums = {name: amount + sum(amount_of(row, name) for row in rows) for name, amount in own.items()}
    return {"year": slip.pay_date.year} | {f"{name}_minor": amount for name, amount in sums.items()}
