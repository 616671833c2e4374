"""WooCommerce's REST API for coupons: list by code, create, change the end.

https://developer.woocommerce.com/docs/apis/rest-api/v3/coupons/. Codes are kept in small letters; whether one is there
already is looked up before it is written, without a lock, so two at once make two; `date_expires_gmt` can't be written.
"""

import base64
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tests.fakes.shop_server import Reply
from tests.fakes.woocommerce_rest import KEY, SECRET, WooCommerceRest

COUPONS = "/wp-json/wc/v3/coupons"


@dataclass
class WooCommerceCodes(WooCommerceRest):
    """Coupons in the order they were made. `may_write` is what the key may do; `slow` is how long a writing takes."""

    coupons: list[dict[str, Any]] = field(default_factory=list)
    may_write: bool = True
    slow: float = 0

    def answer(self, path: str, query: dict[str, str], headers: dict[str, str]) -> Reply:
        """The coupons of a code, else what belongs to orders."""
        if path != COUPONS:
            return super().answer(path, query, headers)
        if not known(headers):
            return refused(401, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")
        return Reply(document=[one for one in self.coupons if one["code"] == query["code"].lower()])

    def change(self, method: str, path: str, query: dict[str, str], headers: dict[str, str], document: Any) -> Reply:
        """A new coupon, or a changed one."""
        if not known(headers) or not self.may_write:
            return refused(401, "woocommerce_rest_cannot_create", "Sorry, you are not allowed to create resources.")
        if (method, path) == ("POST", COUPONS):
            return self.create(document)
        found = [one for one in self.coupons if path == f"{COUPONS}/{one['id']}"]
        if method != "PUT" or not found:
            return refused(404, "woocommerce_rest_shop_coupon_invalid_id", "Invalid ID.")
        found[0]["date_expires_gmt"] = gmt(document["date_expires"])
        return Reply(document=found[0])

    def create(self, document: dict[str, Any]) -> Reply:
        """A coupon under a code that is not there yet."""
        if any(one["code"] == document["code"].lower() for one in self.coupons):
            message = "The coupon code already exists"
            return refused(400, "woocommerce_rest_coupon_code_already_exists", message)
        time.sleep(self.slow)
        return Reply(201, self.put(document["code"], document["amount"], gmt(document["date_expires"])))

    def put(self, code: str, amount: str, ends: str | None, **fields: Any) -> dict[str, Any]:
        """A coupon as the shop keeps it."""
        coupon: dict[str, Any] = {
            "id": 700 + len(self.coupons), "code": code.lower(), "amount": f"{int(amount)}.00",
            "status": "publish", "discount_type": "percent", "date_expires_gmt": ends, "usage_count": 0,
            "individual_use": False, "product_ids": [], "excluded_product_ids": [], "usage_limit": None,
            "usage_limit_per_user": None, "limit_usage_to_x_items": None, "product_categories": [],
            "excluded_product_categories": [], "exclude_sale_items": False, "minimum_amount": "0.00",
            "maximum_amount": "0.00", "email_restrictions": [], "free_shipping": False,
        }  # fmt: skip
        self.coupons.append(coupon | fields)
        return self.coupons[-1]


def gmt(written: str) -> str:
    """A moment with its offset as WordPress shows it."""
    return datetime.fromisoformat(written.replace("Z", "+00:00")).strftime("%Y-%m-%dT%H:%M:%S")


def known(headers: dict[str, str]) -> bool:
    """Whether the key is ours."""
    return headers.get("authorization") == "Basic " + base64.b64encode(f"{KEY}:{SECRET}".encode()).decode()


def refused(status: int, code: str, message: str) -> Reply:
    """An error as WordPress writes it."""
    return Reply(status, {"code": code, "message": message, "data": {"status": status}})
