"""PostgreSQL that is there and does not answer in time: 503 before a shop hangs up, nothing half done, later it goes in.

A table somebody has locked (a long ALTER TABLE) or a disk that takes ten seconds are no reason to keep a shop waiting:
it gives up after five seconds, and counts that as a failure.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from campaigns.db import begin_writing
from campaigns.models import Click
from tests.faults.books import assert_clicks_once, assert_exactly_once
from tests.faults.race import at_once
from tests.faults.sizes import told
from tests.faults.stage import Stage, set_stage

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

A_SHOP_S_PATIENCE = 5
SLEEP = "PERFORM pg_sleep(7); RETURN NEW;"


@contextmanager
def locked(url: str, table: str) -> Iterator[None]:
    """Somebody holds a table for themselves for the length of a block."""
    with psycopg.connect(url) as connection:
        connection.execute(f'LOCK TABLE "{table}" IN ACCESS EXCLUSIVE MODE')  # type: ignore[call-overload]
        yield
        connection.rollback()


@contextmanager
def slow(url: str, table: str) -> Iterator[None]:
    """Every row takes the disk seven seconds."""
    with psycopg.connect(url, autocommit=True) as connection:
        body = f"CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN {SLEEP} END$$"
        connection.execute(body)  # type: ignore[call-overload]
        trigger = f'CREATE TRIGGER slow BEFORE INSERT ON "{table}" FOR EACH ROW EXECUTE FUNCTION slow()'
        connection.execute(trigger)  # type: ignore[call-overload]
        yield
        connection.execute(f'DROP TRIGGER slow ON "{table}"')  # type: ignore[call-overload]


def timed(ask: Callable[[], TestResponse]) -> Callable[[], tuple[int, str | None, float]]:
    """Status, Retry-After, and how long it took."""

    def run() -> tuple[int, str | None, float]:
        began = time.monotonic()
        answer = ask()
        return answer.status_code, answer.headers.get("Retry-After"), time.monotonic() - began

    return run


def deliver(app: Flask, stage: Stage, number: int) -> TestResponse:
    signed = stage.delivery(number)
    return app.test_client().post(signed.path, data=signed.body, headers=signed.headers)


def click(app: Flask, stage: Stage) -> TestResponse:
    return app.test_client().get(f"/r/{stage.slugs[0]}")


def told_to_come_again(answers: list[Any]) -> None:
    """All were told 503, and when to come again, before a shop would have hung up."""
    assert [answer[:2] for answer in answers] == [(503, "5")] * len(answers)
    slowest = max(answer[2] for answer in answers)
    told("slowest", f"{slowest:.2f} s")
    assert slowest < A_SHOP_S_PATIENCE


@pytest.mark.parametrize("way", [locked, slow])
@pytest.mark.parametrize("table", ["order", "delivery"])
def test_orders_that_can_not_be_written_in_time_are_503_and_go_in_when_they_come_again(
    app: Flask, session: Session, database_url: str, table: str, way: Callable[..., Any]
) -> None:
    stage = set_stage(session)
    with way(database_url, table):
        asked = [timed(lambda number=number: deliver(app, stage, number)) for number in (1, 2, 3)]  # type: ignore[misc]
        told_to_come_again(at_once(app, asked))
    for number in (1, 2, 3):
        assert deliver(app, stage, number).get_json()["status"] in ("processed", "duplicate")
    assert_exactly_once(session, [1, 2, 3])


@pytest.mark.parametrize("way", [locked, slow])
def test_clicks_that_can_not_be_written_in_time_are_503_and_counted_once_at_most(
    app: Flask, session: Session, database_url: str, way: Callable[..., Any]
) -> None:
    stage = set_stage(session)
    with way(database_url, "click"):
        told_to_come_again(at_once(app, [timed(lambda: click(app, stage))] * 3))
    assert click(app, stage).status_code == 302
    begin_writing()
    # Those that were being written when patience ended are there; who was told so may have come again.
    assert 1 <= (session.scalar(select(func.count()).select_from(Click)) or 0) <= 4
    session.rollback()
    assert_clicks_once(session, [])


@pytest.mark.parametrize("table", ["shop", "affiliate_link"])
def test_who_can_not_even_be_looked_up_in_time_is_503(
    app: Flask, session: Session, database_url: str, table: str
) -> None:
    stage = set_stage(session)
    asked = {"shop": lambda: deliver(app, stage, 1), "affiliate_link": lambda: click(app, stage)}
    with locked(database_url, table):
        told_to_come_again(at_once(app, [timed(asked[table])] * 3))
    assert deliver(app, stage, 1).status_code == 200
    assert click(app, stage).status_code == 302


def test_an_order_whose_campaign_is_held_by_a_long_closing_is_503_and_goes_in_afterwards(
    app: Flask, session: Session, database_url: str
) -> None:
    stage = set_stage(session)
    with psycopg.connect(database_url) as closing:
        closing.execute("SELECT id FROM campaign WHERE id = %s FOR UPDATE", [stage.campaign_id])
        told_to_come_again(at_once(app, [timed(lambda: deliver(app, stage, 1))]))
        assert click(app, stage).status_code == 302  # who only looks is not kept waiting
        closing.rollback()
    assert deliver(app, stage, 1).status_code == 200
    assert_exactly_once(session, [1])
