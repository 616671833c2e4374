"""Shopify's Admin REST API: orders by time of change, a cursor in the Link header, the token in a header.

https://shopify.dev/docs/api/admin-rest/latest/resources/order: with a cursor no filter but `limit` is taken.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.shop_server import FakeShop, Reply
from tests.tracking.platforms.payloads import shopify_order

TOKEN = "shpat_0123456789"
LIST = "/admin/api/2026-07/orders.json"


@dataclass
class ShopifyAdmin(FakeShop):
    """Orders by id; `between` is called after each page, before the next is asked for."""

    orders: dict[int, dict[str, Any]] = field(default_factory=dict)
    most: int = 250
    between: Callable[[int], None] = lambda page: None
    pages: int = 0

    def add(self, number: int, **fields: Any) -> None:
        """An order of payloads.py; changed anew if it is there already."""
        changed = {"updated_at": f"2026-05-10T11:{number % 60:02}:00Z", "created_at": "2026-05-10T08:00:00Z"}
        self.orders[number] = shopify_order(**({"id": number, "name": f"#{number}"} | changed | fields))

    def answer(self, path: str, query: dict[str, str], headers: dict[str, str]) -> Reply:
        """One page."""
        if headers.get("x-shopify-access-token") != TOKEN:
            return Reply(401, {"errors": "[API] Invalid API key or access token"})
        if path != LIST:
            return Reply(404, {"errors": "Not Found"})
        if "page_info" in query and query.keys() != {"page_info", "limit"}:
            return Reply(400, {"errors": {"status": "status cannot be passed when page_info is present."}})
        after = json.loads(base64.b64decode(query["page_info"])) if "page_info" in query else None
        since = after["since"] if after else query["updated_at_min"]
        last = tuple(after["last"]) if after else ("", 0)
        found = sorted((order["updated_at"], order["id"]) for order in self.orders.values())
        size = min(int(query["limit"]), self.most)
        page = [key for key in found if key[0] >= since and key > last][: size + 1]
        reply = Reply(document={"orders": [self.orders[key[1]] for key in page[:size]]})
        if len(page) > size:
            cursor = base64.b64encode(json.dumps({"since": since, "last": page[size - 1]}).encode()).decode()
            link = f'<https://elsewhere.example{LIST}?limit={size}&page_info={cursor}>; rel="next"'
            reply.headers["Link"] = f'<https://elsewhere.example{LIST}?page_info=x>; rel="previous", {link}'
        self.pages += 1
        self.between(self.pages)
        return reply
