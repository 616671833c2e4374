"""BigCommerce's API for one order: the order, its products, its coupons (204 where there are none), its refunds.

https://docs.bigcommerce.com/docs/rest-management/orders.
"""

from dataclasses import dataclass, field
from typing import Any

from tests.fakes.shop_server import FakeShop, Reply

STORE, TOKEN = "abc123", "bc_0123456789"


@dataclass
class BigCommerce(FakeShop):
    """Documents by order id, as tests/tracking/platforms/read_back_payloads.py makes them."""

    orders: dict[str, dict[str, Any]] = field(default_factory=dict)

    def answer(self, path: str, query: dict[str, str], headers: dict[str, str]) -> Reply:
        """One document of one order."""
        if headers.get("x-auth-token") != TOKEN:
            return Reply(401, {"status": 401, "title": "Unauthorized"})
        parts = path.strip("/").split("/")
        if parts[:2] != ["stores", STORE] or parts[3] != "orders" or parts[4] not in self.orders:
            return Reply(404, {"status": 404, "title": "Not found"})
        documents = self.orders[parts[4]]
        document = documents["order" if len(parts) == 5 else parts[-1]]
        return Reply(document=document) if document else Reply(204)
