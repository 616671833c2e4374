"""`books check` of wallets: what is held, compensated, granted and offset, recomputed from the rows.

The letter is I10 of docs/disputes-and-wallets.md.
"""

from collections.abc import Iterator

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from campaigns.documents.issue import contents_of
from campaigns.models import (
    Dispute,
    Document,
    Hold,
    LedgerAccount,
    LedgerTransaction,
    Posting,
    Statement,
    StatementPosting,
)

CREDIT = ("influencer_credit", "brand_credit")
# What each kind of transaction may touch; whatever else it touches is a breach.
ACCOUNTS_OF = {
    "compensation": ("compensation_expense", "influencer_pending", *CREDIT),
    "credit": ("compensation_expense", *CREDIT),
    "offset": ("influencer_due", "brand_receivable", *CREDIT),
}


def breaches_of_wallets(session: Session) -> Iterator[str]:
    """One line per breach."""
    yield from _stated_while_held(session)
    yield from _strange_accounts(session)
    yield from _overdrawn(session)
    yield from _offset_notes(session)
    yield from _compensations(session)


def _stated_while_held(session: Session) -> Iterator[str]:
    """What is held is on no statement issued while it was; holds.py keeps their times in order."""
    rows = session.execute(
        select(Hold.id, Hold.held_at, Hold.released_at, Statement.id, Statement.issued_at)
        .join(
            LedgerTransaction,
            or_(LedgerTransaction.order_id == Hold.order_id, LedgerTransaction.contact_id == Hold.contact_id),
        )
        .join(Posting, Posting.transaction_id == LedgerTransaction.id)
        .join(StatementPosting, StatementPosting.posting_id == Posting.id)
        .join(Statement, Statement.id == StatementPosting.statement_id)
        .distinct()
    )
    for hold, held_at, released_at, statement, issued_at in rows:
        if held_at < issued_at and (released_at is None or issued_at < released_at):
            yield f"I10 statement {statement}: takes what hold {hold} kept back"


def _strange_accounts(session: Session) -> Iterator[str]:
    """Compensation and credit are the agency's expense; credit leaves its account by an offset only."""
    for kind, accounts in ACCOUNTS_OF.items():
        for posting, account in _postings(session, LedgerTransaction.kind == kind, LedgerAccount.kind.not_in(accounts)):
            yield f"I10 posting {posting}: {kind} touches {account}"
    others = LedgerTransaction.kind.not_in(ACCOUNTS_OF)
    for posting, account in _postings(session, others, LedgerAccount.kind.in_((*CREDIT, "compensation_expense"))):
        yield f"I10 posting {posting}: {account} moves without a grant, a compensation or an offset"


def _postings(session: Session, *conditions: object) -> list[tuple[int, str]]:
    rows = session.execute(
        select(Posting.id, LedgerAccount.kind)
        .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(*conditions)  # type: ignore[arg-type]
    )
    return [(posting, account) for posting, account in rows]


def _overdrawn(session: Session) -> Iterator[str]:
    """Nobody has less credit than none."""
    rows = session.execute(
        select(LedgerAccount.kind, LedgerAccount.owner_id, LedgerAccount.currency, func.sum(Posting.amount_minor))
        .join(Posting, Posting.account_id == LedgerAccount.id)
        .where(LedgerAccount.kind.in_(CREDIT))
        .group_by(LedgerAccount.kind, LedgerAccount.owner_id, LedgerAccount.currency)
        .having(func.sum(Posting.amount_minor) > 0)
    )
    for kind, owner, currency, total in rows:
        yield f"I10 {kind} of {owner}: overdrawn by {int(total)} {currency} minor units"


def _offset_notes(session: Session) -> Iterator[str]:
    """An offset note says what its transaction moved, and took no more than there was of either."""
    moved = (
        select(LedgerTransaction.document_id, func.sum(Posting.amount_minor))
        .join(Posting, Posting.transaction_id == LedgerTransaction.id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(LedgerTransaction.kind == "offset", LedgerAccount.kind.in_(CREDIT))
        .group_by(LedgerTransaction.document_id)
    )
    amounts = {document: int(total) for document, total in session.execute(moved)}
    for note in session.scalars(select(Document).filter_by(kind="offset_note").order_by(Document.id)):
        said = contents_of(note)
        booked = amounts.pop(note.id, 0)
        if said["amount_minor"] != booked:
            yield f"I10 offset note {note.number}: says {said['amount_minor']}, its transaction {booked}"
        if said["credit_after_minor"] < 0 or said["owed_after_minor"] < 0:
            yield f"I10 offset note {note.number}: takes more than there was"
    for document in amounts:
        yield f"I10 offset of document {document}: has no note"


def _compensations(session: Session) -> Iterator[str]:
    """What was given for a dispute is what its resolution says, and only a resolved one gives anything."""
    booked = (
        select(LedgerTransaction.dispute_id, func.sum(Posting.amount_minor))
        .join(Posting, Posting.transaction_id == LedgerTransaction.id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(LedgerTransaction.kind == "compensation", LedgerAccount.kind == "compensation_expense")
        .group_by(LedgerTransaction.dispute_id)
    )
    given = {dispute: int(total) for dispute, total in session.execute(booked)}
    asked = select(Dispute).where(or_(Dispute.compensation_minor != 0, Dispute.id.in_([*filter(None, given)])))
    for dispute in session.scalars(asked):
        amount = given.pop(dispute.id, 0)
        if amount != dispute.compensation_minor or dispute.status != "resolved":
            yield f"I10 dispute {dispute.public_id}: gives {dispute.compensation_minor}, the books {amount}"
    for stray in given:
        yield f"I10 compensation of dispute {stray}: there is no such dispute"
