"""Genuine deliveries, as a Shopify shop signs them, of orders whose commission a person can work out.

Every order is the two creams of tests/tracking/platforms/payloads.py: 84.75 net. At 15 % and 3 % the influencer earns
12.71 and the agency 2.54.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaigns.clock import iso
from tests.tracking.platforms.payloads import shopify_order, shopify_refund

COMMISSION_MINOR = 1271  # 15 % of 8475, 1271.25
FEE_MINOR = 254  # 3 % of 8475, 254.25
# One of the two creams given back: 50.00 with 7.63 of tax inside leave 42.38 net.
COMMISSION_AFTER_REFUND_MINOR = 636  # 15 % of 4238, 635.7
FEE_AFTER_REFUND_MINOR = 127  # 3 % of 4238, 127.14


@dataclass(frozen=True)
class Signed:
    """One delivery: where to, what, and proof of who sent it. Sent again it is the same delivery."""

    path: str
    body: bytes
    headers: dict[str, str]


def order_body(number: int, code: str, at: datetime, **fields: Any) -> bytes:
    """A paid order of 84.75 net, placed at `at` with `code`."""
    codes = {"discount_codes": [{"code": code, "amount": "18.00", "type": "percentage"}]}
    codes |= {"discount_applications": [{"type": "discount_code", "code": code}]}
    times = {"created_at": iso(at), "processed_at": iso(at), "updated_at": iso(at)}
    buyer = {"email": f"buyer{number}@example.com", "customer": {"id": number}}
    return json.dumps(shopify_order(id=number, name=f"#{number}", **codes, **times, **buyer, **fields)).encode()


def sign(shop_id: str, secret: str, body: bytes, delivery_id: str, topic: str = "orders/paid") -> Signed:
    """The delivery of `body`, signed with the shop's secret."""
    digest = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
    headers = {
        "Content-Type": "application/json",
        "X-Shopify-Topic": topic,
        "X-Shopify-Webhook-Id": delivery_id,
        "X-Shopify-Hmac-Sha256": digest,
    }
    return Signed(f"/webhooks/shopify/{shop_id}", body, headers)


def refund_body(number: int, at: datetime) -> bytes:
    """One of the two creams of an order given back."""
    return json.dumps(shopify_refund(id=10_000_000 + number, order_id=number, created_at=iso(at))).encode()
