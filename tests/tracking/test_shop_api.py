"""Composing what was read back: one text for one state, each document under its name, ids that stay in their place."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from campaigns.addresses import Unreachable
from campaigns.errors import Unreadable
from campaigns.outbound import Client
from campaigns.tracking.json_body import read_json
from campaigns.tracking.json_text import write_json
from campaigns.tracking.platforms.reading_back import Exchange, ReadBack
from campaigns.tracking.shop_api import Asking, Gone, Tokens, read_back
from tests.fakes.shop_server import FakeShop, Reply, serving_shop


def authorise(credentials: Mapping[str, str]) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {credentials['token']}"}


WAY = ReadBack(
    documents={"order": "/{store}/orders/{order}", "notes": "/{store}/orders/{order}/notes"},
    fields=(("store", "Store", False), ("token", "Token", True)),
    headers=authorise,
    optional=frozenset({"notes"}),
)
CREDENTIALS = {"store": "a/b", "token": "t"}


class Echo(FakeShop):
    """Tells the path it was asked for; has no notes."""

    def answer(self, path: str, query: dict[str, str], headers: dict[str, str]) -> Reply:
        return Reply(404) if path.endswith("/notes") else Reply(document={"path": path, "by": headers["authorization"]})


def ask(shop: FakeShop, order_id: str) -> bytes:
    return read_back(Client(private=True, patience=0.3), WAY, shop.url, CREDENTIALS, order_id)


@pytest.mark.parametrize(
    ("order_id", "path"),
    [("7", "7"), ("a/../b?x#y", "a%2F..%2Fb%3Fx%23y"), ("é{0}", "%C3%A9%7B0%7D")],
)
def test_an_order_id_never_leads_to_another_document(order_id: str, path: str) -> None:
    with serving_shop(Echo()) as shop:
        document = {"by": "Bearer t", "path": f"/a%2Fb/orders/{path}"}
        assert ask(shop, order_id) == write_json({"order": document})
        assert shop.asked[0] == document["path"]


@pytest.mark.parametrize("order_id", ["", ".", "..", "..."])
def test_an_id_that_is_no_id_is_not_asked_for(order_id: str) -> None:
    with serving_shop(Echo()) as shop, pytest.raises(Gone):
        ask(shop, order_id)
    assert shop.asked == []


def test_an_order_that_is_not_there_is_gone_and_not_unreachable() -> None:
    with serving_shop(FakeShop()) as shop, pytest.raises(Gone, match="no order 7"):
        ask(shop, "7")


@pytest.mark.parametrize("fault", [401, 403, 418, "html"])
def test_another_answer_is_no_document(fault: object) -> None:
    with serving_shop(Echo(faults=[fault])) as shop, pytest.raises(Unreachable):
        ask(shop, "7")


def exchange_for(credentials: Mapping[str, str]) -> Mapping[str, str]:
    return {"key": credentials["store"]}


EXCHANGING = replace(WAY, fields=(("store", "Store", False),), exchange=Exchange("/token", exchange_for))


@dataclass
class Exchanging(Echo):
    """Gives the tokens it was told to give, one after another, and knows the newest only."""

    given: list[Any] = field(default_factory=list)
    newest: Any = None
    told: list[tuple[Any, str]] = field(default_factory=list)

    def change(self, method: str, path: str, query: dict[str, str], headers: dict[str, str], document: Any) -> Reply:
        self.told.append((document, headers["content-type"]))
        self.newest = self.given.pop(0)
        return Reply(document=self.newest)

    def answer(self, path: str, query: dict[str, str], headers: dict[str, str]) -> Reply:
        known = isinstance(self.newest, dict) and headers["authorization"] == f"Bearer {self.newest['access_token']}"
        return super().answer(path, query, headers) if known else Reply(401)


def exchange(shop: FakeShop, tokens: Tokens | None = None, store: str = "a") -> bytes:
    return read_back(Client(private=True, patience=0.3), EXCHANGING, shop.url, {"store": store}, "7", tokens)


def test_credentials_are_exchanged_once_for_all_documents_and_readings() -> None:
    with serving_shop(Exchanging(given=[{"access_token": "t1"}])) as shop:
        tokens: Tokens = {}
        for _ in range(2):
            exchange(shop, tokens)
        assert shop.told == [({"key": "a"}, "application/json")]
        assert shop.asked == ["/token", *["/a/orders/7", "/a/orders/7/notes"] * 2]


def test_a_token_opens_for_the_credentials_it_was_given_for_and_no_others() -> None:
    with serving_shop(Exchanging(given=[{"access_token": "t1"}, {"access_token": "t2"}])) as shop:
        tokens: Tokens = {}
        assert (b"Bearer t1" in exchange(shop, tokens), b"Bearer t2" in exchange(shop, tokens, "b")) == (True, True)


def test_a_token_that_ended_is_asked_for_anew_and_once() -> None:
    with serving_shop(Exchanging(given=[{"access_token": "t1"}, {"access_token": "t2"}])) as shop:
        tokens: Tokens = {}
        exchange(shop, tokens)
        shop.newest = {"access_token": "another"}
        assert b"Bearer t2" in exchange(shop, tokens)
        assert len(shop.told) == 2


@pytest.mark.parametrize("told", [None, [], {}, {"access_token": ""}, {"access_token": 7}, {"access_token": "a\nb: c"}])
def test_an_answer_without_a_token_that_can_be_sent_opens_nothing(told: Any) -> None:
    with serving_shop(Exchanging(given=[told])) as shop, pytest.raises(Unreachable):
        exchange(shop)
    assert shop.asked == ["/token"]


@pytest.mark.parametrize("status", [400, 401, 403])
def test_refused_credentials_are_to_be_entered_anew(status: int) -> None:
    with serving_shop(Exchanging(faults=[status])) as shop, pytest.raises(Unreachable, match="must be entered anew"):
        exchange(shop)


def test_credentials_that_lack_one_ask_for_nothing() -> None:
    with serving_shop(Echo()) as shop, pytest.raises(Unreachable, match="wants other credentials"):
        read_back(Client(private=True), WAY, shop.url, {"store": "a"}, "7")
    assert shop.asked == []


def test_tokens_are_not_shown_with_what_it_takes_to_ask() -> None:
    assert "eyJ0" not in repr(Asking(Client(), b"", b"", {("https://a.example/token", b"{}"): "eyJ0"}))


def test_what_was_read_is_written_in_one_way_and_in_its_own_digits() -> None:
    loose = b'{"b": 1.10, "a": [1, 12345678901234567890, 1E+2, true, null, "\\ud83d\\ude00 \\ud800"],\n"c": 0.1000}'
    written = write_json(read_json(loose))
    assert written == b'{"a":[1,12345678901234567890,1E+2,true,null,"\\ud83d\\ude00 \\ud800"],"b":1.10,"c":0.1000}'
    assert write_json(read_json(written)) == written


def test_a_document_nested_too_deeply_is_refused() -> None:
    value: list[object] = []
    for _ in range(20_000):
        value = [value]
    with pytest.raises(Unreadable):
        write_json(value)
