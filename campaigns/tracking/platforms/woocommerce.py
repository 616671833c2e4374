"""WooCommerce's webhooks: base64 HMAC-SHA256 of the raw body, the topic in a header, the REST order as the body.

https://github.com/woocommerce/woocommerce/blob/trunk/plugins/woocommerce/includes/class-wc-webhook.php. The key is
the secret as the merchant typed it (WordPress stores it HTML-escaped and decodes it before it signs). A new webhook is
first tried with a form-encoded, unsigned ping that wants exactly 200. There are no refund topics: a refund, and taking
one back, arrive as order.updated.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from campaigns.errors import Unreadable
from campaigns.tracking.events import Envelope, ShopEvent
from campaigns.tracking.json_body import JsonObject, read_object
from campaigns.tracking.platforms.signature import body_digest, require_signature
from campaigns.tracking.platforms.woocommerce_order import read_order, status_word

ORDER_TOPICS = frozenset({"order.created", "order.updated", "order.restored"})
# The block checkout keeps a checkout-draft while the shopper is still on the page.
NOT_YET_ORDERS = frozenset({"draft", "auto-draft", "new", "checkout-draft"})

_PING = re.compile(rb"webhook_id=[0-9]{1,20}")


def verify(secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Raise Forged unless one of the shop's secrets signed these bytes; an empty secret is none."""
    require_signature([secret.encode() for secret in secrets], body, [_header(headers, "signature")])


def envelope(headers: Mapping[str, str], body: bytes) -> Envelope:
    """What the headers say.

    WooCommerce's own delivery id is shared by all orders it sends within one second, so an order is known by its
    bytes, which hold its state and time. A deletion's bytes are the bare id, the same again after a restoration: there
    the delivery id tells the second one from the first.
    """
    topic = _header(headers, "topic")
    parts = [body, _header(headers, "delivery-id").encode()] if topic == "order.deleted" else [body]
    return Envelope(topic=topic, delivery_id=body_digest(*parts))


def read(envelope: Envelope, body: bytes, shop_currency: str, shop_timezone: str) -> ShopEvent:
    """The delivery in our vocabulary; raises Unreadable. Old API versions write local time, read in `shop_timezone`."""
    topic = envelope.topic
    if topic == "order.deleted":
        return ShopEvent(topic, order_id=_deleted(_unwrapped(body)), deleted=True)
    if topic not in ORDER_TOPICS:
        return ShopEvent(topic, ignored="unknown topic")
    order_body = _unwrapped(body)
    if status_word(order_body) in NOT_YET_ORDERS:
        return ShopEvent(topic, ignored="not an order yet")
    order = read_order(order_body, shop_timezone)
    return ShopEvent(topic, order_id=order.external_id, order=order)


def is_ping(headers: Mapping[str, str], body: bytes) -> bool:
    """Whether this is the unsigned `webhook_id=7` that WooCommerce tries a new webhook with."""
    return not _header(headers, "signature") and _PING.fullmatch(body.strip()) is not None


def _unwrapped(body: bytes) -> JsonObject:
    # Webhooks of the legacy API (v1 to v3 of 2015) wrap the order.
    outer = read_object(body)
    return outer.object("order") if isinstance(outer.values.get("order"), dict) else outer


def _deleted(body: JsonObject) -> str:
    # The topic header isn't signed, so a captured order could be sent again as its own deletion. A genuine one is
    # the bare id.
    if "line_items" in body.values:
        raise Unreadable("a deletion that carries an order")
    return body.identifier("id")


def _header(headers: Mapping[str, str], name: str) -> str:
    return headers.get(f"x-wc-webhook-{name}", "").strip()[:255]
