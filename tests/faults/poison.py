"""Signed bodies nobody can read, in each platform's shape, and the headers that make them genuine all the same."""

import base64
import hashlib
import hmac
import json
from typing import Any

from campaigns.models import Shop
from tests.tracking.platforms.payloads import shopify_order, standard, woo_order

ORDERS: dict[str, Any] = {
    "shopify": shopify_order(name="POISON"),
    "woocommerce": woo_order(number="POISON"),
    "standard": standard(number="POISON"),
}
DEEP = b"[" * 100_000 + b"]" * 100_000

# What stands in the place of an order's number.
VALUES = {
    "a NUL": b'"a\\u0000b"',
    "half a character": b'"\\ud800"',
    "NaN": b"NaN",
    "minus infinity": b"-Infinity",
    "a number of 5,000 digits": b"9" * 5000,
    "a list 100,000 deep": DEEP,
    "an object": b"{}",
    "latin-1": '"é"'.encode("latin-1"),
    "a raw NUL": b'"a\0b"',
}
# What stands in the place of the whole body.
BODIES = {
    "a list 100,000 deep": DEEP,
    "a number of 5,000 digits": b"9" * 5000,
    "null": b"null",
    "UTF-16": '{"id": 1}'.encode("utf-16"),
    "gzip": bytes.fromhex("1f8b08000000000000ff"),
    "half an order": b'{"id": 5001, "line_items": [',
    "nothing but blanks": b"   ",
    "nothing": b"",
}


def poisoned(platform: str, value: bytes) -> bytes:
    """An order of `platform` that is fine but for its number."""
    return json.dumps(ORDERS[platform]).encode().replace(b'"POISON"', value)


def genuine(shop: Shop, body: bytes, delivery_id: str, at: int) -> dict[str, str]:
    """Headers that prove the shop sent `body`; `at` is the Unix time of signing."""
    secret = shop.webhook_secret
    if shop.platform == "standard":
        key = base64.b64decode(secret.removeprefix("whsec_"))
        signature = _hmac(key, f"{delivery_id}.{at}.".encode() + body)
        return {"webhook-id": delivery_id, "webhook-timestamp": str(at), "webhook-signature": f"v1,{signature}"}
    signature = _hmac(secret.encode(), body)
    if shop.platform == "shopify":
        own = {"X-Shopify-Topic": "orders/paid", "X-Shopify-Webhook-Id": delivery_id}
        return own | {"X-Shopify-Hmac-Sha256": signature}
    own = {"X-WC-Webhook-Topic": "order.updated", "X-WC-Webhook-Delivery-ID": delivery_id}
    return own | {"X-WC-Webhook-Signature": signature}


def _hmac(key: bytes, message: bytes) -> str:
    return base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()
