"""The Standard format, for any shop without an adapter of its own: Standard Webhooks headers and our own JSON body.

https://www.standardwebhooks.com. Signed is `id.timestamp.body`; the time must be within five minutes of ours, either
way; of several signatures one `v1` must hold, and other versions are passed over. `format` in the body is the version
of our format; left out it is the first, and one this file doesn't know is kept unread.
"""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from campaigns.errors import Forged, Unreadable
from campaigns.tracking.events import Envelope, ShopEvent
from campaigns.tracking.json_body import JsonObject, parse_moment, read_object
from campaigns.tracking.platforms.signature import body_digest, require_signature
from campaigns.tracking.platforms.standard_contact import STATUS_OF_TOPIC, read_contact
from campaigns.tracking.platforms.standard_order import read_order, read_refund

TOLERANCE_SECONDS = 300
ORDER_TYPES = frozenset({"order.created", "order.paid", "order.updated", "order.cancelled"})
SECRET_PREFIX = "whsec_"
FORMAT = "1"


def verify(secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Raise Forged unless one of the secrets signed id, time and body, and the time is now."""
    message_id, timestamp = _header(headers, "id"), _header(headers, "timestamp")
    if not message_id or not re.fullmatch(r"[0-9]{1,12}", timestamp):
        raise Forged("no message id or no time")
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE_SECONDS:
        raise Forged("signed more than five minutes from now")
    versions = [signature.partition(",") for signature in headers.get("webhook-signature", "").split()]
    message = f"{message_id}.{timestamp}.".encode("utf-8", "replace") + body
    require_signature(map(_key, secrets), message, [value for version, _, value in versions if version == "v1"])


def _key(secret: str) -> bytes:
    """The key in a `whsec_` secret, base64; any other secret is the key as it stands. Empty where it is neither."""
    if not secret.startswith(SECRET_PREFIX):
        return secret.encode()
    encoded = secret.removeprefix(SECRET_PREFIX).strip().rstrip("=")
    try:
        return base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def envelope(headers: Mapping[str, str], body: bytes) -> Envelope:
    """What headers and body say of the delivery. Type and time are in the signed body; unreadable, they stay empty."""
    try:
        message = read_object(body)
        topic, version = message.text("type").strip(), message.text("format").strip()
    except Unreadable:
        message, topic, version = JsonObject({}), "", ""
    delivery_id = _header(headers, "id") or body_digest(body)
    return Envelope(topic=topic, delivery_id=delivery_id, version=version, occurred_at=_occurred_at(message))


def read(envelope: Envelope, body: bytes, shop_currency: str, shop_timezone: str) -> ShopEvent:
    """The delivery in our vocabulary; raises Unreadable. Times carry their offset: the zone isn't needed."""
    message = read_object(body)
    topic, occurred_at = message.word("type"), _occurred_at(message)
    known = topic in ORDER_TYPES or topic == "refund.created" or topic in STATUS_OF_TOPIC
    if known and (message.text("format").strip() or FORMAT) != FORMAT:
        raise Unreadable("format: a version that is not known yet")
    if topic in ORDER_TYPES:
        order = read_order(message.object("data"), topic, occurred_at)
        return ShopEvent(topic, order_id=order.external_id, order=order, occurred_at=occurred_at)
    if topic == "refund.created":
        return _refunds(message.object("data"), shop_currency, occurred_at)
    if topic in STATUS_OF_TOPIC:
        contact = read_contact(message.object("data"), topic, occurred_at)
        return ShopEvent(topic, contact=contact, occurred_at=occurred_at)
    return ShopEvent(topic, ignored="unknown topic", occurred_at=occurred_at)


def _refunds(data: JsonObject, shop_currency: str, occurred_at: datetime | None) -> ShopEvent:
    # Amounts are read by a currency's decimals, so one left out is the shop's, and the refund says so.
    currency = data.currency("currency") if data.has("currency") else shop_currency
    refunds = tuple(read_refund(refund, data, currency) for refund in data.objects("refunds"))
    if not refunds:
        raise Unreadable("data.refunds: missing")
    order_id = data.identifier("id")
    return ShopEvent("refund.created", order_id=order_id, refunds=refunds, occurred_at=occurred_at)


def _occurred_at(message: JsonObject) -> datetime | None:
    try:
        return parse_moment(message.values.get("timestamp"), "timestamp")
    except Unreadable:
        return None


def _header(headers: Mapping[str, str], name: str) -> str:
    return headers.get(f"webhook-{name}", "").strip()[:255]
