"""What is kept of the roster beside its people: how many followed them when, and files they were read in from."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.db import BigId, Model
from campaigns.ids import public_id
from campaigns.models.accounts import Influencer, User

COUNT_SOURCES = ("typed", "imported", "own")  # by staff or a program, from a file, by the influencer
IMPORT_STATUSES = ("previewed", "taken", "discarded")


class FollowerCount(Model):
    """How many followed an account on a day. Only added to; the newest also stands in `Influencer.accounts`."""

    __tablename__ = "follower_count"
    __table_args__ = (Index("ix_follower_count_influencer_id_counted_on", "influencer_id", "counted_on"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    influencer_id: Mapped[int] = mapped_column(ForeignKey("influencer.id"))
    network: Mapped[str] = mapped_column(String(40))
    handle: Mapped[str] = mapped_column(String(100))
    followers: Mapped[int] = mapped_column(BigId)
    counted_on: Mapped[date]
    source: Mapped[str] = mapped_column(String(20))

    influencer: Mapped[Influencer] = relationship()


class ImportRun(Model):
    """A file of people: its rows as they were read, and whether somebody took them. Decided once, by one person."""

    __tablename__ = "import_run"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    file_name: Mapped[str] = mapped_column(String(200))
    rows: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # number, fields, and the problems of the file itself
    status: Mapped[str] = mapped_column(String(20), default="previewed")
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)  # once taken: added, changed, same, left out
    made_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime]
    decided_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decided_at: Mapped[datetime | None]

    made_by: Mapped[User | None] = relationship(foreign_keys=[made_by_user_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_user_id])
