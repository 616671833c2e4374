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
from time import monotonic
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
from campaigns.lanes.answers import Answer, headers_of, host_of
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
PATIENCE_SECONDS = 4.3  # from the whole body to the answer; Shopify waits five in all
WRITING_SECONDS = 8  # nobody waits for it any more, but those who come next do
PATH_PARTS = 4  # "", "webhooks", platform, shop

log = logging.getLogger(__name__)


class Genuine(NamedTuple):
    """A delivery whose sender is known, not yet read."""

    shop: Shop
    envelope: Envelope
    body: bytes
    received_at: datetime


class WebhookLane:
    """The lane of webhooks, one per process."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._key = settings.identity_key
        self._hosts = frozenset(settings.hosts)
        self._largest = settings.largest_body
        self._shops: Kept[tuple[str, str], Shop] = Kept(self._find_shop, KEPT_SECONDS, KEPT_MOST)
        self._together: Together[Genuine, str] = Together(self._keep, AT_ONCE, inbox.AWAY)

    def answer(self, environ: dict[str, Any]) -> Answer | None:
        """Take one delivery of a shop. Raises Forged, NotFound, RequestEntityTooLarge, or what the database says."""
        parts = environ["PATH_INFO"].split("/")
        if environ["REQUEST_METHOD"] != "POST" or len(parts) != PATH_PARTS or host_of(environ) not in self._hosts:
            return None
        body = self._body(environ)
        until = monotonic() + PATIENCE_SECONDS
        shop = self._shops.get((parts[2], parts[3]))
        if shop is None:
            raise NotFound("no such shop")
        now = utc_now()
        headers = headers_of(environ)
        try:
            envelope = inbox.verify(shop, headers, body, now)
        except Forged:
            self._count_refusal(shop)
            raise
        if envelope is None:
            with self._engine.begin() as connection:
                note_ping(connection, shop.id, now)
            return _told("pong")
        status = self._together.hand_in(Genuine(shop, envelope, body, now), until - monotonic())
        crash_point("webhooks.committed")
        return _told(status)

    def forget(self) -> None:
        """Look shops up anew."""
        self._shops.forget()

    def _body(self, environ: dict[str, Any]) -> bytes:
        announced = environ.get("CONTENT_LENGTH") or "0"
        if announced.isdigit() and int(announced) > self._largest:
            raise RequestEntityTooLarge
        stream = environ["wsgi.input"]
        if "HTTP_TRANSFER_ENCODING" in environ:
            return bytes(stream.read())
        return bytes(stream.read(int(announced))) if announced.isdigit() else b""

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


def _told(status: str) -> Answer:
    body = json.dumps({"status": status}).encode() + b"\n"
    return Answer("200 OK", [("Content-Type", "application/json"), ("Cache-Control", "no-store")], body)
