"""Shopify's Admin GraphQL API for discount codes: create, look up, switch off.

https://shopify.dev/docs/api/admin-graphql/2026-07/mutations/discountCodeBasicCreate. Codes are unique in a shop without
regard to capitals; errors come with status 200. Unknown fields of the input are refused, as GraphQL does.
"""

import threading
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from tests.fakes.shop_server import Reply
from tests.fakes.shopify_admin import TOKEN, ShopifyAdmin

GRAPHQL = "/admin/api/2026-07/graphql.json"
FIELDS = {"title", "code", "startsAt", "endsAt", "context", "customerGets", "appliesOncePerCustomer"}


@dataclass
class ShopifyCodes(ShopifyAdmin):
    """Discounts by folded code. `throttled` answers that many requests so; `scopes` are what the token may do."""

    discounts: dict[str, dict[str, Any]] = field(default_factory=dict)
    created: list[str] = field(default_factory=list)
    throttled: int = 0
    scopes: frozenset[str] = frozenset({"read_discounts", "write_discounts"})
    door: threading.Lock = field(default_factory=threading.Lock)

    def change(self, method: str, path: str, query: dict[str, str], headers: dict[str, str], document: Any) -> Reply:
        """One query or mutation."""
        if headers.get("x-shopify-access-token") != TOKEN:
            return Reply(401, {"errors": "[API] Invalid API key or access token"})
        if (method, path, headers.get("content-type")) != ("POST", GRAPHQL, "application/json"):
            return Reply(404, {"errors": "Not Found"})
        if self.throttled:
            self.throttled -= 1
            return failed("THROTTLED", "Throttled")
        asked, given = document["query"], document["variables"]
        needed = "read_discounts" if asked.startswith("query") else "write_discounts"
        if needed not in self.scopes:
            return failed("ACCESS_DENIED", f"Access denied. Required access: `{needed}` access scope.")
        with self.door:
            if "discountCodeBasicCreate(" in asked:
                return Reply(document={"data": {"discountCodeBasicCreate": self.create(given["code"])}})
            if "discountCodeDeactivate(" in asked:
                return Reply(document={"data": {"discountCodeDeactivate": self.end(given["id"])}})
            node = self.discounts.get(given["code"].upper())
        return Reply(document={"data": {"codeDiscountNodeByCode": node}})

    def create(self, given: dict[str, Any]) -> dict[str, Any]:
        """A new discount, or why there is none."""
        part = Decimal(str(given["customerGets"]["value"]["percentage"]))
        if given.keys() - FIELDS or given["context"] != {"all": "ALL"}:
            return errors("INVALID", "Discount is invalid")
        if not 0 < part <= 1:
            return errors("VALUE_OUTSIDE_RANGE", "Value must be between 0.01 and 1.0")
        if given["code"].upper() in self.discounts:
            return errors("TAKEN", "Code must be unique. Please try a different code.")
        node = self.put(given["code"], part, given["startsAt"], given["endsAt"])
        self.created.append(given["code"])
        return {"codeDiscountNode": {"id": node["id"]}, "userErrors": []}

    def put(self, code: str, part: Decimal, starts: str, ends: str | None, **fields: Any) -> dict[str, Any]:
        """A discount as the shop keeps it."""
        percentage = {"__typename": "DiscountPercentage", "percentage": float(part)}
        gets = {"items": {"__typename": "AllDiscountItems"}, "value": percentage}
        discount = {
            "__typename": "DiscountCodeBasic", "status": "ACTIVE", "startsAt": starts, "endsAt": ends,
            "usageLimit": None, "appliesOncePerCustomer": False, "asyncUsageCount": 0, "minimumRequirement": None,
            "context": {"__typename": "DiscountBuyerSelectionAll"}, "customerGets": gets,
        }  # fmt: skip
        node = {"id": f"gid://shopify/DiscountCodeNode/{len(self.discounts) + 1}", "codeDiscount": discount | fields}
        self.discounts[code.upper()] = node
        return node

    def end(self, external_id: str) -> dict[str, Any]:
        """A discount switched off."""
        for node in self.discounts.values():
            if node["id"] == external_id:
                node["codeDiscount"]["status"] = "EXPIRED"
                return {"codeDiscountNode": {"id": external_id}, "userErrors": []}
        return errors("INVALID", "Code discount does not exist.")

    def use(self, code: str, times: int) -> None:
        """Orders with the code."""
        self.discounts[code.upper()]["codeDiscount"]["asyncUsageCount"] += times

    def off(self, code: str) -> bool:
        """Whether the code is switched off."""
        return bool(self.discounts[code.upper()]["codeDiscount"]["status"] == "EXPIRED")


def failed(code: str, message: str) -> Reply:
    """A request that was not carried out."""
    return Reply(document={"errors": [{"message": message, "extensions": {"code": code}}]})


def errors(code: str, message: str) -> dict[str, Any]:
    """A payload that says what was wrong with the input."""
    return {"codeDiscountNode": None, "userErrors": [{"code": code, "message": message}]}
