"""Papers: numbered, frozen, hashed. Never edited, never deleted; a correction is another document."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.db import BigId, Model
from campaigns.ids import public_id

DOCUMENT_KINDS = {"final_report": "FR", "commission_statement": "CS", "payslip": "PS", "payout_batch": "PB",
                  "brand_bill": "BB", "offset_note": "ON", "remittance_advice": "RA",
                  "payee_request": "RQ", "payslip_correction": "PC", "payroll_order": "PO",
                  "self_billing_invoice": "SB", "self_billing_credit_note": "SC", "withholding_confirmation": "WC",
                  "annual_summary": "AS", "partner_certificate": "PT", "itemised_answer": "IA"}  # fmt: skip

# Who reads a kind beside the agency, where it was issued to them. What isn't named here is the agency's alone.
READERS: dict[str, frozenset[str]] = {
    "final_report": frozenset({"brand"}),
    "brand_bill": frozenset({"brand"}),
    "offset_note": frozenset({"brand", "influencer"}),
    "itemised_answer": frozenset({"brand", "influencer"}),
    "commission_statement": frozenset({"influencer"}),
    "payslip": frozenset({"influencer"}),
    "payslip_correction": frozenset({"influencer"}),
    "remittance_advice": frozenset({"influencer"}),
    "payee_request": frozenset({"influencer"}),
    "self_billing_invoice": frozenset({"influencer"}),
    "self_billing_credit_note": frozenset({"influencer"}),
    "withholding_confirmation": frozenset({"influencer"}),
    "annual_summary": frozenset({"influencer"}),
    "partner_certificate": frozenset({"influencer"}),
}


def read_by(role: str) -> list[str]:
    """The kinds of paper that are for a role.

    >>> "payout_batch" in read_by("brand") + read_by("influencer")
    False
    """
    return [kind for kind, readers in READERS.items() if role in readers]


class NumberSeries(Model):
    """The last number given in a series and year; counted up in the transaction that issues, so there is no gap."""

    __tablename__ = "number_series"

    series: Mapped[str] = mapped_column(String(20), primary_key=True)
    last: Mapped[int]


class Document(Model):
    """What was issued, as canonical JSON of primitives, and its hash."""

    __tablename__ = "document"
    __table_args__ = (UniqueConstraint("series", "serial"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    kind: Mapped[str] = mapped_column(String(30))
    series: Mapped[str] = mapped_column(String(20))
    serial: Mapped[int]
    number: Mapped[str] = mapped_column(String(30), unique=True)
    language: Mapped[str] = mapped_column(String(8))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    participation_id: Mapped[int | None] = mapped_column(ForeignKey("participation.id"))
    influencer_id: Mapped[int | None] = mapped_column(ForeignKey("influencer.id"), index=True)
    brand_id: Mapped[int | None] = mapped_column(ForeignKey("brand.id"), index=True)
    corrects_id: Mapped[int | None] = mapped_column(BigId, index=True)  # the paper this one corrects
    contents: Mapped[str]
    contents_sha256: Mapped[str] = mapped_column(String(64))
    issued_at: Mapped[datetime]

    files: Mapped[list["DocumentFile"]] = relationship(order_by="DocumentFile.id", back_populates="document")


class DocumentFile(Model):
    """The bytes of a document in one format, made once, after the issue, and kept."""

    __tablename__ = "document_file"
    # The index answers when a paper's files were made without reading the bytes, which lie before that column.
    __table_args__ = (UniqueConstraint("document_id", "media_type"), Index(None, "document_id", "made_at"))

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    media_type: Mapped[str] = mapped_column(String(100))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    seal: Mapped[str | None] = mapped_column(String(64))  # see documents/seals.py; None: made before there were any

    document: Mapped[Document] = relationship(back_populates="files")


class Statement(Model):
    """What one influencer is owed by one statement (negative: owes back), in minor units. Never changed."""

    __tablename__ = "statement"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), unique=True)
    influencer_id: Mapped[int] = mapped_column(ForeignKey("influencer.id"), index=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    participation_id: Mapped[int | None] = mapped_column(ForeignKey("participation.id"))
    currency: Mapped[str] = mapped_column(String(3))
    amount_minor: Mapped[int] = mapped_column(BigId)
    # By which route it is paid, settled when it is issued, and what settled it where that wasn't the payee's wish.
    route: Mapped[str] = mapped_column(String(20), default="")
    route_reason: Mapped[str] = mapped_column(default="")
    issued_at: Mapped[datetime]

    document: Mapped[Document] = relationship()


class StatementPosting(Model):
    """Which postings a statement itemises; each is on one statement at most."""

    __tablename__ = "statement_posting"

    posting_id: Mapped[int] = mapped_column(ForeignKey("posting.id"), primary_key=True)
    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"), index=True)


class Payslip(Model):
    """One payslip's figures in columns; the paper is its document. A correction's figures are the differences."""

    __tablename__ = "payslip"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), unique=True)
    influencer_id: Mapped[int] = mapped_column(ForeignKey("influencer.id"), index=True)
    pay_date: Mapped[date]
    currency: Mapped[str] = mapped_column(String(3))
    gross_minor: Mapped[int] = mapped_column(BigId)
    income_tax_minor: Mapped[int] = mapped_column(BigId)
    national_insurance_minor: Mapped[int] = mapped_column(BigId)
    health_insurance_minor: Mapped[int] = mapped_column(BigId)
    employer_national_insurance_minor: Mapped[int] = mapped_column(BigId)
    net_minor: Mapped[int] = mapped_column(BigId)
    scheme: Mapped[str] = mapped_column(String(40), default="IL.employee")
    amounts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)  # of every line of the scheme, by its code
    corrects_id: Mapped[int | None] = mapped_column(BigId, index=True)  # the payslip this one corrects

    document: Mapped[Document] = relationship()


class PayslipStatement(Model):
    """Which statements a payslip pays; each is on one payslip at most."""

    __tablename__ = "payslip_statement"

    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"), primary_key=True)
    payslip_id: Mapped[int] = mapped_column(ForeignKey("payslip.id"), index=True)


class PayoutStatement(Model):
    """Which statements a payout batch settled; each is paid once."""

    __tablename__ = "payout_statement"

    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"), primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)


class PayrollOrderStatement(Model):
    """Which statements an order to a payroll provider hands over; each is in one order at most."""

    __tablename__ = "payroll_order_statement"

    statement_id: Mapped[int] = mapped_column(ForeignKey("statement.id"), primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
