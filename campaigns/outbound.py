"""The one way out: requests to shops' APIs, each bounded in time and size, to an address that was looked at.

No redirect is followed, no proxy of the environment is used, and nothing is kept between requests. What a shop does
wrong ends in Unreachable with a sentence for staff; credentials travel in headers only and never stand in it.
"""

import contextlib
import http.client
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import DecodeError, HTTPError

from campaigns.addresses import Resolver, Target, Unreachable, resolve_host, target_of
from campaigns.errors import Said

CONNECT_SECONDS = 3.0
READ_SECONDS = 10.0
PATIENCE_SECONDS = 30.0  # for one request with all its repetitions
LONGEST_BODY = 5 * 1024 * 1024
FIRST_PAUSE = 0.5

_PIECE = 65536
_SENDABLE = re.compile(r"[\x20-\x7e]*")


class TooLong(Unreachable):
    """Raised when an answer has more bytes than are taken; a smaller page may fit."""


class Broken(Unreachable):
    """Raised when a request may go better the next time: no connection, no whole answer, a fault or limit of theirs."""

    def __init__(self, sentence: str, pause: float | None = None) -> None:
        super().__init__(sentence)
        self.pause = pause  # what the shop asked for, seconds


@dataclass(frozen=True)
class Answer:
    """A whole answer, of success or with a status that repeating does not change; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Client:
    """How requests are made. `private` lets them into private networks: for tests and development."""

    private: bool = False
    resolve: Resolver = resolve_host
    trust: ssl.SSLContext | None = None  # None: the machine's certificate authorities
    patience: float = PATIENCE_SECONDS
    connect_seconds: float = CONNECT_SECONDS
    read_seconds: float = READ_SECONDS
    longest: int = LONGEST_BODY
    sleep: Callable[[float], None] = time.sleep

    def get(self, url: str, headers: Mapping[str, str]) -> Answer:
        """The answer to a GET; raises Unreachable. 429, 5xx and broken connections are tried again for a while."""
        _check_headers(headers)
        deadline, pause, number = time.monotonic() + self.patience, FIRST_PAUSE, 0
        while True:
            try:
                target = target_of(url, self.resolve, self.private)
                address = target.addresses[number % len(target.addresses)]
                return self._ask(target, address, headers, deadline, "GET", None)
            except Broken as broken:
                wait = broken.pause if broken.pause is not None else pause
                if time.monotonic() + wait >= deadline:
                    raise
            self.sleep(wait)
            pause, number = pause * 2, number + 1

    def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        """The answer to a request that may change something; raises Unreachable. It is made once.

        Whoever gets no answer does not know whether the request arrived, and must look before repeating it.
        """
        _check_headers(headers)
        target = target_of(url, self.resolve, self.private)
        kind = {} if body is None else {"Content-Type": "application/json"}
        return self._ask(
            target, target.addresses[0], {**kind, **headers}, time.monotonic() + self.patience, method, body
        )

    def _ask(
        self,
        target: Target,
        address: str,
        headers: Mapping[str, str],
        deadline: float,
        method: str,
        content: bytes | None,
    ) -> Answer:
        connection = self._connection(target, address)
        # Time-outs of sockets are for each piece; a server that sends a byte now and then is cut off by this one.
        cut = threading.Timer(max(0.0, deadline - time.monotonic()), _cut, [connection])
        cut.daemon = True
        sent = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": "campaigns", **headers}
        try:
            cut.start()
            connection.connect()
            if connection.sock is not None:
                connection.sock.settimeout(min(self.read_seconds, max(0.01, deadline - time.monotonic())))
            connection.request(
                method, target.path, body=content, headers={**sent, "Host": target.authority}, preload_content=False
            )
            with contextlib.closing(connection.getresponse()) as response:
                _check_status(target.host, response)
                return Answer(response.status, _lower(response.headers), self._body(target.host, response))
        except (HTTPError, OSError, http.client.HTTPException) as error:
            late = TimeoutError() if time.monotonic() >= deadline else error
            raise _failure(target.host, late) from error
        finally:
            cut.cancel()
            connection.close()

    def _connection(self, target: Target, address: str) -> HTTPConnection:
        if not target.secure:
            return HTTPConnection(address, target.port, timeout=self.connect_seconds)
        context = self.trust or ssl.create_default_context()
        return HTTPSConnection(
            address, target.port, timeout=self.connect_seconds, ssl_context=context, server_hostname=target.host
        )

    def _body(self, host: str, response: urllib3.BaseHTTPResponse) -> bytes:
        body = bytearray()
        for piece in response.stream(_PIECE, decode_content=True):
            body += piece
            if len(body) > self.longest:
                raise TooLong(Said("%(host)s answered with more than we take", host=host))
        return bytes(body)


def _check_headers(headers: Mapping[str, str]) -> None:
    if not all(_SENDABLE.fullmatch(value) for value in headers.values()):
        raise Unreachable(Said("the credentials have characters in them that can't be sent"))


def _check_status(host: str, response: urllib3.BaseHTTPResponse) -> None:
    status = response.status
    if status == http.HTTPStatus.TOO_MANY_REQUESTS or status >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Broken(Said("%(host)s answered with error %(code)s", host=host, code=status), _asked_pause(response))
    if http.HTTPStatus.MULTIPLE_CHOICES <= status < http.HTTPStatus.BAD_REQUEST:
        raise Unreachable(Said("%(host)s sends us to another address; enter that one", host=host))


def _asked_pause(response: urllib3.BaseHTTPResponse) -> float | None:
    """Retry-After in seconds: a number (Shopify writes 2.0), or a date, taken from the server's own clock."""
    written = response.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?", written):
        return float(written)
    with contextlib.suppress(ValueError, TypeError):
        until = parsedate_to_datetime(written) - parsedate_to_datetime(response.headers.get("Date", ""))
        return max(0.0, until.total_seconds())
    return None


def _failure(host: str, error: Exception) -> Broken:
    slow = isinstance(error, TimeoutError | urllib3.exceptions.TimeoutError)
    if slow and not isinstance(error, urllib3.exceptions.NewConnectionError):
        return Broken(Said("%(host)s did not answer in time", host=host))
    if isinstance(error, ssl.SSLError | urllib3.exceptions.SSLError):
        return Broken(Said("%(host)s can't be spoken to safely: its certificate does not hold", host=host))
    if isinstance(error, urllib3.exceptions.ProtocolError | DecodeError | http.client.HTTPException):
        return Broken(Said("%(host)s broke off its answer", host=host))
    return Broken(Said("%(host)s can't be reached", host=host))


def _cut(connection: HTTPConnection) -> None:
    # The method of plain sockets, so that the layer of TLS, in use by the other thread, is not taken apart.
    with contextlib.suppress(OSError):
        if connection.sock is not None:
            socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
