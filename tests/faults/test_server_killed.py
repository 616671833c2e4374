"""kill -9 of the web server while orders stream in: what was acknowledged is there, once. And a control that loses."""

import os
import signal
from pathlib import Path

from sqlalchemy.orm import Session

from campaigns.db import reading
from tests.faults.books import assert_exactly_once, stored_orders
from tests.faults.forgetful import FORGETFUL
from tests.faults.server import serving
from tests.faults.sizes import rounds, seeded
from tests.faults.stage import set_stage
from tests.faults.traffic import bombard, sending


@rounds(suite=15, long=50)
def test_every_acknowledged_order_survives_kill_9_once(
    session: Session, database_url: str, tmp_path: Path, rounds: int
) -> None:
    stage = set_stage(session)
    with serving(database_url, tmp_path) as server, sending(server, stage) as senders:
        bombard(server, senders, rounds, seeded())
    assert len(senders.acknowledged) > rounds
    assert_exactly_once(session, senders.acknowledged)


def test_the_same_kills_take_orders_from_a_server_that_answers_before_it_commits(
    session: Session, database_url: str, tmp_path: Path
) -> None:
    stage = set_stage(session)
    with serving(database_url, tmp_path, FORGETFUL) as server, sending(server, stage) as senders:
        bombard(server, senders, 4, seeded())
    with reading():
        lost = set(senders.acknowledged) - set(stored_orders(session))
        session.rollback()
    assert lost


def test_a_killed_worker_process_of_the_server_is_replaced(session: Session, database_url: str, tmp_path: Path) -> None:
    stage = set_stage(session)
    with serving(database_url, tmp_path) as server, sending(server, stage) as senders:
        senders.wait_for(3)
        for worker in server.workers():
            os.kill(worker, signal.SIGKILL)
        senders.wait_for(10)
    assert_exactly_once(session, senders.acknowledged)
