"""Customers a participant registered with a shop, so that what they buy is theirs, and what became of each."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.db import BigId, Model
from campaigns.ids import public_id
from campaigns.models.campaigns import Participation, Shop

REGISTRATION_STATUSES = ("attached", "late", "refused", "ended")
_STANDS = "exclusive AND ended_at IS NULL"


class Registration(Model):
    """One customer registered by one participant. The person is keyed hashes; `label` is what the participant sees.

    attached: theirs alone; late: had bought before, so theirs where nobody else is named; refused: can't be, and the
    participant is told why; ended: no longer. Nobody else can have a customer who is attached to somebody alone.
    """

    __tablename__ = "registration"
    __table_args__ = (
        Index("ix_registration_shop_id_customer_key", "shop_id", "customer_key"),
        Index("ix_registration_shop_id_phone_key", "shop_id", "phone_key"),
        Index("uq_registration_customer", "shop_id", "customer_key", unique=True,
              sqlite_where=text(f"{_STANDS} AND customer_key <> ''"),
              postgresql_where=text(f"{_STANDS} AND customer_key <> ''")),
        Index("uq_registration_phone", "shop_id", "phone_key", unique=True,
              sqlite_where=text(f"{_STANDS} AND phone_key <> ''"),
              postgresql_where=text(f"{_STANDS} AND phone_key <> ''")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"), index=True)
    customer_key: Mapped[str] = mapped_column(String(64), default="")
    phone_key: Mapped[str] = mapped_column(String(64), default="")
    label: Mapped[str] = mapped_column(String(60))  # masked: "n…@example.com"
    status: Mapped[str] = mapped_column(String(20))
    exclusive: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(40))  # what decided the status
    note: Mapped[str] = mapped_column(default="")  # staff's words where they decided, or the customer's request
    registered_at: Mapped[datetime]
    registered_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    binds_until: Mapped[datetime | None]  # None of a refused one, which binds nobody
    ended_at: Mapped[datetime | None]
    ended_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    shop: Mapped[Shop] = relationship()
    participation: Mapped[Participation] = relationship()
