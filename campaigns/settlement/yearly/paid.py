"""What one payee was paid and what was withheld of it, transaction by transaction, from the ledger.

A payment is of the day the bank made it, as its advice says. What a payslip pays is wages, and what it withholds is on
the slip; everything else is paid to a supplier, and what is withheld of that is posted when their paper is accepted.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.commissions.ledger import accounts_of
from campaigns.documents.issue import contents_of
from campaigns.models import (
    Document,
    LedgerAccount,
    LedgerTransaction,
    PayoutBatch,
    PayoutLine,
    Payslip,
    PayslipStatement,
    Posting,
    Statement,
)

ZONE = "Asia/Jerusalem"  # whose tax year it is
WAGES = ("payslip", "payslip_correction")
PAYMENTS = ("payout", "payout_returned")


@dataclass(frozen=True)
class Payment:
    """Money that left the bank for a payee, minor units, negative where the bank sent it back; wages in it apart."""

    on: date
    currency: str
    amount_minor: int
    wages_minor: int
    batch: str

    @property
    def other_minor(self) -> int:
        """What was not wages."""
        return self.amount_minor - self.wages_minor


@dataclass(frozen=True)
class Withheld:
    """Tax withheld of what a supplier is due: of what, at which rate, by which certificate."""

    on: date
    currency: str
    base_minor: int
    withheld_minor: int
    rate_bps: int | None
    certificate: str
    reference: str


def payments_of(session: Session, influencer_id: int) -> list[Payment]:
    """Every payment the books have, oldest first."""
    accounts = accounts_of(session, "influencer_due", influencer_id)
    rows = session.execute(
        select(
            LedgerTransaction.id,
            LedgerTransaction.kind,
            LedgerTransaction.recorded_at,
            LedgerTransaction.document_id,
            Posting.account_id,
            func.sum(Posting.amount_minor),
        )
        .join(Posting, Posting.transaction_id == LedgerTransaction.id)
        .where(LedgerTransaction.kind.in_(PAYMENTS), Posting.account_id.in_(accounts))
        .group_by(
            LedgerTransaction.id,
            LedgerTransaction.kind,
            LedgerTransaction.recorded_at,
            LedgerTransaction.document_id,
            Posting.account_id,
        )
        .order_by(LedgerTransaction.id, Posting.account_id)
    ).all()
    lines = _lines(session, influencer_id)
    advised, nets = _advised(session, influencer_id), _nets(session, influencer_id)
    found = []
    for _, kind, recorded_at, document_id, account, amount in rows:
        number, statements = lines.get(document_id, ("", ()))
        wages = sum(net for named, net in nets if named & set(statements))
        on = advised.get(number) if kind == "payout" else None
        sign = -1 if kind == "payout_returned" else 1
        found.append(Payment(on or local_day(recorded_at), accounts[account], int(amount), sign * wages, number))
    return found


def withheld_of(session: Session, influencer_id: int) -> list[Withheld]:
    """What was withheld outside payslips, oldest first; a correction is a line of its own."""
    mine = select(Posting.transaction_id).where(
        Posting.account_id.in_(accounts_of(session, "influencer_due", influencer_id))
    )
    rows = session.execute(
        select(LedgerTransaction, LedgerAccount.currency, -func.sum(Posting.amount_minor))
        .join(Posting, Posting.transaction_id == LedgerTransaction.id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(
            LedgerAccount.kind == "withheld_tax",
            LedgerTransaction.kind.not_in(WAGES),
            LedgerTransaction.id.in_(mine),
        )
        .group_by(LedgerTransaction.id, LedgerAccount.currency)
        .order_by(LedgerTransaction.id)
    ).all()
    return [_withheld(session, transaction, currency, int(amount)) for transaction, currency, amount in rows]


def _withheld(session: Session, transaction: LedgerTransaction, currency: str, amount: int) -> Withheld:
    basis = transaction.basis or {}
    statement = session.scalar(select(Statement).filter_by(document_id=transaction.document_id))
    paper = session.get(Document, transaction.document_id) if transaction.document_id else None
    base = statement.amount_minor if statement else contents_of(paper)["amounts"]["net_minor"] if paper else 0
    on = basis.get("pay_on")
    return Withheld(
        on=date.fromisoformat(on) if on else local_day(transaction.recorded_at),
        currency=currency,
        base_minor=int(base),
        withheld_minor=amount,
        rate_bps=basis.get("withholding_bps"),
        certificate=str(basis.get("certificate") or ""),
        reference=paper.number if paper else "",
    )


def local_day(moment: datetime) -> date:
    """The day of a moment where the tax year is counted."""
    return moment.astimezone(ZoneInfo(ZONE)).date()


def by_month(days: Iterable[tuple[date, int]]) -> dict[str, int]:
    """`2026-05` -> the sum of that month's amounts, in the order of the months."""
    sums: dict[str, int] = defaultdict(int)
    for on, amount in days:
        sums[f"{on:%Y-%m}"] += amount
    return dict(sorted(sums.items()))


def _lines(session: Session, influencer_id: int) -> dict[int | None, tuple[str, tuple[int, ...]]]:
    """batch's document -> its number, and the statements that this payee's payment in it settled."""
    rows = session.execute(
        select(PayoutBatch.document_id, Document.number, PayoutLine.statement_ids)
        .join(PayoutLine, PayoutLine.batch_id == PayoutBatch.id)
        .join(Document, Document.id == PayoutBatch.document_id)
        .where(PayoutLine.influencer_id == influencer_id)
    )
    return {document: (number, tuple(statements)) for document, number, statements in rows}


def _advised(session: Session, influencer_id: int) -> dict[str, date]:
    """batch's number -> the day the bank paid, as the payee was advised."""
    papers = select(Document.contents).filter_by(kind="remittance_advice", influencer_id=influencer_id)
    advised = [json.loads(contents) for contents in session.scalars(papers)]
    return {contents["batch"]: date.fromisoformat(contents["paid_on"]) for contents in advised}


def _nets(session: Session, influencer_id: int) -> list[tuple[set[int], int]]:
    """(statements, net) of each payslip, its corrections in it."""
    slips = session.scalars(select(Payslip).filter_by(influencer_id=influencer_id).order_by(Payslip.id)).all()
    statements: dict[int, set[int]] = defaultdict(set)
    rows = select(PayslipStatement.payslip_id, PayslipStatement.statement_id).where(
        PayslipStatement.payslip_id.in_([slip.id for slip in slips])
    )
    for slip_id, statement_id in session.execute(rows):
        statements[slip_id].add(statement_id)
    nets: dict[int, int] = defaultdict(int)
    for slip in slips:
        nets[slip.corrects_id or slip.id] += slip.net_minor
    return [(statements[slip_id], net) for slip_id, net in nets.items()]
