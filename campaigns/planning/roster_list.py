"""Finding people on the roster: by what they are called, what they do, how many follow them, and when they are free.

Free on some days is who is not away on any of them and takes part in no campaign that touches them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from campaigns.models import Campaign, Influencer, Participation
from campaigns.people.profile import away_on
from campaigns.planning.participation import TAKING_PART

# Bands of the largest account's followers: from, and below; campaigns are made of 3,000 to 50,000.
BANDS = {
    "small": (0, 3_000),
    "3-10": (3_000, 10_000),
    "10-25": (10_000, 25_000),
    "25-50": (25_000, 50_001),
    "large": (50_001, None),
}


@dataclass(frozen=True)
class Sought:
    """What is asked for; what is empty asks for nothing."""

    words: str = ""
    niche: str = ""
    language: str = ""  # of their posts; where none are told, their own
    band: str = ""
    free_from: date | None = None
    free_to: date | None = None

    @property
    def anything(self) -> bool:
        """Whether anything is asked for."""
        return self != Sought()

    @property
    def days(self) -> tuple[date, date] | None:
        """The days somebody shall be free on; one of the two stands for itself alone."""
        first, last = self.free_from or self.free_to, self.free_to or self.free_from
        return None if first is None or last is None else (min(first, last), max(first, last))


def found(session: Session, people: Select[Influencer], sought: Sought) -> list[int]:
    """The ids of those of some people who are sought, by name."""
    columns = people.with_only_columns(
        Influencer.id, Influencer.name, Influencer.email, Influencer.language, Influencer.niches,
        Influencer.accounts, Influencer.content_languages, Influencer.away,
    )  # fmt: skip
    rows = [row for row in session.execute(columns.order_by(Influencer.name, Influencer.id)) if _fits(row, sought)]
    busy = _busy(session, *sought.days) if sought.days else set()
    return [row.id for row in rows if row.id not in busy]


def languages_spoken(session: Session) -> list[str]:
    """Every language somebody posts in, by its letters."""
    return sorted({one for spoken in session.scalars(select(Influencer.content_languages)) for one in spoken})


def _fits(row: Any, sought: Sought) -> bool:
    spoken = row.content_languages or [row.language]
    least, below = BANDS.get(sought.band, (0, None))
    followers = max((account.get("followers", 0) for account in row.accounts), default=0)
    return (
        _named(row, sought.words.casefold().split())
        and (not sought.niche or sought.niche in row.niches)
        and (not sought.language or sought.language in spoken)
        and (least <= followers and (below is None or followers < below))
        and not (sought.days and away_on(row.away, *sought.days))
    )


def _named(row: Any, words: Sequence[str]) -> bool:
    """Whether every word stands in the name, the address or a handle."""
    accounts: Sequence[Mapping[str, Any]] = row.accounts
    told = " ".join((row.name, row.email, *(str(account.get("handle", "")) for account in accounts))).casefold()
    return all(word in told for word in words)


def _busy(session: Session, first: date, last: date) -> set[int]:
    begin = datetime.combine(first, time(), UTC)
    end = datetime.combine(last + timedelta(days=1), time(), UTC)
    taking_part = (
        select(Participation.influencer_id)
        .join(Campaign, Campaign.id == Participation.campaign_id)
        .where(
            Participation.status.in_(TAKING_PART),
            Campaign.status.in_(("draft", "recruiting", "ready", "live")),
            Campaign.starts_at < end,
            Campaign.ends_at > begin,
        )
    )
    return set(session.scalars(taking_part))
