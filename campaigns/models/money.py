"""What stands between the ledger and the bank: rates of exchange, holds, disputes, bills, payouts, reconciliations."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.db import BigId, Model
from campaigns.ids import public_id
from campaigns.models.accounts import Brand, Influencer
from campaigns.models.campaigns import Campaign, Participation
from campaigns.models.contacts import Contact
from campaigns.models.documents import Document
from campaigns.models.tracking import Order

FINDING_KINDS = ("missing_here", "missing_there", "amount_differs", "status_differs")
FINDING_STATUSES = ("open", "accepted", "waived", "disputed")
DISPUTE_STATUSES = ("open", "answered", "resolved")
DISPUTE_OUTCOMES = ("partner", "agency")
BATCH_STATUSES = ("prepared", "released", "done", "cancelled")
LINE_STATUSES = ("prepared", "released", "paid", "failed", "returned", "cancelled")


class ExchangeRate(Model):
    """What one unit of a currency was worth in another from a day to a day, as staff entered it, with its source.

    Never guessed and never changed: a correction is a further row that supersedes.
    """

    __tablename__ = "exchange_rate"
    __table_args__ = (Index("ix_exchange_rate_from_currency_to_currency", "from_currency", "to_currency"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    from_currency: Mapped[str] = mapped_column(String(3))
    to_currency: Mapped[str] = mapped_column(String(3))
    from_date: Mapped[date]
    to_date: Mapped[date]  # the last day it holds for
    rate_millionths: Mapped[int] = mapped_column(BigId)  # of a major unit of `to_currency` for one of `from_currency`
    source: Mapped[str] = mapped_column(String(300))
    entered_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    entered_at: Mapped[datetime]
    superseded_at: Mapped[datetime | None]


class Hold(Model):
    """A commission kept back with a reason: on no statement until somebody lets it go. It never lets go by itself."""

    __tablename__ = "hold"
    __table_args__ = (
        Index("uq_hold_open", "order_id", unique=True,
              sqlite_where=text("released_at IS NULL"), postgresql_where=text("released_at IS NULL")),
        Index("uq_hold_open_contact", "contact_id", unique=True,
              sqlite_where=text("released_at IS NULL"), postgresql_where=text("released_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("order.id"))  # or the contact
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    reason: Mapped[str]
    held_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    held_at: Mapped[datetime]
    released_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    released_at: Mapped[datetime | None]
    release_reason: Mapped[str] = mapped_column(default="")

    order: Mapped[Order | None] = relationship()


class RouteRule(Model):
    """From a day on, payments above an amount go by one route only, whatever the payee prefers; with its source."""

    __tablename__ = "route_rule"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    currency: Mapped[str] = mapped_column(String(3))
    from_date: Mapped[date]
    to_date: Mapped[date | None]
    above_minor: Mapped[int] = mapped_column(BigId)
    preferred: Mapped[str] = mapped_column(String(20))  # the route this rule overrules
    route: Mapped[str] = mapped_column(String(20))  # the one it asks for
    source: Mapped[str] = mapped_column(String(300))
    entered_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    entered_at: Mapped[datetime]


class Dispute(Model):
    """An influencer or a brand doubts a line: an order, a contact, a statement. Answered, then resolved by staff."""

    __tablename__ = "dispute"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    participation_id: Mapped[int | None] = mapped_column(ForeignKey("participation.id"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("order.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    statement_id: Mapped[int | None] = mapped_column(ForeignKey("statement.id"))
    kind: Mapped[str] = mapped_column(String(30))  # line; effort: much work and no commission
    opened_by_user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    opened_by_role: Mapped[str] = mapped_column(String(20))
    opened_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(20), default="open", index=True)
    outcome: Mapped[str] = mapped_column(String(20), default="")
    compensation_minor: Mapped[int] = mapped_column(BigId, default=0)
    resolution: Mapped[str] = mapped_column(default="")
    resolved_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    resolved_at: Mapped[datetime | None]

    campaign: Mapped[Campaign] = relationship()
    participation: Mapped[Participation | None] = relationship()
    order: Mapped[Order | None] = relationship()
    contact: Mapped[Contact | None] = relationship()
    messages: Mapped[list["DisputeMessage"]] = relationship(order_by="DisputeMessage.id")

    @property
    def cause(self) -> Order | Contact | None:
        """The order or contact it is about, whose commission is held meanwhile."""
        return self.order or self.contact


class DisputeMessage(Model):
    """What was said in a dispute, by whom and when. Never changed."""

    __tablename__ = "dispute_message"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    dispute_id: Mapped[int] = mapped_column(ForeignKey("dispute.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    role: Mapped[str] = mapped_column(String(20))
    body: Mapped[str]
    said_at: Mapped[datetime]


class Bill(Model):
    """What a brand was billed: commissions and the agency's fee on sales, and the VAT on the fee. Never changed."""

    __tablename__ = "bill"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), unique=True)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id"), index=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    currency: Mapped[str] = mapped_column(String(3))
    commission_minor: Mapped[int] = mapped_column(BigId)
    fee_minor: Mapped[int] = mapped_column(BigId)
    vat_minor: Mapped[int] = mapped_column(BigId)
    issued_at: Mapped[datetime]

    document: Mapped[Document] = relationship()
    brand: Mapped[Brand] = relationship()


