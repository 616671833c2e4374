"""A live campaign of a Shopify shop whose dates surround the true present: servers in other processes ask the clock.

Its facts are plain values, so threads and processes may share them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from campaigns.clock import utc_now
from tests import factories
from tests.faults.shopify import Signed, order_body, refund_body, sign

PAYSLIP = {"route": "payslip", "id_number": "000000018"}


@dataclass(frozen=True)
class Stage:
    """Where deliveries go, and which codes and links are in force there."""

    shop_id: str
    secret: str
    campaign_id: int
    codes: tuple[str, ...]
    slugs: tuple[str, ...]
    now: datetime

    def delivery(self, number: int, **fields: Any) -> Signed:
        """Order `number`, with the codes taken in turn."""
        code = self.codes[number % len(self.codes)]
        body = order_body(number, code, self.now - timedelta(hours=1), **fields)
        return self.signed(body, f"delivery-{number}")

    def refund(self, number: int) -> Signed:
        """Half of order `number` given back."""
        return self.signed(refund_body(number, self.now), f"refund-{number}", "refunds/create")

    def signed(self, body: bytes, delivery_id: str, topic: str = "orders/paid") -> Signed:
        """Any body, signed by the shop."""
        return sign(self.shop_id, self.secret, body, delivery_id, topic)


def set_stage(session: Session, accepted: int = 12) -> Stage:
    """A campaign in its second week, committed."""
    now = utc_now().replace(microsecond=0)
    shop = factories.shop(session, platform="shopify")
    campaign = factories.live_campaign(
        session,
        accepted=accepted,
        shop=shop,
        now=now,
        starts_at=now - timedelta(days=7),
        ends_at=now + timedelta(days=14),
    )
    everyone = factories.participants(session, campaign)
    codes = tuple(person.code.code for person in everyone if person.code)
    slugs = tuple(person.link.slug for person in everyone if person.link)
    stage = Stage(shop.public_id, shop.webhook_secret, campaign.id, codes, slugs, now)
    session.commit()  # last of all: reading a row again would begin a transaction and shut everyone else out
    return stage
