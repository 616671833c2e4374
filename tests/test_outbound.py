"""The way out: bounded in time and size, guarded, and telling staff what went wrong without telling secrets."""

import ipaddress
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from campaigns.addresses import Forbidden, Unreachable
from campaigns.outbound import Broken, Client, TooLong
from tests.fakes.shop_server import FakeShop, Reply, serving_shop

SECRET = {"X-Shopify-Access-Token": "shpat_secret"}


class Trap(FakeShop):
    """Answers anything, and remembers that it was asked."""

    def answer(self, path: str, query: dict[str, str], headers: dict[str, str]) -> Reply:
        return Reply(document={"path": path, "host": headers["host"], "token": headers.get("x-shopify-access-token")})


@pytest.fixture
def trap() -> Iterator[Trap]:
    with serving_shop(Trap()) as serving:
        yield serving


def client(**changes: Any) -> Client:
    """A client that may ask this machine, and waits for nobody's sake."""
    return Client(**({"private": True, "sleep": lambda seconds: None, "read_seconds": 0.3} | changes))


def test_an_answer_comes_whole_with_what_was_sent(trap: Trap) -> None:
    answer = client().get(trap.url + "/orders?limit=1", SECRET)
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert b'"token": "shpat_secret"' in answer.body and trap.asked == ["/orders?limit=1"]


class Ledger(FakeShop):
    """Keeps what it is sent."""

    def change(self, method: str, path: str, query: dict[str, str], headers: dict[str, str], document: Any) -> Reply:
        return Reply(201, {"method": method, "kind": headers["content-type"], "got": document})


def test_a_request_that_changes_something_is_made_once_however_it_ends() -> None:
    with serving_shop(Ledger()) as ledger:
        answer = client().send("POST", ledger.url + "/codes", SECRET, b'{"a":1}')
        assert (answer.status, b'"got": {"a": 1}' in answer.body, b"application/json" in answer.body) == (
            201,
            True,
            True,
        )
        ledger.faults = [503, "cut", (429, "7"), "redirect"]
        pauses = []
        for _ in range(3):
            with pytest.raises(Broken) as broken:
                client().send("PUT", ledger.url + "/codes/1", SECRET, b"{}")
            pauses.append(broken.value.pause)
        with pytest.raises(Unreachable, match="sends us to another address"):
            client().send("DELETE", ledger.url + "/codes/1", SECRET, None)
        assert (pauses, len(ledger.asked)) == ([None, None, 7.0], 5)


def test_what_changes_something_is_guarded_as_what_reads() -> None:
    with serving_shop(Ledger()) as ledger, pytest.raises(Forbidden):
        Client(resolve=lambda host, port: ["127.0.0.1"]).send("POST", "https://shop.example/codes", SECRET, b"{}")
    assert ledger.asked == []


@pytest.mark.parametrize("address", ["127.0.0.1", "::ffff:127.0.0.1", "::1", "0.0.0.0"])
def test_the_guard_lets_no_connection_reach_this_machine(trap: Trap, address: str) -> None:
    port = int(trap.url.rsplit(":", 1)[1])
    for url in (trap.url, f"https://shop.example:{port}/", "https://shop.example:8443/", "https://shop.example/"):
        with pytest.raises(Forbidden):
            Client(resolve=lambda host, port: [address]).get(url, SECRET)
    assert trap.asked == []
    assert client(resolve=lambda host, port: ["127.0.0.1"]).get(f"http://shop.example:{port}/", {}).status == 200
    assert len(trap.asked) == 1


def test_a_name_that_changes_its_mind_is_looked_at_each_time(trap: Trap) -> None:
    answers = iter([["203.0.113.9"], ["127.0.0.1"]])
    rebinding = Client(resolve=lambda host, port: next(answers))
    for _ in range(2):
        with pytest.raises(Forbidden):
            rebinding.get("https://shop.example/", SECRET)
    assert trap.asked == []


def test_a_redirect_is_not_followed_and_said(trap: Trap) -> None:
    trap.faults = ["redirect"]
    with pytest.raises(Unreachable, match="sends us to another address"):
        client().get(trap.url, SECRET)
    assert len(trap.asked) == 1


@pytest.mark.parametrize("fault", [429, 500, 502, 503, "cut"])
def test_what_may_pass_is_asked_again(trap: Trap, fault: Any) -> None:
    trap.faults = [fault, fault]
    assert client().get(trap.url, SECRET).status == 200
    assert len(trap.asked) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 406])
def test_what_will_not_pass_is_answered_at_once(trap: Trap, status: int) -> None:
    trap.faults = [status]
    assert client().get(trap.url, SECRET).status == status
    assert len(trap.asked) == 1


