"""House photographers' studios and the hours they keep free for influencers, at no cost to anybody but the house."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.db import BigId, Model
from campaigns.ids import public_id
from campaigns.models.campaigns import Participation


class Studio(Model):
    """A place and its photographer. One that is closed offers nothing any more; what was booked stays."""

    __tablename__ = "studio"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    name: Mapped[str] = mapped_column(String(200))
    photographer: Mapped[str] = mapped_column(String(200))
    email: Mapped[str] = mapped_column(String(254), default="")  # the photographer's, told of bookings
    address: Mapped[str] = mapped_column(String(300))
    note: Mapped[str] = mapped_column(default="")  # how to get in, what to bring
    timezone: Mapped[str] = mapped_column(String(64))
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class StudioSlot(Model):
    """Some time in a studio: free until somebody's participation stands in it, gone once it is called off."""

    __tablename__ = "studio_slot"
    __table_args__ = (Index("ix_studio_slot_studio_id_starts_at", "studio_id", "starts_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    studio_id: Mapped[int] = mapped_column(ForeignKey("studio.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    participation_id: Mapped[int | None] = mapped_column(ForeignKey("participation.id"), index=True)
    booked_at: Mapped[datetime | None]
    wishes: Mapped[str] = mapped_column(default="")  # what is to be shot, in the influencer's words
    called_off_at: Mapped[datetime | None]
    called_off_reason: Mapped[str] = mapped_column(default="")

    studio: Mapped[Studio] = relationship()
    participation: Mapped[Participation | None] = relationship()
