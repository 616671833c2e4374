"""`POST /webhooks/<platform>/<shop>`: 2xx once the delivery is ours and its effect stands, in one commit with others.

Verified and read outside of any transaction; a shop and its secrets are kept for two seconds. The answer comes within
the shop's own limit: what can't be stored by then is 503, and the shop sends it again.

Each thread verifies its own delivery, but the writer reads them, one after another: threads that all compute take
the interpreter from each other, and what one of them does in a millisecond costs them two.
"""

import json
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge

from campaigns.clock import utc_now
from campaigns.crash import crash_point
from campaigns.db import looking_up
from campaigns.errors import Forged, NotFound
from campaigns.kept import Kept
from campaigns.lanes.answers import Answer, Request, Taken
from campaigns.models import Shop
from campaigns.patience import in_time
from campaigns.together import Together
from campaigns.tracking import inbox
from campaigns.tracking.events import Envelope
from campaigns.tracking.inbox import Arrival
from campaigns.tracking.pings import note_ping
from config import Settings

KEPT_SECONDS = 2
KEPT_MOST = 10_000
AT_ONCE = 64
GATHERING_SECONDS = 0.002
WRITING_SECONDS = 8  # nobody waits for it any more, but those who come next do
SLASHES = 3  # /webhooks/<platform>/<shop>

log = logging.getLogger(__name__)


class Genuine(NamedTuple):
    """A delivery whose sender is known, not yet read."""

    shop: Shop
    envelope: Envelope
    body: bytes
    received_at: datetime


class WebhookLane:
    """The lane of webhooks, one per process."""

    PATIENCE_SECONDS = 4.3  # from the whole body to the answer; Shopify waits five in all

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._key = settings.identity_key
        self._hosts = frozenset(settings.hosts)
        self.longest_body = settings.largest_body
        self._shops: Kept[tuple[str, str], Shop] = Kept(self._find_shop, KEPT_SECONDS, KEPT_MOST)
        self.together: Together[Genuine, str] = Together(self._keep, AT_ONCE, inbox.AWAY, GATHERING_SECONDS)

    def knows(self, request: Request) -> bool:
        """Whether somebody delivers something, whoever that may be."""
        return request.method == "POST" and request.path.count("/") == SLASHES and request.host in self._hosts

    def body(self, request: Request, stream: Any) -> bytes:
        """The request's body. Raises RequestEntityTooLarge."""
        if request.length is not None and request.length > self.longest_body:
            raise RequestEntityTooLarge
        if "transfer-encoding" in request.headers:
            return bytes(stream.read())
        return bytes(stream.read(request.length)) if request.length else b""

    def take(self, request: Request, body: bytes) -> Taken | Answer:
        """A genuine delivery, to be kept; an answer where there is nothing to keep. May ask the database.

        Raises Forged, NotFound, or what the database says.
        """
        shop, now = self._shops.get(_shop(request)), utc_now()
        if shop is None:
            raise NotFound("no such shop")
        try:
            taken = _taken(shop, request, body, now)
        except Forged:
            self._count_refusal(shop)
            raise
        if taken is not None:
            return taken
        with self._engine.begin() as connection:
            note_ping(connection, shop.id, now)
        return _told("pong")

    def take_at_hand(self, request: Request, body: bytes) -> Taken | None:
        """As `take`, without asking anybody; None where somebody must be asked or something written.

        Raises Forged, which nobody has counted yet.
        """
        shop = self._shops.at_hand(_shop(request))
        return None if shop is None else _taken(shop, request, body, utc_now())

    def forget(self) -> None:
        """Look shops up anew."""
        self._shops.forget()

    def _keep(self, deliveries: Sequence[Genuine]) -> list[str]:
        arrivals = [inbox.arrival(*one) for one in deliveries]
        try:
            return self._commit(arrivals)
        except IntegrityError:
            # A delivery came twice at once and the other node won; looked for again, it is found.
            return self._commit(arrivals)

    def _commit(self, arrivals: Sequence[Arrival]) -> list[str]:
        with in_time(WRITING_SECONDS), self._engine.begin() as connection:
            statuses = inbox.keep(connection, arrivals, self._key, utc_now())
            crash_point("webhooks.written")
        return statuses

    def _count_refusal(self, shop: Shop) -> None:
        log.warning("refused a delivery for shop=%s", shop.public_id)
        with self._engine.begin() as connection:
            inbox.count_refusal(connection, shop.id)

    def _find_shop(self, name: tuple[str, str]) -> Shop | None:
        platform, public_id = name
        with looking_up(self._engine) as connection, Session(connection) as session:
            shop = session.scalar(select(Shop).where(Shop.public_id == public_id, Shop.platform == platform))
            session.expunge_all()
            return shop


def _shop(request: Request) -> tuple[str, str]:
    _, _, platform, public_id = request.path.split("/")
    return platform, public_id


def _taken(shop: Shop, request: Request, body: bytes, now: datetime) -> Taken | None:
    envelope = inbox.verify(shop, request.headers, body, now)
    return None if envelope is None else Taken(Genuine(shop, envelope, body, now), _kept)


def _kept(status: str) -> Answer:
    crash_point("webhooks.committed")
    return _told(status)


def _told(status: str) -> Answer:
    body = json.dumps({"status": status}).encode() + b"\n"
    return Answer("200 OK", [("Content-Type", "application/json"), ("Cache-Control", "no-store")], body)
