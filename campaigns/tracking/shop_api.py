"""A shop's own API as we use it: the credentials, kept sealed, and one order with what belongs to it read back.

Sealed credentials are bound to the shop and to the address they are for: put beside another address in the table they
do not open, so they can't be led astray. How a platform is asked is data (platforms/reading_back.py, pull.py).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from campaigns.addresses import Unreachable
from campaigns.errors import DomainError, Said, Unreadable
from campaigns.models import Shop
from campaigns.outbound import Answer, Client
from campaigns.sealed import Unopenable, seal, unseal
from campaigns.tracking.json_body import read_json
from campaigns.tracking.json_text import write_json
from campaigns.tracking.platforms.reading_back import ReadBack

REFUSED = frozenset({401, 403})
NOTHING_THERE = frozenset({404, 204})  # 204 is BigCommerce's word for an empty list


class Gone(DomainError):
    """Raised when the shop has no such order, or none any more."""


@dataclass(frozen=True)
class Asking:
    """What it takes to ask shops: the way out, the key of their credentials, the key of people's hashes."""

    client: Client
    sealing_key: bytes
    identity_key: bytes


@dataclass(frozen=True)
class ShopApi:
    """A shop as its API is asked: plain values, read in one transaction and used outside any."""

    shop_id: int
    platform: str
    api_url: str
    credentials: Mapping[str, str]


def keep_credentials(shop: Shop, key: bytes, api_url: str, credentials: Mapping[str, str]) -> None:
    """Put the address of a shop's API and its credentials on the shop's row."""
    shop.api_url = api_url.strip().rstrip("/")
    shop.api_credentials = seal(key, json.dumps(dict(credentials)).encode(), _bound_to(shop))


def forget_credentials(shop: Shop) -> None:
    """From now on the shop's API is not asked."""
    shop.api_credentials = None


def api_of(shop: Shop, key: bytes) -> ShopApi:
    """How to ask a shop that has credentials; raises Unopenable."""
    if shop.api_credentials is None:
        raise Unopenable(Said("the shop has no credentials of its API here"))
    opened: dict[str, str] = json.loads(unseal(key, shop.api_credentials, _bound_to(shop)))
    return ShopApi(shop.id, shop.platform, shop.api_url, opened)


def read_back(
    client: Client, read_back: ReadBack, api_url: str, credentials: Mapping[str, str], order_id: str
) -> bytes:
    """An order and what belongs to it as one JSON object, each document under its name; raises Gone, Unreachable."""
    if not order_id.strip("."):  # "." and ".." would climb to another document
        raise Gone(Said("the shop has no order %(order)s", order=order_id))
    places = {name: quote(value, safe="") for name, value in credentials.items()} | {"order": quote(order_id, safe="")}
    headers = read_back.headers(credentials)
    documents: dict[str, Any] = {}
    for name, path in read_back.documents.items():
        answer = client.get((api_url or read_back.base) + path.format(**places), headers)
        if answer.status not in NOTHING_THERE:
            documents[name] = json_of(answer)
        elif name not in read_back.optional:
            raise Gone(Said("the shop has no order %(order)s", order=order_id))
    return write_json(documents)


def json_of(answer: Answer) -> Any:
    """The JSON document of a successful answer; raises Unreachable for any other."""
    if answer.status in REFUSED:
        raise Unreachable(Said("the shop's API refuses the credentials, or they may not read orders"))
    if answer.status != 200:
        raise Unreachable(Said("the shop's API answered with status %(code)s", code=answer.status))
    try:
        return read_json(answer.body)
    except Unreadable as error:
        raise Unreachable(Said("what answers at the shop's address is not its API")) from error


def _bound_to(shop: Shop) -> str:
    return f"shop:{shop.public_id} {shop.api_url}"
