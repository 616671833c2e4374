"""Finding deliveries: page by page, by what they name and by their words, never looking at everything."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, select, text
from sqlalchemy.orm import Session

from campaigns.db import db
from campaigns.models import Order, Shop
from campaigns.tracking import finding
from campaigns.tracking.finding import Search, counts, find
from tests.factories import NOW, delivery, shop
from tests.tracking.platforms.payloads import standard_data


def topics(session: Session, search: Search) -> list[str]:
    """Topics of every page, one after the other."""
    found, after = [], ""
    for _ in range(30):
        page = find(session, search, after)
        found += [one.topic for one in page.deliveries]
        after = page.after
        if not after:
            return found
    raise AssertionError("the pages don't end")


def several(session: Session, place: Shop, count: int) -> None:
    for number in range(count):
        delivery(session, shop=place, topic=f"cart.{number}", now=NOW + timedelta(minutes=number // 2))


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Pages of three, and ten looked through for each."""
    monkeypatch.setattr(finding, "PER_PAGE", 3)
    monkeypatch.setattr(finding, "LOOKED_THROUGH", 10)
    yield


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("of_one_shop", [True, False])
def test_pages_follow_each_other_without_a_gap_or_a_double(session: Session, of_one_shop: bool) -> None:
    place = shop(session)
    several(session, place, 25)
    search = Search(shop_ids=(place.id,)) if of_one_shop else Search()
    assert topics(session, search) == [f"cart.{number}" for number in reversed(range(25))]


@pytest.mark.usefixtures("small")
def test_what_comes_meanwhile_moves_no_page(session: Session) -> None:
    place = shop(session)
    several(session, place, 6)
    first = find(session, Search())
    delivery(session, shop=place, topic="cart.new")
    assert [one.topic for one in find(session, Search(), first.after).deliveries] == ["cart.2", "cart.1", "cart.0"]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("of_one_shop", [True, False])
def test_words_are_looked_for_some_rows_at_a_time_and_found_far_back(session: Session, of_one_shop: bool) -> None:
    place = shop(session)
    delivery(session, shop=place, topic="Cart.Needle_1", now=NOW - timedelta(days=1))
    several(session, place, 25)
    search = Search(words="needle_", shop_ids=(place.id,) if of_one_shop else None)
    page = find(session, search)
    assert (page.deliveries, bool(page.after), page.looked_back_to) == ([], True, NOW + timedelta(minutes=7))
    assert topics(session, search) == ["Cart.Needle_1"]


def test_an_order_is_found_by_its_id_and_by_its_number(session: Session) -> None:
    place = shop(session)
    delivery(session, shop=place, topic="order.paid", body={"type": "order.paid", "data": standard_data(number="#17")})
    several(session, place, 3)
    for words in ("SO-1", "#17", "17"):
        assert topics(session, Search(words=words)) == ["order.paid"]
    assert topics(session, Search(words="SO-1", status="failed")) == []
    assert topics(session, Search(words="%")) == []


def test_a_number_is_found_however_many_orders_came_since(session: Session) -> None:
    place = shop(session)
    delivery(session, shop=place, topic="order.paid", body={"type": "order.paid", "data": standard_data(number="#17")})
    row = dict(session.execute(select(Order.__table__)).mappings().one())
    later = [
        row | {"id": row["id"] + n, "public_id": f"later{n}", "external_id": f"L-{n}", "number": f"#L{n}"}
        for n in range(1, 10_002)
    ]
    session.execute(insert(Order.__table__), later)
    assert topics(session, Search(words="17")) == ["order.paid"]


def test_a_number_of_two_shops_finds_each_shops_own_order(session: Session) -> None:
    here, there = shop(session), shop(session)
    for place, order_id, topic in ((here, "A", "order.paid"), (there, "B", "order.paid")):
        told = {"type": topic, "data": standard_data(id=order_id, number="#17")}
        delivery(session, shop=place, topic=f"order.{order_id}", body=told)
    other = {"type": "order.paid", "data": standard_data(id="A", number="#99")}
    delivery(session, shop=there, topic="order.other", body=other)  # the id of the first shop's order, in the second
    assert sorted(topics(session, Search(words="#17"))) == ["order.A", "order.B"]
    assert topics(session, Search(words="17", shop_ids=(here.id,))) == ["order.A"]


def test_a_number_is_looked_up_along_its_index(session: Session) -> None:
    statements: list[tuple[str, Any]] = []
    event.listen(db.engine, "before_cursor_execute", lambda *asked: statements.append((asked[2], asked[3])))
    find(session, Search(words="17"))
    ((asked, values),) = [one for one in statements if '"order".number' in one[0]]
    sqlite = session.get_bind().dialect.name == "sqlite"
    if not sqlite:
        session.execute(text("SET LOCAL enable_seqscan = off"))  # of no rows it would read them all
    explain = "EXPLAIN QUERY PLAN" if sqlite else "EXPLAIN"
    plan = session.connection().exec_driver_sql(f"{explain} {asked}", values).all()
    assert "ix_order_number" in str(plan)


def test_a_delivery_is_found_by_either_id_and_its_reason(session: Session) -> None:
    broken = delivery(session, shop=shop(session), body=b"{", topic="cart.broken")
    for words in (broken.public_id, broken.delivery_id, "not a json"):
        assert topics(session, Search(words=words)) == ["cart.broken"]


def test_status_origin_shop_and_period_narrow_it(session: Session) -> None:
    here, there = shop(session), shop(session)
    delivery(session, shop=here, body=b"{", topic="cart.broken")
    pulled = delivery(session, shop=here, topic="cart.pulled", now=NOW - timedelta(days=3))
    pulled.origin = "pull"
    delivery(session, shop=there, topic="cart.other", now=NOW - timedelta(days=5))
    session.flush()
    assert topics(session, Search(status="failed")) == ["cart.broken"]
    assert topics(session, Search(status="ignored", shop_ids=(there.id,))) == ["cart.other"]
    assert topics(session, Search(origin="pull")) == ["cart.pulled"]
    assert topics(session, Search(shop_ids=(there.id,))) == ["cart.other"]
    middle = Search(since=NOW - timedelta(days=4), until=NOW - timedelta(days=2))
    assert topics(session, middle) == ["cart.pulled"]
    assert topics(session, Search(until=NOW - timedelta(days=9))) == []


def test_figures_are_of_thirty_days_and_of_one_shop_or_all(session: Session) -> None:
    here, there = shop(session), shop(session)
    for place in (here, there):
        delivery(session, shop=place, body=b"{")
    several(session, here, 2)
    delivery(session, shop=here, topic="cart.old", now=NOW - timedelta(days=31))
    assert counts(session, None, NOW) == {"failed": 2, "waiting": 0, "ignored": 2}
    assert counts(session, (there.id,), NOW) == {"failed": 1, "waiting": 0}


def test_no_list_reads_the_bodies(session: Session) -> None:
    several(session, shop(session), 3)
    session.commit()
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *asked: statements.append(asked[2]))
    find(session, Search(words="cart"))
    counts(session, None, NOW)
    assert statements and not any("delivery.body," in text for text in statements)
