"""WooCommerce's REST API: orders by id, page after page, totals in headers, keys by Basic authorisation.

https://developer.woocommerce.com/docs/apis/rest-api/v3/orders/. "Any" status leaves out the trash.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.shop_server import FakeShop, Reply
from tests.tracking.platforms.payloads import woo_order

KEY, SECRET = "ck_0123456789", "cs_9876543210"
LIST = "/wp-json/wc/v3/orders"


@dataclass
class WooCommerceRest(FakeShop):
    """Orders and their refunds in detail by id; `between` is called after each page of the list."""

    orders: dict[int, dict[str, Any]] = field(default_factory=dict)
    refunds: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    most: int = 100
    between: Callable[[int], None] = lambda page: None
    pages: int = 0

    def add(self, number: int, **fields: Any) -> None:
        """An order of payloads.py; changed anew if it is there already."""
        times = {"date_created_gmt": "2026-05-10T08:00:00", "date_modified_gmt": "2026-05-10T11:00:00"}
        self.orders[number] = woo_order(**({"id": number, "number": str(number)} | times | fields))

    def answer(self, path: str, query: dict[str, str], headers: dict[str, str]) -> Reply:
        """A page of the list, or one order's refunds."""
        pair = base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()
        if headers.get("authorization") != f"Basic {pair}":
            return Reply(401, {"code": "woocommerce_rest_cannot_view", "message": "Sorry.", "data": {"status": 401}})
        if path == LIST:
            return self.page(query)
        number = int(path.removeprefix(LIST + "/").removesuffix("/refunds"))
        known = number in self.orders and path.endswith("/refunds")
        return Reply(document=self.refunds.get(number, [])) if known else Reply(404, {"data": {"status": 404}})

    def page(self, query: dict[str, str]) -> Reply:
        """One page of orders changed after a moment, which is itself left out."""
        assert query["dates_are_gmt"] == "true" and (query["orderby"], query["order"]) == ("id", "asc")
        size, offset = min(int(query["per_page"]), self.most), int(query["offset"])
        trash = query["status"] == "trash"
        found = [
            self.orders[number]
            for number in sorted(self.orders)
            if (self.orders[number]["status"] == "trash") == trash
            and self.orders[number]["date_modified_gmt"] > query["modified_after"]
        ]
        totals = {"X-WP-Total": str(len(found)), "X-WP-TotalPages": str(-(-len(found) // size))}
        reply = Reply(document=[dict(order) for order in found[offset : offset + size]], headers=totals)
        if not trash:
            self.pages += 1
            self.between(self.pages)
        return reply


def woo_refund(number: int = 900, **fields: Any) -> dict[str, Any]:
    """One of the two soaps given back, 18.00 and 3.24 of tax on it, with 5.00 of the shipping: 26.24."""
    line = {"id": 51, "name": "Soap", "sku": "SO", "quantity": -1, "subtotal": "-20.00", "total": "-18.00"}
    line |= {"total_tax": "-3.24", "meta_data": [{"id": 1, "key": "_refunded_item_id", "value": "3"}]}
    shipping = {"id": 52, "method_id": "flat_rate", "total": "-5.00", "total_tax": "0.00", "meta_data": []}
    refund: dict[str, Any] = {"id": number, "date_created_gmt": "2026-05-10T10:00:00", "amount": "26.24"}
    refund |= {"reason": "", "line_items": [line], "shipping_lines": [shipping], "fee_lines": [], "tax_lines": []}
    return refund | fields
