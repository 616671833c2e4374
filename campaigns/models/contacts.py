"""Leads and calls: what a shop tells of a contact somebody brought, and whose it is."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.db import BigId, Model
from campaigns.ids import public_id
from campaigns.models.campaigns import Acceptance, Campaign, Participation, Shop

CONTACT_STATUSES = ("created", "qualified", "closed", "rejected")


class Contact(Model):
    """The newest state of one contact, and the decision on it. The person is a keyed hash; `seconds` is a call's."""

    __tablename__ = "contact"
    __table_args__ = (
        UniqueConstraint("shop_id", "external_id"),
        Index("ix_contact_campaign_id_participation_id", "campaign_id", "participation_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    external_id: Mapped[str] = mapped_column(String(120))
    version: Mapped[datetime]
    digest: Mapped[str] = mapped_column(String(64))
    happened_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(60), default="")  # call, form, chat … as the shop says
    seconds: Mapped[int | None]
    codes: Mapped[list[str]] = mapped_column(JSON)
    click_ids: Mapped[list[str]] = mapped_column(JSON)
    customer_key: Mapped[str] = mapped_column(String(64), default="")
    phone_key: Mapped[str] = mapped_column(String(64), default="")
    test: Mapped[bool] = mapped_column(default=False)
    proof: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # what the shop sent as evidence of the contact
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    participation_id: Mapped[int | None] = mapped_column(ForeignKey("participation.id"))
    acceptance_id: Mapped[int | None] = mapped_column(ForeignKey("acceptance.id"))
    reason: Mapped[str] = mapped_column(String(40))
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)
    decided_at: Mapped[datetime]
    decided_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  # None: by the rules
    first_seen_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    shop: Mapped[Shop] = relationship()
    campaign: Mapped[Campaign | None] = relationship()
    participation: Mapped[Participation | None] = relationship()
    acceptance: Mapped[Acceptance | None] = relationship()
