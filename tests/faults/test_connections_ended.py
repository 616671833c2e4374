"""All connections ended by the server, again and again: as if it were away, and everybody goes on by themselves.

Shops, visitors, pages, programs and the worker are at work meanwhile.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.db import db, reading
from campaigns.models import AuditEntry
from tests.faults.books import assert_clicks_once, assert_exactly_once
from tests.faults.caller import assert_designed, calling
from tests.faults.deeds import SECOND, be_a_worker
from tests.faults.ended import ended_all_the_time, set_to
from tests.faults.forked import fork
from tests.faults.server import end_group, environment, serving
from tests.faults.sizes import told
from tests.faults.stage import set_stage
from tests.faults.traffic import sending

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@contextmanager
def working(url: str, home: Path) -> Iterator[None]:
    """A worker for the length of a block, with a timer more that rings every second."""
    worker = fork(be_a_worker, (True,), environment(url, home), home / "worker.log")
    try:
        yield
    finally:
        end_group(worker)


def seconds_done(session: Session) -> list[str]:
    """The slots of the worker's every second that have had their effect."""
    with reading():
        done = list(session.scalars(select(AuditEntry.subject).filter_by(action=SECOND.name)))
        session.rollback()
    return done


def test_while_all_connections_are_ended_again_and_again_nothing_is_lost_or_doubled(
    session: Session, database_url: str, tmp_path: Path
) -> None:
    stage = set_stage(session)
    with serving(database_url, tmp_path) as server, sending(server, stage, visitors=3) as senders:
        db.session.remove()
        with ended_all_the_time(database_url, 0.3):
            time.sleep(6)
        senders.wait_for(10)
    told("acknowledged", len(senders.acknowledged), clicks=len(senders.clicked), refused=dict(senders.refused))
    assert set(senders.refused) == {503}
    assert_exactly_once(session, senders.acknowledged)
    assert_clicks_once(session, senders.clicked)


def test_while_all_connections_are_ended_pages_and_programs_get_503_at_worst(
    session: Session, database_url: str, tmp_path: Path
) -> None:
    with calling(database_url, tmp_path, session, set_stage(session)) as caller:
        db.session.remove()
        with ended_all_the_time(database_url, 0.02):
            for number in range(30):
                for kind in ("page", "missing page", "form", "list", "brand", "readiness"):
                    assert_designed(caller.ask(kind, number), kind, f"round {number}")
        assert {caller.insist("brand", number) for number in range(30)} == {201}


def test_the_worker_goes_on_by_itself_after_all_connections_were_ended(
    session: Session, database_url: str, tmp_path: Path
) -> None:
    db.session.remove()
    with working(database_url, tmp_path):
        with ended_all_the_time(database_url, 0.3):
            time.sleep(6)
        before, end = len(seconds_done(session)), time.monotonic() + 10
        while len(seconds_done(session)) < before + 3 and time.monotonic() < end:
            time.sleep(0.2)
    done = seconds_done(session)
    assert len(done) == len(set(done)) >= before + 3


SETTINGS = ["default_transaction_read_only = on", "idle_in_transaction_session_timeout = '1ms'"]


@pytest.mark.parametrize("setting", SETTINGS)
def test_a_server_that_only_reads_or_ends_transactions_itself_is_as_one_that_is_away(
    session: Session, database_url: str, tmp_path: Path, setting: str
) -> None:
    """A standby not yet promoted says the first, and psycopg has the same kind of error for both: InternalError."""
    kinds = ["click", "delivery", "forgery", "brand", "page"]
    with calling(database_url, tmp_path, session, set_stage(session)) as caller:
        db.session.remove()
        with set_to(database_url, setting):
            answers = [(kind, caller.ask(kind, number)) for number in range(20) for kind in kinds]
        for kind, answer in answers:
            assert_designed(answer, kind, setting)
        assert 503 in {answer.status_code for _, answer in answers}
        assert {caller.insist("delivery", number) for number in range(20)} == {200}
    assert_exactly_once(session, list(range(20)))