def test_a_shop_that_asks_for_time_gets_it(trap: Trap) -> None:
    waited: list[float] = []
    trap.faults = [(429, "2.0"), (503, "4"), 500, 500]
    client(sleep=waited.append).get(trap.url, SECRET)
    assert waited == [2.0, 4.0, 2.0, 4.0]  # as asked, as asked, and then our own third and fourth pause


def test_a_date_to_wait_until_is_read_by_the_shops_own_clock(trap: Trap) -> None:
    waited: list[float] = []
    soon = (datetime.now(UTC) + timedelta(seconds=6)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    trap.faults = [(429, soon)]
    client(sleep=waited.append).get(trap.url, SECRET)
    assert len(waited) == 1 and 4 <= waited[0] <= 6


def test_who_asks_for_more_time_than_there_is_gets_none(trap: Trap) -> None:
    trap.faults = [(429, "3600")]
    with pytest.raises(Broken, match="error 429"):
        client().get(trap.url, SECRET)
    assert len(trap.asked) == 1


def test_patience_ends(trap: Trap) -> None:
    trap.faults = [500] * 100
    slept: list[float] = []
    with pytest.raises(Broken, match="error 500"):
        client(patience=3.0, sleep=slept.append).get(trap.url, SECRET)
    assert slept == [0.5, 1.0, 2.0]


@pytest.mark.parametrize("fault", ["hang", "drip"])
def test_neither_silence_nor_a_drip_holds_us_longer_than_patience(trap: Trap, fault: str) -> None:
    trap.faults = [fault] * 10
    with pytest.raises(Broken, match="did not answer in time"):
        client(patience=0.8, sleep=lambda seconds: None).get(trap.url, SECRET)
    assert len(trap.asked) <= 3


@pytest.mark.parametrize("fault", ["huge", "bomb"])
def test_five_megabytes_are_taken_and_no_more(trap: Trap, fault: str) -> None:
    trap.faults = [fault]
    with pytest.raises(TooLong):
        client(read_seconds=5).get(trap.url, SECRET)
    assert len(trap.asked) == 1


def test_nobody_listening_is_unreachable() -> None:
    with serving_shop(Trap()) as gone:
        url = gone.url
    with pytest.raises(Broken, match="can't be reached"):
        client(patience=0.4).get(url, SECRET)


def test_of_several_addresses_the_next_is_tried(trap: Trap) -> None:
    port = trap.url.rsplit(":", 1)[1]
    both = client(resolve=lambda host, port: ["127.0.0.2", "127.0.0.1"])
    assert both.get(f"http://shop.example:{port}/", SECRET).status == 200


@pytest.mark.parametrize("token", ["a\r\nHost: evil", "a\nb", "a\x00b", "\u05d0", "a\tb"])
def test_credentials_that_can_not_be_sent_are_not_and_are_not_shown(trap: Trap, token: str) -> None:
    with pytest.raises(Unreachable) as refused:
        client().get(trap.url, {"X-Shopify-Access-Token": token})
    assert token not in str(refused.value) and trap.asked == []


@pytest.mark.parametrize("fault", [401, 500, "cut", "hang", "huge", "redirect"])
def test_no_failure_tells_a_secret(trap: Trap, fault: Any) -> None:
    trap.faults = [fault] * 20
    told = ""
    try:
        told = str(client(patience=0.4).get(trap.url + "/orders", SECRET).status)
    except Unreachable as failure:
        told = f"{failure} {failure.__cause__!r} {failure.__context__!r}"
    assert told and "shpat_secret" not in told


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a certificate for `name`, and a client's that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    who, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), datetime.now(UTC)
    names: list[x509.GeneralName] = [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("192.0.2.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    plain = serialization.NoEncryption()
    key_pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    (folder / "both.pem").write_bytes(key_pem + pem)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(folder / "both.pem")
    return server, ssl.create_default_context(cadata=pem.decode())


def test_the_certificate_must_be_the_names_though_an_address_is_connected_to(tmp_path: Path) -> None:
    server, trust = certificate(tmp_path, "shop.example")
    with serving_shop(Trap(), server) as shop:
        port = shop.url.rsplit(":", 1)[1]
        asking = client(resolve=lambda host, port: ["127.0.0.1"], trust=trust, patience=0.4)
        assert b"shop.example:" in asking.get(f"https://shop.example:{port}/", SECRET).body
        for host in ("other.example", "127.0.0.1"):
            with pytest.raises(Broken, match="certificate"):
                asking.get(f"https://{host}:{port}/", SECRET)
        with pytest.raises(Broken, match="certificate"):
            client(resolve=asking.resolve, patience=0.4).get(f"https://shop.example:{port}/", SECRET)
        assert len(shop.asked) == 1


def test_no_proxy_of_the_environment_is_used(trap: Trap, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert client(patience=0.4).get(trap.url, SECRET).status == 200
