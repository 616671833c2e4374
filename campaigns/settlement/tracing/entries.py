"""What the books hold of one order or contact: its transactions with postings and papers, and how each came about.

A transaction that moves it from one influencer to another has postings of both; each of them is shown their
own. How it was worked out (`basis`) is the new one's: it belongs to whoever's commission then stands at its sum.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from campaigns.models import (
    Bill,
    BillPosting,
    Document,
    LedgerTransaction,
    Participation,
    PayoutLine,
    PayoutStatement,
    Posting,
    Statement,
    StatementPosting,
)
from campaigns.settlement.causes import Cause, named_in_books
from campaigns.settlement.paying.dues import given_back

UNDER_WAY_OR_OVER = ("released", "paid", "returned")


@dataclass(frozen=True)
class Working:
    """How one participant's earning was worked out. A part is rule, base, rate and amount."""

    participation_id: int
    terms_version: int
    base: str
    base_minor: int
    parts: Sequence[Sequence[Any]]
    commission_minor: int
    agency_rate_bps: int
    agency_minor: int
    rounding: str


@dataclass(frozen=True)
class Line:
    """One posting. `stage` is open, in_statement or paid; the papers are those the reader may know of."""

    posting_id: int
    account: str
    amount_minor: int
    currency: str
    participation: Participation | None
    stage: str = "open"
    statement: Document | None = None
    bill: Document | None = None
    payment: PayoutLine | None = None


@dataclass(frozen=True)
class Entry:
    """One transaction as the reader may see it."""

    number: int
    kind: str
    recorded_at: datetime
    lines: Sequence[Line]
    working: Working | None

    def earned(self, account: str) -> int:
        """What it added to a share: of accruals only, credits positive."""
        return -sum(line.amount_minor for line in self.lines if self.kind == "accrual" and line.account == account)


def entries_of(session: Session, cause: Cause, role: str, people: Mapping[int, Participation]) -> list[Entry]:
    """The transactions about it, oldest first, with the postings of `people`; those without any are left out."""
    found = session.scalars(
        select(LedgerTransaction)
        .where(named_in_books(type(cause)) == cause.id)
        .options(joinedload(LedgerTransaction.postings).joinedload(Posting.account))
        .order_by(LedgerTransaction.id)
    ).unique()
    transactions = [(one, [posting for posting in one.postings if posting.participation_id in people]) for one in found]
    on_papers = _Papers(session, [posting.id for _, postings in transactions for posting in postings], role)
    standing: dict[tuple[int | None, str], int] = defaultdict(int)
    entries = []
    for transaction, postings in transactions:
        if not postings:
            continue
        if transaction.kind == "accrual":
            for posting in postings:
                standing[posting.participation_id, posting.account.kind] -= posting.amount_minor
        lines = [on_papers.line(posting, people) for posting in postings]
        working = _working(transaction, {posting.participation_id for posting in postings}, standing)
        entries.append(Entry(transaction.id, transaction.kind, transaction.recorded_at, lines, working))
    return entries


def _working(
    transaction: LedgerTransaction, whose: set[int | None], standing: Mapping[tuple[int | None, str], int]
) -> Working | None:
    """The basis of an accrual, if it is that of one of `whose`: only theirs comes to what stands in the books now."""
    basis = transaction.basis
    if basis is None or transaction.kind != "accrual":
        return None
    earned = sum(part[3] for part in basis["parts"])
    for participation_id in sorted(one for one in whose if one is not None):
        commission = standing.get((participation_id, "influencer_pending"), 0)
        agency = standing.get((participation_id, "agency_income"), 0)
        if commission == earned and (commission or agency):
            return Working(
                participation_id=participation_id,
                terms_version=basis["terms_version"],
                base=basis["base"],
                base_minor=basis["base_minor"],
                parts=basis["parts"],
                commission_minor=commission,
                agency_rate_bps=basis["agency_rate_bps"],
                agency_minor=agency,
                rounding=basis["rounding"],
            )
    return None


class _Papers:
    """Which papers some postings are on; statements and payments for the payee, bills for the brand."""

    def __init__(self, session: Session, posting_ids: Sequence[int], role: str) -> None:
        self.role = role
        rows = session.execute(
            select(StatementPosting.posting_id, Statement)
            .join(Statement, Statement.id == StatementPosting.statement_id)
            .where(StatementPosting.posting_id.in_(posting_ids))
            .options(joinedload(Statement.document))
        )
        self.statements = {posting_id: statement for posting_id, statement in rows}
        ids = {one.id for one in self.statements.values()}
        settled = set(
            session.scalars(select(PayoutStatement.statement_id).where(PayoutStatement.statement_id.in_(ids)))
        )
        self.paid = settled - given_back(session) if settled else set()
        self.payments = _payments(session, self.statements.values()) if ids else {}
        bills = session.execute(
            select(BillPosting.posting_id, Document)
            .join(Bill, Bill.id == BillPosting.bill_id)
            .join(Document, Document.id == Bill.document_id)
            .where(BillPosting.posting_id.in_(posting_ids))
        )
        self.bills = {posting_id: document for posting_id, document in bills}

    def line(self, posting: Posting, people: Mapping[int, Participation]) -> Line:
        """A posting with what of its papers the reader may know."""
        statement = self.statements.get(posting.id)
        stage = "open" if statement is None else "paid" if statement.id in self.paid else "in_statement"
        payee, brand = self.role in ("agency", "influencer"), self.role in ("agency", "brand")
        return Line(
            posting_id=posting.id,
            account=posting.account.kind,
            amount_minor=posting.amount_minor,
            currency=posting.account.currency,
            participation=people.get(posting.participation_id or 0),
            stage=stage,
            statement=statement.document if statement and payee else None,
            bill=self.bills.get(posting.id) if brand else None,
            payment=self.payments.get(statement.id) if statement and payee else None,
        )


def _payments(session: Session, statements: Any) -> dict[int, PayoutLine]:
    """statement id -> the latest payment that names it."""
    payees = {one.influencer_id for one in statements}
    lines = session.scalars(
        select(PayoutLine)
        .where(PayoutLine.influencer_id.in_(payees), PayoutLine.status.in_(UNDER_WAY_OR_OVER))
        .order_by(PayoutLine.id)
    )
    return {statement_id: line for line in lines for statement_id in line.statement_ids}
