"""The daily counts of clicks: added in the commit that adds the rows, rebuilt from the rows, compared with them.

Pages read these and never the rows, so a campaign with ten million clicks opens as fast as one with ten. A day is one
of the campaign's own time zone. Where retention has let old rows go, their counts stay and are no longer compared.
"""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, func, select, text

from campaigns.db import insert_rows
from campaigns.models import Campaign, Click, ClickDay, RetentionMark

Place = tuple[int, int, date, str]  # campaign, participation, day, why it isn't counted

_COLUMNS = 'campaign_id, participation_id, "on", uncounted, lane, clicks'
_ADDING = (
    'ON CONFLICT (campaign_id, participation_id, "on", uncounted, lane) '
    "DO UPDATE SET clicks = click_day.clicks + excluded.clicks"
)
# One statement with one parameter, however many places: each statement more would let go of the interpreter.
_ADD_SQLITE = text(
    f"INSERT INTO click_day ({_COLUMNS}) SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, "
    f"value ->> 5 FROM json_each(:places) WHERE true {_ADDING}"
)
_ADD_POSTGRESQL = text(
    f"INSERT INTO click_day ({_COLUMNS}) SELECT (value ->> 0)::bigint, (value ->> 1)::bigint, (value ->> 2)::date, "
    f"value ->> 3, (value ->> 4)::int, (value ->> 5)::bigint FROM json_array_elements(CAST(:places AS json)) {_ADDING}"
)


def add_days(connection: Connection, places: Iterable[Place], lane: int) -> None:
    """Count clicks to their days. `lane` is the counting process's own, so that two don't wait for each other.

    Written in one order, so that two of the same lane wait for each other and don't block each other.
    """
    counts = sorted(Counter(places).items())
    rows = [[place[0], place[1], place[2].isoformat(), place[3], lane, clicks] for place, clicks in counts]
    add = _ADD_SQLITE if connection.dialect.name == "sqlite" else _ADD_POSTGRESQL
    connection.execute(add, {"places": json.dumps(rows)})


def counted(connection: Connection, campaign_id: int) -> Counter[Place]:
    """The counts of a campaign as kept, lanes added up."""
    rows = connection.execute(
        select(ClickDay.participation_id, ClickDay.on, ClickDay.uncounted, func.sum(ClickDay.clicks))
        .where(ClickDay.campaign_id == campaign_id)
        .group_by(ClickDay.participation_id, ClickDay.on, ClickDay.uncounted)
    )
    return Counter({(campaign_id, row[0], row[1], row[2]): int(row[3]) for row in rows})


def kept_since(connection: Connection) -> datetime | None:
    """The moment from which on the rows of clicks are still there; None where none has been let go."""
    return connection.scalar(select(RetentionMark.before).where(RetentionMark.name == "click"))


def recount(connection: Connection, campaign_id: int) -> Counter[Place]:
    """The counts of a campaign from its rows: those of every day whose rows are all there."""
    zone = ZoneInfo(connection.scalar(select(Campaign.timezone).where(Campaign.id == campaign_id)) or "UTC")
    first = first_whole_day(connection, zone)
    rows = connection.execution_options(yield_per=10_000).execute(
        select(Click.participation_id, Click.clicked_at, Click.uncounted).where(Click.campaign_id == campaign_id)
    )
    counts: Counter[Place] = Counter()
    for participation_id, clicked_at, uncounted in rows:
        on = clicked_at.astimezone(zone).date()
        if first is None or on >= first:
            counts[campaign_id, participation_id, on, uncounted] += 1
    return counts


def first_whole_day(connection: Connection, zone: ZoneInfo) -> date | None:
    """The first day of a zone of which every row is still there; None where none has been let go."""
    since = kept_since(connection)
    return None if since is None else since.astimezone(zone).date() + timedelta(days=1)


def rebuild(connection: Connection, campaign_id: int) -> None:
    """Make a campaign's counts anew from its rows; those of days whose rows are gone stay as they are."""
    zone = ZoneInfo(connection.scalar(select(Campaign.timezone).where(Campaign.id == campaign_id)) or "UTC")
    fresh = recount(connection, campaign_id)
    first = first_whole_day(connection, zone)
    old = delete(ClickDay).where(ClickDay.campaign_id == campaign_id)
    connection.execute(old if first is None else old.where(ClickDay.on >= first))
    rows = [
        {"campaign_id": place[0], "participation_id": place[1], "on": place[2], "uncounted": place[3]}
        | {"lane": 0, "clicks": clicks}
        for place, clicks in sorted(fresh.items())
    ]
    insert_rows(connection, ClickDay, rows)


def differences(connection: Connection, campaign_id: int) -> list[tuple[Place, int, int]]:
    """(place, as counted, as recounted) wherever the two differ; days whose rows are gone are not looked at."""
    zone = ZoneInfo(connection.scalar(select(Campaign.timezone).where(Campaign.id == campaign_id)) or "UTC")
    first = first_whole_day(connection, zone)
    found = recount(connection, campaign_id)
    kept = Counter(
        {
            place: count
            for place, count in counted(connection, campaign_id).items()
            if first is None or place[2] >= first
        }
    )
    return [(place, kept[place], found[place]) for place in sorted({*kept, *found}) if kept[place] != found[place]]
