"""What shops told because we asked: kept by the inbox, as anything a shop sends.

The same document is the same delivery, for its bytes are its id: asked twice, a shop changes nothing twice.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from campaigns.db import reading
from campaigns.models import Shop
from campaigns.tracking import inbox
from campaigns.tracking.events import Envelope
from campaigns.tracking.platforms.signature import body_digest


def shop_apart(session: Session, shop_id: int) -> Shop:
    """A shop's row as it is, belonging to no session: to ask by and read with while no transaction waits.

    What the session holds uncommitted is let go.
    """
    session.rollback()
    with reading(), Session(session.get_bind()) as apart:
        shop = apart.get_one(Shop, shop_id)
        apart.expunge(shop)
        return shop


def arrivals(
    shop: Shop, envelope: Envelope, bodies: Iterable[bytes], now: datetime, origin: str
) -> list[inbox.Arrival]:
    """Documents as the inbox takes them; read here, where no transaction waits."""
    return [inbox.arrival(shop, replace(envelope, delivery_id=body_digest(body)), body, now, origin) for body in bodies]


def keep_told(session: Session, told: list[inbox.Arrival], key: bytes, now: datetime) -> int:
    """Keep documents with their effects; the caller commits. Returns how many said something new."""
    session.flush()
    statuses = inbox.keep(session.connection(), told, key, now) if told else []
    session.expire_all()
    return sum(status != inbox.DUPLICATE for status in statuses)
