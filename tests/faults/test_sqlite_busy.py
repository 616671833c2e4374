"""SQLite locked, full, or wanted by thirty-two at once: nothing is half done, and who must wait is told so in time."""

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from campaigns.db import begin_writing, db, reading
from campaigns.models import Delivery
from tests.faults.books import assert_exactly_once
from tests.faults.race import at_once
from tests.faults.server import serving
from tests.faults.shopify import Signed
from tests.faults.stage import set_stage
from tests.faults.traffic import sending

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

HOLD = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
time.sleep(6)
"""


def deliver(app: Flask, signed: Signed) -> TestResponse:
    return app.test_client().post(signed.path, data=signed.body, headers=signed.headers)


def stored(session: Session) -> int:
    with reading():
        count = session.scalar(select(func.count()).select_from(Delivery)) or 0
        session.rollback()
    begin_writing()
    return count


def test_while_another_process_holds_the_file_shops_are_told_503_before_they_hang_up(
    app: Flask, session: Session, database_url: str
) -> None:
    stage = set_stage(session)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(make_url(database_url).database)], stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    began = time.monotonic()
    link = f"/r/{stage.slugs[0]}"
    answers = at_once(app, [lambda: deliver(app, stage.delivery(1)), lambda: app.test_client().get(link)])
    took = time.monotonic() - began
    holder.kill()
    holder.communicate()
    assert [(answer.status_code, answer.headers.get("Retry-After")) for answer in answers] == [(503, "5")] * 2
    assert took < 5
    assert stored(session) == 0


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
