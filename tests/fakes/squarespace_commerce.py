"""Squarespace's Orders API for one order, and the webhooks that name it.

https://developers.squarespace.com/commerce-apis/retrieve-specific-order. A request has to say who asks, in User-Agent;
who asks too often has a minute to wait and is told of no moment. Every error has the five members of
https://developers.squarespace.com/commerce-apis/responses-error-handling. A webhook's whole body is signed, with the
bytes that the hexadecimal secret stands for: https://developers.squarespace.com/webhooks/verifying-notifications.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.fakes.shop_server import FakeShop, Reply
from tests.fakes.webhooks import Webhook
from tests.tracking.platforms.read_back_payloads import dollars, squarespace_order

KEY = "0123-4567-89ab"
ORDER = "65aa"
HALF_BACK = {"refundedTotal": dollars("55.00"), "paymentState": "PARTIALLY_REFUNDED"}
CANCELLED = {"fulfillmentStatus": "CANCELED"}


@dataclass
class Squarespace(FakeShop):
    """Orders by id; `over_the_limit` more requests are one too many; `agents` are who asked."""

    platform = "squarespace"
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    scopes: set[str] = field(default_factory=lambda: {"website.orders.read"})
    over_the_limit: int = 0
    agents: list[str] = field(default_factory=list)

    def answer(self, path: str, query: dict[str, str], headers: dict[str, str]) -> Reply:
        """One order, whole."""
        if not headers.get("user-agent", "").strip():
            return _refused(400, "INVALID_REQUEST_ERROR")
        self.agents.append(headers["user-agent"])
        if headers.get("authorization") != f"Bearer {KEY}":
            return _refused(401, "AUTHORIZATION_ERROR")
        if self.over_the_limit:
            self.over_the_limit -= 1
            return _refused(429, "RATE_LIMIT_ERROR")
        if "website.orders.read" not in self.scopes:
            return _refused(403, "AUTHORIZATION_ERROR")
        named = [one for one in self.orders.values() if path == f"/1.0/commerce/orders/{one['id']}"]
        return Reply(document=named[0]) if named else _refused(404, "NOT_FOUND")

    def sell(self, code: str, order_id: str = ORDER, **fields: Any) -> None:
        """A paid order of 90.00 net and 110.00 in all, with a promo code."""
        discount = [{"promoCode": code, "amount": dollars("10.00")}]
        self.orders[order_id] = squarespace_order(id=order_id, discountLines=discount, **fields)

    def alter(self, seconds: int, fields: dict[str, Any], order_id: str = ORDER) -> None:
        """The shop changes an order so many seconds after it was placed."""
        order = self.orders[order_id]
        at = datetime.fromisoformat(order["createdOn"]) + timedelta(seconds=seconds)
        order.update(fields | {"modifiedOn": at.isoformat(timespec="milliseconds").replace("+00:00", "Z")})

    def webhook(self, secret: str, number: int, at: datetime, event: str = "order.update", **fields: Any) -> Webhook:
        """A delivery about the order; `fields` take the place of the body's own after it was signed."""
        body = {"id": f"n{number}", "websiteId": "w1", "subscriptionId": "s1", "topic": event}
        whole: dict[str, Any] = body | {"createdOn": at.isoformat(timespec="minutes"), "data": {"orderId": ORDER}}
        mac = hmac.new(bytes.fromhex(secret), json.dumps(whole).encode(), hashlib.sha256).hexdigest()
        headers = {"Squarespace-Signature": mac, "User-Agent": "Squarespace/1.0", "Content-Type": "application/json"}
        return Webhook(json.dumps(whole | fields).encode(), headers)


def _refused(status: int, kind: str) -> Reply:
    return Reply(
        status, {"type": kind, "subtype": None, "message": "Refused", "details": None, "contextId": "ABCDEFGHI"}
    )
