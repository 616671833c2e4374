"""Who was proposed for a campaign: in which place, for which reasons, and what became of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaigns.db import BigId, Model
from campaigns.ids import public_id
from campaigns.models.accounts import Influencer
from campaigns.models.campaigns import Campaign

CANDIDATE_STATUSES = ("proposed", "invited", "dropped")


class Candidate(Model):
    """One person of a proposal, with the score and reasons as they were then. Reserves have places of their own."""

    __tablename__ = "candidate"
    __table_args__ = (
        Index(
            "uq_candidate_standing",
            "campaign_id",
            "influencer_id",
            unique=True,
            sqlite_where=text("status <> 'dropped'"),
            postgresql_where=text("status <> 'dropped'"),
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(22), unique=True, default=public_id)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    influencer_id: Mapped[int] = mapped_column(ForeignKey("influencer.id"), index=True)
    place: Mapped[int]
    reserve: Mapped[bool] = mapped_column(default=False)
    weight_percent: Mapped[int]  # how much fairness weighed, 0 to 100
    fit_bps: Mapped[int]
    fairness_bps: Mapped[int]
    total_ppm: Mapped[int]
    reasons: Mapped[dict[str, Any]] = mapped_column(JSON)  # fit, fairness, expected; see planning/matching/frozen.py
    status: Mapped[str] = mapped_column(String(20), default="proposed")
    proposed_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    proposed_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]

    campaign: Mapped[Campaign] = relationship()
    influencer: Mapped[Influencer] = relationship()
