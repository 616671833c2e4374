"""What the worker lives from: leases, mail to send, and the log of who did what."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from campaigns.db import BigId, Model


class JobRun(Model):
    """One slot of one timer. Who claims the row runs it; a dead owner's lease runs out and another takes over."""

    __tablename__ = "job_run"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    slot: Mapped[datetime] = mapped_column(primary_key=True)
    owner: Mapped[str] = mapped_column(String(60))
    lease_until: Mapped[datetime]
    done: Mapped[bool] = mapped_column(default=False)


class Mail(Model):
    """One message, written in the transaction of its cause and sent after it by the worker."""

    __tablename__ = "mail"
    __table_args__ = (Index("ix_mail_sent_at_retry_at", "sent_at", "retry_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    recipient: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(default="")


class AuditEntry(Model):
    """Who changed what, when and why. Never changed itself."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(80), index=True)  # "campaign:<public id>"
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
