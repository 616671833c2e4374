"""Shopify's webhooks: base64 HMAC-SHA256 of the raw body, the topic in a header, the whole REST resource as the body.

https://shopify.dev/docs/apps/build/webhooks. Deliveries of its Events product carry the same headers without `X-`.
A shop's webhooks keep the API version they were made for, so old bodies go on coming; one newer than this file may
mean other things by the same names, and is kept unread until this file knows it.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import quote, urlsplit, urlunsplit

from campaigns.errors import Unreadable
from campaigns.tracking.events import Envelope, ShopEvent
from campaigns.tracking.json_body import JsonObject, parse_moment, read_object
from campaigns.tracking.platforms.shopify_order import read_order
from campaigns.tracking.platforms.shopify_refund import read_refund, refund_currency
from campaigns.tracking.platforms.signature import body_digest, require_signature

ORDER_TOPICS = frozenset(
    {
        "orders/create",
        "orders/paid",
        "orders/updated",
        "orders/cancelled",
        "orders/fulfilled",
        "orders/partially_fulfilled",
    }
)
READ_TOPICS = ORDER_TOPICS | {"refunds/create", "orders/delete"}
# Topics that shops subscribe to and that hold no state of an order; why each says nothing new.
SILENT_TOPICS = {
    "orders/edited": "an edit's differences: the order itself follows as orders/updated",
    "order_transactions/create": "money moved: the claw-back follows items, which come with the refund",
    "app/uninstalled": "not about an order",
    "customers/data_request": "not about an order",
    "customers/redact": "not about an order",
    "shop/redact": "not about an order",
}
# Versions appear each quarter (https://shopify.dev/docs/api/usage/versioning). Those in between read as this file does.
OLDEST_VERSION, NEWEST_VERSION = "2019-04", "2027-01"
_QUARTERLY = re.compile(r"20[0-9]{2}-(01|04|07|10)")


def verify(secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Raise Forged unless one of the shop's secrets signed these bytes. Shopify signs no time: see the delivery id."""
    require_signature([secret.encode() for secret in secrets], body, [_header(headers, "hmac-sha256")])


def envelope(headers: Mapping[str, str], body: bytes) -> Envelope:
    """What the headers say; without a delivery id of Shopify's, the same bytes are the same delivery."""
    return Envelope(
        topic=_header(headers, "topic"),
        delivery_id=_header(headers, "webhook-id") or body_digest(body),
        version=_header(headers, "api-version"),
        occurred_at=_triggered_at(headers),
    )


def read(envelope: Envelope, body: bytes, shop_currency: str, shop_timezone: str) -> ShopEvent:
    """The delivery in our vocabulary; raises Unreadable. Shopify's times carry their offset: the zone isn't needed."""
    topic, occurred_at = envelope.topic, envelope.occurred_at
    if topic in READ_TOPICS and not is_known(envelope.version):
        raise Unreadable(f"API version {envelope.version[:40]} is not known yet")
    if topic in ORDER_TOPICS:
        order = read_order(read_object(body))
        return ShopEvent(topic, order_id=order.external_id, order=order, occurred_at=occurred_at)
    if topic == "refunds/create":
        refund_body = read_object(body)
        refund = read_refund(refund_body, refund_currency(refund_body) or shop_currency)
        order_id = refund_body.identifier("order_id")
        return ShopEvent(topic, order_id=order_id, refunds=(refund,), occurred_at=occurred_at)
    if topic == "orders/delete":
        return ShopEvent(topic, order_id=_deleted(read_object(body)), deleted=True, occurred_at=occurred_at)
    return ShopEvent(topic, ignored=SILENT_TOPICS.get(topic, "unknown topic"), occurred_at=occurred_at)


def is_known(version: str) -> bool:
    """Whether bodies of this API version can be read. Captures from before versions, and test tools, name none.

    >>> is_known("2026-07"), is_known(""), is_known("unstable"), is_known("2026-05"), is_known("2031-01")
    (True, True, True, False, False)
    """
    if version in ("", "unstable"):
        return True
    return _QUARTERLY.fullmatch(version) is not None and OLDEST_VERSION <= version <= NEWEST_VERSION


def through_discount(page: str, code: str) -> str:
    """Shopify applies a code at /discount/<code> and goes on to `redirect`, a path of the same shop."""
    parts = urlsplit(page)
    inner = urlunsplit(("", "", parts.path or "/", parts.query, parts.fragment))
    path = f"/discount/{quote(code, safe='')}"
    return urlunsplit((parts.scheme, parts.netloc, path, f"redirect={quote(inner, safe='')}", ""))


def _deleted(body: JsonObject) -> str:
    # The topic header isn't signed, so a captured order could be sent again as its own deletion. A genuine one is
    # the bare id.
    if "line_items" in body.values:
        raise Unreadable("a deletion that carries an order")
    return body.identifier("id")


def _header(headers: Mapping[str, str], name: str) -> str:
    return (headers.get(f"x-shopify-{name}") or headers.get(f"shopify-{name}") or "").strip()[:255]


def _triggered_at(headers: Mapping[str, str]) -> datetime | None:
    # Kept beside the order's own version and never in its place, so a header we can't read costs nothing.
    try:
        return parse_moment(_header(headers, "triggered-at"), "triggered-at")
    except Unreadable:
        return None
