"""What passes between us and those our papers are for: papers of theirs, agreements, answers, mails with links."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.db import BigId, Model
from campaigns.ids import public_id
from campaigns.models.accounts import Influencer
from campaigns.models.documents import Document, Statement

RECEIVED_KINDS = ("tax_invoice", "receipt", "deal_invoice", "npd_receipt", "invoice")
RECEIVED_STATUSES = ("received", "accepted", "refused")


class ReceivedDocument(Model):
    """A payee's own paper for one statement: invoice or receipt, as uploaded, and what staff made of it."""

    __tablename__ = "received_document"
    __table_args__ = (
        Index("uq_received_document_number", "influencer_id", "kind", "number", unique=True,
              sqlite_where=text("status <> 'refused'"), postgresql_where=text("status <> 'refused'")),
        Index("uq_received_document_statement", "statement_id", unique=True,
              sqlite_where=text("status <> 'refused'"), postgresql_where=text("status <> 'refused'")),
        Index("ix_received_document_number", "number"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"), index=True)
    influencer_id: Mapped[int] = mapped_column(ForeignKey("influencer.id"))
    kind: Mapped[str] = mapped_column(String(30))
    number: Mapped[str] = mapped_column(String(60))
    allocation_number: Mapped[str] = mapped_column(String(20), default="")
    issued_on: Mapped[date]
    currency: Mapped[str] = mapped_column(String(3))
    net_minor: Mapped[int] = mapped_column(BigId)
    vat_minor: Mapped[int] = mapped_column(BigId)
    media_type: Mapped[str] = mapped_column(String(100))
    body: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)  # lists of papers don't read their files
    sha256: Mapped[str] = mapped_column(String(64))
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)  # what the checks found, as sentences
    received_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    received_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(20), default="received", index=True)
    reason: Mapped[str] = mapped_column(default="")
    decided_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]

    statement: Mapped[Statement] = relationship()
    influencer: Mapped[Influencer] = relationship()


class SelfBillingAgreement(Model):
    """A payee's prior agreement that we write their invoices, with the very wording; it ends, it isn't changed.

    Directive 2006/112/EC art. 224 asks for a prior agreement and an acceptance of each invoice.
    """

    __tablename__ = "self_billing_agreement"
    __table_args__ = (
        Index("uq_self_billing_agreement_standing", "influencer_id", unique=True,
              sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    influencer_id: Mapped[int] = mapped_column(ForeignKey("influencer.id"))
    wording: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8))
    from_date: Mapped[date]
    to_date: Mapped[date]
    vat_number: Mapped[str] = mapped_column(String(40), default="")
    agreed_by_user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    agreed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    influencer: Mapped[Influencer] = relationship()


class DocumentAnswer(Model):
    """What the one a paper is for said to it: seen and accepted, or doubted with a reason. Never changed."""

    __tablename__ = "document_answer"
    __table_args__ = (UniqueConstraint("document_id", "user_id", "answer"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    answer: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime]

    document: Mapped[Document] = relationship()


class DocumentMail(Model):
    """One paper was mailed to one address, with a link that opens it until a moment: never twice by itself."""

    __tablename__ = "document_mail"
    __table_args__ = (UniqueConstraint("document_id", "recipient"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    recipient: Mapped[str] = mapped_column(String(254))
    mail_id: Mapped[int] = mapped_column(ForeignKey("mail.id"))
    queued_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    document: Mapped[Document] = relationship()
