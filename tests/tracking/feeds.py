"""Feeds of shops as they look afterwards: rows of deliveries at given moments, without their bodies' meaning."""

import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import count

from sqlalchemy.orm import Session

from campaigns.models import Campaign, Delivery, Shop
from tests.factories import NOW, live_campaign, order

HOUR = timedelta(hours=1)
STOP = NOW - 25 * HOUR  # an hourly feed of 672 arrivals is silent from the 21st missing hour on: see test_rhythm
_number = count(1)


def came(
    session: Session, shop: Shop, moments: Iterable[datetime], origin: str = "webhook", status: str = "processed"
) -> list[Delivery]:
    """Deliveries received at these moments."""
    made = [
        Delivery(
            shop_id=shop.id, topic="order.paid", delivery_id=f"d{next(_number)}", body_sha256=f"{next(_number):064}",
            body=zlib.compress(b"{}"), received_at=moment, origin=origin, status=status,
            reason="lines[0].tax: missing" if status == "failed" else "",
        )
        for moment in moments
    ]  # fmt: skip
    session.add_all(made)
    session.flush()
    return made


def hourly(until: datetime, days: int = 28) -> list[datetime]:
    """One an hour, the last at `until`."""
    return [until - number * HOUR for number in range(days * 24)]


def selling(session: Session, until: datetime = STOP, platform: str = "standard") -> Campaign:
    """A live campaign whose shop was heard of every hour until a moment."""
    campaign = live_campaign(session, accepted=1)
    campaign.shop.platform = platform
    came(session, campaign.shop, hourly(until))
    return campaign


def pulled(session: Session, shop: Shop, number: int, placed_at: datetime) -> None:
    """An order that we know from the shop's own list only."""
    known = order(session, shop=shop, external_id=f"P{number}", placed_at=placed_at)
    (row,) = came(session, shop, [placed_at + timedelta(minutes=15)], origin="pull")
    row.order_external_id = known.external_id
    session.flush()
