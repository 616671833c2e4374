"""The books: accounts, transactions and postings in double entry.

A posting's amount is positive for a debit and negative for a credit; the postings of one transaction sum to zero.
Transactions and postings are never updated or deleted: triggers in both databases refuse it. A balance is a SUM.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.db import BigId, Model

ACCOUNT_KINDS = (
    "brand_receivable",  # owner: a brand
    "influencer_pending",  # owner: an influencer; earned, not yet on a statement
    "influencer_due",  # owner: an influencer; on a statement, not yet paid
    "influencer_credit",  # owner: an influencer; may be offset against what they owe, never paid out
    "brand_credit",  # owner: a brand; may be offset against its bills, never paid out
    "agency_income",
    "compensation_expense",  # what the agency gives where a dispute is resolved in the partner's favour
    "vat_payable",
    "withheld_tax",
    "employer_charges",
    "bank_clearing",
)


class LedgerAccount(Model):
    """One account in one currency. `owner_id` is the brand or influencer it stands for, 0 for the agency's own."""

    __tablename__ = "ledger_account"
    __table_args__ = (UniqueConstraint("kind", "owner_id", "currency"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    owner_id: Mapped[int] = mapped_column(BigId, default=0)
    currency: Mapped[str] = mapped_column(String(3))


class LedgerTransaction(Model):
    """One event in the books: accrual, statement, payslip, payout … `basis` says how its amounts were worked out."""

    __tablename__ = "ledger_transaction"
    # As `ix_order_sale` does for orders: a campaign's postings need the kind of their transactions, not their basis.
    __table_args__ = (
        Index("ix_ledger_transaction_kind", "id", postgresql_include=["kind"]).ddl_if(dialect="postgresql"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("order.id"), index=True)
    document_id: Mapped[int | None] = mapped_column(ForeignKey("document.id"), index=True)
    # Contacts and disputes are never deleted, so these need no foreign key; `books check` looks for a stray one.
    contact_id: Mapped[int | None] = mapped_column(BigId, index=True)
    dispute_id: Mapped[int | None] = mapped_column(BigId, index=True)
    basis: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # of an accrual: terms version, base, rates, rounding
    recorded_at: Mapped[datetime]

    postings: Mapped[list["Posting"]] = relationship(order_by="Posting.id", back_populates="transaction")


class Posting(Model):
    """One leg. `campaign_id` and `participation_id` say what it was earned in, so reports are sums of these rows."""

    __tablename__ = "posting"
    __table_args__ = (Index("ix_posting_campaign_id_participation_id", "campaign_id", "participation_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    transaction_id: Mapped[int] = mapped_column(ForeignKey("ledger_transaction.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("ledger_account.id"), index=True)
    amount_minor: Mapped[int] = mapped_column(BigId)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    participation_id: Mapped[int | None] = mapped_column(ForeignKey("participation.id"))

    transaction: Mapped[LedgerTransaction] = relationship(back_populates="postings")
    account: Mapped[LedgerAccount] = relationship()
