"""SQLite locked, full, or wanted by thirty-two at once: nothing is half done, and who must wait is told so in time."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from campaigns.db import begin_writing, db, reading
from campaigns.models import Click, Delivery
from tests.faults.books import assert_clicks_once, assert_exactly_once
from tests.faults.race import at_once
from tests.faults.server import serving
from tests.faults.shopify import Signed
from tests.faults.stage import Stage, set_stage
from tests.faults.traffic import sending

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

HOLD = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
time.sleep(10)
"""


AN_ANSWERS_TIME = 4.5
FORGED = {"X-Shopify-Hmac-Sha256": "Zm9yZ2Vk"}


def deliver(app: Flask, signed: Signed, **headers: str) -> TestResponse:
    return app.test_client().post(signed.path, data=signed.body, headers=signed.headers | headers)


def outcome(answer: TestResponse) -> tuple[int, str | None]:
    return answer.status_code, answer.headers.get("Retry-After")


def stored(session: Session) -> int:
    with reading():
        count = session.scalar(select(func.count()).select_from(Delivery)) or 0
        session.rollback()
    begin_writing()
    return count


@contextmanager
def held(url: str) -> Iterator[None]:
    """Another process holds the file for itself, ten seconds or until the block ends."""
    holder = subprocess.Popen([sys.executable, "-c", HOLD, str(make_url(url).database)], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    try:
        yield
    finally:
        holder.kill()
        holder.communicate()


def test_while_another_process_holds_the_file_everyone_is_told_503_before_a_shop_hangs_up(
    app: Flask, session: Session, database_url: str
) -> None:
    stage = set_stage(session)
    link = f"/r/{stage.slugs[0]}"
    asked: list[Callable[[], TestResponse]] = [
        lambda: deliver(app, stage.delivery(1)),
        lambda: deliver(app, stage.delivery(2)),
        lambda: deliver(app, stage.delivery(3), **FORGED),
        lambda: app.test_client().get(link),
    ]
    with held(database_url):
        began = time.monotonic()
        answers = at_once(app, asked)
        took = time.monotonic() - began
    assert [outcome(answer) for answer in answers] == [(503, "5")] * 4
    assert took < AN_ANSWERS_TIME
    assert stored(session) == 0
    assert [outcome(ask()) for ask in asked] == [(200, None), (200, None), (401, None), (302, None)]
    assert_exactly_once(session, [1, 2])


def limit_pages(session: Session, pages: int) -> None:
    """Let no connection of this application grow the file beyond `pages`; SQLite never goes below what is there."""

    def limit(connection: Any, *_: Any) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    session.rollback()
    event.listen(db.engine, "connect", limit)
    db.engine.dispose()


def test_a_delivery_that_finds_the_disk_full_is_503_and_goes_in_later(app: Flask, session: Session) -> None:
    stage = set_stage(session)
    large = stage.delivery(1, note="".join(f"{number:x}" for number in range(200_000)))
    limit_pages(session, 1)
    full = deliver(app, large)
    assert (full.status_code, full.headers["Retry-After"]) == (503, "5")
    assert stored(session) == 0
    limit_pages(session, 1_000_000)
    assert deliver(app, large).get_json() == {"status": "processed"}
    assert_exactly_once(session, [1])


def test_clicks_that_find_the_disk_full_are_503_and_those_sent_on_are_there_once(app: Flask, session: Session) -> None:
    stage = set_stage(session)
    limit_pages(session, 1)
    answers = [click(app, stage)]
    while answers[-1].status_code == 302 and len(answers) < 2000:
        answers.append(click(app, stage))
    answers += [click(app, stage) for _ in range(10)]
    assert {outcome(answer) for answer in answers} == {(302, None), (503, "5")}
    limit_pages(session, 1_000_000)
    answers += [click(app, stage)]
    assert outcome(answers[-1]) == (302, None)
    sent_on = [parse_qs(urlsplit(answer.location).query)["click_id"][0] for answer in answers if answer.location]
    assert_clicks_once(session, sent_on)
    assert session.scalar(select(func.count()).select_from(Click)) == len(sent_on)


def click(app: Flask, stage: Stage) -> TestResponse:
    return Context().run(app.test_client().get, f"/r/{stage.slugs[0]}")


def test_a_disk_that_fills_up_within_an_order_keeps_nothing_of_it(app: Flask, session: Session) -> None:
    stage = set_stage(session)
    with_little_room(session)
    for taken in range(200):
        answer = deliver(app, stage.delivery(taken + 1))
        if answer.status_code != 200:
            break
    assert (answer.status_code, taken > 0) == (503, True)
    assert_exactly_once(session, list(range(1, taken + 1)))


def with_little_room(session: Session) -> None:
    """Room for a few orders more, so that one of them fills the file somewhere between its rows."""
    pages = int(session.scalar(text("PRAGMA page_count")) or 0)
    limit_pages(session, pages + 30)


def test_thirty_two_senders_at_once_are_all_served(session: Session, database_url: str, tmp_path: Path) -> None:
    stage = set_stage(session)
    with serving(database_url, tmp_path) as server, sending(server, stage, threads=32) as senders:
        senders.wait_for(200)
    assert senders.refused == {}
    assert_exactly_once(session, senders.acknowledged)
