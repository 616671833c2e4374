"""Codes that seem to leak: what was observed, against what, and who looked at it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.db import BigId, Model
from campaigns.ids import public_id
from campaigns.models.campaigns import Participation

SUSPICIONS = ("no_clicks", "same_buyer")


class CodeSuspicion(Model):
    """One reason to look at one participant's code. It changes nothing anybody earns; staff look, and close it.

    There is one of a kind for a participant, open or closed: what was looked at isn't raised again.
    """

    __tablename__ = "code_suspicion"
    __table_args__ = (
        Index("uq_code_suspicion_kind", "participation_id", "kind", unique=True),
        Index("ix_code_suspicion_open", "id",
              sqlite_where=text("closed_at IS NULL"), postgresql_where=text("closed_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"))
    kind: Mapped[str] = mapped_column(String(20))
    orders: Mapped[int]  # how many it was seen in
    buyers: Mapped[int]
    observed_bps: Mapped[int]
    baseline_bps: Mapped[int]
    limit_bps: Mapped[int]  # what lies above it is a reason
    raised_at: Mapped[datetime]
    seen_at: Mapped[datetime]  # the figures are of this moment
    closed_at: Mapped[datetime | None]
    closed_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    note: Mapped[str] = mapped_column(default="")

    participation: Mapped[Participation] = relationship()
