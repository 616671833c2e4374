"""PostgreSQL that is there and does not answer in time: 503 before a shop hangs up, nothing is lost or doubled.

A table somebody has locked (a long ALTER TABLE), a disk that takes seconds, or a server that has stopped without a word
are no reason to keep a shop waiting: it gives up after five seconds, and counts that as a failure.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from threading import Timer

import psycopg
import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, func, select
from sqlalchemy.exc import InternalError, OperationalError
from sqlalchemy.orm import Session

from campaigns.db import BUSY_SECONDS, begin_writing, db, engine_options, looking_up, prepare
from campaigns.models import Campaign, Click
from campaigns.patience import PatientConnection, in_time
from campaigns.pulse import REST_SECONDS
from tests.faults.books import assert_clicks_once, assert_exactly_once
from tests.faults.cable import Cable, cable
from tests.faults.caller import DESIGNED, OWN_HOST, Caller, calling
from tests.faults.race import together
from tests.faults.sizes import told
from tests.faults.stage import Stage, set_stage

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

AN_ANSWERS_TIME = 4.5
A_SHOPS_PATIENCE = 5  # a machine that does much besides may add to an answer's time, but not beyond this
Outcome = tuple[int, str | None, float]
Way = Callable[[str, str], AbstractContextManager[None]]


@contextmanager
def locked(url: str, table: str) -> Iterator[None]:
    """Somebody holds a table for themselves for the length of a block."""
    with psycopg.connect(url) as connection:
        connection.execute(f'LOCK TABLE "{table}" IN ACCESS EXCLUSIVE MODE')
        yield
        connection.rollback()


@contextmanager
def slow(url: str, table: str) -> Iterator[None]:
    """Every row takes the disk seven seconds."""
    with psycopg.connect(url, autocommit=True) as connection:
        body = (
            "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN PERFORM pg_sleep(7); RETURN NEW; END$$"
        )
        connection.execute(body)
        trigger = f'CREATE TRIGGER slow BEFORE INSERT ON "{table}" FOR EACH ROW EXECUTE FUNCTION slow()'
        connection.execute(trigger)
        yield
        connection.execute(f'DROP TRIGGER slow ON "{table}"')


@pytest.fixture
def stage(session: Session) -> Stage:
    stage = set_stage(session)
    session.get_one(Campaign, stage.campaign_id).shop.brand.link_domain = OWN_HOST["Host"]
    session.commit()
    return stage


@pytest.fixture
def line(database_url: str) -> Iterator[Cable]:
    with cable(database_url) as line:
        yield line


@pytest.fixture
def caller(line: Cable, tmp_path: Path, session: Session, stage: Stage) -> Iterator[Caller]:
    with calling(line.url, tmp_path, session, stage) as caller:
        caller.ask("missing page", 0)  # an error page is slow the first time
        yield caller


def timed(caller: Caller, kind: str, number: int, forget: bool) -> Callable[[], Outcome]:
    """Status, Retry-After, and how long it took."""

    def run() -> Outcome:
        began = time.monotonic()
        answer = caller.ask(kind, number, forget)
        return answer.status_code, answer.headers.get("Retry-After"), time.monotonic() - began

    return run


def told_to_come_again(caller: Caller, *kinds: str, forget: bool = True) -> None:
    """Three of each kind at once are told 503, and when to come again, before a shop would have hung up."""
    asked = [timed(caller, kind, number, forget) for kind in kinds for number in (1, 2, 3)]
    outcomes: list[Outcome] = together(asked)
    assert [outcome[:2] for outcome in outcomes] == [(503, "5")] * len(asked)
    times = sorted(outcome[2] for outcome in outcomes)
    told("slowest", f"{times[-1]:.2f} s")
    assert times[0] < AN_ANSWERS_TIME and times[-1] < A_SHOPS_PATIENCE


def all_goes_in(caller: Caller, session: Session) -> None:
    """What was refused is sent again and taken, each order once; and a visitor is sent on."""
    assert [caller.ask("delivery", number).status_code for number in (1, 2, 3)] == [200] * 3
    assert caller.ask("click", 1).status_code == DESIGNED["click"]
    assert caller.ask("forgery", 1).status_code == DESIGNED["forgery"]
    assert_exactly_once(session, [1, 2, 3])
    assert_clicks_once(session, [])


@pytest.mark.parametrize("way", [locked, slow])
@pytest.mark.parametrize("table", ["order", "delivery"])
def test_orders_that_can_not_be_written_in_time_are_503_and_go_in_when_they_come_again(
    caller: Caller, session: Session, database_url: str, table: str, way: Way
) -> None:
    with way(database_url, table):
        told_to_come_again(caller, "delivery")
    all_goes_in(caller, session)


@pytest.mark.parametrize("way", [locked, slow])
def test_clicks_that_can_not_be_written_in_time_are_503_and_counted_once_at_most(
    caller: Caller, session: Session, database_url: str, way: Way
) -> None:
    with way(database_url, "click"):
        told_to_come_again(caller, "click")
    all_goes_in(caller, session)
    begin_writing()
    # Those that were being written when patience ended are there; who was told so may have come again.
    assert 1 <= (session.scalar(select(func.count()).select_from(Click)) or 0) <= 4


@pytest.mark.parametrize(
    ("table", "kinds"), [("shop", ["click", "delivery", "forgery"]), ("affiliate_link", ["click"])]
)
def test_who_can_not_even_be_looked_up_in_time_is_503(
    caller: Caller, session: Session, database_url: str, table: str, kinds: list[str]
) -> None:
    with locked(database_url, table):
        told_to_come_again(caller, *kinds)
    all_goes_in(caller, session)


@pytest.mark.parametrize(("table", "kind"), [("click", "click"), ("delivery", "delivery")])
def test_looking_up_and_writing_have_one_time_together(
    caller: Caller, session: Session, database_url: str, table: str, kind: str
) -> None:
    """Each of the two alone may take nearly all of it; a shop waits for both."""
    shops = locked(database_url, "shop")
    with ExitStack() as stack:
        shops.__enter__()
        later = Timer(3, lambda: shops.__exit__(None, None, None))
        stack.callback(later.join)
        stack.enter_context(locked(database_url, table))
        later.start()
        told_to_come_again(caller, kind)
    all_goes_in(caller, session)


def test_a_forgery_that_can_not_be_counted_in_time_is_503(
    caller: Caller, session: Session, database_url: str, stage: Stage
) -> None:
    caller.ask("forgery", 1)
    with psycopg.connect(database_url) as editing:
        editing.execute("SELECT id FROM shop FOR UPDATE")
        told_to_come_again(caller, "forgery")
        editing.rollback()
    all_goes_in(caller, session)


def test_an_order_whose_campaign_is_held_by_a_long_closing_is_503_and_goes_in_afterwards(
    caller: Caller, session: Session, database_url: str, stage: Stage
) -> None:
    with psycopg.connect(database_url) as closing:
        closing.execute("SELECT id FROM campaign WHERE id = %s FOR UPDATE", [stage.campaign_id])
        told_to_come_again(caller, "delivery")
        assert caller.ask("click", 1).status_code == DESIGNED["click"]  # who only looks is not kept waiting
        closing.rollback()
    all_goes_in(caller, session)


@pytest.mark.parametrize(("table", "kind"), [("click", "click"), ("order", "delivery")])
def test_what_nobody_waits_for_any_more_does_not_wait_for_a_lock_either(
    caller: Caller, database_url: str, table: str, kind: str
) -> None:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with locked(database_url, table), psycopg.connect(database_url, autocommit=True) as watcher:
        told_to_come_again(caller, kind)
        end = time.monotonic() + BUSY_SECONDS + 1
        while (left := watcher.execute(waiting).fetchone()) != (0,) and time.monotonic() < end:
            time.sleep(0.1)
        assert left == (0,)


@pytest.mark.parametrize("forget", [True, False], ids=["looking up", "writing"])
def test_a_server_that_has_stopped_without_a_word_is_as_one_that_is_away(
    session: Session, database_url: str, stage: Stage, tmp_path: Path, forget: bool
) -> None:
    """Each asks through a line of its own, where a connection is at hand: who had to connect would soon give up."""
    kinds = ["click", "delivery", "forgery", "link of a brand's host"]
    with ExitStack() as stack:
        lines = [stack.enter_context(cable(database_url)) for _ in kinds]
        callers = [stack.enter_context(calling(line.url, tmp_path, session, stage)) for line in lines]
        for caller, kind in zip(callers, kinds, strict=True):
            assert caller.ask(kind, 1).status_code == DESIGNED[kind]
        for line in lines:
            line.hold()
        outcomes = together([timed(*asked, 1, forget) for asked in zip(callers, kinds, strict=True)])
        for line in lines:
            line.let_go()
        assert [outcome[:2] for outcome in outcomes] == [(503, "5")] * len(kinds)
        assert max(outcome[2] for outcome in outcomes) < A_SHOPS_PATIENCE
        all_goes_in(callers[0], session)


@pytest.mark.parametrize(("warm", "messages"), [(True, 30), (False, 90)], ids=["known", "new"])
def test_a_server_that_stops_at_any_message_is_looked_at_no_longer_than_a_shop_waits(
    session: Session, database_url: str, warm: bool, messages: int
) -> None:
    deeds = [looking(database_url, number, warm) for number in range(1, messages + 1)]
    outcomes: list[tuple[bool, float]] = together(deeds)
    assert max(took for _, took in outcomes) < A_SHOPS_PATIENCE
    failed = [failed for failed, _ in outcomes]
    told("messages", sum(failed), known=warm)
    assert not failed[-1]  # it comes after all messages of a look
    assert sum(failed) > 10


def looking(url: str, number: int, warm: bool) -> Callable[[], tuple[bool, float]]:
    """Whether a look failed where the `number`-th message is held back, and how long it took."""

    def look(engine: Engine) -> None:
        with looking_up(engine) as connection:
            connection.exec_driver_sql("SELECT 1")

    def run() -> tuple[bool, float]:
        with cable(url) as line:
            engine = create_engine(line.url, **engine_options(line.url))
            prepare(engine)
            if warm:
                look(engine)
                time.sleep(REST_SECONDS)  # so that it is asked whether it is alive
            line.hold_at(number)
            began, failed = time.monotonic(), False
            try:
                look(engine)
            except OperationalError:
                failed = True
            took = time.monotonic() - began
            engine.dispose()
            return failed, took

    return run


def test_a_connection_given_up_in_the_middle_of_something_is_closed(line: Cable) -> None:
    with PatientConnection.connect(line.url) as connection:
        line.hold()
        with pytest.raises(psycopg.OperationalError), in_time(0.1):
            connection.execute("SELECT 1")
        assert connection.closed


def test_a_long_look_is_ended_by_the_server_and_leaves_its_connection_good(app: Flask) -> None:
    began = time.monotonic()
    with pytest.raises(OperationalError, match="statement timeout"), looking_up(db.engine) as connection:
        connection.exec_driver_sql("SELECT pg_sleep(7)")
    assert time.monotonic() - began < AN_ANSWERS_TIME
    assert db.engine.pool.checkedin() == 1  # type: ignore[attr-defined]


def test_a_look_can_not_write(app: Flask) -> None:
    with pytest.raises(InternalError, match="read-only"), looking_up(db.engine) as connection:
        connection.exec_driver_sql("DELETE FROM click")


def test_who_has_no_end_is_waited_for(app: Flask) -> None:
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("SHOW statement_timeout").scalar() == "0"
        connection.exec_driver_sql(f"SELECT pg_sleep({BUSY_SECONDS + 1})")
