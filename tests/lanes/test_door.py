"""The door in front of the threads: what is at hand never sees a thread, and whatever isn't is whole behind it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from campaigns import create_app
from campaigns.db import db
from campaigns.lanes import door as doors
from campaigns.lanes.answers import of_asgi, of_wsgi
from campaigns.lanes.door import Door, Message, Scope
from campaigns.models import Click, Delivery, Shop
from tests import factories
from tests.factories import visit
from tests.faults.shopify import Signed
from tests.lanes.at_the_door import GONE, asked, body, heard, knock
from tests.lanes.doors import a_link, database_away, delivery, rows, send

BROWSER = ("user-agent", "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0")


class NoThreads:
    """Stands where the threads are, and counts who comes."""

    def __init__(self) -> None:
        self.came = 0

    async def __call__(self, _scope: Scope, _receive: Any, send: Any) -> None:
        self.came += 1
        await send({"type": "http.response.start", "status": 299, "headers": []})
        await send({"type": "http.response.body", "body": b""})


@pytest.fixture
def nobody(door: Door, monkeypatch: pytest.MonkeyPatch) -> NoThreads:
    """No thread answers."""
    stand_in = NoThreads()
    monkeypatch.setattr(door, "_threads", stand_in)
    return stand_in


def at(door: Door, scope: Scope, arriving: Sequence[Message]) -> list[Message]:
    """Knock as somebody else does: the test's own transaction is over."""
    db.session.commit()
    return knock(door, scope, arriving)


def status(said: list[Message]) -> int:
    return int(said[0]["status"])


def told(said: list[Message], name: str) -> str:
    """A header of an answer, which has it once."""
    (value,) = [value for key, value in said[0]["headers"] if key == name.encode()]
    return str(value.decode("latin-1"))


def delivering(signed: Signed, **more: str) -> Scope:
    headers = {"content-length": str(len(signed.body)), **{key.lower(): value for key, value in signed.headers.items()}}
    return asked(signed.path, "POST", [*(headers | more).items()])


def test_what_is_kept_is_answered_without_a_thread(app: Flask, door: Door, session: Session, nobody: NoThreads):
    path, live = a_link(session, shop=factories.shop(session, platform="shopify"))
    lanes = app.extensions["lanes"]
    assert status(at(door, asked(path), [body(b"")])) == 299
    visit(app.test_client(), path)
    send(app.test_client(), delivery(live.shop, 1))
    assert lanes.lane_of(path) is not None
    followed = at(door, asked(path, headers=[BROWSER]), [body(b"")])
    assert (status(followed), told(followed, "content-length")) == (302, "0")
    second = delivery(live.shop, 2)
    taken = at(door, delivering(second), [body(second.body)])
    assert (status(taken), taken[1]["body"]) == (200, b'{"status": "ignored"}\n')
    assert (nobody.came, rows(session, Click), rows(session, Delivery)) == (1, 2, 2)


def test_many_in_one_loop_are_written_together_and_none_is_missing(app: Flask, door: Door, session: Session):
    path, _ = a_link(session)
    visit(app.test_client(), path)

    async def crowd() -> list[list[Message]]:
        return await asyncio.gather(*(heard(door, asked(path, headers=[BROWSER]), []) for _ in range(40)))

    assert [status(said) for said in asyncio.run(crowd())] == [302] * 40
    assert rows(session, Click) == 41


def test_a_body_that_comes_in_pieces_is_one_delivery(app: Flask, door: Door, session: Session, shop: Shop):
    send(app.test_client(), delivery(shop, 1))
    signed = delivery(shop, 2)
    assert status(at(door, delivering(signed), [body(signed.body[:1], True), body(signed.body[1:])])) == 200
    assert rows(session, Delivery) == 2


@pytest.mark.parametrize("kept", [True, False])
def test_half_a_body_is_no_delivery_and_nobody_is_answered(
    app: Flask, door: Door, session: Session, shop: Shop, kept: bool
):
    if kept:
        send(app.test_client(), delivery(shop, 1))
    signed = delivery(shop, 2)
    said = at(door, delivering(signed), [body(signed.body[:1], True), GONE])
    assert said == [] and rows(session, Delivery) == int(kept)


def test_a_body_sent_in_chunks_is_left_to_the_threads_and_taken(app: Flask, door: Door, session: Session, shop: Shop):
    send(app.test_client(), delivery(shop, 1))
    signed = delivery(shop, 2)
    scope = delivering(signed, **{"transfer-encoding": "chunked"})
    scope["headers"] = [header for header in scope["headers"] if header[0] != b"content-length"]
    assert status(at(door, scope, [body(signed.body[:1], True), body(signed.body[1:])])) == 200
    half = at(door, scope, [body(signed.body[:1], True), GONE])
    assert [status(half)] == [400] and rows(session, Delivery) == 2


