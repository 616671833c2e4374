"""Squarespace's webhooks: a topic and an order's id, hexadecimal HMAC-SHA256 over the raw body.

https://developers.squarespace.com/webhooks/verifying-notifications. The secret is written in hexadecimal, and the key
is the bytes it stands for; a secret that is no such writing is none.
"""

from collections.abc import Mapping
from datetime import datetime

from campaigns.tracking import events
from campaigns.tracking.events import Envelope, ShopEvent
from campaigns.tracking.json_body import JsonObject, read_object
from campaigns.tracking.platforms.announcements import announced, announced_order
from campaigns.tracking.platforms.reading_back import ReadBack
from campaigns.tracking.platforms.signature import body_hmac, sign_hex
from campaigns.tracking.platforms.squarespace_order import read_order

ORDER_TOPICS = frozenset({"order.create", "order.update"})
SILENT_TOPICS = {"extension.uninstall": "not about an order"}


def _key(secret: str) -> bytes:
    try:
        return bytes.fromhex(secret.strip())
    except ValueError:
        return b""


def _created_on(body: JsonObject) -> datetime:
    return body.when("createdOn")


verify = body_hmac("squarespace-signature", sign_hex, key=_key)
envelope = announced("topic", "id", _created_on)


def read(envelope: Envelope, body: bytes, shop_currency: str, shop_timezone: str) -> ShopEvent:
    """The delivery in our vocabulary; raises Unreadable. Currency and offsets stand in the order itself."""
    topic, occurred_at = envelope.topic, envelope.occurred_at
    if topic == events.READ_BACK:
        order = read_order(read_object(body).object("order"), occurred_at)
        return ShopEvent(topic, order_id=order.external_id, order=order, occurred_at=occurred_at)
    if topic not in ORDER_TOPICS:
        return ShopEvent(topic, ignored=SILENT_TOPICS.get(topic, "unknown topic"), occurred_at=occurred_at)
    order_id = announced_order(read_object(body).object("data"), "orderId")
    return ShopEvent(topic, order_id=order_id, look_up=True, occurred_at=occurred_at)


def _headers(credentials: Mapping[str, str]) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {credentials['token']}"}


READ_BACK = ReadBack(
    documents={"order": "/1.0/commerce/orders/{order}"},
    fields=(("token", "API key", True),),
    headers=_headers,
    base="https://api.squarespace.com",
)
