"""Ecwid's REST API for one order, and the webhooks that name it.

https://docs.ecwid.com/api-reference/rest-api/orders/get-order and …/rest-api/rest-api-error-codes. An order answers to
its id and to its number, the number being what a webhook calls `entityId`; no order names a currency. A webhook's
signature covers its time and id alone, https://docs.ecwid.com/webhook-automations.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.fakes.shop_server import FakeShop, Reply
from tests.fakes.webhooks import Webhook
from tests.tracking.platforms.read_back_payloads import ecwid_order

STORE, TOKEN = "1003", "secret_0123456789"
ORDER, NUMBER = "XJ12H", 516
HALF_BACK = {"paymentStatus": "PARTIALLY_REFUNDED", "refundedAmount": 60, "refunds": [{"amount": 60}]}
CANCELLED = {"paymentStatus": "CANCELLED"}


@dataclass
class Ecwid(FakeShop):
    """Orders by id; `over_the_limit` more requests are one too many."""

    platform = "ecwid"
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    scopes: set[str] = field(default_factory=lambda: {"read_orders"})
    over_the_limit: int = 0

    def answer(self, path: str, query: dict[str, str], headers: dict[str, str]) -> Reply:
        """One order, whole."""
        if headers.get("authorization") != f"Bearer {TOKEN}":
            return _refused(403, "INVALID_API_TOKEN")
        if self.over_the_limit:
            self.over_the_limit -= 1
            return _refused(429, "RATE_LIMITED", {"Retry-After": "7"})
        parts = path.strip("/").split("/")
        if parts[:2] != ["api", "v3"] or parts[2] != STORE:
            return _refused(404, "STORE_NOT_FOUND")
        if "read_orders" not in self.scopes:
            return _refused(403, "INSUFFICIENT_APP_SCOPE")
        named = [one for one in self.orders.values() if parts[3:] in (["orders", one["id"]], _by_number(one))]
        return Reply(document=named[0]) if named else _refused(404, "ORDER_NOT_FOUND")

    def sell(self, code: str, order_id: str = ORDER, **fields: Any) -> None:
        """A paid order of 90.00 net and 120.00 in all, with a coupon."""
        self.orders[order_id] = ecwid_order(id=order_id, discountCoupon={"code": code}, **fields)

    def alter(self, seconds: int, fields: dict[str, Any], order_id: str = ORDER) -> None:
        """The shop changes an order so many seconds after it was placed."""
        order = self.orders[order_id]
        order.update(fields | {"updateTimestamp": order["createTimestamp"] + seconds})

    def webhook(self, secret: str, number: int, at: datetime, event: str = "order.updated", **fields: Any) -> Webhook:
        """A delivery about the order; `fields` take the place of the body's own after it was signed."""
        name, created = f"event-{number}", int(at.timestamp())
        body = {"eventId": name, "eventCreated": created, "storeId": int(STORE), "entityId": NUMBER}
        body |= {"eventType": event, "data": {"orderId": ORDER, "newPaymentStatus": "PAID"}}
        mac = hmac.new(secret.encode(), f"{created}.{name}".encode(), hashlib.sha256).digest()
        headers = {"X-Ecwid-Webhook-Signature": base64.b64encode(mac).decode(), "Content-Type": "application/json"}
        return Webhook(json.dumps(body | fields).encode(), headers, f"?eventtype={event}")


def _by_number(order: dict[str, Any]) -> list[str]:
    return ["orders", str(order["orderNumber"])]


def _refused(status: int, code: str, headers: dict[str, str] | None = None) -> Reply:
    return Reply(status, {"errorCode": code, "errorMessage": "Refused"}, headers or {})
