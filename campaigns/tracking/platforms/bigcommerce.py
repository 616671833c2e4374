"""BigCommerce's webhooks: a scope and an order's id, signed as Standard Webhooks are with the app's client secret.

https://docs.bigcommerce.com/docs/integrations/webhooks. A merchant without an app gives the webhook a header of their
own instead, `x-webhook-secret`, with the shop's secret in it. Codes, lines and refunds are documents apart from the
order: https://docs.bigcommerce.com/docs/rest-management/orders.
"""

import base64
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime

from campaigns.errors import Forged
from campaigns.tracking import events
from campaigns.tracking.events import Envelope, ShopEvent
from campaigns.tracking.json_body import JsonObject, read_object
from campaigns.tracking.platforms import standard
from campaigns.tracking.platforms.announcements import announced, announced_order
from campaigns.tracking.platforms.bigcommerce_order import INCOMPLETE, read_order
from campaigns.tracking.platforms.moments import unix_seconds
from campaigns.tracking.platforms.reading_back import ReadBack

SECRET_HEADER = "x-webhook-secret"
ORDER_TOPICS = frozenset(
    {"store/order/created", "store/order/updated", "store/order/statusUpdated", "store/order/refund/created"}
)
# What else a subscription to store/order/* brings; why each says nothing of an order's state.
SILENT_TOPICS = {
    "store/order/archived": "archived: out of the shop's list, its state unchanged",
    "store/order/unarchived": "back in the shop's list, its state unchanged",
    "store/order/message/created": "a message: the order is unchanged",
    "store/order/transaction/created": "money moved: the order follows as statusUpdated",
    "store/order/transaction/updated": "money moved: the order follows as statusUpdated",
    "store/cart/couponApplied": "a cart: not an order yet",
}


def verify(secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Raise Forged unless the header of the merchant's own holds a secret of the shop, or one of them signed this.

    The key is the secret's bytes as they stand; a Standard Webhooks secret is the base64 of its key.
    """
    if SECRET_HEADER in headers:
        _require_secret(secrets, headers[SECRET_HEADER])
        return
    encoded = [base64.b64encode(secret.encode()).decode() for secret in secrets]
    standard.verify([standard.SECRET_PREFIX + key for key in encoded], headers, body, now)


def _require_secret(secrets: Sequence[str], sent: str) -> None:
    known = False
    for secret in secrets:
        known |= bool(secret) and hmac.compare_digest(sent.strip().encode("utf-8", "replace"), secret.encode())
    if not known:
        raise Forged("the header does not hold the shop's secret")


def _created_at(body: JsonObject) -> datetime:
    return unix_seconds(body, "created_at")


# The same event sent twice has the same hash.
envelope = announced("scope", "hash", _created_at)


def read(envelope: Envelope, body: bytes, shop_currency: str, shop_timezone: str) -> ShopEvent:
    """The delivery in our vocabulary; raises Unreadable. Currency and offsets stand in the order itself."""
    topic, occurred_at = envelope.topic, envelope.occurred_at
    if topic == events.READ_BACK:
        documents = read_object(body)
        if documents.object("order").count("status_id") == INCOMPLETE:
            return ShopEvent(topic, ignored="not an order yet", occurred_at=occurred_at)
        order = read_order(documents, occurred_at)
        return ShopEvent(topic, order_id=order.external_id, order=order, occurred_at=occurred_at)
    if topic not in ORDER_TOPICS:
        return ShopEvent(topic, ignored=SILENT_TOPICS.get(topic, "unknown topic"), occurred_at=occurred_at)
    order_id = announced_order(read_object(body).object("data"), "id")
    return ShopEvent(topic, order_id=order_id, look_up=True, occurred_at=occurred_at)


def _headers(credentials: Mapping[str, str]) -> Mapping[str, str]:
    return {"X-Auth-Token": credentials["token"]}


# Lists come in pages, the longest of them 250; no order has more lines, coupons or refunds than that.
READ_BACK = ReadBack(
    documents={
        "order": "/stores/{store}/v2/orders/{order}",
        "products": "/stores/{store}/v2/orders/{order}/products?limit=250",
        "coupons": "/stores/{store}/v2/orders/{order}/coupons?limit=250",
        "refunds": "/stores/{store}/v3/orders/{order}/payment_actions/refunds",
    },
    fields=(("store", "Store hash", False), ("token", "API access token", True)),
    headers=_headers,
    base="https://api.bigcommerce.com",
    optional=frozenset({"coupons"}),
)
