"""Deliveries that name an order only, and wait until it has been read back from the shop's API.

All that wait for one order are answered by one reading, begun after they came. The document is kept as a delivery of
its own, in the transaction that ends their waiting. A shop that can't be asked is asked again less and less often, for
a week; meanwhile nothing is lost, and an alarm says so.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from campaigns.crash import crash_point
from campaigns.db import reading
from campaigns.errors import DomainError, Said
from campaigns.models import Delivery, Shop
from campaigns.tracking.alarms import API_UNREACHABLE, clear_alarm, raise_alarm, reason_of
from campaigns.tracking.asked import arrivals, keep_told, shop_apart
from campaigns.tracking.events import READ_BACK, Envelope
from campaigns.tracking.inbox import Arrival
from campaigns.tracking.json_text import write_json
from campaigns.tracking.orders import find_order
from campaigns.tracking.platforms.reading_back import GONE
from campaigns.tracking.platforms.registry import PLATFORMS
from campaigns.tracking.shop_api import Asking, Gone, api_of, read_back

log = logging.getLogger(__name__)

STEPS = (
    timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6),
)  # fmt: skip
DAILY = timedelta(days=1)
PATIENCE = timedelta(days=7)
AT_ONCE = 200


@dataclass(frozen=True)
class Wanted:
    """One order to be read back, and the deliveries that wait for it, with all their topics."""

    shop_id: int
    order_id: str
    delivery_ids: tuple[int, ...]
    topics: frozenset[str]


def waits(session: Session, now: datetime) -> bool:
    """Whether any delivery is due to be read back."""
    return session.scalar(_due(now).with_only_columns(Delivery.id).order_by(None).limit(1)) is not None


def read_back_waiting(session: Session, asking: Asking, now: datetime) -> None:
    """Read back what is due, each order in a transaction of its own; what the session holds uncommitted is let go."""
    silent: set[int] = set()
    for wanted in _wanted(session, now):
        if wanted.shop_id in silent:
            continue
        try:
            told = _ask(session, asking, wanted, now)
        except Gone as gone:
            _postpone(session, wanted.delivery_ids, gone, now, most=len(STEPS))
            session.commit()
        except DomainError as error:
            silent.add(wanted.shop_id)
            _postpone(session, wanted.delivery_ids, error, now)
            _hold_back(session, wanted.shop_id, now)
            raise_alarm(session, wanted.shop_id, API_UNREACHABLE, now, **reason_of(error))
            session.commit()
        else:
            crash_point("waiting.told")
            _end_waiting(session, asking, wanted, told, now)
            crash_point("waiting.ended")
            session.commit()


def _due(now: datetime) -> Select[Delivery]:
    # What failed before comes last, so that one order the shop can't tell of keeps no others from being read.
    return (
        select(Delivery)
        .join(Shop, Shop.id == Delivery.shop_id)
        .where(Delivery.status == "waiting", Delivery.retry_at <= now, Shop.api_credentials.is_not(None))
        .order_by(Delivery.attempts, Delivery.retry_at, Delivery.id)
    )


def _wanted(session: Session, now: datetime) -> list[Wanted]:
    found: dict[tuple[int, str], dict[int, str]] = {}
    columns = (Delivery.id, Delivery.shop_id, Delivery.order_external_id, Delivery.topic)
    with reading():
        for delivery in session.execute(_due(now).with_only_columns(*columns).limit(AT_ONCE)):
            found.setdefault((delivery.shop_id, delivery.order_external_id or ""), {})[delivery.id] = delivery.topic
        session.rollback()
    return [
        Wanted(shop_id, order_id, tuple(topics), frozenset(topics.values()))
        for (shop_id, order_id), topics in found.items()
    ]


def _ask(session: Session, asking: Asking, wanted: Wanted, now: datetime) -> list[Arrival]:
    shop = shop_apart(session, wanted.shop_id)
    way = PLATFORMS[shop.platform].read_back
    if way is None:
        raise Gone(Said("orders of this shop can't be read back"))
    api = api_of(shop, asking.sealing_key)
    try:
        document = read_back(asking.client, way, api.api_url, api.credentials, wanted.order_id, asking.tokens)
    except Gone:
        # That an order we never had is deleted would be seen by nobody: such a delivery goes on waiting, and fails.
        if not wanted.topics & way.deletions or find_order(session, wanted.shop_id, wanted.order_id) is None:
            raise
        document = write_json({GONE: wanted.order_id, "asked_at": now.isoformat()})
    return arrivals(shop, Envelope(READ_BACK, ""), [document], now, "read_back")


def _end_waiting(session: Session, asking: Asking, wanted: Wanted, told: list[Arrival], now: datetime) -> None:
    session.execute(
        update(Delivery)
        .where(Delivery.id.in_(wanted.delivery_ids), Delivery.status == "waiting")
        .values(status="processed", reason="", retry_at=None, order_external_id=wanted.order_id)
    )
    keep_told(session, told, asking.identity_key, now)
    clear_alarm(session, wanted.shop_id, API_UNREACHABLE, now)
    log.info("read back shop=%s order=%s deliveries=%s", wanted.shop_id, wanted.order_id, len(wanted.delivery_ids))


def _postpone(session: Session, ids: Sequence[int], error: DomainError, now: datetime, most: int | None = None) -> None:
    """Another try later, or none: then the delivery has failed, and staff see why."""
    for delivery in session.scalars(select(Delivery).where(Delivery.id.in_(ids)).with_for_update()):
        if delivery.status != "waiting":
            continue
        step = STEPS[delivery.attempts - 1] if delivery.attempts <= len(STEPS) else DAILY
        over = now + step > delivery.received_at + PATIENCE or (most is not None and delivery.attempts > most)
        delivery.attempts += 1
        delivery.reason = str(error)[:500]
        delivery.retry_at = None if over else now + step
        delivery.status = "failed" if over else "waiting"
        log.warning("delivery=%s not read back: %s", delivery.public_id, delivery.reason)


def _hold_back(session: Session, shop_id: int, now: datetime) -> None:
    """The shop's other orders needn't be asked for at once; that counts as no try of theirs."""
    session.execute(
        update(Delivery)
        .where(Delivery.shop_id == shop_id, Delivery.status == "waiting", Delivery.retry_at <= now)
        .values(retry_at=now + STEPS[0])
    )