def test_bodies_beyond_what_is_read_at_a_time_wait_in_the_threads(
    app: Flask, door: Door, shop: Shop, nobody: NoThreads, monkeypatch: pytest.MonkeyPatch
):
    send(app.test_client(), delivery(shop, 1))
    signed = delivery(shop, 2)
    monkeypatch.setattr(doors, "LARGEST_UNDER_WAY", 2 * len(signed.body) - 1)

    async def two_at_once() -> list[int]:
        both = (heard(door, delivering(signed), [body(signed.body)]) for _ in range(2))
        return sorted(status(said) for said in await asyncio.gather(*both))

    monkeypatch.setattr(doors.Body, "read", _slowly(doors.Body.read))
    db.session.commit()
    assert asyncio.run(two_at_once()) == [200, 299]
    assert (nobody.came, door._under_way) == (1, 0)


def _slowly(read: Any) -> Any:
    async def slow(self: Any) -> bytes:
        await asyncio.sleep(0.01)
        return bytes(await read(self))

    return slow


def test_what_could_not_be_written_is_told_by_a_page_and_tried_by_nobody_else(
    app: Flask, door: Door, session: Session, monkeypatch: pytest.MonkeyPatch
):
    path, _ = a_link(session)
    visit(app.test_client(), path)
    asked_for = []
    lane = app.extensions["lanes"].lane_of(path)
    monkeypatch.setattr(lane, "take", lambda *request: asked_for.append(request))
    with database_away():
        said = at(door, asked(path, headers=[("accept-language", "en")]), [body(b"")])
    assert (status(said), told(said, "retry-after"), asked_for) == (503, "5", [])
    assert b"reach our records at the moment" in b"".join(message["body"] for message in said[1:])
    assert rows(session, Click) == 1


def test_a_forgery_at_the_door_is_refused_and_counted_once(app: Flask, door: Door, session: Session, shop: Shop):
    send(app.test_client(), delivery(shop, 1))
    forged = delivery(shop, 2, secret="another")
    assert status(at(door, delivering(forged), [body(forged.body)])) == 401
    session.rollback()
    session.refresh(shop)
    assert shop.refused_deliveries == 1


def test_a_client_that_has_gone_frees_its_thread(app: Flask, door: Door):
    """One thread stands behind this door: were it still waiting to be heard, the second page would never come."""

    async def gone(_message: Message) -> None:
        raise ConnectionResetError

    async def receive() -> Message:
        return body(b"")

    asyncio.run(asyncio.wait_for(door(asked("/static/style.css"), receive, gone), 10))
    assert status(at(door, asked("/healthz"), [body(b"")])) == 200


def test_a_body_nobody_wanted_is_read_to_its_end_and_the_thread_is_free_again(door: Door):
    unwanted = asked("/nosuch", "POST", [("content-length", "4")])
    said = at(door, unwanted, [body(b"ab", True), body(b"cd")])
    assert status(said) == 404
    assert status(at(door, asked("/healthz"), [])) == 200


@pytest.mark.parametrize("hops", [0, 1, 2])
@pytest.mark.parametrize("forwarded", ["198.51.100.1", "198.51.100.1, 203.0.113.9", "x, 198.51.100.1, 203.0.113.9", ""])
def test_both_doors_see_the_same_visitor_behind_proxies(app: Flask, hops: int, forwarded: str):
    seen: list[str] = []
    other = create_app(replace(app.extensions["settings"], proxy_hops=hops))
    lanes = other.extensions["lanes"]
    lanes._answer = lambda environ: seen.append(of_wsgi(environ).address)
    other.test_client().get("/r/x", headers={"X-Forwarded-For": forwarded}, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    at_the_door = of_asgi(asked("/r/x", headers=[("x-forwarded-for", forwarded)]), hops)
    assert at_the_door is not None and [at_the_door.address] == seen


def test_both_doors_read_a_request_alike(app: Flask):
    seen = []
    lanes = app.extensions["lanes"]
    lanes._answer = lambda environ: seen.append(of_wsgi(environ))
    headers = {"User-Agent": "ünïcode", "X-Shop": "1", "Content-Type": "application/json", "Host": "GO.example:8443"}
    app.test_client().post("/r/%D7%90?to=/a", headers=headers, data=b"{}", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    scope = asked("/r/א", "POST", [], "to=/a")
    scope["headers"] = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
    scope["headers"].append((b"content-length", b"2"))
    at_the_door = of_asgi(scope, 0)
    assert at_the_door is not None
    theirs = {name: value for name, value in at_the_door.headers.items() if name != "content-length"}
    assert seen == [at_the_door._replace(headers=theirs, path="/r/א".encode().decode("latin-1"))]


def test_a_header_that_is_there_twice_is_left_to_the_threads(
    door: Door, app: Flask, session: Session, nobody: NoThreads
):
    path, _ = a_link(session)
    visit(app.test_client(), path)
    assert status(at(door, asked(path, headers=[BROWSER, BROWSER]), [body(b"")])) == 299
    assert nobody.came == 1
