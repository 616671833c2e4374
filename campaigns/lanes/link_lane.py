"""`GET /r/<slug>`: the click is on disk, then the visitor is sent on.

Many visitors share one commit. Where a link leads is kept for two seconds, so a withdrawn one stops within that on
every node. A link answers on our own hosts and on its brand's link domain, and on no other.
"""

import logging
from collections.abc import Sequence
from functools import partial
from typing import Any
from urllib.parse import parse_qs

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError

from campaigns.clock import utc_now
from campaigns.crash import crash_point
from campaigns.db import looking_up, write_at_once
from campaigns.errors import NotFound
from campaigns.ids import TimeOrdered
from campaigns.kept import Kept
from campaigns.lanes.answers import Answer, Request, Taken
from campaigns.models import Brand
from campaigns.patience import in_time
from campaigns.together import Together
from campaigns.tracking.click_ids import signed
from campaigns.tracking.clicks import ClickRow, Visit, click_row, click_statements
from campaigns.tracking.inbox import AWAY
from campaigns.tracking.links import DEEP_LINK_PARAMETER, Target, destination, find_target
from config import Settings

KEPT_SECONDS = 2
KEPT_MOST = 10_000
AT_ONCE = 256
GATHERING_SECONDS = 0.001
WRITING_SECONDS = 8  # nobody waits for it any more, but those who come next do
LANES = 8  # processes that count without waiting for one another
PREFIX = "/r/"

log = logging.getLogger(__name__)


class LinkLane:
    """The lane of links, one per process."""

    PATIENCE_SECONDS = 4.3  # a browser waits longer, but a page of ours that says so is better than none
    longest_body = 0

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._key = settings.identity_key
        self._hosts = frozenset(settings.hosts)
        self._numbers = TimeOrdered()
        self._targets: Kept[str, Target] = Kept(self._find_target, KEPT_SECONDS, KEPT_MOST)
        self._domains: Kept[str, str] = Kept(self._find_domain, KEPT_SECONDS, KEPT_MOST)
        self.together: Together[ClickRow, int] = Together(self._write, AT_ONCE, AWAY, GATHERING_SECONDS)

    def knows(self, request: Request) -> bool:
        """Whether somebody follows a link."""
        slug = _slug(request)
        return request.method in ("GET", "HEAD") and bool(slug) and "/" not in slug

    def body(self, _request: Request, _stream: Any) -> bytes:
        """Nobody reads a body here."""
        return b""

    def take(self, request: Request, _body: bytes) -> Taken:
        """The click of a visit, to be written. Raises NotFound; may ask the database."""
        ours = request.host in self._hosts
        target = self._targets.get(_slug(request)) if ours or self.is_link_domain(request.host) else None
        if target is None or not (ours or request.host == target.link_domain):
            raise NotFound("this link leads nowhere any more")
        return self._taken(request, target)

    def take_at_hand(self, request: Request, _body: bytes) -> Taken | None:
        """As `take`, without asking anybody; None where something would have to be asked, or refused."""
        target = self._targets.at_hand(_slug(request))
        if target is None or not (request.host in self._hosts or request.host == target.link_domain):
            return None
        return self._taken(request, target)

    def _taken(self, request: Request, target: Target) -> Taken:
        now = utc_now()
        visit = Visit(request.method, request.headers, request.address)
        row = click_row(target, visit, self._numbers.next(now), self._key, now)
        return Taken(row, partial(_sent_on, self._key, target, request.query, bool(row.uncounted)))

    def is_link_domain(self, host: str) -> bool:
        """Whether a brand's links live on this host."""
        return bool(host) and self._domains.get(host) is not None

    def forget(self) -> None:
        """Look links up anew."""
        self._targets.forget()
        self._domains.forget()

    def _write(self, rows: Sequence[ClickRow]) -> list[int]:
        """Commit clicks; their numbers, which another process had drawn where it bears our number: then we change."""
        try:
            self._commit(rows)
        except IntegrityError:
            self._numbers.renumber()
            log.warning("another process makes the same click numbers; going on as %s", self._numbers.process)
            rows = [row._replace(id=self._numbers.next(row.clicked_at)) for row in rows]
            self._commit(rows)
        return [row.id for row in rows]

    def _commit(self, rows: Sequence[ClickRow]) -> None:
        lane = self._numbers.process % LANES
        with in_time(WRITING_SECONDS):
            write_at_once(self._engine, click_statements(self._engine.dialect.name, rows, lane))

    def _find_target(self, slug: str) -> Target | None:
        with looking_up(self._engine) as connection:
            return find_target(connection, slug)

    def _find_domain(self, host: str) -> str | None:
        with looking_up(self._engine) as connection:
            return connection.scalar(select(Brand.link_domain).where(Brand.link_domain == host).limit(1))


def _slug(request: Request) -> str:
    return request.path[len(PREFIX) :]


def _sent_on(key: bytes, target: Target, query: str, uncounted: bool, number: int) -> Answer:
    crash_point("links.committed")
    deep_link = parse_qs(query).get(DEEP_LINK_PARAMETER, [""])[0] if query else ""
    page = destination(target, "" if uncounted else signed(key, number), deep_link)
    return Answer("302 FOUND", [("Location", page), ("Cache-Control", "no-store")], b"")
