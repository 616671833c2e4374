"""The inbox: every genuine delivery is kept, in one transaction with its effect.

A delivery is known by shop, topic, the shop's delivery id and the hash of its body together: WooCommerce's ids
collide within a second, Shopify's event ids span topics. Where the effect fails (a body that can't be read, a fault
of ours) the delivery alone is kept as `failed` with its reason: it is ours now, the worker tries again, staff see it.
Only where nothing can be kept does the error reach the shop, which then sends it again.
"""

import hashlib
import logging
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from campaigns.errors import DomainError
from campaigns.models import Delivery, Shop
from campaigns.tracking.events import Envelope
from campaigns.tracking.orders import take
from campaigns.tracking.platforms.registry import PLATFORMS

log = logging.getLogger(__name__)

RETRY_AFTER = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))


@dataclass(frozen=True)
class Receipt:
    """What became of a delivery: `new` is False for one that was here already."""

    delivery: Delivery
    new: bool


def verify(shop: Shop, headers: Mapping[str, str], body: bytes, now: datetime) -> Envelope | None:
    """What the headers of a genuine delivery say; None for a platform's unsigned ping. Raises Forged."""
    platform = PLATFORMS[shop.platform]
    if platform.is_ping(headers, body):
        return None
    platform.verify(shop.secrets_at(now), headers, body, now)
    return platform.envelope(headers, body)


def count_refusal(session: Session, shop: Shop) -> None:
    """A forged or stale delivery leaves a number behind and nothing else."""
    session.execute(update(Shop).where(Shop.id == shop.id).values(refused_deliveries=Shop.refused_deliveries + 1))


def receive(session: Session, shop: Shop, envelope: Envelope, body: bytes, key: bytes, now: datetime) -> Receipt:
    """Keep a genuine delivery and its effect; the caller commits and only then answers."""
    digest = hashlib.sha256(body).hexdigest()
    known = session.scalar(
        select(Delivery).filter_by(
            shop_id=shop.id, topic=envelope.topic, delivery_id=envelope.delivery_id, body_sha256=digest
        )
    )
    if known is not None:
        return Receipt(known, new=False)
    delivery = Delivery(
        shop_id=shop.id,
        topic=envelope.topic,
        delivery_id=envelope.delivery_id,
        body_sha256=digest,
        body=zlib.compress(body, 1),
        api_version=envelope.version,
        occurred_at=envelope.occurred_at,
        received_at=now,
        status="failed",
    )
    session.add(delivery)
    session.flush()
    interpret(session, delivery, body, key, now)
    return Receipt(delivery, new=True)


def interpret(session: Session, delivery: Delivery, body: bytes, key: bytes, now: datetime) -> None:
    """Read a kept delivery and give it its effect, or note why that failed. Run again it changes nothing twice."""
    shop = delivery.shop if delivery.shop is not None else session.get_one(Shop, delivery.shop_id)
    savepoint = session.begin_nested()
    try:
        outcome = _effect(session, shop, delivery, body, key, now)
        savepoint.commit()
    except (OperationalError, InterfaceError):
        raise  # the database is away or busy: nothing is kept, and the shop is told so
    except Exception as error:
        savepoint.rollback()
        _note_failure(delivery, error, now)
    else:
        delivery.status, delivery.reason, delivery.retry_at = outcome[0], outcome[1], None
        delivery.order_external_id = outcome[2]
    session.flush()


def _effect(
    session: Session, shop: Shop, delivery: Delivery, body: bytes, key: bytes, now: datetime
) -> tuple[str, str, str | None]:
    envelope = Envelope(
        topic=delivery.topic,
        delivery_id=delivery.delivery_id,
        version=delivery.api_version,
        occurred_at=delivery.occurred_at or delivery.received_at,
    )
    event = PLATFORMS[shop.platform].read(envelope, body, shop.currency, shop.timezone)
    external_id = event.order.external_id if event.order else event.order_id
    if event.ignored is not None:
        return "ignored", event.ignored, external_id
    take(session, shop, event, key, now)
    session.flush()
    return "processed", "", external_id


def _note_failure(delivery: Delivery, error: Exception, now: datetime) -> None:
    delivery.status = "failed"
    if isinstance(error, DomainError):
        delivery.reason = _printable(str(error))
    else:
        # What the database or Python says may quote the buyer; staff get the kind, the log the trace.
        delivery.reason = f"internal fault ({type(error).__name__})"
        log.error("delivery=%s failed: %s", delivery.public_id, type(error).__name__, exc_info=True)
    tries = delivery.attempts or 1
    delivery.attempts = tries
    delivery.retry_at = now + RETRY_AFTER[tries - 1] if tries <= len(RETRY_AFTER) else None


def _printable(text: str) -> str:
    clean = text.encode("utf-8", "replace").decode().replace("\x00", "\N{REPLACEMENT CHARACTER}")
    return clean[:500]


def replay(session: Session, delivery: Delivery, key: bytes, now: datetime) -> None:
    """Interpret a kept delivery once more."""
    delivery.attempts += 1
    interpret(session, delivery, zlib.decompress(delivery.body), key, now)


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
