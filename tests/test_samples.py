"""The senders of docs/samples, run as a developer would run them, against the real server."""

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from standardwebhooks import Webhook

from campaigns.clock import iso, utc_now
from campaigns.db import reading
from campaigns.models import Delivery, Order
from tests import factories
from tests.conftest import missing
from tests.faults.books import posted
from tests.faults.server import free_port, serving

SAMPLES = Path(__file__).parents[1] / "docs" / "samples"
SECRET = "whsec_dGhpcnR5LXR3byBieXRlcyBvZiBhIG1hZGUtdXAga2U="
STORED, REFUSED, WRONG_USE, TRY_LATER = 0, 1, 2, 3


@dataclass(frozen=True)
class Sender:
    """One of the samples, as a command."""

    command: tuple[str, ...]

    def send(self, url: str, secret: str, body: bytes, *arguments: str) -> int:
        """Give it a message on standard input; returns how it ended."""
        ended = subprocess.run(
            [*self.command, *(arguments or ("-",))],
            input=body,
            env={"WEBHOOK_URL": url, "WEBHOOK_SECRET": secret},
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
        return ended.returncode


@pytest.fixture(params=["python", "php"])
def sender(request: pytest.FixtureRequest) -> Sender:
    if request.param == "python":
        return Sender((sys.executable, str(SAMPLES / "send_order.py")))
    php = shutil.which("php")
    if php is None:
        missing("php")
    return Sender((str(php), str(SAMPLES / "send_order.php")))


class Busy(BaseHTTPRequestHandler):
    """Refuses the first delivery for a second, takes the next, and remembers both."""

    heard: list[tuple[dict[str, str], bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.heard.append(({name.lower(): text for name, text in self.headers.items()}, body))
        self.send_response(503 if len(self.heard) == 1 else 200)
        self.send_header("Retry-After", "1")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def busy() -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """Its address, and what it heard."""
    handler = type("Heard", (Busy,), {"heard": []})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield f"http://127.0.0.1:{server.server_port}/webhooks/standard/x", handler.heard  # type: ignore[attr-defined]
        server.shutdown()


def message(code: str, at: datetime) -> bytes:
    """Two serums: 236.00 less 23.60, 32.40 of it tax, so 180.00 net."""
    line = {"id": "1", "sku": "SERUM-30", "quantity": 2, "total": "236.00", "discount": "23.60", "tax": "32.40"}
    data = {"id": "1001", "version": iso(at), "placed_at": iso(at), "status": "paid", "currency": "ILS"}
    data |= {"prices_include_tax": True, "lines": [line], "tax": "32.40", "total": "212.40", "coupon_codes": [code]}
    return json.dumps({"type": "order.paid", "data": data}).encode()


def stage(session: Session) -> tuple[str, bytes]:
    """A shop whose campaign is running now: where to send, and an order with a participant's code."""
    now = utc_now().replace(microsecond=0)
    dates = {"starts_at": now - timedelta(days=7), "ends_at": now + timedelta(days=14)}
    shop = factories.shop(session, secret=SECRET)
    campaign = factories.live_campaign(session, shop=shop, now=now, **dates)
    code = factories.participants(session, campaign)[0].code
    assert code
    sent = f"/webhooks/standard/{shop.public_id}", message(code.code, now - timedelta(hours=1))
    session.commit()
    return sent


def test_a_sent_order_is_stored_and_earns_its_commission(
    session: Session, database_url: str, tmp_path: Path, sender: Sender
) -> None:
    path, body = stage(session)
    with serving(database_url, tmp_path) as server:
        assert sender.send(f"http://127.0.0.1:{server.port}{path}", SECRET, body) == STORED
    with reading():
        assert session.scalars(select(Order.external_id)).all() == ["1001"]
        # 15 % of 180.00 are 27.00, 3 % are 5.40; what is owed stands on the credit side.
        assert (posted(session, "influencer_pending"), posted(session, "agency_income")) == (-2700, -540)
        session.rollback()


def test_a_wrong_secret_is_refused_at_once_and_nothing_is_stored(
    session: Session, database_url: str, tmp_path: Path, sender: Sender
) -> None:
    path, body = stage(session)
    with serving(database_url, tmp_path) as server:
        other = "whsec_" + "b3RoZXIx" * 4
        assert sender.send(f"http://127.0.0.1:{server.port}{path}", other, body) == REFUSED
    with reading():
        assert session.scalars(select(Delivery.id)).all() == []
        session.rollback()


def test_what_is_not_taken_is_sent_again_under_its_id_with_a_signature_of_its_own(
    busy: tuple[str, list[tuple[dict[str, str], bytes]]], sender: Sender
) -> None:
    url, heard = busy
    assert sender.send(url, SECRET, b'{"type": "order.paid"}') == STORED
    (first, body), (second, again) = heard
    assert first["webhook-id"] == second["webhook-id"] and body == again == b'{"type": "order.paid"}'
    assert first["webhook-timestamp"] != second["webhook-timestamp"]
    for headers in (first, second):
        Webhook(SECRET).verify(body, headers)


def test_where_nobody_answers_it_gives_up_for_now(sender: Sender) -> None:
    assert sender.send(f"http://127.0.0.1:{free_port()}/", SECRET, b"{}", "-", "1") == TRY_LATER


def test_called_wrongly_it_says_how(sender: Sender) -> None:
    assert sender.send("", SECRET, b"{}") == WRONG_USE
    assert sender.send("http://127.0.0.1/", "", b"{}") == WRONG_USE
    assert sender.send("http://127.0.0.1/", SECRET, b"{}", "-", "often") == WRONG_USE
    assert sender.send("http://127.0.0.1/", SECRET, b"", "no-such-file.json") == WRONG_USE


@pytest.mark.parametrize(
    ("minor", "weights", "shares"),
    [(100, [1, 1, 1], [33, 33, 34]), (2360, [11800, 11800, 0], [1180, 1180, 0]), (5, [0, 0], [0, 0])],
)
def test_a_discount_is_spread_over_the_lines_to_the_last_agora(
    minor: int, weights: list[int], shares: list[int]
) -> None:
    if not shutil.which("php"):
        missing("php")
    script = f"require '{SAMPLES}/spread.php'; echo json_encode(spread({minor}, {weights}));"
    ended = subprocess.run(["php", "-r", script], capture_output=True, check=True, timeout=60)
    assert json.loads(ended.stdout) == shares
