"""The running server as the outside has it: the JSON API with a token, a shop's webhooks, and visitors' browsers."""

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from campaigns.demo.shopify_bodies import Message, headers

BROWSER = {
    "User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Instagram 390.0",
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
}
LINK_PREVIEW = {"User-Agent": "WhatsApp/2.25"}


class Refused(RuntimeError):
    """Raised when the server answers other than the demonstration needs."""


@dataclass(frozen=True)
class Answer:
    """A status, headers with lower-case names, and the body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Server:
    """Where it listens; every request has a connection of its own, as strangers' have."""

    port: int

    def ask(self, method: str, path: str, body: bytes = b"", sent: Mapping[str, str] | None = None) -> Answer:
        """One request, whatever comes of it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body or None, dict(sent or {}))
            answer = connection.getresponse()
            return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
        finally:
            connection.close()


@dataclass(frozen=True)
class Api:
    """The JSON API as agency staff use it."""

    server: Server
    token: str

    def get(self, path: str) -> Any:
        """What is at `path`."""
        return json.loads(self._ask("GET", path, "application/json").body)

    def post(self, path: str, **body: Any) -> Any:
        """The answer to a body."""
        return json.loads(self._ask("POST", path, "application/json", body).body)

    def download(self, path: str) -> bytes:
        """The bytes of a paper."""
        return self._ask("GET", path, "*/*").body

    def _ask(self, method: str, path: str, accept: str, body: Mapping[str, Any] | None = None) -> Answer:
        sent = {"Authorization": f"Bearer {self.token}", "Accept": accept}
        raw = b""
        if body is not None:
            raw = json.dumps(body, ensure_ascii=False).encode()
            sent |= {"Content-Type": "application/json", "Idempotency-Key": uuid4().hex}
        answer = self.server.ask(method, f"/api/v1{path}", raw, sent)
        if answer.status not in (200, 201):
            raise Refused(f"{method} {path}: {answer.status} {answer.body.decode(errors='replace')[:400]}")
        return answer


@dataclass(frozen=True)
class ShopFront:
    """The shop's side of its webhook."""

    server: Server
    path: str
    secret: str
    domain: str

    def deliver(self, sent: Message, at: datetime) -> str:
        """Send a delivery; what became of it. Raises Refused unless it was taken."""
        answer = self.server.ask("POST", self.path, sent.body, headers(sent, self.secret, self.domain, at))
        if answer.status != 200:
            raise Refused(f"{sent.topic}: {answer.status} {answer.body.decode(errors='replace')[:400]}")
        return str(json.loads(answer.body)["status"])

    def deliver_forged(self, sent: Message, at: datetime) -> int:
        """Send a delivery signed with another secret; the status it is answered with."""
        return self.server.ask("POST", self.path, sent.body, headers(sent, "not the secret", self.domain, at)).status


def click(server: Server, link: str) -> str:
    """Follow an affiliate link as a person does; the id the click carries to the shop."""
    answer = server.ask("GET", urlsplit(link).path, sent=BROWSER)
    found = parse_qs(urlsplit(answer.headers.get("location", "")).query).get("click_id", [])
    if answer.status != 302 or not found:
        raise Refused(f"the link {link} answered {answer.status}")
    return found[0]


def preview(server: Server, link: str) -> None:
    """Follow a link as a messenger's preview does: sent on, and no click."""
    if server.ask("GET", urlsplit(link).path, sent=LINK_PREVIEW).status != 302:
        raise Refused(f"the link {link} did not redirect")
