"""The inbox: every genuine delivery is kept, in one transaction with its effect.

A delivery is known by shop, topic, the shop's delivery id and the hash of its body together: WooCommerce's ids
collide within a second, Shopify's event ids span topics. It is read before any transaction begins (`arrival`), and
kept many at a time (`keep`). Where the effect fails (a body that can't be read, a fault of ours) the delivery alone is
kept as `failed` with its reason: it is ours now, the worker tries again, staff see it. Only where nothing can be kept
does the error reach the shop, which then sends it again.
"""

import hashlib
import logging
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.orm import Session

from campaigns.crash import crash_point
from campaigns.db import by_driver
from campaigns.errors import DomainError
from campaigns.ids import public_id
from campaigns.models import Delivery, Shop
from campaigns.questions import Question, among
from campaigns.rows import insert_rows
from campaigns.tracking import contacts
from campaigns.tracking.events import FROM_API, READ_BACK, RECONCILED, Envelope, ShopEvent
from campaigns.tracking.orders import take_all, takings
from campaigns.tracking.platforms.registry import PLATFORMS
from campaigns.tracking.reconciled import read_event
from campaigns.tracking.shop_clocks import believed, in_our_time

log = logging.getLogger(__name__)

RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
DUPLICATE = "duplicate"
SAVEPOINT = "SAVEPOINT effects"
# The database is away, busy, or has ended our transaction itself: nothing is kept, and the shop is told so.
AWAY = (OperationalError, InterfaceError, InternalError)

_SAME_NAMES = Question(
    select(Delivery.shop_id, Delivery.topic, Delivery.delivery_id, Delivery.body_sha256).where(
        among(Delivery.shop_id, "shops"), among(Delivery.topic, "topics"), among(Delivery.delivery_id, "names")
    )
)


@dataclass(frozen=True)
class Arrival:
    """A genuine delivery, read as far as that needs no tables: its event, or why it can't be read."""

    shop_id: int
    envelope: Envelope
    body: bytes
    body_sha256: str
    received_at: datetime
    origin: str
    event: ShopEvent | None
    failure: str = ""
    packed: bytes = b""  # the body as it is kept

    @property
    def known_by(self) -> tuple[int, str, str, str]:
        """What tells it from every other delivery."""
        return self.shop_id, self.envelope.topic, self.envelope.delivery_id, self.body_sha256

    @property
    def order_external_id(self) -> str | None:
        """The order it is about, as far as it could be read."""
        if self.event is None:
            return None
        return self.event.order.external_id if self.event.order else self.event.order_id


@dataclass(frozen=True)
class Outcome:
    """What became of a delivery."""

    status: str
    reason: str = ""


def verify(shop: Shop, headers: Mapping[str, str], body: bytes, now: datetime) -> Envelope | None:
    """What the headers of a genuine delivery say; None for a platform's unsigned ping. Raises Forged."""
    platform = PLATFORMS[shop.platform]
    if platform.is_ping(headers, body):
        return None
    platform.verify(shop.secrets_at(now), headers, body, now)
    envelope = platform.envelope(headers, body)
    # Not every platform signs its topics, and none may pass for what we asked a shop ourselves.
    return replace(envelope, topic="") if envelope.topic == READ_BACK else envelope


def count_refusal(connection: Connection, shop_id: int) -> None:
    """A forged or stale delivery leaves a number behind and nothing else."""
    refused = update(Shop).where(Shop.id == shop_id)
    connection.execute(refused.values(refused_deliveries=Shop.refused_deliveries + 1))


def arrival(shop: Shop, envelope: Envelope, body: bytes, now: datetime, origin: str = "webhook") -> Arrival:
    """Read a delivery; what can't be read is an arrival as well."""
    event, failure = None, ""
    moment = believed(envelope.occurred_at or now, now)
    timed = envelope if moment == envelope.occurred_at else replace(envelope, occurred_at=moment)
    try:
        event = _read(shop, timed, body, now, origin)
    except Exception as error:
        failure = _why(error, f"shop={shop.public_id}")
    digest = hashlib.sha256(body).hexdigest()
    return Arrival(shop.id, envelope, body, digest, now, origin, event, failure, zlib.compress(body, 1))


def _read(shop: Shop, envelope: Envelope, body: bytes, received_at: datetime, origin: str) -> ShopEvent:
    if origin == RECONCILED:
        return read_event(body)
    platform = PLATFORMS["standard" if origin == FROM_API else shop.platform]
    return in_our_time(platform.read(envelope, body, shop.currency, shop.timezone), received_at)


def keep(connection: Connection, arrivals: Sequence[Arrival], key: bytes, now: datetime) -> list[str]:
    """Keep deliveries with their effects; the caller commits and only then answers. Returns their statuses.

    One that is here already is "duplicate", and nothing is done for it.
    """
    seen = _known(connection, arrivals)
    fresh: list[Arrival] = []
    for one in arrivals:
        if one.known_by not in seen:
            seen.add(one.known_by)
            fresh.append(one)
    outcomes = _take(connection, fresh, key, now)
    crash_point("inbox.taken")
    insert_rows(connection, Delivery, [_row(one, outcome, now) for one, outcome in zip(fresh, outcomes, strict=True)])
    crash_point("inbox.kept")
    became = {id(one): outcome.status for one, outcome in zip(fresh, outcomes, strict=True)}
    return [became.get(id(one), DUPLICATE) for one in arrivals]


