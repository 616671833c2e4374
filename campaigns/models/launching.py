"""What is checked and agreed before a launch: reviews, material, training, and what the brand decided."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.db import BigId, Model
from campaigns.ids import public_id
from campaigns.models.accounts import User
from campaigns.models.campaigns import Campaign

VETTED = ("business", "product")
VETTING_SOURCES = ("test_order", "public_reviews", "survey", "references", "other")
VERDICTS = ("fit", "unfit", "open")
ASSET_KINDS = ("file", "text", "link")
TRAINING_KINDS = ("lesson", "question", "objection")
DECISION_SUBJECTS = ("plan", "roster", "report")
DECISIONS = ("approved", "change_asked")


class VettingReview(Model):
    """What somebody found out about a campaign's business or product. The newest of each subject is its verdict."""

    __tablename__ = "vetting_review"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    subject: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(20))
    link: Mapped[str] = mapped_column(String(2000), default="")
    good_ratings: Mapped[int | None]
    bad_ratings: Mapped[int | None]
    verdict: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(default="")
    by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]

    campaign: Mapped[Campaign] = relationship()
    by: Mapped[User | None] = relationship()


class CampaignAsset(Model):
    """Something to make content with: a file, a text to lean on, or a link. Withdrawn, nobody takes it any more."""

    __tablename__ = "campaign_asset"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(default="")  # the text itself, or what to know of a file or link
    link: Mapped[str] = mapped_column(String(2000), default="")
    media_type: Mapped[str] = mapped_column(String(100), default="")
    body: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # lists don't read the files
    sha256: Mapped[str] = mapped_column(String(64), default="")
    added_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    added_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    campaign: Mapped[Campaign] = relationship()


class TrainingPage(Model):
    """A lesson, or an answer to a question or objection of buyers: for everybody, or for one campaign's people."""

    __tablename__ = "training_page"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(8))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(default="")  # plain paragraphs, told apart by empty lines
    link: Mapped[str] = mapped_column(String(2000), default="")  # a video, or a page elsewhere
    position: Mapped[int] = mapped_column(default=0)  # the smaller comes first
    changed_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    changed_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]

    campaign: Mapped[Campaign | None] = relationship()


class BrandDecision(Model):
    """The brand approved these contents, or asked for a change of them. Never changed, only followed by the next."""

    __tablename__ = "brand_decision"
    __table_args__ = (UniqueConstraint("campaign_id", "subject", "number"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    subject: Mapped[str] = mapped_column(String(10))
    number: Mapped[int]  # of this campaign and subject, from 1
    decision: Mapped[str] = mapped_column(String(20))
    contents: Mapped[dict[str, Any]] = mapped_column(JSON)  # what was decided on, as it was read
    fingerprint: Mapped[str] = mapped_column(String(64))  # its hash
    note: Mapped[str] = mapped_column(default="")
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]

    campaign: Mapped[Campaign] = relationship()
    user: Mapped[User] = relationship()