class BillPosting(Model):
    """Which postings a bill charges; each is on one bill at most."""

    __tablename__ = "bill_posting"

    posting_id: Mapped[int] = mapped_column(ForeignKey("posting.id"), primary_key=True)
    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id"), index=True)


class PayoutBatch(Model):
    """Payments prepared by one person and released by another; each line ends paid, failed or cancelled by itself."""

    __tablename__ = "payout_batch"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), unique=True)
    currency: Mapped[str] = mapped_column(String(3))
    pay_date: Mapped[date]
    status: Mapped[str] = mapped_column(String(20), default="prepared", index=True)
    prepared_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    prepared_at: Mapped[datetime]
    released_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    released_at: Mapped[datetime | None]

    document: Mapped[Document] = relationship()
    lines: Mapped[list["PayoutLine"]] = relationship(order_by="PayoutLine.id", back_populates="batch")


class PayoutLine(Model):
    """One payment to one payee. While it is under way the payee is in no other batch of that currency."""

    __tablename__ = "payout_line"
    __table_args__ = (
        Index("uq_payout_line_under_way", "influencer_id", "currency", unique=True,
              sqlite_where=text("status IN ('prepared', 'released')"),
              postgresql_where=text("status IN ('prepared', 'released')")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    batch_id: Mapped[int] = mapped_column(ForeignKey("payout_batch.id"), index=True)
    influencer_id: Mapped[int] = mapped_column(ForeignKey("influencer.id"))
    currency: Mapped[str] = mapped_column(String(3))
    amount_minor: Mapped[int] = mapped_column(BigId)
    statement_ids: Mapped[list[int]] = mapped_column(JSON)
    payee: Mapped[dict[str, Any]] = mapped_column(JSON)  # name and account as they stood when it was prepared
    status: Mapped[str] = mapped_column(String(20), default="prepared")
    bank_reference: Mapped[str] = mapped_column(String(100), default="")
    failure_reason: Mapped[str] = mapped_column(default="")
    marked_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    marked_at: Mapped[datetime | None]

    batch: Mapped[PayoutBatch] = relationship(back_populates="lines")
    influencer: Mapped[Influencer] = relationship()


class Reconciliation(Model):
    """One comparison of a campaign's orders with the shop's own export."""

    __tablename__ = "reconciliation"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    source: Mapped[str] = mapped_column(String(30))  # shopify csv, woocommerce csv, standard json, pull …
    sha256: Mapped[str] = mapped_column(String(64))
    row_count: Mapped[int]
    matched_count: Mapped[int]
    made_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime]

    campaign: Mapped[Campaign] = relationship()
    findings: Mapped[list["Finding"]] = relationship(order_by="Finding.id", back_populates="reconciliation")


class Finding(Model):
    """One difference between the shop's export and what its webhooks brought; closing waits while any is open."""

    __tablename__ = "finding"
    __table_args__ = (UniqueConstraint("reconciliation_id", "kind", "external_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    reconciliation_id: Mapped[int] = mapped_column(ForeignKey("reconciliation.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    external_id: Mapped[str] = mapped_column(String(120))
    number: Mapped[str] = mapped_column(String(255))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("order.id"))
    ours: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    theirs: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    status: Mapped[str] = mapped_column(String(20), default="open", index=True)
    reason: Mapped[str] = mapped_column(default="")
    decided_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]

    reconciliation: Mapped[Reconciliation] = relationship(back_populates="findings")
    order: Mapped[Order | None] = relationship()
