"""The history of a wallet: every transaction that moved it, with its cause, newest first.

Amounts are signed as their holder sees them: what an influencer gains is positive, and so is what a brand owes more.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import Contact, Dispute, Document, LedgerAccount, LedgerTransaction, Order, Posting
from campaigns.settlement.wallets.wallets import BRAND_KINDS, INFLUENCER_KINDS

PAGE = 50


@dataclass(frozen=True)
class Movement:
    """One transaction as it moved a wallet: account kind -> amount in minor units, and what caused it.

    At most one of `order_number`, `contact`, `document` and `dispute` names the cause; `reason` is what was written.
    """

    at: datetime
    kind: str
    currency: str
    amounts: dict[str, int] = field(default_factory=dict)
    order_number: str = ""
    contact: str = ""
    document: str = ""
    dispute: str = ""
    reason: str = ""


def influencer_history(session: Session, influencer_id: int, skip: int = 0, most: int = PAGE) -> list[Movement]:
    """What moved an influencer's pending, due and credit."""
    return _history(session, INFLUENCER_KINDS, influencer_id, skip, most)


def brand_history(session: Session, brand_id: int, skip: int = 0, most: int = PAGE) -> list[Movement]:
    """What moved what a brand owes, and its credit."""
    return _history(session, BRAND_KINDS, brand_id, skip, most)


def _history(session: Session, kinds: tuple[str, ...], owner_id: int, skip: int, most: int) -> list[Movement]:
    accounts = {
        account.id: account
        for account in session.scalars(
            select(LedgerAccount).where(LedgerAccount.kind.in_(kinds), LedgerAccount.owner_id == owner_id)
        )
    }
    touched = select(Posting.transaction_id).where(Posting.account_id.in_(accounts)).distinct()
    page = (
        select(LedgerTransaction)
        .where(LedgerTransaction.id.in_(touched))
        .order_by(LedgerTransaction.id.desc())
        .offset(skip)
        .limit(most)
    )
    transactions = list(session.scalars(page))
    moved: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    currency: dict[int, str] = {}
    postings = select(Posting).where(
        Posting.transaction_id.in_([one.id for one in transactions]), Posting.account_id.in_(accounts)
    )
    for posting in session.scalars(postings):
        account = accounts[posting.account_id]
        sign = 1 if account.kind == "brand_receivable" else -1
        moved[posting.transaction_id][account.kind] += sign * posting.amount_minor
        currency[posting.transaction_id] = account.currency
    causes = _Causes(session, transactions)
    return [
        Movement(one.recorded_at, one.kind, currency[one.id], dict(moved[one.id]), **causes.of(one))
        for one in transactions
    ]


class _Causes:
    """The names of what transactions come from, read for a whole page at once."""

    def __init__(self, session: Session, transactions: list[LedgerTransaction]) -> None:
        def names(key: Any, name: Any, ids: set[int | None]) -> dict[int, str]:
            rows = session.execute(select(key, name).where(key.in_(ids - {None})))
            return {number: text for number, text in rows}

        self._orders = names(Order.id, Order.number, {one.order_id for one in transactions})
        self._contacts = names(Contact.id, Contact.external_id, {one.contact_id for one in transactions})
        self._documents = names(Document.id, Document.number, {one.document_id for one in transactions})
        self._disputes = names(Dispute.id, Dispute.public_id, {one.dispute_id for one in transactions})

    def of(self, one: LedgerTransaction) -> dict[str, str]:
        """The cause of one transaction, as Movement names it."""
        return {
            "order_number": self._orders.get(one.order_id or 0, ""),
            "contact": self._contacts.get(one.contact_id or 0, ""),
            "document": self._documents.get(one.document_id or 0, ""),
            "dispute": self._disputes.get(one.dispute_id or 0, ""),
            "reason": str((one.basis or {}).get("reason", "")),
        }
