"""Genuine deliveries, as a WooCommerce shop signs them, of orders whose commission a person can work out.

Every order is the two soaps of tests/tracking/platforms/payloads.py: 36.00 net. At 15 % and 3 % the influencer earns
5.40 and the agency 1.08.
"""

import hashlib
import json
from datetime import UTC, datetime

from campaigns.tracking.platforms.signature import sign
from tests.faults.shopify import Signed
from tests.faults.stage import Stage
from tests.tracking.platforms.payloads import woo_order

COMMISSION_MINOR = 540
FEE_MINOR = 108


def woo_body(number: int, code: str, at: datetime) -> bytes:
    """A paid order of 36.00 net, placed at `at` with `code`, which WooCommerce writes in small letters."""
    written = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    times = {"date_created_gmt": written, "date_modified_gmt": written, "date_paid_gmt": written}
    codes = {"coupon_lines": [{"code": code.lower(), "discount": "4.00"}]}
    buyer = {"billing": {"email": f"buyer{number}@example.com"}, "customer_id": 0}
    return json.dumps(woo_order(id=number, number=str(number), **times, **codes, **buyer)).encode()


def sign_woo(stage: Stage, body: bytes, topic: str = "order.updated") -> Signed:
    """The delivery of `body`, signed with the shop's secret."""
    headers = {
        "Content-Type": "application/json",
        "X-WC-Webhook-Topic": topic,
        "X-WC-Webhook-Delivery-ID": hashlib.sha256(body).hexdigest()[:32],
        "X-WC-Webhook-Signature": sign(stage.secret.encode(), body).decode(),
    }
    return Signed(f"/webhooks/woocommerce/{stage.shop_id}", body, headers)
