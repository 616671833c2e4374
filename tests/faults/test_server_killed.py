"""kill -9 of the web server in the middle of orders and clicks: what was acknowledged is there, once. And a control."""

import time
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.db import reading
from campaigns.models import Click
from campaigns.tracking.click_ids import named
from tests.factories import identity_key
from tests.faults.books import assert_clicks_once, assert_exactly_once, assert_sound, stored_orders
from tests.faults.forgetful import FORGETFUL
from tests.faults.server import READY_SECONDS, serving
from tests.faults.sizes import rounds, seeded, told
from tests.faults.stage import set_stage
from tests.faults.traffic import bombard, sending

TWO = "2"  # processes, on SQLite too: so one answers while the other is killed


@pytest.fixture
def most_seconds(request: pytest.FixtureRequest) -> int:
    """From a restart to the first 200. The suite, on a machine that may be busy, asks for a restart at all."""
    return 5 if request.node.get_closest_marker("faults") else READY_SECONDS


@rounds(suite=20, long=300)
def test_every_acknowledged_order_and_click_survives_kill_9_once(
    session: Session, database_url: str, tmp_path: Path, rounds: int, most_seconds: int
) -> None:
    stage = set_stage(session)
    with serving(database_url, tmp_path, WEB_WORKERS=TWO) as server, sending(server, stage, visitors=2) as senders:
        bombard(server, senders, rounds, seeded())
    told("kills", rounds, orders=len(senders.acknowledged), clicks=len(senders.clicked), crash_loops=server.gave_up)
    told("restarts", server.described_restarts())
    assert min(len(senders.acknowledged), len(senders.clicked)) > rounds
    assert_exactly_once(session, senders.acknowledged)
    assert_clicks_once(session, senders.clicked)
    assert_sound(session)
    assert server.restarts()[-1] <= most_seconds


@pytest.mark.parametrize(
    ("kills", "alone"), [(4, 0), pytest.param(40, 70, marks=[pytest.mark.faults, pytest.mark.timeout(600)])]
)
def test_the_same_kills_take_orders_and_clicks_from_a_server_that_answers_before_it_commits(
    session: Session, database_url: str, tmp_path: Path, kills: int, alone: int
) -> None:
    stage = set_stage(session)
    with (
        serving(database_url, tmp_path, FORGETFUL, WEB_WORKERS=TWO) as server,
        sending(server, stage, visitors=2) as senders,
    ):
        bombard(server, senders, kills, seeded(), alone)
    clicked = {named(identity_key(), public) for public in senders.clicked}
    with reading():
        lost = set(senders.acknowledged) - set(stored_orders(session))
        lost_clicks = clicked - set(session.scalars(select(Click.id)))
        session.rollback()
    told("lost", len(lost), of=len(senders.acknowledged), clicks=len(lost_clicks), of_clicks=len(clicked), kills=kills)
    assert lost and lost_clicks


def test_that_server_left_alone_keeps_all_it_took_so_it_is_the_kills_that_take_it(
    session: Session, database_url: str, tmp_path: Path
) -> None:
    stage = set_stage(session)
    with serving(database_url, tmp_path, FORGETFUL, WEB_WORKERS=TWO) as server:
        with sending(server, stage, visitors=2) as senders:
            senders.wait_for(20)
        wait_for_orders(session, len(senders.acknowledged))
    assert_exactly_once(session, senders.acknowledged)


def wait_for_orders(session: Session, many: int) -> None:
    """Return when so many orders are there."""
    end, there = time.monotonic() + 30, 0
    while there < many:
        assert time.monotonic() < end, f"{there} of {many} orders are there"
        time.sleep(0.05)
        with reading():
            there = len(stored_orders(session))
            session.rollback()


@rounds(suite=1, long=20)
def test_production_s_own_command_replaces_a_killed_process_and_starts_again_within_seconds(
    session: Session, database_url: str, tmp_path: Path, rounds: int, most_seconds: int
) -> None:
    stage = set_stage(session)
    with serving(database_url, tmp_path, forked=False) as server, sending(server, stage, visitors=1) as senders:
        for _ in range(rounds):
            senders.wait_for(3)
            for _ in server.workers():
                server.kill_a_worker()
            senders.wait_for(10)
            server.kill()
            server.start()
            senders.wait_for(3)
    told("production", 2 * rounds, restarts=server.described_restarts())
    assert_exactly_once(session, senders.acknowledged)
    assert_clicks_once(session, senders.clicked)
    assert server.restarts()[-1] <= most_seconds
