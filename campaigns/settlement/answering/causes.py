"""What the postings of an answer come from, and which papers they were on by its moment, read all at once.

Everything is read by the postings' own condition, so that ten thousand orders are one question to the database.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from campaigns.clock import iso
from campaigns.ids import masked
from campaigns.models import (
    AttributionDecision,
    Bill,
    BillPosting,
    Brand,
    Campaign,
    Contact,
    Dispute,
    Document,
    Influencer,
    LedgerAccount,
    LedgerTransaction,
    Order,
    Participation,
    PayoutBatch,
    PayoutLine,
    Posting,
    Statement,
    StatementPosting,
)
from campaigns.settlement.as_of import Posted, known


@dataclass(frozen=True)
class Cause:
    """What a posting comes from: its name as the reader sees it, when that happened, and why it was credited."""

    reference: str = ""
    happened_at: str = ""
    reason: str = ""


class Causes:
    """The names, reasons and papers behind the postings of one answer."""

    def __init__(self, session: Session, whose: ColumnElement[bool], as_of: datetime, hide_numbers: bool) -> None:
        self._session, self._whose, self._as_of = session, whose, as_of
        self.shown = masked if hide_numbers else str
        orders = select(Order.id, Order.number, Order.placed_at).where(
            self._among(Order.id, LedgerTransaction.order_id)
        )
        self._orders = {number: (name, at) for number, name, at in session.execute(orders)}
        contacts = select(Contact.id, Contact.external_id, Contact.happened_at, Contact.reason).where(
            self._among(Contact.id, LedgerTransaction.contact_id)
        )
        self._contacts = {row[0]: row[1:] for row in session.execute(contacts)}
        self._reasons = self._read_reasons()
        self._documents = self._names(Document.id, Document.number, LedgerTransaction.document_id)
        self._disputes = self._names(Dispute.id, Dispute.public_id, LedgerTransaction.dispute_id)
        self.campaigns = self._names(Campaign.id, Campaign.name, Posting.campaign_id)
        self.people = self._names(Influencer.id, Influencer.name, LedgerAccount.owner_id)
        self.brands = self._names(Brand.id, Brand.name, LedgerAccount.owner_id)
        taking_part = (
            select(Participation.id, Influencer.name)
            .join(Influencer, Influencer.id == Participation.influencer_id)
            .where(self._among(Participation.id, Posting.participation_id))
        )
        self.participants = {number: name for number, name in session.execute(taking_part)}
        self._statements, self._paid = self._read_statements(), self._read_payments()
        self._bills = self._read_bills()

    def of(self, posted: Posted) -> Cause:
        """What one posting comes from."""
        if posted.order_id is not None:
            number, placed_at = self._orders[posted.order_id]
            reason = self._reasons.get((posted.order_id, posted.participation_id), "")
            return Cause(self.shown(number), iso(placed_at), reason)
        if posted.contact_id is not None:
            number, happened_at, reason = self._contacts[posted.contact_id]
            return Cause(self.shown(number), iso(happened_at), reason)
        if posted.dispute_id is not None:
            return Cause(self._disputes.get(posted.dispute_id, ""))
        basis = posted.basis or {}
        told = str(basis.get("reference") or basis.get("against") or basis.get("reason") or "")
        return Cause(" · ".join(filter(None, (self._documents.get(posted.document_id or 0, ""), told))))

    def papers(self, posting_id: int) -> list[str]:
        """The numbers of the statement, payment and bill a posting was on by then."""
        statement = self._statements.get(posting_id)
        found = [statement[1], self._paid.get(statement[0], "")] if statement else []
        return [number for number in (*found, self._bills.get(posting_id, "")) if number]

    def statement_of(self, posting_id: int) -> tuple[bool, bool]:
        """Whether a posting was on a statement by then, and whether that statement was paid."""
        statement = self._statements.get(posting_id)
        return statement is not None, statement is not None and statement[0] in self._paid

    def billed(self, posting_id: int) -> bool:
        """Whether a posting was on a bill by then."""
        return posting_id in self._bills

    def _among(self, key: Any, named: Any) -> ColumnElement[bool]:
        found: ColumnElement[bool] = key.in_(known(self._whose, self._as_of, named))
        return found

    def _names(self, key: Any, name: Any, named: Any) -> dict[int, str]:
        rows = self._session.execute(select(key, name).where(self._among(key, named)))
        return {number: text for number, text in rows}

    def _read_reasons(self) -> dict[tuple[int, int | None], str]:
        """(order, participation) -> why it was theirs, by the newest decision of then that said so."""
        rows = self._session.execute(
            select(AttributionDecision.order_id, AttributionDecision.participation_id, AttributionDecision.reason)
            .where(
                self._among(AttributionDecision.order_id, LedgerTransaction.order_id),
                AttributionDecision.participation_id.is_not(None),
                AttributionDecision.decided_at <= self._as_of,
            )
            .order_by(AttributionDecision.id)
        )
        return {(order, person): reason for order, person, reason in rows}

    def _read_statements(self) -> dict[int, tuple[int, str]]:
        rows = self._session.execute(
            select(StatementPosting.posting_id, Statement.id, Document.number)
            .join(Statement, Statement.id == StatementPosting.statement_id)
            .join(Document, Document.id == Statement.document_id)
            .where(self._among(StatementPosting.posting_id, Posting.id), Statement.issued_at <= self._as_of)
        )
        return {posting: (statement, number) for posting, statement, number in rows}

    def _read_payments(self) -> dict[int, str]:
        """statement id -> the batch that had paid it, where the bank had not sent the money back by then."""
        booked = (
            select(LedgerTransaction.document_id, LedgerAccount.owner_id)
            .join(Posting, Posting.transaction_id == LedgerTransaction.id)
            .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
            .where(
                LedgerTransaction.kind.in_(("payout", "payout_returned")),
                LedgerAccount.kind == "influencer_due",
                LedgerTransaction.recorded_at <= self._as_of,
            )
            .group_by(LedgerTransaction.document_id, LedgerAccount.owner_id)
            .having(func.sum(Posting.amount_minor) > 0)
            .subquery()
        )
        rows = self._session.execute(
            select(PayoutLine.statement_ids, Document.number)
            .join(PayoutBatch, PayoutBatch.id == PayoutLine.batch_id)
            .join(Document, Document.id == PayoutBatch.document_id)
            .join(
                booked,
                (booked.c.document_id == PayoutBatch.document_id) & (booked.c.owner_id == PayoutLine.influencer_id),
            )
            .where(PayoutLine.status.in_(("paid", "returned")))
        )
        return {statement: number for statements, number in rows for statement in statements}

    def _read_bills(self) -> dict[int, str]:
        rows = self._session.execute(
            select(BillPosting.posting_id, Document.number)
            .join(Bill, Bill.id == BillPosting.bill_id)
            .join(Document, Document.id == Bill.document_id)
            .where(self._among(BillPosting.posting_id, Posting.id), Bill.issued_at <= self._as_of)
        )
        return {posting: number for posting, number in rows}
