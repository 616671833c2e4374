"""Bodies over real HTTP, too long, empty, slow or in chunks: the client always reads an answer, and the right one."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.faults.books import assert_exactly_once
from tests.faults.server import Server, serving
from tests.faults.stage import Stage, set_stage

LIMIT = 2 * 1024 * 1024
PIECE = 65536

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[Server]:
    with serving(database_url, tmp_path) as server:
        yield server


def say(server: Server, *pieces: bytes, pause: float = 0) -> bytes:
    """Send every piece before reading, as simple clients do; the status line that came back."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as client:
        for piece in pieces:
            client.sendall(piece)
            time.sleep(pause)
        return client.recv(PIECE).partition(b"\r\n")[0]


def head(method: str, path: str, *lines: str) -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: localhost", *lines, "", ""]).encode()


def chunks(body: bytes) -> list[bytes]:
    pieces = [body[start : start + PIECE] for start in range(0, len(body), PIECE)]
    return [b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces] + [b"0\r\n\r\n"]


def padded(stage: Stage, size: int) -> bytes:
    """A genuine order padded with blanks to `size` bytes, as one whole request."""
    body = stage.delivery(1).body.ljust(size)
    signed = stage.signed(body, "padded")
    return head("POST", signed.path, f"Content-Length: {size}", *lines(signed.headers)) + body


def lines(headers: dict[str, str]) -> list[str]:
    return [f"{name}: {value}" for name, value in headers.items()]


def test_a_body_at_the_limit_is_taken_and_one_byte_more_is_413_to_who_sends_it_all_first(
    session: Session, server: Server
) -> None:
    stage = set_stage(session)
    assert say(server, padded(stage, LIMIT)) == b"HTTP/1.1 200 OK"
    for _ in range(10):
        assert say(server, padded(stage, LIMIT + 1)) == b"HTTP/1.1 413 Payload Too Large"
    assert server.request("GET", "/healthz").status == 200


def test_a_body_in_chunks_is_taken_and_beyond_the_limit_it_is_413(session: Session, server: Server) -> None:
    stage = set_stage(session)
    signed = stage.delivery(1)
    request = head("POST", signed.path, "Transfer-Encoding: chunked", *lines(signed.headers))
    assert say(server, request, *chunks(signed.body)) == b"HTTP/1.1 200 OK"
    long = chunks(signed.body.ljust(LIMIT + 1))
    assert say(server, request, *long) == b"HTTP/1.1 413 Payload Too Large"


def test_who_announces_too_much_is_told_before_sending_it(server: Server) -> None:
    request = head("POST", "/webhooks/shopify/none", f"Content-Length: {LIMIT + 1}")
    assert say(server, request) == b"HTTP/1.1 413 Payload Too Large"


def test_an_answer_given_without_reading_the_body_reaches_who_is_still_sending(server: Server) -> None:
    request = head("POST", "/api/v1/brands", f"Content-Length: {LIMIT}")
    for _ in range(10):
        assert say(server, request, b"x" * LIMIT) == b"HTTP/1.1 401 Unauthorized"


def test_a_body_that_comes_slowly_is_waited_for(session: Session, server: Server) -> None:
    signed = set_stage(session).delivery(1)
    request = head("POST", signed.path, f"Content-Length: {len(signed.body)}", *lines(signed.headers))
    middle = len(signed.body) // 2
    assert say(server, request, signed.body[:middle], signed.body[middle:], pause=0.3) == b"HTTP/1.1 200 OK"


def test_a_client_that_breaks_off_in_the_middle_leaves_nothing_behind(session: Session, server: Server) -> None:
    signed = set_stage(session).delivery(1)
    request = head("POST", signed.path, f"Content-Length: {len(signed.body)}", *lines(signed.headers))
    for _ in range(40):  # more than there are threads
        with socket.create_connection(("127.0.0.1", server.port)) as client:
            client.sendall(request + signed.body[:100])
    assert server.request("POST", signed.path, signed.body, signed.headers).status == 200
    assert_exactly_once(session, [1])


@pytest.mark.parametrize(
    ("request_head", "status"),
    [
        (head("POST", "/webhooks/shopify/none", "Content-Length: 0"), b"404"),
        (head("BREW", "/healthz"), b"405"),
        (head("GET", "/healthz", "X-Long: " + "a" * 60_000), b"200"),
        (head("GET", "/healthz", "X-Long: " + "a" * 600_000), b"431"),
        (head("GET", "/r/" + "a" * 70_000), b"414"),
        (head("POST", "/healthz", "Content-Length: -1"), b"400"),
        (b"nonsense\r\n\r\n", b"400"),
    ],
    ids=["empty body", "unknown method", "long header", "longer header", "long address", "negative length", "not HTTP"],
)
def test_odd_requests_are_answered(server: Server, request_head: bytes, status: bytes) -> None:
    assert say(server, request_head).split()[1] == status
    assert server.request("GET", "/healthz").status == 200
