"""What happened: clicks, deliveries, orders, refunds, and the decision on each order."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, LargeBinary, String, UniqueConstraint, and_, text
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.db import BigId, Model
from campaigns.ids import public_id
from campaigns.models.campaigns import Acceptance, Campaign, Participation, Shop

DELIVERY_ORIGINS = ("webhook", "read_back", "pull", "reconciliation")
# waiting: it named an order only, which is read back from the shop's API
DELIVERY_STATUSES = ("processed", "ignored", "waiting", "failed")
SALE_STATUSES = ("paid", "refunded")
SUMMED = ["placed_at", "status", "currency", "test", "deleted", "net_minor", "refunded_minor"]


class Click(Model):
    """One visit through a link, on disk before the visitor is sent on. Not counted, it says why.

    The id is made by the application and grows with time (ids.time_ordered), so ten million rows later a new one
    still goes to the end of the table; what the shop gets to see is the id signed (tracking/click_ids.py). No
    foreign keys: links are never deleted, and `books check` looks for a click without one.
    """

    __tablename__ = "click"
    __table_args__ = (
        Index("uq_click_former_id", "former_id", unique=True,
              sqlite_where=text("former_id IS NOT NULL"), postgresql_where=text("former_id IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    link_id: Mapped[int] = mapped_column(BigId)
    campaign_id: Mapped[int] = mapped_column(BigId)
    participation_id: Mapped[int] = mapped_column(BigId)
    clicked_at: Mapped[datetime]
    uncounted: Mapped[str] = mapped_column(String(30), default="")  # "" is counted; else head, robot, prefetch …
    visitor: Mapped[str] = mapped_column(String(32), default="")  # keyed hash of the address, another key each day
    agent: Mapped[str] = mapped_column(String(30), default="")  # the browser's family only
    referrer: Mapped[str] = mapped_column(String(253), default="")  # the host only
    former_id: Mapped[str | None] = mapped_column(String(22))  # what the shop was told of clicks before schema 0003


class ClickDay(Model):
    """Clicks of one participant on one day of the campaign's zone: derived from the rows, in the commit that adds them.

    `lane` tells apart the processes that count, so that they don't wait for one another; readers add the lanes up.
    """

    __tablename__ = "click_day"

    campaign_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    participation_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    on: Mapped[date] = mapped_column(primary_key=True)
    uncounted: Mapped[str] = mapped_column(String(30), primary_key=True)
    lane: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    clicks: Mapped[int] = mapped_column(BigId)


class RetentionMark(Model):
    """How far the old rows of one kind have been let go: everything before this moment."""

    __tablename__ = "retention_mark"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    before: Mapped[datetime]


class ShopAlarm(Model):
    """A shop's feed gave reason to look: it fell silent, its webhook seems disabled, its API can't be reached."""

    __tablename__ = "shop_alarm"
    __table_args__ = (
        Index("uq_shop_alarm_open", "shop_id", "kind", unique=True,
              sqlite_where=text("cleared_at IS NULL"), postgresql_where=text("cleared_at IS NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    kind: Mapped[str] = mapped_column(String(30))
    raised_at: Mapped[datetime]
    told_at: Mapped[datetime | None]  # when the agency's staff were written to
    cleared_at: Mapped[datetime | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    shop: Mapped[Shop] = relationship()


class Delivery(Model):
    """One signed message of a shop, as it came. Stored with its effect or, where that failed, with the reason."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("shop_id", "topic", "delivery_id", "body_sha256"),
        Index("ix_delivery_status_retry_at", "status", "retry_at"),
        Index("ix_delivery_shop_id_received_at", "shop_id", "received_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    topic: Mapped[str] = mapped_column(String(255))
    delivery_id: Mapped[str] = mapped_column(String(255))
    body_sha256: Mapped[str] = mapped_column(String(64))
    body: Mapped[bytes] = mapped_column(LargeBinary)  # zlib; empty once retention has let go of it
    api_version: Mapped[str] = mapped_column(String(255), default="")
    occurred_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    origin: Mapped[str] = mapped_column(String(20), default="webhook")  # or read_back, pull: we asked the shop
    status: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(default="")
    order_external_id: Mapped[str | None] = mapped_column(String(120), index=True)
    attempts: Mapped[int] = mapped_column(default=1)
    retry_at: Mapped[datetime | None]

    shop: Mapped[Shop] = relationship()


class Order(Model):
    """The newest state of a shop's order. Amounts are minor units of its own currency; the buyer is a keyed hash."""

    __tablename__ = "order"
    __table_args__ = (
        UniqueConstraint("shop_id", "external_id"),
        Index("ix_order_shop_id_placed_at", "shop_id", "placed_at"),
        Index("ix_order_shop_id_customer_key", "shop_id", "customer_key"),
        # What sums of sales read: without it PostgreSQL reads every order, lines and all, to add up one campaign's.
        Index("ix_order_sale", "id", postgresql_include=SUMMED).ddl_if(dialect="postgresql"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    external_id: Mapped[str] = mapped_column(String(120))
    number: Mapped[str] = mapped_column(String(255), index=True)
    version: Mapped[datetime]
    digest: Mapped[str] = mapped_column(String(64))  # of the snapshot: breaks ties between equal versions
    placed_at: Mapped[datetime]
    status: Mapped[str] = mapped_column(String(20))
    raw_status: Mapped[str] = mapped_column(String(255))
    currency: Mapped[str] = mapped_column(String(3))
    prices_include_tax: Mapped[bool]
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    shipping_minor: Mapped[int] = mapped_column(BigId)
    tax_minor: Mapped[int] = mapped_column(BigId)
    fees_minor: Mapped[int] = mapped_column(BigId)
    total_minor: Mapped[int] = mapped_column(BigId)
    codes: Mapped[list[str]] = mapped_column(JSON)
    typed_codes: Mapped[list[str]] = mapped_column(JSON)
    click_ids: Mapped[list[str]] = mapped_column(JSON)
    landing_url: Mapped[str] = mapped_column(String(2000), default="")
    affiliates: Mapped[list[str]] = mapped_column(JSON, default=list)  # of the platform's own affiliate fields
    customer_key: Mapped[str] = mapped_column(String(64), default="")
    phone_key: Mapped[str] = mapped_column(String(64), default="")
    source: Mapped[str] = mapped_column(String(255), default="")
    test: Mapped[bool] = mapped_column(default=False)
    deleted: Mapped[bool] = mapped_column(default=False)  # deleted in the shop after this version
    refund_ids: Mapped[list[str] | None] = mapped_column(JSON)  # where the platform lists every refund; else None
    # Derived from this row and its refunds each time either changes; `books check` recomputes them.
    net_minor: Mapped[int] = mapped_column(BigId, default=0)
    net_tax_minor: Mapped[int] = mapped_column(BigId, default=0)
    gift_card_minor: Mapped[int] = mapped_column(BigId, default=0)
    refunded_minor: Mapped[int] = mapped_column(BigId, default=0)
    refunded_tax_minor: Mapped[int] = mapped_column(BigId, default=0)
    first_seen_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    shop: Mapped[Shop] = relationship()

    @hybrid_property
    def is_sale(self) -> bool:
        """Whether this is an actual sale: paid for, no test, not cancelled or deleted; refunds lower it, to nothing."""
        return self.status in SALE_STATUSES and not self.deleted and not self.test

    @is_sale.inplace.expression
    @classmethod
    def _is_sale(cls) -> ColumnElement[bool]:
        return and_(cls.status.in_(SALE_STATUSES), cls.deleted.is_(False), cls.test.is_(False))

    @property
    def state(self) -> str:
        """pending, paid, refunded or cancelled; an order deleted in the shop is cancelled."""
        return "cancelled" if self.deleted else self.status

    decisions: Mapped[list["AttributionDecision"]] = relationship(order_by="AttributionDecision.id")


class OrderRefund(Model):
    """One refund by the shop's own id; it may come before its order does."""

    __tablename__ = "order_refund"
    __table_args__ = (UniqueConstraint("shop_id", "order_external_id", "refund_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    order_external_id: Mapped[str] = mapped_column(String(120))
    refund_id: Mapped[str] = mapped_column(String(120))
    body: Mapped[dict[str, Any]] = mapped_column(JSON)  # tracking.events.Refund as primitives
    version: Mapped[datetime]  # of the delivery that told it; the newest wins, ties by content
    digest: Mapped[str] = mapped_column(String(64))
    first_seen_at: Mapped[datetime]


class OrderDeletion(Model):
    """The shop deleted (or trashed) an order at this moment; a snapshot newer than that brings it back."""

    __tablename__ = "order_deletion"
    __table_args__ = (UniqueConstraint("shop_id", "order_external_id"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    order_external_id: Mapped[str] = mapped_column(String(120))
    deleted_at: Mapped[datetime]


class AttributionDecision(Model):
    """Whose sale an order is, why, and on what evidence. A new decision supersedes; none is overwritten."""

    __tablename__ = "attribution_decision"
    __table_args__ = (
        Index("uq_attribution_decision_current", "order_id", unique=True,
              sqlite_where=text("superseded_at IS NULL"), postgresql_where=text("superseded_at IS NULL")),
        Index("ix_attribution_decision_campaign_id_participation_id", "campaign_id", "participation_id"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order.id"), index=True)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"))
    participation_id: Mapped[int | None] = mapped_column(ForeignKey("participation.id"), index=True)
    acceptance_id: Mapped[int | None] = mapped_column(ForeignKey("acceptance.id"))
    reason: Mapped[str] = mapped_column(String(40))
    evidence: Mapped[dict[str, Any]] = mapped_column(JSON)
    decided_at: Mapped[datetime]
    decided_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  # None: by the rules
    superseded_at: Mapped[datetime | None]

    order: Mapped[Order] = relationship(back_populates="decisions")
    campaign: Mapped[Campaign | None] = relationship()
    participation: Mapped[Participation | None] = relationship()
    acceptance: Mapped[Acceptance | None] = relationship()
