"""The visitor who follows a link, and the shop that reports orders of 84.75 net as Shopify does."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from campaigns.clock import iso, utc_now
from tests.browser.play import Play
from tests.faults.shopify import sign
from tests.tracking.platforms.payloads import shopify_order

SECRET = "what Shopify showed the brand"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Instagram 390.0"
)


def follow(play: Play, link: str) -> str:
    """Open an affiliate link in a browser; the click's id, as the shop's page gets it."""
    somebody = play.somebody(user_agent=PHONE)
    somebody.open(link)
    assert somebody.page.url.startswith(play.landing)
    return parse_qs(urlsplit(somebody.page.url).query)["click_id"][0]


def order(number: int, code: str = "", click_id: str = "") -> bytes:
    """A paid order, with a code, a click's id, or neither."""
    at = iso(utc_now())
    facts: dict[str, Any] = {"created_at": at, "updated_at": at, "processed_at": at}
    facts |= {"discount_codes": [{"code": code, "amount": "18.00", "type": "percentage"}] if code else []}
    facts |= {"discount_applications": [{"type": "discount_code", "code": code}] if code else []}
    facts |= {"landing_site": f"/serum?click_id={click_id}" if click_id else "/"}
    buyer = {"email": f"buyer{number}@example.com", "customer": {"id": number}}
    return json.dumps(shopify_order(id=number, name=f"#{number}", **facts, **buyer)).encode()


def report(play: Play, number: int, body: bytes) -> str:
    """Send it signed; what became of it."""
    signed = sign(play.shop, SECRET, body, f"delivery-{number}")
    answer = play.house.server.request("POST", signed.path, signed.body, signed.headers)
    assert answer.status == 200, answer.body
    return str(json.loads(answer.body)["status"])
