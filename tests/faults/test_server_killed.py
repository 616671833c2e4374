"""kill -9 of the web server in the middle of orders and clicks: what was acknowledged is there, once. And a control."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.db import reading
from campaigns.models import Click
from campaigns.tracking.click_ids import named
from tests.factories import identity_key
from tests.faults.books import assert_clicks_once, assert_exactly_once, assert_sound, stored_orders
from tests.faults.forgetful import FORGETFUL
from tests.faults.server import serving
from tests.faults.sizes import rounds, seeded, told
from tests.faults.stage import set_stage
from tests.faults.traffic import bombard, sending

TWO = "2"  # processes, on SQLite too: so one answers while the other is killed


@rounds(suite=20, long=300)
def test_every_acknowledged_order_and_click_survives_kill_9_once(
    session: Session, database_url: str, tmp_path: Path, rounds: int
) -> None:
    stage = set_stage(session)
    with serving(database_url, tmp_path, WEB_WORKERS=TWO) as server, sending(server, stage, visitors=2) as senders:
        bombard(server, senders, rounds, seeded())
    assert min(len(senders.acknowledged), len(senders.clicked)) > rounds
    assert_exactly_once(session, senders.acknowledged)
    assert_clicks_once(session, senders.clicked)
    assert_sound(session)
    told("kills", rounds, orders=len(senders.acknowledged), clicks=len(senders.clicked), starts=server.starts())


def test_the_same_kills_take_orders_and_clicks_from_a_server_that_answers_before_it_commits(
    session: Session, database_url: str, tmp_path: Path
) -> None:
    stage = set_stage(session)
    with serving(database_url, tmp_path, FORGETFUL) as server, sending(server, stage, visitors=2) as senders:
        bombard(server, senders, 4, seeded(), alone=0)
    clicked = {named(identity_key(), public) for public in senders.clicked}
    with reading():
        lost = set(senders.acknowledged) - set(stored_orders(session))
        lost_clicks = clicked - set(session.scalars(select(Click.id)))
        session.rollback()
    assert lost and lost_clicks


def test_production_s_own_command_replaces_a_killed_process_and_starts_again_within_seconds(
    session: Session, database_url: str, tmp_path: Path
) -> None:
    stage = set_stage(session)
    with serving(database_url, tmp_path, forked=False) as server, sending(server, stage, visitors=1) as senders:
        senders.wait_for(3)
        for _ in server.workers():
            server.kill_a_worker()
        senders.wait_for(10)
        server.kill()
        server.start()
        senders.wait_for(3)
    assert_exactly_once(session, senders.acknowledged)
    assert_clicks_once(session, senders.clicked)
    told("production", 2, starts=server.starts())
