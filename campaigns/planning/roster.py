"""Whom to invite: everyone not yet in the campaign, with what they have done here before.

Small influencers get as many chances as there are: those invited least come first, newcomers among them. Fields and
audience sizes are shown, not used to rank anyone out.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.models import Campaign, Influencer, Participation

USUAL_FOLLOWERS = range(3_000, 50_001)
TOOK_PART = ("accepted", "active", "completed")


@dataclass(frozen=True)
class History:
    """What an influencer has done so far; `last` is when their latest campaign started."""

    invited: int = 0
    took_part: int = 0
    last: datetime | None = None
    last_name: str = ""


def histories(session: Session) -> dict[int, History]:
    """influencer id -> history; who was never invited is missing."""
    invited: dict[int, int] = {}
    took_part: dict[int, int] = {}
    counts = select(Participation.influencer_id, Participation.status, func.count()).group_by(
        Participation.influencer_id, Participation.status
    )
    for person, status, count in session.execute(counts):
        invited[person] = invited.get(person, 0) + count
        took_part[person] = took_part.get(person, 0) + (count if status in TOOK_PART else 0)
    latest: dict[int, tuple[datetime | None, str]] = dict.fromkeys(invited, (None, ""))
    starts = (
        select(Participation.influencer_id, Campaign.starts_at, Campaign.name)
        .join(Campaign, Campaign.id == Participation.campaign_id)
        .where(Participation.status.in_(TOOK_PART))
        .order_by(Campaign.starts_at, Campaign.id)
    )
    latest.update({person: (starts_at, name) for person, starts_at, name in session.execute(starts)})
    return {person: History(invited[person], took_part[person], *latest[person]) for person in invited}


def candidates(session: Session, campaign: Campaign, niche: str = "") -> list[tuple[Influencer, History]]:
    """Who can still be invited, the least invited first; `niche` narrows to one field."""
    taken = select(Participation.influencer_id).where(Participation.campaign_id == campaign.id)
    people = session.scalars(select(Influencer).where(Influencer.id.not_in(taken)).order_by(Influencer.name))
    past = histories(session)
    found = [(person, past.get(person.id, History())) for person in people if not niche or niche in person.niches]
    return sorted(found, key=lambda row: row[1].invited)


def niches(session: Session) -> list[str]:
    """Every field an influencer works in, in alphabetical order."""
    return sorted({niche for niches in session.scalars(select(Influencer.niches)) for niche in niches})


def unusual_followers(influencer: Influencer) -> bool:
    """Whether the audience is outside what campaigns are made of."""
    return influencer.followers not in USUAL_FOLLOWERS
