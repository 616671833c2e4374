"""Payments and the ledger say the same: what the books say was paid is what the lines of the batches say.

A paid line is booked once, a returned one is booked there and back, and no other is booked at all. A statement is
settled by a payment to its own payee only.
"""

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.models import (
    LedgerAccount,
    LedgerTransaction,
    PayoutBatch,
    PayoutLine,
    PayoutStatement,
    Posting,
    Statement,
)

PAYMENT_KINDS = ("payout", "payout_returned")


def breaches_of_payouts(session: Session) -> Iterator[str]:
    """I11: one sentence per payee of a batch whose lines and postings differ, and per statement settled by nobody."""
    booked = _booked(session)
    lined: dict[tuple[int, int], int] = defaultdict(int)
    for document, person, status, amount in session.execute(
        select(PayoutBatch.document_id, PayoutLine.influencer_id, PayoutLine.status, PayoutLine.amount_minor).join(
            PayoutBatch, PayoutBatch.id == PayoutLine.batch_id
        )
    ):
        lined[document, person] += amount if status == "paid" else 0
    for key in sorted(booked.keys() | lined.keys()):
        if booked.get(key, 0) != lined.get(key, 0):
            document, person = key
            said = f"its lines say {lined.get(key, 0)}, the books {booked.get(key, 0)} minor units"
            yield f"I11 payout document {document}, influencer {person}: {said}"
    yield from _unsettled(session)


def _booked(session: Session) -> dict[tuple[int, int], int]:
    rows = session.execute(
        select(LedgerTransaction.document_id, LedgerAccount.owner_id, func.sum(Posting.amount_minor))
        .join(Posting, Posting.transaction_id == LedgerTransaction.id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(LedgerTransaction.kind.in_(PAYMENT_KINDS), LedgerAccount.kind == "influencer_due")
        .group_by(LedgerTransaction.document_id, LedgerAccount.owner_id)
    )
    return {(document, person): int(amount) for document, person, amount in rows if document is not None}


def _unsettled(session: Session) -> Iterator[str]:
    payee = (
        select(PayoutLine.id)
        .join(PayoutBatch, PayoutBatch.id == PayoutLine.batch_id)
        .where(
            PayoutBatch.document_id == PayoutStatement.document_id,
            PayoutLine.influencer_id == Statement.influencer_id,
            PayoutLine.status.in_(("paid", "returned")),
        )
    )
    strays = (
        select(Statement.id)
        .join(PayoutStatement, PayoutStatement.statement_id == Statement.id)
        .where(~payee.exists())
        .order_by(Statement.id)
    )
    for statement in session.scalars(strays):
        yield f"I11 statement {statement}: settled, but no payment to its payee was made"
