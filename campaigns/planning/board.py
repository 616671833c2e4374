"""The board of campaigns: where each stands, newest first, so many of a kind that a page stays light."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, joinedload

from campaigns.models import Campaign, Participation

# column: the statuses in it
COLUMNS = {
    "planning": ("draft", "recruiting"),
    "ready": ("ready",),
    "live": ("live",),
    "over": ("ended", "reconciling"),
    "closed": ("closed",),
}
MOST = 8  # of a column
SAID_YES = ("accepted", "active", "completed")


@dataclass(frozen=True)
class Column:
    """Campaigns of some statuses; `more` where there are more than are shown."""

    name: str
    campaigns: list[Campaign]
    more: bool


def columns(session: Session) -> list[Column]:
    """Every column, empty ones too."""
    return [_column(session, name, statuses) for name, statuses in COLUMNS.items()]


def answers(session: Session, campaigns: Sequence[Campaign]) -> dict[int, tuple[int, int]]:
    """campaign id -> (accepted, invited); campaigns nobody was invited to are missing."""
    yes = func.sum(case((Participation.status.in_(SAID_YES), 1), else_=0))
    counted = (
        select(Participation.campaign_id, yes, func.count())
        .where(Participation.campaign_id.in_([campaign.id for campaign in campaigns]))
        .group_by(Participation.campaign_id)
    )
    return {row[0]: (int(row[1]), row[2]) for row in session.execute(counted)}


def _column(session: Session, name: str, statuses: tuple[str, ...]) -> Column:
    newest = select(Campaign).where(Campaign.status.in_(statuses)).order_by(Campaign.id.desc()).limit(MOST + 1)
    found = list(session.scalars(newest.options(joinedload(Campaign.brand))))
    return Column(name, found[:MOST], len(found) > MOST)
