"""A shop's API on this machine: answers GETs from a script of faults first, then from its own orders.

`faults` are used up one a request: a status, with Retry-After where it has one; "hang", "cut", "drip", "huge",
"bomb", "redirect", "html". What was asked is noted in `asked`, with the moment it came.
"""

import gzip
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import parse_qs, urlsplit

HUGE = 6 * 1024 * 1024
BOMB = gzip.compress(b" " * 10 * HUGE)

Shop = TypeVar("Shop", bound="FakeShop")


@dataclass(frozen=True)
class Reply:
    """What the fake answers: a status, a document, and headers."""

    status: int = 200
    document: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class FakeShop:
    """The base of all fakes: `answer` is the platform's own."""

    faults: list[Any] = field(default_factory=list)
    late_faults: list[Any] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)
    url: str = ""
    released: threading.Event = field(default_factory=threading.Event)

    def answer(self, path: str, query: dict[str, str], headers: dict[str, str]) -> Reply:
        """The reply to a GET; header names in lower case."""
        return Reply(404, {"errors": "Not Found"})

    def change(self, method: str, path: str, query: dict[str, str], headers: dict[str, str], document: Any) -> Reply:
        """The reply to a request with a document; header names in lower case."""
        return Reply(404, {"errors": "Not Found"})

    def answered(self) -> Any:
        """A fault that strikes after the request has had its effect, or None."""
        return self.late_faults.pop(0) if self.late_faults else None


class _Handler(BaseHTTPRequestHandler):
    """Answers for one shop."""

    protocol_version = "HTTP/1.1"
    shop: FakeShop

    def log_message(self, *_: Any) -> None:
        """Tests are quiet."""

    def do_GET(self) -> None:
        self.respond(self.shop.answer)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", "0"))
        document = json.loads(self.rfile.read(length) or b"null")

        def answer(path: str, query: dict[str, str], headers: dict[str, str]) -> Reply:
            return self.shop.change(self.command, path, query, headers, document)

        self.respond(answer)

    do_PUT = do_DELETE = do_POST

    def respond(self, answer: Callable[[str, dict[str, str], dict[str, str]], Reply]) -> None:
        """The shop's answer, or its next fault in the place of it."""
        shop = self.shop
        shop.asked.append(self.path)
        shop.moments.append(time.monotonic())
        fault = shop.faults.pop(0) if shop.faults else None
        if fault is not None:
            self.misbehave(fault)
            self.close_connection = True
            return
        parts = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        reply = answer(parts.path, query, {name.lower(): value for name, value in self.headers.items()})
        late = shop.answered()
        if late is not None:
            self.misbehave(late)
            self.close_connection = True
            return
        body = b"" if reply.document is None else json.dumps(reply.document).encode()
        self.send(reply.status, body, {"Content-Type": "application/json", **reply.headers})

    def send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        """One whole answer."""
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), "Connection": "close", **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def misbehave(self, fault: Any) -> None:
        """One of the ways in which servers go wrong."""
        ways: dict[str, tuple[int, bytes, dict[str, str]]] = {
            "cut": (200, b'{"orders": [', {"Content-Length": "5000"}),
            "huge": (200, b" " * HUGE, {}),
            "bomb": (200, BOMB, {"Content-Encoding": "gzip"}),
            "redirect": (302, b"", {"Location": self.shop.url + "/elsewhere"}),
            "html": (200, b"<html>Back soon</html>", {"Content-Type": "text/html"}),
        }
        if fault == "hang":
            self.shop.released.wait(20)
        elif fault == "drip":
            self.drip()
        elif isinstance(fault, str):
            self.send(*ways[fault])
        else:
            status, wait = fault if isinstance(fault, tuple) else (fault, None)
            self.send(status, b"{}", {} if wait is None else {"Retry-After": wait})

    def drip(self) -> None:
        """A byte now and then, for ever."""
        self.send_response(200)
        self.send_header("Content-Length", "5000")
        self.end_headers()
        while not self.shop.released.wait(0.05):
            self.wfile.write(b" ")


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A client that gave up is no news."""


@contextmanager
def serving_shop(shop: Shop, trust: ssl.SSLContext | None = None) -> Iterator[Shop]:
    """The fake on a port of its own, over TLS where it is given a server's context, for the length of a block."""
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"shop": shop}))
    if trust is not None:
        server.socket = trust.wrap_socket(server.socket, server_side=True)
    shop.url = f"http{'s' if trust else ''}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield shop
    finally:
        shop.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
