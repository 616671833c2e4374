"""What people are told in the app, which of it they want, and whom a week was summed up for."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from campaigns.db import BigId, Model
from campaigns.ids import public_id


class Notice(Model):
    """One letter to a user as the app shows it: its subject, as it was written, and the page it is about."""

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_user_id_id", "user_id", "id"),
        Index("ix_notice_unread", "user_id",
              sqlite_where=text("read_at IS NULL"), postgresql_where=text("read_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    letter: Mapped[str] = mapped_column(String(60))  # the template it was written from
    language: Mapped[str] = mapped_column(String(8))  # of the subject
    subject: Mapped[str] = mapped_column(String(300))
    path: Mapped[str] = mapped_column(String(500))
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class NoticeChoice(Model):
    """By which ways a user wants to be told of a topic; without a row by all of them."""

    __tablename__ = "notice_choice"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, autoincrement=False)
    topic: Mapped[str] = mapped_column(String(20), primary_key=True)
    by_mail: Mapped[bool]
    in_app: Mapped[bool]
    chosen_at: Mapped[datetime]


class WeekSummed(Model):
    """A user's week was summed up, and told of where there was anything to tell: once, whoever tries."""

    __tablename__ = "week_summed"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, autoincrement=False)
    week: Mapped[date] = mapped_column(primary_key=True)  # the Monday it was told on
    told: Mapped[bool]
    summed_at: Mapped[datetime]
