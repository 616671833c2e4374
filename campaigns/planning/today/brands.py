"""What brands ask of us: a change of a plan, a roster or a report they were shown."""

from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, aliased

from campaigns.models import BrandDecision, Campaign
from campaigns.planning.today.waiting import Waiting, first_of

UNDER_WAY = ("draft", "recruiting", "ready", "live", "ended", "reconciling")


def changes_asked(session: Session, now: datetime) -> Waiting | None:
    """The brand's newest word on a subject of a campaign under way is that it wants a change."""
    later = aliased(BrandDecision)
    same = (later.campaign_id == BrandDecision.campaign_id) & (later.subject == BrandDecision.subject)
    wanted = (
        select(BrandDecision.at, Campaign.name, Campaign.public_id)
        .join(Campaign, Campaign.id == BrandDecision.campaign_id)
        .where(
            Campaign.status.in_(UNDER_WAY),
            BrandDecision.decision == "change_asked",
            ~exists().where(same, later.number > BrandDecision.number),
        )
        .order_by(BrandDecision.id)
    )
    return first_of(session, "brand_changes_asked", wanted)
