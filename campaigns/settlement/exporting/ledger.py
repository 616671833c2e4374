"""The ledger as rows: every posting with its account, its cause, and what it was earned in. For staff only."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, aliased

from campaigns.db import unindexed
from campaigns.documents.labels import ENTRIES, LABELS
from campaigns.i18n import N_
from campaigns.models import (
    Brand,
    Campaign,
    Document,
    Influencer,
    LedgerAccount,
    LedgerTransaction,
    Order,
    Participation,
    Posting,
)
from campaigns.settlement.exporting.asked import SLICE, Asked
from campaigns.sheets.columns import Column, Row

COLUMNS = (
    Column("transaction", N_("Transaction"), "count"),
    Column("recorded_at", N_("Recorded"), "moment"),
    Column("kind", N_("Kind"), words=ENTRIES),
    Column("account", N_("Account"), words=LABELS),
    Column("owner", N_("Whose")),
    Column("debit_minor", N_("Debit"), "money"),
    Column("credit_minor", N_("Credit"), "money"),
    Column("currency", N_("Currency")),
    Column("campaign", N_("Campaign")),
    Column("influencer", N_("Influencer")),
    Column("order", N_("Order")),
    Column("document", N_("Paper")),
)


def columns(_asked: Asked) -> tuple[Column, ...]:
    """The same for whoever may see the ledger."""
    return COLUMNS


def rows(session: Session, asked: Asked) -> Iterator[Row]:
    """The postings in the sequence in which they were written, a slice at a time."""
    query, after = _postings(asked), 0
    while found := session.execute(query.where(Posting.id > after)).all():
        for posting_id, transaction, at, kind, account, amount, currency, *names in found:
            after = posting_id
            debit, credit = (amount, None) if amount >= 0 else (None, -amount)
            yield [transaction, at, kind, account, names[0] or names[1] or "", debit, credit, currency] + [
                name or "" for name in names[2:]
            ]


def _postings(asked: Asked) -> Select[*tuple[Any, ...]]:
    owner, earner = aliased(Influencer), aliased(Influencer)
    query = (
        select(
            Posting.id, LedgerTransaction.id, LedgerTransaction.recorded_at, LedgerTransaction.kind, LedgerAccount.kind,
            Posting.amount_minor, LedgerAccount.currency, Brand.name, owner.name, Campaign.name, earner.name,
            Order.number, Document.number,
        )
        .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .outerjoin(Brand, and_(Brand.id == LedgerAccount.owner_id, LedgerAccount.kind.startswith("brand_")))
        .outerjoin(owner, and_(owner.id == LedgerAccount.owner_id, LedgerAccount.kind.startswith("influencer_")))
        .outerjoin(Campaign, Campaign.id == Posting.campaign_id)
        .outerjoin(Participation, Participation.id == Posting.participation_id)
        .outerjoin(earner, earner.id == Participation.influencer_id)
        .outerjoin(Order, Order.id == LedgerTransaction.order_id)
        .outerjoin(Document, Document.id == LedgerTransaction.document_id)
        # By the campaign SQLite would sort all its postings for each slice.
        .where(*asked.within(LedgerTransaction.recorded_at), *asked.among(campaign_id=unindexed(Posting.campaign_id)))
        .order_by(Posting.id)
        .limit(SLICE)
    )  # fmt: skip
    if asked.brand_id is not None:
        query = query.where(or_(Campaign.brand_id == asked.brand_id, Brand.id == asked.brand_id))
    return query
