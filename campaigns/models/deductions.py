"""What deductions rest on beyond the shipped tables: rows an accountant entered, and certificates payees showed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.db import BigId, Model
from campaigns.ids import public_id
from campaigns.models.accounts import Influencer

CERTIFICATE_KINDS = ("withholding", "coordination", "insurance_coordination")


class TableRow(Model):
    """A dated row of a deduction table as somebody entered it. It counts once somebody has verified it.

    Never changed: a correction is a further row, and the newest verified row that covers a day is the one used.
    """

    __tablename__ = "table_row"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    table_name: Mapped[str] = mapped_column(String(80), index=True)  # "IL.income_tax"
    from_date: Mapped[date]
    to_date: Mapped[date | None]  # the last day it holds for
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)  # minor units, and rates as decimal strings
    source: Mapped[str] = mapped_column(String(300))
    note: Mapped[str] = mapped_column(default="")
    published_on: Mapped[date | None]  # when the law or the table was published, which may be after from_date
    entered_by_user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    entered_at: Mapped[datetime]
    verified_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    verified_at: Mapped[datetime | None]
    withdrawn_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_reason: Mapped[str] = mapped_column(default="")


class Certificate(Model):
    """A paper of the tax or insurance office that changes what is taken off a payee's money, with its dates.

    withholding: a supplier's rate; coordination: steps of income tax at this employer; insurance_coordination: the
    part of the reduced-rate step that is this employer's.
    """

    __tablename__ = "certificate"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    influencer_id: Mapped[int] = mapped_column(ForeignKey("influencer.id"), index=True)
    kind: Mapped[str] = mapped_column(String(30))
    number: Mapped[str] = mapped_column(String(60))
    from_date: Mapped[date]
    to_date: Mapped[date]
    rate_bps: Mapped[int | None]
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)  # upto_minor, rate_bps
    entered_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    entered_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    influencer: Mapped[Influencer] = relationship()
