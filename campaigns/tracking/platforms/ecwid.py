"""Ecwid's webhooks: an event and an order's id, of which base64 HMAC-SHA256 covers time and id of the event only.

https://docs.ecwid.com/webhook-automations. Whoever has seen one delivery can write any body around its two signed
fields. So nothing in a body is believed: an order it names is looked up, be it said to be new, changed or deleted. One
that a delivery calls deleted is so where the API knows it no more.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from campaigns.errors import Forged, Unreadable
from campaigns.tracking import events
from campaigns.tracking.events import Envelope, ShopEvent
from campaigns.tracking.json_body import JsonObject, read_object
from campaigns.tracking.platforms.announcements import announced, announced_order
from campaigns.tracking.platforms.ecwid_order import INCOMPLETE, read_order
from campaigns.tracking.platforms.moments import unix_seconds
from campaigns.tracking.platforms.reading_back import GONE, ReadBack
from campaigns.tracking.platforms.signature import require_signature

DELETIONS = frozenset({"order.deleted"})
ORDER_TOPICS = DELETIONS | {"order.created", "order.updated"}
UNFINISHED = "unfinished_order."


def verify(secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Raise Forged unless one of the secrets signed the event's time and id: of the body, nothing else is covered."""
    try:
        event = read_object(body)
        message = f"{event.identifier('eventCreated')}.{event.identifier('eventId')}".encode()
    except Unreadable as error:
        raise Forged("no event to verify") from error
    signature = headers.get("x-ecwid-webhook-signature", "")
    require_signature([secret.encode() for secret in secrets], message, [signature])


def _created_at(body: JsonObject) -> datetime:
    return unix_seconds(body, "eventCreated")


envelope = announced("eventType", "eventId", _created_at)


def read(envelope: Envelope, body: bytes, shop_currency: str, shop_timezone: str) -> ShopEvent:
    """The delivery in our vocabulary; raises Unreadable. An order names no currency: it is the shop's."""
    topic, occurred_at = envelope.topic, envelope.occurred_at
    if topic == events.READ_BACK:
        told = read_object(body)
        if told.has(GONE):
            return ShopEvent(topic, order_id=told.identifier(GONE), deleted=True, occurred_at=occurred_at)
        document = told.object("order")
        if document.text("paymentStatus") == INCOMPLETE:
            return ShopEvent(topic, ignored="not an order yet", occurred_at=occurred_at)
        order = read_order(document, shop_currency, occurred_at)
        return ShopEvent(topic, order_id=order.external_id, order=order, occurred_at=occurred_at)
    if topic not in ORDER_TOPICS:
        ignored = "not an order yet" if topic.startswith(UNFINISHED) else "unknown topic"
        return ShopEvent(topic, ignored=ignored, occurred_at=occurred_at)
    return ShopEvent(topic, order_id=_named(read_object(body)), look_up=True, occurred_at=occurred_at)


def _named(body: JsonObject) -> str:
    # Stores of today have ids like XJ12H in data.orderId, and a number of Ecwid's own in entityId.
    data = body.object("data")
    return announced_order(data, "orderId") if data.has("orderId") else announced_order(body, "entityId")


def _headers(credentials: Mapping[str, str]) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {credentials['token']}"}


READ_BACK = ReadBack(
    documents={"order": "/api/v3/{store}/orders/{order}"},
    fields=(("store", "Store ID", False), ("token", "Secret token", True)),
    headers=_headers,
    base="https://app.ecwid.com",
    deletions=DELETIONS,
)
