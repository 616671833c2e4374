"""Who is busy when: campaigns and people over the days of a month, or the weeks of a quarter.

A calendar is columns, of a day or of seven, and bars laid over them. Bars that share a column lie in different lanes;
a lane is cells from the first column to the last, so a page can draw it as a row of a table in either direction.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from campaigns.models import Campaign, Influencer, Participation
from campaigns.planning.matching.facts import Span
from campaigns.planning.matching.reading import away_of, days_of

SHOWN = ("invited", "viewed", "accepted", "active", "completed")
UTC = ZoneInfo("UTC")
WEEKS = 13  # of a quarter


@dataclass(frozen=True)
class Period:
    """The days shown, and the first day of each column; `next_first` begins the period after it."""

    columns: tuple[date, ...]
    next_first: date

    @property
    def span(self) -> Span:
        """First and last day."""
        return Span(self.columns[0], self.next_first - timedelta(days=1))

    def column(self, day: date) -> int:
        """The column a day of the period lies in."""
        return max(number for number, first in enumerate(self.columns) if first <= day)


@dataclass(frozen=True)
class Bar:
    """Days of one thing: a campaign's, or somebody's away (then `campaign` is None). `status` gives its tone."""

    span: Span
    status: str
    campaign: Campaign | None = None


@dataclass(frozen=True)
class Cell:
    """Some columns of a lane: empty, or a bar, that may have begun before the period or go on after it."""

    width: int
    bar: Bar | None = None
    from_before: bool = False
    goes_on: bool = False


@dataclass(frozen=True)
class Row:
    """Somebody's lanes, and their bars in the order of their days."""

    influencer: Influencer
    bars: tuple[Bar, ...]
    lanes: tuple[tuple[Cell, ...], ...]


def month_of(day: date) -> Period:
    """The month of a day, a column a day.

    >>> len(month_of(date(2026, 2, 14)).columns), month_of(date(2026, 12, 1)).next_first.isoformat()
    (28, '2027-01-01')
    """
    first, after = day.replace(day=1), _months_on(day.replace(day=1), 1)
    return Period(tuple(first + timedelta(days=number) for number in range((after - first).days)), after)


def quarter_of(day: date) -> Period:
    """The quarter of a day, seven days a column from its first on; the last column has six to eight.

    >>> len(quarter_of(date(2026, 5, 14)).columns), quarter_of(date(2026, 5, 14)).span.last.isoformat()
    (13, '2026-06-30')
    """
    first = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    after = _months_on(first, 3)
    return Period(tuple(first + timedelta(days=7 * number) for number in range(WEEKS)), after)


def lanes(period: Period, bars: Iterable[Bar]) -> tuple[tuple[Cell, ...], ...]:
    """As few lanes as the bars need, each from the first column to the last; bars of other days are left out."""
    free: list[int] = []  # the first free column of each lane
    laid: list[list[tuple[int, int, Bar]]] = []
    for bar in sorted(bars, key=_by_days):
        if not bar.span.shared(period.span):
            continue
        start = period.column(max(bar.span.first, period.span.first))
        end = period.column(min(bar.span.last, period.span.last)) + 1
        lane = next((number for number, column in enumerate(free) if column <= start), len(free))
        if lane == len(free):
            free.append(0)
            laid.append([])
        laid[lane].append((start, end, bar))
        free[lane] = end
    return tuple(_cells(period, lane) for lane in laid)


def campaigns_in(session: Session, period: Period) -> list[Campaign]:
    """Campaigns that touch a period, but for those called off; the first to begin first."""
    return [one for one in _campaigns(session, period) if days_of(one).shared(period.span)]


def people_in(session: Session, period: Period) -> list[Row]:
    """Who takes part in something, is asked to, or is away in a period; in the order of their names."""
    shown = {one.id: one for one in campaigns_in(session, period)}
    bars: dict[int, list[Bar]] = defaultdict(list)
    theirs = select(Participation).where(
        Participation.campaign_id.in_(shown), Participation.status.in_(SHOWN)
    )  # fmt: skip
    for one in session.scalars(theirs):
        campaign = shown[one.campaign_id]
        bars[one.influencer_id].append(Bar(days_of(campaign), one.status, campaign))
    rows = []
    for person in session.scalars(select(Influencer).order_by(Influencer.name, Influencer.id)):
        away = [Bar(span, "away") for span in away_of(person) if span.shared(period.span)]
        found = sorted([*bars[person.id], *away], key=_by_days)
        if found:
            rows.append(Row(person, tuple(found), lanes(period, found)))
    return rows


def _campaigns(session: Session, period: Period) -> list[Campaign]:
    # A day of margin on each side: a campaign's days are those of its own zone.
    begin = datetime.combine(period.span.first, time(), UTC) - timedelta(days=1)
    end = datetime.combine(period.next_first, time(), UTC) + timedelta(days=1)
    touching = select(Campaign).where(
        Campaign.starts_at < end, Campaign.ends_at >= begin, Campaign.status != "cancelled"
    )  # fmt: skip
    return list(session.scalars(touching.options(joinedload(Campaign.brand)).order_by(Campaign.starts_at, Campaign.id)))


def _cells(period: Period, lane: list[tuple[int, int, Bar]]) -> tuple[Cell, ...]:
    cells, column = [], 0
    for start, end, bar in lane:
        if start > column:
            cells.append(Cell(start - column))
        before, after = bar.span.first < period.span.first, bar.span.last > period.span.last
        cells.append(Cell(end - start, bar, before, after))
        column = end
    if column < len(period.columns):
        cells.append(Cell(len(period.columns) - column))
    return tuple(cells)


def _by_days(bar: Bar) -> tuple[date, date, str]:
    return bar.span.first, bar.span.last, bar.campaign.public_id if bar.campaign else ""


def _months_on(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)