def _known(connection: Connection, arrivals: Sequence[Arrival]) -> set[tuple[int, str, str, str]]:
    rows = _SAME_NAMES.ask(
        connection,
        shops={one.shop_id for one in arrivals},
        topics={one.envelope.topic for one in arrivals},
        names={one.envelope.delivery_id for one in arrivals},
    )
    return {tuple(row) for row in rows}


def _take(connection: Connection, arrivals: Sequence[Arrival], key: bytes, now: datetime) -> list[Outcome]:
    """Give deliveries their effects, together; where that fails each alone, so that one fault harms no other.

    The savepoint is the driver's own and ends with the transaction: nearly always it is for nothing, and cheap so.
    """
    news = [taking for one in arrivals if one.event for taking in takings(one.shop_id, one.event)]
    told = [telling for one in arrivals if one.event for telling in contacts.tellings(one.shop_id, one.event)]
    by_driver(connection, SAVEPOINT, ())
    try:
        if news:
            take_all(connection, news, key, now)
        if told:
            contacts.take_all(connection, told, key, now)
    except AWAY:
        raise
    except Exception as error:
        by_driver(connection, f"ROLLBACK TO {SAVEPOINT}", ())
        if len(arrivals) > 1:
            return [outcome for one in arrivals for outcome in _take(connection, [one], key, now)]
        return [Outcome("failed", _why(error, f"delivery={arrivals[0].envelope.delivery_id}"))]
    return [_outcome(one) for one in arrivals]


def _outcome(one: Arrival) -> Outcome:
    if one.event is None:
        return Outcome("failed", one.failure)
    if one.event.ignored is not None:
        return Outcome("ignored", one.event.ignored)
    return Outcome("waiting" if one.event.look_up else "processed")


def _row(one: Arrival, outcome: Outcome, now: datetime) -> dict[str, object]:
    return {
        "public_id": public_id(),
        "shop_id": one.shop_id,
        "topic": one.envelope.topic,
        "delivery_id": one.envelope.delivery_id,
        "body_sha256": one.body_sha256,
        "body": one.packed,
        "api_version": one.envelope.version,
        "occurred_at": one.envelope.occurred_at,
        "received_at": one.received_at,
        "origin": one.origin,
        "order_external_id": one.order_external_id,
        **_tried(outcome, 1, now),
    }


def _tried(outcome: Outcome, tries: int, now: datetime) -> dict[str, object]:
    """A delivery's state after so many tries; a waiting one is due at once."""
    again = {"failed": RETRY_AFTER[tries - 1] if tries <= len(RETRY_AFTER) else None, "waiting": timedelta(0)}
    after = again.get(outcome.status)
    return {
        "status": outcome.status,
        "reason": outcome.reason,
        "attempts": tries,
        "retry_at": None if after is None else now + after,
    }


def _why(error: Exception, what: str) -> str:
    if isinstance(error, DomainError):
        clean = str(error).encode("utf-8", "replace").decode().replace("\x00", "\N{REPLACEMENT CHARACTER}")
        return clean[:500]
    # What the database or Python says may quote the buyer; staff get the kind, the log the trace.
    log.error("%s failed: %s", what, type(error).__name__, exc_info=error)
    return f"internal fault ({type(error).__name__})"


def replay(session: Session, delivery: Delivery, key: bytes, now: datetime) -> None:
    """Interpret a kept delivery once more."""
    session.flush()
    replay_all(session.connection(), [delivery.id], key, now)
    session.expire_all()


def replay_all(
    connection: Connection, delivery_ids: Sequence[int], key: bytes, now: datetime, only_failed: bool = False
) -> list[str]:
    """Interpret kept deliveries once more, oldest first; whoever holds the rows first does it. Returns their statuses.

    Run again it changes nothing twice. `only_failed` passes over what has succeeded meanwhile.
    """
    wanted = select(Delivery.__table__).where(Delivery.id.in_(delivery_ids)).order_by(Delivery.id).with_for_update()
    rows = [row for row in connection.execute(wanted) if row.body and (not only_failed or row.status == "failed")]
    if not rows:
        return []
    shops = Session(connection, join_transaction_mode="rollback_only")
    again = []
    for row in rows:
        shop = shops.get_one(Shop, row.shop_id)
        envelope = Envelope(row.topic, row.delivery_id, row.api_version, row.occurred_at or row.received_at)
        again.append(arrival(shop, envelope, zlib.decompress(row.body), row.received_at, row.origin))
    outcomes = _take(connection, again, key, now)
    crash_point("inbox.replayed")
    table = Delivery.__table__
    statement = update(table).where(table.c.id == bindparam("row_id"))  # type: ignore[arg-type]
    connection.execute(
        statement,
        [
            {"row_id": row.id, "order_external_id": one.order_external_id, **_tried(outcome, row.attempts + 1, now)}
            for row, one, outcome in zip(rows, again, outcomes, strict=True)
        ],
    )
    return [outcome.status for outcome in outcomes]


def due_for_retry(session: Session, now: datetime, most: int = 50) -> list[int]:
    """Ids of failed deliveries whose next try has come."""
    return list(
        session.scalars(
            select(Delivery.id)
            .where(Delivery.status == "failed", Delivery.retry_at <= now)
            .order_by(Delivery.retry_at)
            .limit(most)
        )
    )
