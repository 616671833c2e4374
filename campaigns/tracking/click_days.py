"""The daily counts of clicks: added in the commit that adds the rows, compared with them, corrected by them.

Pages read these and never the rows, so a campaign with ten million clicks opens as fast as one with ten. A day is one
of the campaign's own time zone. Where retention has let old rows go, their counts stay and are no longer compared.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, case, func, select

from campaigns.models import Campaign, Click, ClickDay, RetentionMark

Place = tuple[int, int, date, str]  # campaign, participation, day, why it isn't counted

CORRECTIONS = -1  # the lane of what the rows say beyond the counting lanes; no process counts there
AT_ONCE = 100_000
_NOWHERE = ZoneInfo("UTC")  # the zone of a campaign that isn't there

# One statement with one parameter, however many places: each statement more would let go of the interpreter.
_COLUMNS = 'campaign_id, participation_id, "on", uncounted, lane, clicks'
_INSERT = {
    "sqlite": f"INSERT INTO click_day ({_COLUMNS}) SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, "
    "value ->> 4, value ->> 5 FROM json_each(?) WHERE true",
    "postgresql": f"INSERT INTO click_day ({_COLUMNS}) SELECT (value ->> 0)::bigint, (value ->> 1)::bigint, "
    "(value ->> 2)::date, value ->> 3, (value ->> 4)::int, (value ->> 5)::bigint "
    "FROM json_array_elements(%s::json)",
}
_KNOWN = 'ON CONFLICT (campaign_id, participation_id, "on", uncounted, lane) DO UPDATE SET clicks ='
ADD = {name: f"{insert} {_KNOWN} click_day.clicks + excluded.clicks" for name, insert in _INSERT.items()}
_SET = {name: f"{insert} {_KNOWN} excluded.clicks" for name, insert in _INSERT.items()}


class Difference(NamedTuple):
    """A place whose count isn't that of its rows. `correction` is what the lane of corrections must say instead."""

    place: Place
    counted: int
    found: int
    correction: int


def added(places: Iterable[Place], lane: int) -> str:
    """What `ADD` is given to count clicks. `lane` is the counting process's own, so that two don't wait for each other.

    In one order, so that two of the same lane wait for each other and don't block each other.
    """
    return _told(sorted(Counter(places).items()), lane)


def differences(connection: Connection, campaign_id: int | None = None) -> list[Difference]:
    """Wherever counts and rows differ, of one campaign or of all; days whose rows are gone are not looked at.

    While clicks come, only a transaction that sees one moment (db.one_moment) compares the two fairly.
    """
    whole = _whole_days(connection)
    kept, corrected = _counted(connection, campaign_id)
    found = recount(connection, campaign_id)
    return [
        Difference(place, kept[place], found[place], corrected[place] + found[place] - kept[place])
        for place in sorted({*kept, *found})
        if kept[place] != found[place] and whole(place)
    ]


def rebuild(connection: Connection, wrong: Sequence[Difference]) -> None:
    """Make the counts of these places what the rows say.

    Nobody has to wait: the counting lanes are left alone and the lane of corrections says the rest, so clicks that
    came since the comparison are counted as well, and done twice it changes nothing.
    """
    if wrong:
        pairs = [(difference.place, difference.correction) for difference in wrong]
        connection.exec_driver_sql(_SET[connection.dialect.name], (_told(pairs, CORRECTIONS),))


def kept_since(connection: Connection) -> datetime | None:
    """The moment from which on the rows of clicks are still there; None where none has been let go."""
    return connection.scalar(select(RetentionMark.before).where(RetentionMark.name == "click"))


def recount(connection: Connection, campaign_id: int | None = None) -> Counter[Place]:
    """The counts by the rows that are there, of one campaign or of all."""
    zones = _zones(connection)
    counts: Counter[Place] = Counter()
    days: dict[tuple[ZoneInfo, str], date] = {}
    for campaign, participation, uncounted, minute, clicks in _by_minute(connection, campaign_id):
        zone = zones.get(campaign, _NOWHERE)
        on = days.get((zone, minute)) or days.setdefault((zone, minute), _day(minute, zone))
        counts[campaign, participation, on, uncounted] += clicks
    return counts


def _by_minute(connection: Connection, campaign_id: int | None) -> Iterator[tuple[int, int, str, str, int]]:
    """Clicks per participation, reason and minute of UTC; a zone's day begins on a minute.

    Added up by the database, some rows at a time along the primary key: ten million need no more memory than ten.
    """
    groups = (Click.campaign_id, Click.participation_id, Click.uncounted, _minute(connection))
    after = -1
    while True:
        some = select(Click.id).where(Click.id > after).order_by(Click.id).limit(AT_ONCE)
        last = connection.scalar(select(func.max(some.subquery().c.id)))
        if last is None:
            return
        wanted = select(*groups, func.count()).where(Click.id > after, Click.id <= last).group_by(*groups)
        if campaign_id is not None:
            wanted = wanted.where(Click.campaign_id == campaign_id)
        for row in connection.execute(wanted):
            yield row[0], row[1], row[2], row[3], row[4]
        after = last


def _minute(connection: Connection) -> ColumnElement[str]:
    if connection.dialect.name == "sqlite":
        return func.substr(Click.clicked_at, 1, 16)
    return func.to_char(func.timezone("UTC", Click.clicked_at), "YYYY-MM-DD HH24:MI")


def _day(minute: str, zone: ZoneInfo) -> date:
    return datetime.fromisoformat(minute).replace(tzinfo=UTC).astimezone(zone).date()


def _counted(connection: Connection, campaign_id: int | None) -> tuple[Counter[Place], Counter[Place]]:
    """The counts as kept, lanes added up; and how much of them are corrections."""
    place = (ClickDay.campaign_id, ClickDay.participation_id, ClickDay.on, ClickDay.uncounted)
    corrections = func.sum(case((ClickDay.lane == CORRECTIONS, ClickDay.clicks), else_=0))
    wanted = select(*place, func.sum(ClickDay.clicks), corrections).group_by(*place)
    if campaign_id is not None:
        wanted = wanted.where(ClickDay.campaign_id == campaign_id)
    kept: Counter[Place] = Counter()
    corrected: Counter[Place] = Counter()
    for campaign, participation, on, uncounted, clicks, correction in connection.execute(wanted):
        kept[campaign, participation, on, uncounted] = int(clicks)
        corrected[campaign, participation, on, uncounted] = int(correction)
    return kept, corrected


def _whole_days(connection: Connection) -> Callable[[Place], bool]:
    """Whether every row of a place's day is still there."""
    since, zones = kept_since(connection), _zones(connection)
    if since is None:
        return lambda place: True
    return lambda place: place[2] > since.astimezone(zones.get(place[0], _NOWHERE)).date()


def _zones(connection: Connection) -> dict[int, ZoneInfo]:
    return {row[0]: ZoneInfo(row[1]) for row in connection.execute(select(Campaign.id, Campaign.timezone))}


def _told(pairs: Iterable[tuple[Place, int]], lane: int) -> str:
    rows = [[place[0], place[1], place[2].isoformat(), place[3], lane, clicks] for place, clicks in pairs]
    return json.dumps(rows)
