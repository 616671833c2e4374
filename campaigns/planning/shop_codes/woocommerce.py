"""Codes in a WooCommerce shop, through its REST API; the key needs to read and write.

https://developer.woocommerce.com/docs/apis/rest-api/v3/coupons/. A coupon has no beginning: it works from the moment
it is created. Its end is written with its offset (`date_expires`, exact to the second; `date_expires_gmt` is read
only, whatever the list of properties says). WooCommerce keeps codes in small letters.
"""

import base64
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from campaigns.clock import iso
from campaigns.errors import Said
from campaigns.outbound import Answer
from campaigns.planning.shop_codes.asking import (
    MISREAD,
    Call,
    Credentials,
    Found,
    Taken,
    Wanted,
    Way,
    document_of,
    not_its_api,
    refusal,
)
from campaigns.tracking.attribution import fold
from campaigns.tracking.json_body import LONGEST_ID, parse_moment, read_json
from campaigns.tracking.json_text import write_json
from campaigns.tracking.pull_woocommerce import VERSION

PATH = f"/wp-json/{VERSION}/coupons"
OCCUPIED = "woocommerce_rest_coupon_code_already_exists"
# What narrows a coupon down, and what each says where it doesn't.
LIMITS: dict[str, Any] = {
    "usage_limit": None, "usage_limit_per_user": None, "limit_usage_to_x_items": None, "product_ids": [],
    "excluded_product_ids": [], "product_categories": [], "excluded_product_categories": [],
    "exclude_sale_items": False, "email_restrictions": [],
}  # fmt: skip


def look_up(credentials: Credentials, code: str) -> Call:
    """Ask for a code; capitals make no difference there."""
    return Call("GET", f"{PATH}?code={quote(code, safe='')}", _headers(credentials))


def found(answer: Answer, code: str) -> Found | None:
    """The code as it is in the shop; None where there is none."""
    coupons = document_of(answer, 200)
    if not isinstance(coupons, list):
        raise not_its_api()
    try:
        return next((_found(coupon) for coupon in coupons if fold(str(coupon["code"])) == fold(code)), None)
    except MISREAD as error:
        raise not_its_api() from error


def create(credentials: Credentials, wanted: Wanted) -> Call:
    """Ask for a new coupon: for all buyers and all products, as often as one likes."""
    coupon = {
        "code": wanted.code,
        "discount_type": "percent",
        "amount": str(wanted.percent_off),
        "date_expires": iso(wanted.ends),
    }
    return Call("POST", PATH, _headers(credentials), write_json(coupon))


def created(answer: Answer, wanted: Wanted) -> str:
    """The shop's id of the new coupon."""
    if answer.status == 400:
        _refuse(answer)
    coupon = document_of(answer, 200, 201)
    if not isinstance(coupon, dict) or not isinstance(coupon.get("id"), int):
        raise not_its_api()
    return str(coupon["id"])[:LONGEST_ID]


def end(credentials: Credentials, code: Found, now: datetime) -> Call:
    """Ask that a coupon be over; it is kept with its uses, as its orders name it."""
    place = f"{PATH}/{quote(code.external_id, safe='')}"
    return Call("PUT", place, _headers(credentials), write_json({"date_expires": iso(now)}))


def ended(answer: Answer) -> None:
    """Nothing where the coupon is over, or gone; raises Refused."""
    if answer.status == 400:
        _refuse(answer)
    document_of(answer, 200, 404)


WAY = Way(look_up, found, create, created, end, ended, knows_beginning=False)


def _headers(credentials: Credentials) -> dict[str, str]:
    pair = f"{credentials['consumer_key']}:{credentials['consumer_secret']}".encode()
    return {"Authorization": "Basic " + base64.b64encode(pair).decode()}


def _refuse(answer: Answer) -> None:
    """Raise what a refusal of the shop's means."""
    try:
        refused = read_json(answer.body)
        code, message = refused["code"], refused["message"]
    except MISREAD as error:
        raise not_its_api() from error
    if code == OCCUPIED:
        raise Taken(Said("the shop has this code already"))
    raise refusal(message)


def _found(coupon: Any) -> Found:
    least, most = Decimal(coupon.get("minimum_amount") or "0"), Decimal(coupon.get("maximum_amount") or "0")
    limited = any((coupon.get(name) or None) != (free or None) for name, free in LIMITS.items())
    ends = coupon["date_expires_gmt"]
    return Found(
        str(coupon["id"])[:LONGEST_ID],
        Decimal(coupon["amount"]) if coupon["discount_type"] == "percent" else None,
        None,
        parse_moment(ends, "date_expires_gmt", "UTC").astimezone(UTC) if ends else None,
        bool(limited or least or most),
        int(coupon["usage_count"]),
        coupon.get("status", "publish") != "publish",
    )
