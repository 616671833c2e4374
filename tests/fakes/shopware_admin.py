"""Shopware 6's Admin API for one order, behind tokens that live for so many requests.

https://shopware.stoplight.io/docs/admin-api/ZG9jOjEwODA3NjQx-authentication. A wrong secret is 401, an unknown access
key 400, and one that is none at all 403. An id that isn't 32 hexadecimal digits is no address: 404 before the token is
looked at. As since Shopware 6.6, nothing comes with an order but what is asked for, down to the states.
"""

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.fakes.shop_server import FakeShop, Reply

KEY_ID, SECRET = "SWIATESTOFONEINTEGRATION00", "c2VjcmV0IG9mIG9uZSBpbnRlZ3JhdGlvbg"
TOKEN_PATH = "/api/oauth/token"
ORIGINS = ("SWUA", "SWIA", "SWSC", "SWPE")
ASSOCIATIONS = {
    "order": ("currency", "lineItems", "orderCustomer", "billingAddress", "stateMachineState", "transactions"),
    "transactions": ("stateMachineState", "captures"),
    "captures": ("stateMachineState", "refunds"),
    "refunds": ("stateMachineState", "positions"),
}


@dataclass
class ShopwareAdmin(FakeShop):
    """Orders by id. `life` is how many requests a new token is good for; `may_read` is what the role allows."""

    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    tokens: dict[str, int] = field(default_factory=dict)  # what is left of each
    life: int = 1000
    secret: str = SECRET
    may_read: bool = True

    def change(self, method: str, path: str, query: dict[str, str], headers: dict[str, str], document: Any) -> Reply:
        """A token for the access key of the integration and its secret."""
        if (method, path) != ("POST", TOKEN_PATH):
            return refused(404, "0", "Not Found", f'No route found for "{method} {path}"')
        written = headers.get("content-type") == "application/json" and isinstance(document, dict)
        if not written or document.get("grant_type") != "client_credentials":
            return refused(400, "2", "The authorization grant type is not supported by the authorization server.", "")
        if not document["client_id"].startswith(ORIGINS):
            return refused(403, "FRAMEWORK__API_INVALID_ACCESS_KEY", "Forbidden", "Access key is invalid.")
        if document["client_id"] != KEY_ID:
            return refused(400, "6", "The user credentials were incorrect.", "")
        if document["client_secret"] != self.secret:
            return refused(401, "4", "Client authentication failed", "")
        token = f"eyJ0eXAiOiJKV1Qi.{len(self.tokens)}.signed"
        self.tokens[token] = self.life
        return Reply(document={"token_type": "Bearer", "expires_in": 600, "access_token": token})

    def answer(self, path: str, query: dict[str, str], headers: dict[str, str]) -> Reply:
        """One order, to whom brings a token that lives."""
        found = re.fullmatch(r"/api/order/([0-9a-f]{32})", path)
        if found is None:
            return refused(404, "0", "Not Found", "No route found")
        token = headers.get("authorization", "").removeprefix("Bearer ")
        if not self.tokens.get(token):
            denied = "The resource owner or authorization server denied the request."
            return refused(401, "9", denied, "Access token could not be verified")
        self.tokens[token] -= 1
        if not self.may_read:
            return refused(
                403, "FRAMEWORK__MISSING_PRIVILEGE_ERROR", "Forbidden", '{"missingPrivileges":["order:read"]}'
            )
        if found[1] not in self.orders:
            return refused(404, "FRAMEWORK__RESOURCE_NOT_FOUND", "Not Found", "The order resource was not found.")
        names = [name for name, _ in parse_qsl(urlsplit(self.asked[-1]).query, keep_blank_values=True)]
        return Reply(document={"data": asked_for(self.orders[found[1]], "order", [steps(name) for name in names])})

    @property
    def exchanged(self) -> int:
        """How often a token was asked for."""
        return self.asked.count(TOKEN_PATH)


def steps(name: str) -> list[str]:
    """`associations[a][associations][b][]` as ["a", "b"]."""
    return [step for step in re.findall(r"\[(\w+)\]", name) if step != "associations"]


def asked_for(entity: dict[str, Any], kind: str, paths: list[list[str]]) -> dict[str, Any]:
    """An entity without the associations nobody asked for."""
    told = dict(entity)
    for name in ASSOCIATIONS.get(kind, ()):
        below = [path[1:] for path in paths if path[:1] == [name]]
        value = entity.get(name)
        if not below:
            told[name] = None
        elif isinstance(value, list):
            told[name] = [asked_for(each, name, below) for each in value]
    return told


def refused(status: int, code: str, title: str, detail: str) -> Reply:
    """An error as Shopware writes all of them."""
    error = {"code": code, "status": str(status), "title": title, "detail": detail or None}
    return Reply(status, {"errors": [error]})
