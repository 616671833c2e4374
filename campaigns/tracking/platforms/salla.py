"""Salla's webhooks: hex HMAC-SHA256 of the raw body, or the shop's token as it stands in `Authorization`.

https://docs.salla.dev/421119m0. Which of the two, the app's security strategy says; either proves that the sender knows
the secret. There is no delivery id, so the same bytes are the same delivery. The names of the fields read here are the
documented ones; that the webhook has all of them for every event is not verified on a shop. What is missing, or does
not add up, makes a delivery Unreadable, so that staff see it, and never a guess.
"""

import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime

from campaigns.errors import Forged
from campaigns.tracking.events import Envelope, ShopEvent
from campaigns.tracking.json_body import read_object
from campaigns.tracking.platforms.envelopes import from_body
from campaigns.tracking.platforms.salla_order import read_order
from campaigns.tracking.platforms.signature import require_signature, sign_hex

ORDER_EVENTS = frozenset(
    {"order.created", "order.updated", "order.payment.updated", "order.cancelled", "order.refunded"}
)


def verify(secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Raise Forged unless one of the secrets signed these bytes, or is the token sent with them."""
    signed = headers.get("x-salla-signature")
    if signed is not None:
        require_signature([secret.encode() for secret in secrets], body, [signed], sign_hex)
        return
    sent, known = headers.get("authorization", "").strip().encode("utf-8", "replace"), False
    for secret in secrets:
        known |= bool(secret) and hmac.compare_digest(sent, secret.encode())
    if not known:
        raise Forged("neither signed nor sent with the shop's token")


envelope = from_body("event")


def read(envelope: Envelope, body: bytes, shop_currency: str, shop_timezone: str) -> ShopEvent:
    """The delivery in our vocabulary; raises Unreadable. Times name their zone, or are read in `shop_timezone`."""
    message = read_object(body)
    topic = envelope.topic
    if topic == "order.deleted":
        return ShopEvent(topic, order_id=message.object("data").identifier("id"), deleted=True)
    if topic not in ORDER_EVENTS:
        return ShopEvent(topic, ignored="unknown topic")
    order = read_order(message, topic, shop_timezone)
    return ShopEvent(topic, order_id=order.external_id, order=order, occurred_at=order.version)
