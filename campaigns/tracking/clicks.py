"""Clicks: which visits count, and the rows they leave, many in one statement.

Robots, link previews, prefetches and anything that is not a person opening a page get the redirect but are not
counted; the row says why. A counted click's id rides to the shop in the landing URL and comes back with the order.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import Connection

from campaigns.db import DriverStatement
from campaigns.rows import json_text, sqlite_text
from campaigns.tracking.click_days import ADD, added
from campaigns.tracking.links import Target

_ROBOTS = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|facebookexternalhit|facebot|whatsapp|telegrambot|twitterbot|slackbot|"
    r"discordbot|linkedinbot|pinterest|skypeuripreview|embedly|vkshare|viber|headless|lighthouse|monitor|uptime|"
    r"curl/|wget/|python-requests|python-urllib|go-http-client|okhttp|java/|libwww|axios/|node-fetch|scrapy",
    re.IGNORECASE,
)
_FAMILIES = (
    ("Instagram", "Instagram"), ("TikTok", "TikTok"), ("musical_ly", "TikTok"), ("FBAN", "Facebook"),
    ("FBAV", "Facebook"), ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_TYPES = {
    "id": "bigint", "link_id": "bigint", "campaign_id": "bigint", "participation_id": "bigint",
    "clicked_at": "timestamptz", "uncounted": "text", "visitor": "text", "agent": "text", "referrer": "text",
}  # fmt: skip
_COLUMNS = ", ".join(_TYPES)
_INSERT_POSTGRESQL = (
    f"INSERT INTO click ({_COLUMNS}) SELECT {_COLUMNS} FROM json_to_recordset(%s::json) AS told "
    f"({', '.join(f'{name} {kind}' for name, kind in _TYPES.items())})"
)


@dataclass(frozen=True)
class Visit:
    """What the request says about who came. `headers` has lower-case names."""

    method: str
    headers: Mapping[str, str]
    address: str


class ClickRow(NamedTuple):
    """A click about to be written; `on` is its day in the campaign's zone."""

    id: int
    link_id: int
    campaign_id: int
    participation_id: int
    clicked_at: datetime
    uncounted: str
    visitor: str
    agent: str
    referrer: str
    on: date


def click_row(target: Target, visit: Visit, number: int, key: bytes, now: datetime) -> ClickRow:
    """What a visit leaves behind."""
    agent = visit.headers.get("user-agent", "")
    return ClickRow(
        id=number,
        link_id=target.link_id,
        campaign_id=target.campaign_id,
        participation_id=target.participation_id,
        clicked_at=now,
        uncounted=why_uncounted(visit) or ("" if target.earns_from <= now <= target.earns_to else "outside the dates"),
        visitor=visitor_key(key, visit.address, now),
        agent=agent_family(agent),
        referrer=_host(visit.headers.get("referer", "")),
        on=now.astimezone(target.zone).date(),
    )


def write_clicks(connection: Connection, rows: Sequence[ClickRow], lane: int) -> None:
    """Write clicks and count their days in a transaction of the caller's."""
    for statement, parameters in click_statements(connection.dialect.name, rows, lane):
        connection.exec_driver_sql(statement, parameters)


def click_statements(dialect: str, rows: Sequence[ClickRow], lane: int) -> list[DriverStatement]:
    """What writes clicks and counts their days, in the driver's own words, for this is the hottest place of the house.

    However many rows, it is one statement: one a row would let go of the interpreter each time. On PostgreSQL the
    counts are in it too, and so it is one way there and back.
    """
    days = added(((row.campaign_id, row.participation_id, row.on, row.uncounted) for row in rows), lane)
    if dialect == "sqlite":
        values = [value for row in rows for value in (*row[:4], sqlite_text(row.clicked_at), *row[5:-1])]
        return [(_insertion_sqlite(len(rows)), tuple(values)), (ADD[dialect], (days,))]
    clicks = json_text([dict(zip(_TYPES, row, strict=False)) for row in rows])
    return [(f"WITH written AS ({_INSERT_POSTGRESQL}) {ADD[dialect]}", (clicks, days))]


@cache
def _insertion_sqlite(count: int) -> str:
    row = "(" + ", ".join("?" * len(_TYPES)) + ")"
    return f"INSERT INTO click ({_COLUMNS}) VALUES " + ", ".join([row] * count)


def why_uncounted(visit: Visit) -> str:
    """Why a visit is no click, or "" for one that counts.

    Browsers say what a request is for in Sec-Fetch-* and Sec-Purpose: https://www.w3.org/TR/fetch-metadata/
    """
    headers = visit.headers
    purpose = (headers.get("sec-purpose") or headers.get("purpose") or headers.get("x-moz") or "").lower()
    if visit.method != "GET":
        return visit.method.lower()
    if is_robot(headers.get("user-agent", "")):
        return "robot"
    if "prefetch" in purpose or "preview" in purpose or "prerender" in purpose:
        return "prefetch"
    if (
        headers.get("sec-fetch-dest", "document") != "document"
        or headers.get("sec-fetch-mode", "navigate") != "navigate"
    ):
        return "not a navigation"
    return ""


@lru_cache(4096)
def is_robot(user_agent: str) -> bool:
    """Whether a program says so itself; kept in mind, for the same few hundred names come again and again."""
    return _ROBOTS.search(user_agent) is not None


def visitor_key(key: bytes, address: str, now: datetime) -> str:
    """A visitor for one day: the keyed hash of their address under that day's own key."""
    return hmac.digest(_day_key(key, now.date()), address.encode(), "sha256").hex()[:32]


@lru_cache(8)
def _day_key(key: bytes, day: date) -> bytes:
    return hmac.new(key, f"visitor:{day:%Y-%m-%d}".encode(), hashlib.sha256).digest()


@lru_cache(4096)
def agent_family(user_agent: str) -> str:
    """The browser's family.

    >>> agent_family("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0")
    'Firefox'
    """
    return next((family for mark, family in _FAMILIES if mark in user_agent), "other" if user_agent else "")


@lru_cache(4096)
def _host(referrer: str) -> str:
    try:
        host = urlsplit(referrer[:2000]).hostname or ""
    except ValueError:
        return ""
    return host[:253] if host.isprintable() else ""
