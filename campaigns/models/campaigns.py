"""What is agreed: shops, campaigns, terms and who accepted them, codes and links."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.db import BigId, Model
from campaigns.ids import public_id
from campaigns.models.accounts import Brand, Influencer

CAMPAIGN_STATUSES = ("draft", "recruiting", "ready", "live", "ended", "reconciling", "closed", "archived", "cancelled")
PARTICIPATION_STATUSES = (
    "invited", "viewed", "accepted", "declined", "expired", "active", "completed", "withdrawn", "removed",
)  # fmt: skip


class Shop(Model):
    """A brand's e-shop: where its webhooks come from, and the currency and zone it lives in."""

    __tablename__ = "shop"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id"), index=True)
    platform: Mapped[str] = mapped_column(String(30))
    name: Mapped[str] = mapped_column(String(200))
    domain: Mapped[str] = mapped_column(String(253))
    currency: Mapped[str] = mapped_column(String(3))
    timezone: Mapped[str] = mapped_column(String(64))
    webhook_secret: Mapped[str] = mapped_column(String(4000))  # a keyed hash's key, or a platform's public key in PEM
    previous_secret: Mapped[str | None] = mapped_column(String(4000))  # honoured until previous_secret_until
    previous_secret_until: Mapped[datetime | None]
    refused_deliveries: Mapped[int] = mapped_column(default=0)  # forged or stale; no row of their own
    pinged_at: Mapped[datetime | None]  # when the platform last tried the address, which it doesn't sign
    hosts: Mapped[list[str]] = mapped_column(JSON, default=list)  # where links may lead, beside `domain`
    # The shop's own API, where orders are read back and pulled from; without credentials neither is done.
    api_url: Mapped[str] = mapped_column(String(253), default="")
    api_credentials: Mapped[bytes | None] = mapped_column(LargeBinary)  # sealed; see campaigns/sealed.py
    # Some terms here ask whether a buyer is new: an order then changes what later orders of its buyer earn.
    asks_for_new_buyers: Mapped[bool] = mapped_column(default=False)
    has_registrations: Mapped[bool] = mapped_column(default=False)  # some customers here are registered to somebody
    pulled_to: Mapped[datetime | None]  # changes of orders up to here have been pulled
    created_at: Mapped[datetime]

    brand: Mapped[Brand] = relationship()

    def secrets_at(self, now: datetime) -> list[str]:
        """The secrets a delivery may be signed with at `now`."""
        rotating = self.previous_secret and self.previous_secret_until and now < self.previous_secret_until
        return (
            [self.webhook_secret, self.previous_secret] if rotating and self.previous_secret else [self.webhook_secret]
        )


class Campaign(Model):
    """Two to four weeks of one brand's shop with 10-15 influencers. Times are UTC, shown in `timezone`."""

    __tablename__ = "campaign"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    brand_id: Mapped[int] = mapped_column(ForeignKey("brand.id"), index=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    timezone: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8), default="he")
    landing_url: Mapped[str] = mapped_column(String(2000))
    brief: Mapped[str] = mapped_column(default="")
    category: Mapped[str] = mapped_column(String(60), default="")  # the product's field, a niche of influencers
    product: Mapped[str] = mapped_column(default="")
    goals: Mapped[str] = mapped_column(default="")
    brand_values: Mapped[str] = mapped_column(default="")
    audience: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # who shall buy, as `Influencer.audience`
    styles: Mapped[list[str]] = mapped_column(JSON, default=list)  # wanted, as `Influencer.styles`
    hashtags: Mapped[list[str]] = mapped_column(JSON, default=list)  # without their #
    disclosure: Mapped[str] = mapped_column(default="")  # marks advertising; "": the usual word of the language
    invitation_days: Mapped[int] = mapped_column(default=7)  # an invitation stands this long
    invite_reserves: Mapped[bool] = mapped_column(default=False)  # the next in line is invited by itself
    coupon_percent_off: Mapped[int] = mapped_column(default=0)
    grace_days: Mapped[int] = mapped_column(default=0)  # codes and links go on earning this long after ends_at
    apply_coupon_by_link: Mapped[bool] = mapped_column(default=False)  # Shopify's /discount/<code>?redirect=…
    currency: Mapped[str] = mapped_column(String(3))
    status: Mapped[str] = mapped_column(String(20), default="draft", index=True)
    launch_reason: Mapped[str] = mapped_column(default="")  # why it launched outside 10-15 accepted
    close_reason: Mapped[str] = mapped_column(default="")  # why it closed over open findings
    launched_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    # The last ledger transaction the final report counts; later ones belong to a later statement.
    closed_ledger_id: Mapped[int | None] = mapped_column(BigId)
    created_at: Mapped[datetime]

    brand: Mapped[Brand] = relationship()
    shop: Mapped[Shop] = relationship()
    terms_versions: Mapped[list["TermsVersion"]] = relationship(order_by="TermsVersion.version")

    @property
    def terms(self) -> "TermsVersion":
        """The newest terms offered."""
        return self.terms_versions[-1]


