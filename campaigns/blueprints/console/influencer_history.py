"""How an influencer has grown, and what they sold by field: for their page."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from campaigns.documents.charts import DayChart, counted_chart
from campaigns.i18n import N_, ltr
from campaigns.models import FollowerCount, Influencer
from campaigns.people.followers import history
from campaigns.planning.track_record import Record, records

SHOWN = 24  # counts of one account
SOURCES = {"typed": N_("entered here"), "imported": N_("from a file"), "own": N_("said by themselves")}


@dataclass(frozen=True)
class Growth:
    """Counts of one account, the newest first, and their picture where there are several."""

    network: str
    handle: str
    counts: list[FollowerCount]
    chart: DayChart | None


def growth(session: Session, influencer: Influencer) -> list[Growth]:
    """Every account that was ever counted, with its latest counts."""
    return [
        Growth(network, handle, counts[: -SHOWN - 1 : -1], _drawn(handle, counts[-SHOWN:]))
        for (network, handle), counts in history(session, influencer).items()
    ]


def sold_by_field(session: Session, influencer: Influencer) -> Iterable[tuple[str, Record]]:
    """(field, what they sold in it), in alphabetical order."""
    return records(session, [influencer.id]).get(influencer.id, {}).items()


def _drawn(handle: str, counts: list[FollowerCount]) -> DayChart | None:
    days, followers = [one.counted_on for one in counts], [one.followers for one in counts]
    return counted_chart(ltr(handle), days, followers) if len(counts) > 1 and any(followers) else None
