"""A shop's own API as we use it: the credentials, kept sealed, and one order with what belongs to it read back.

Sealed credentials are bound to the shop and to the address they are for: put beside another address in the table they
do not open, so they can't be led astray. How a platform is asked is data (platforms/reading_back.py, pull.py).
A token that credentials were exchanged for is kept for one run, not longer and nowhere else: no clock is needed to know
its end, for a shop that knows it no more says so.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
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

Tokens = dict[tuple[str, bytes], str]  # by address and document, as they were asked for

ENDED = 401
REFUSED = frozenset({401, 403})
NOT_EXCHANGED = REFUSED | {400}  # what OAuth 2 answers to unknown credentials, and Shopware to an unknown access key
NOTHING_THERE = frozenset({404, 204})  # 204 is BigCommerce's word for an empty list


class Gone(DomainError):
    """Raised when the shop has no such order, or none any more."""


@dataclass(frozen=True)
class Asking:
    """What it takes to ask shops in one run: the way out, the key of their credentials, the key of people's hashes."""

    client: Client
    sealing_key: bytes
    identity_key: bytes
    tokens: Tokens = field(default_factory=dict, repr=False)


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
    client: Client,
    read_back: ReadBack,
    api_url: str,
    credentials: Mapping[str, str],
    order_id: str,
    tokens: Tokens | None = None,
) -> bytes:
    """An order and what belongs to it as one JSON object, each document under its name; raises Gone, Unreachable.

    `tokens` are those that earlier readings of the run brought; this one adds its own.
    """
    if not order_id.strip("."):  # "." and ".." would climb to another document
        raise Gone(Said("the shop has no order %(order)s", order=order_id))
    if not all(credentials.get(name) for name, _, _ in read_back.fields):  # kept by a release that wanted others
        raise Unreachable(Said("the platform wants other credentials than those kept; they must be entered anew"))
    places = {name: quote(value, safe="") for name, value in credentials.items()} | {"order": quote(order_id, safe="")}
    door = _Door(client, read_back, api_url or read_back.base, credentials, {} if tokens is None else tokens)
    documents: dict[str, Any] = {}
    for name, path in read_back.documents.items():
        answer = door.get(path.format(**places))
        if answer.status not in NOTHING_THERE:
            documents[name] = json_of(answer)
        elif name not in read_back.optional:
            raise Gone(Said("the shop has no order %(order)s", order=order_id))
    return write_json(documents)


@dataclass(frozen=True)
class _Door:
    """A shop's API as its credentials open it: themselves, or by the token they are exchanged for."""

    client: Client
    way: ReadBack
    address: str
    credentials: Mapping[str, str]
    tokens: Tokens

    def get(self, path: str) -> Answer:
        """The answer to a GET. A token of earlier that is refused has ended, and a new one is asked for, once."""
        exchange, url = self.way.exchange, self.address + path
        if exchange is None:
            return self.client.get(url, self.way.headers(self.credentials))
        wanted = (self.address + exchange.path, json.dumps(dict(exchange.document(self.credentials))).encode())
        if wanted in self.tokens:
            answer = self._get_with(self.tokens[wanted], url)
            if answer.status != ENDED:
                return answer
        self.tokens[wanted] = self._exchanged(*wanted)
        return self._get_with(self.tokens[wanted], url)

    def _get_with(self, token: str, url: str) -> Answer:
        return self.client.get(url, self.way.headers({**self.credentials, "token": token}))

    def _exchanged(self, url: str, document: bytes) -> str:
        answer = self.client.send("POST", url, {}, document)
        if answer.status in NOT_EXCHANGED:
            raise Unreachable(Said("the shop's API refuses the credentials; they must be entered anew"))
        told = json_of(answer)
        token = told.get("access_token") if isinstance(told, dict) else None
        if not isinstance(token, str) or not token:
            raise Unreachable(Said("what answers at the shop's address is not its API"))
        return token


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