class TermsVersion(Model):
    """Terms as offered, by version; never changed, only followed by the next."""

    __tablename__ = "terms_version"
    __table_args__ = (UniqueConstraint("campaign_id", "version"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    version: Mapped[int]
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]


class Participation(Model):
    """One influencer in one campaign. `overrides` are the terms that differ for this person."""

    __tablename__ = "participation"
    __table_args__ = (
        UniqueConstraint("campaign_id", "influencer_id"),
        Index("ix_participation_status_expires_at", "status", "expires_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    influencer_id: Mapped[int] = mapped_column(ForeignKey("influencer.id"), index=True)
    status: Mapped[str] = mapped_column(String(20), default="invited")
    overrides: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    invited_at: Mapped[datetime]
    viewed_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    decline_reason: Mapped[str] = mapped_column(default="")
    ended_at: Mapped[datetime | None]  # withdrawn or removed: from this moment nothing new is earned
    end_reason: Mapped[str] = mapped_column(default="")
    expires_at: Mapped[datetime | None]  # without an answer by then the invitation is over; None: it stands
    reminded_at: Mapped[datetime | None]
    route_override: Mapped[str] = mapped_column(String(20), default="")  # the route staff chose, with the reason
    route_override_reason: Mapped[str] = mapped_column(default="")

    campaign: Mapped[Campaign] = relationship()
    influencer: Mapped[Influencer] = relationship()
    acceptances: Mapped[list["Acceptance"]] = relationship(order_by="Acceptance.id")
    codes: Mapped[list["CouponCode"]] = relationship(order_by="CouponCode.id")
    links: Mapped[list["AffiliateLink"]] = relationship(order_by="AffiliateLink.id")

    @property
    def code(self) -> "CouponCode | None":
        """The code in use: the newest."""
        return self.codes[-1] if self.codes else None

    @property
    def link(self) -> "AffiliateLink | None":
        """The link in use: the newest that leads to the campaign's page. Links of their own are beside it."""
        return next((link for link in reversed(self.links) if not link.page), None)

    def link_address(self, public_url: str) -> str:
        """The address an influencer shares, on the brand's own link domain where it has one; "" without a link."""
        if self.link is None:
            return ""
        domain = self.campaign.brand.link_domain
        return f"https://{domain}/r/{self.link.slug}" if domain else f"{public_url}/r/{self.link.slug}"


class Acceptance(Model):
    """Proof of consent: the very terms, their hash, the language they were read in, and when. Never changed."""

    __tablename__ = "acceptance"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"), index=True)
    terms_version: Mapped[int]
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)  # with this person's overrides applied
    sha256: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(8))
    accepted_at: Mapped[datetime]
    recorded_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class CouponCode(Model):
    """A spoken code of one participant, unique per shop without regard to case, valid from-to, ended at a moment."""

    __tablename__ = "coupon_code"
    __table_args__ = (UniqueConstraint("shop_id", "folded"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"), index=True)
    code: Mapped[str] = mapped_column(String(40))
    folded: Mapped[str] = mapped_column(String(40))
    valid_from: Mapped[datetime]
    valid_to: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    participation: Mapped[Participation] = relationship(back_populates="codes")


class AffiliateLink(Model):
    """A participant's link. Withdrawn, it answers 404 from that moment.

    One with a `page` was made by the participant for that page of the shop, and bears their label.
    """

    __tablename__ = "affiliate_link"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    participation_id: Mapped[int] = mapped_column(ForeignKey("participation.id"), index=True)
    withdrawn_at: Mapped[datetime | None]
    page: Mapped[str] = mapped_column(String(1000), default="")
    label: Mapped[str] = mapped_column(String(60), default="")
    made_at: Mapped[datetime | None]
    clicks: Mapped[int] = mapped_column(default=0)  # of one with a page, as far as counted: LinkCount

    participation: Mapped[Participation] = relationship(back_populates="links")
