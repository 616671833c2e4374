"""Deliveries to send: Shopify orders of about 10 kB, each of another number, each signed.

Made ahead by replacing one number in a finished body, so making them costs no more than signing them. All requests of
a file have the same length, so whoever sends them needs no index.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from campaigns.clock import utc_now
from campaigns.demo import shopify_bodies
from campaigns.demo.goods import BALM, CREAM, SERUM, lines
from tests.faults.stage import Stage

DOMAIN = "shop.example.com"
FIRST = 5_000_000_000_000
MARK = b"5999999999999"  # stands in a body where its number will
STREET = {
    "first_name": "Dana",
    "last_name": "Test",
    "company": None,
    "address1": "1 Orchard Lane, entrance B, third floor",
    "address2": "the bell without a name, please ring twice",
    "city": "Haifa",
    "zip": "3100000",
    "province": None,
    "country": "Israel",
    "country_code": "IL",
    "phone": "+972500000000",
}


@dataclass(frozen=True)
class Made:
    """One delivery: as the inbox is given it."""

    headers: dict[str, str]
    body: bytes


class Deliveries:
    """An endless supply for one shop; what was made once is not made again."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._next = FIRST
        bodies = [_body(code) for code in stage.codes]
        longest = max(map(len, bodies))
        self._templates = [body.ljust(longest) for body in bodies]

    def make(self, count: int) -> Iterator[Made]:
        """The next `count` deliveries, the campaign's codes in turn."""
        for number in range(self._next, self._next + count):
            body = self._templates[number % len(self._templates)].replace(MARK, b"%d" % number)
            message = shopify_bodies.Message("orders/paid", body, f"bench-{number}")
            yield Made(shopify_bodies.headers(message, self._stage.secret, DOMAIN, self._stage.now), body)
        self._next += count

    def write(self, path: Path, count: int) -> int:
        """Fill a file with whole HTTP requests; returns the length of each."""
        start = f"POST /webhooks/shopify/{self._stage.shop_id} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        length = 0
        with path.open("wb") as file:
            for made in self.make(count):
                names = made.headers | {"Content-Length": str(len(made.body))}
                head = start + "".join(f"{name}: {value}\r\n" for name, value in names.items()) + "\r\n"
                length = file.write(head.encode() + made.body)
        return length


def _body(code: str) -> bytes:
    """An order as Shopify sends it, with the members nobody here reads too: they are most of its size."""
    goods = lines([(SERUM, 1), (CREAM, 2), (BALM, 1)])
    bought = shopify_bodies.Purchase(int(MARK), utc_now().replace(microsecond=0), goods, (code,))
    order = shopify_bodies.order(bought, "paid", bought.placed_at)
    mark = MARK.decode()
    buyer = f"buyer{mark}@shoppers.test"
    order |= {"name": f"#{mark}", "order_number": bought.order_id, "email": buyer, "contact_email": buyer}
    order["customer"] = {"id": bought.order_id, "email": buyer, "default_address": STREET, "tags": "", "note": None}
    order |= {"billing_address": STREET, "shipping_address": STREET, "confirmed": True, "tags": "", "note": None}
    order |= {"client_details": {"browser_ip": "192.0.2.1", "user_agent": "Mozilla/5.0 (a browser's long name)"}}
    order |= {f"{name}_set": _both(order[name]) for name in ("total_price", "total_tax", "total_discounts")}
    order["line_items"] = [item | _unread(item) for item in order["line_items"]]
    return json.dumps(order, ensure_ascii=False).encode()


def _unread(item: dict[str, Any]) -> dict[str, Any]:
    noted = [{"name": f"engraving line {row}", "value": "for somebody who has everything"} for row in range(1, 18)]
    return {
        "price_set": _both(item["price"]),
        "total_discount_set": _both("0.00"),
        "fulfillable_quantity": item["quantity"],
        "fulfillment_status": None,
        "requires_shipping": True,
        "taxable": True,
        "vendor": "Amber Skin",
        "variant_title": "50 ml",
        "variant_inventory_management": "shopify",
        "properties": noted,
        "origin_location": STREET,
        "duties": [],
    }


def _both(amount: str) -> dict[str, Any]:
    one = {"amount": amount, "currency_code": "ILS"}
    return {"shop_money": one, "presentment_money": one}
