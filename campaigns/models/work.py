"""What the worker lives from: leases, mail to send, periods to read again, and the log of who did what."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from campaigns.db import BigId, Model
from campaigns.ids import public_id


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


class PaperTask(Model):
    """A paper whose files are being made, or could not be made yet; gone as soon as it has them.

    Other workers leave it alone until `free_at`: the end of its maker's lease, or the time of the next try.
    """

    __tablename__ = "paper_task"

    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), primary_key=True, autoincrement=False)
    free_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(default="")  # of the last try, in words for staff
    told_at: Mapped[datetime | None]


class ReplayRun(Model):
    """A shop's deliveries of a period, read once more in slices, in the order they came: up to `upto_id` so far."""

    __tablename__ = "replay_run"
    __table_args__ = (Index("ix_replay_run_finished_at", "finished_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"), index=True)
    since: Mapped[datetime]
    until: Mapped[datetime]  # what comes later is no part of it
    only_failed: Mapped[bool]
    requested_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  # None: at the command line
    requested_at: Mapped[datetime]
    total_count: Mapped[int]  # as found when it was asked for
    upto_id: Mapped[int] = mapped_column(BigId, default=0)
    done_count: Mapped[int] = mapped_column(default=0)
    failed_count: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None]
    cancelled: Mapped[bool] = mapped_column(default=False)


class ShopWatch(Model):
    """How many deliveries of a shop had been refused when a genuine one was last seen."""

    __tablename__ = "shop_watch"

    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"), primary_key=True, autoincrement=False)
    refused: Mapped[int]
    heard_at: Mapped[datetime | None]


class AuditEntry(Model):
    """Who changed what, when and why. Never changed itself."""

    __tablename__ = "audit_entry"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    at: Mapped[datetime]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(80), index=True)  # "campaign:<public id>"
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
