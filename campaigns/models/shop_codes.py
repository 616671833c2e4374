"""Codes as they stand in the shop, and how far the clicks of influencers' own links have been counted."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.db import BigId, Model
from campaigns.models.campaigns import CouponCode

SHOP_CODE_STATES = ("waiting", "created", "failed", "to_end", "ended")


class ShopCode(Model):
    """What is known of a coupon code in the shop itself: whether it is there, how often it was used, what is wrong.

    Who asks the shop holds the row until `claimed_until`; a dead worker's claim runs out. Without `retry_at` the shop
    isn't asked again before somebody wants it.
    """

    __tablename__ = "shop_code"
    __table_args__ = (Index("ix_shop_code_retry_at", "retry_at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    coupon_code_id: Mapped[int] = mapped_column(ForeignKey("coupon_code.id"), unique=True)
    state: Mapped[str] = mapped_column(String(20), default="waiting")
    external_id: Mapped[str] = mapped_column(String(120), default="")  # the shop's own id of it
    by_hand: Mapped[bool] = mapped_column(default=False)  # somebody said so; the shop was not asked
    usage_count: Mapped[int | None]
    missing_orders: Mapped[int] = mapped_column(default=0)  # uses in the shop that no order we know explains
    checked_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None]
    claimed_until: Mapped[datetime | None]
    problem: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # tracking/alarms.py reason_of; {}: none

    coupon: Mapped[CouponCode] = relationship()


class LinkCount(Model):
    """Clicks of influencers' own links are counted up to here. One row, made with the first such link."""

    __tablename__ = "link_count"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    counted_to: Mapped[datetime]
