"""A platform trying our address: it signs nothing, says nothing of an order, and leaves the time it came behind.

Whoever knows the address can send such a ping, so it proves that the address is reached and no more; and it is written
down once a minute at most.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection, or_, update

from campaigns.models import Shop

AGAIN_AFTER = timedelta(minutes=1)


def note_ping(connection: Connection, shop_id: int, now: datetime) -> None:
    """Remember when a shop's platform last tried the address."""
    stale = or_(Shop.pinged_at.is_(None), Shop.pinged_at < now - AGAIN_AFTER)
    connection.execute(update(Shop).where(Shop.id == shop_id, stale).values(pinged_at=now))
