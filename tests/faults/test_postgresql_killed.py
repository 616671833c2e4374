"""PostgreSQL stopped at once, again and again, in the middle of orders and clicks: it recovers, and nothing is lost.

The control is a server whose commits don't wait for the disk: the same stops must take acknowledged orders from it.
"""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.db import db, reading
from campaigns.models import Order, Shop
from tests.conftest import migrate
from tests.faults.books import assert_clicks_once, assert_exactly_once
from tests.faults.own_postgresql import OwnPostgresql, own_postgresql
from tests.faults.race import some_time
from tests.faults.server import serving
from tests.faults.sizes import rounds, seeded, told
from tests.faults.stage import set_stage
from tests.faults.traffic import Senders, sending

# Whoever commits goes on at once, and the writer behind them waits longer than any stop does.
HASTY = "-c synchronous_commit=off -c wal_writer_delay=10s -c wal_writer_flush_after=1GB -c wal_buffers=64MB"


@pytest.fixture
def options() -> str:
    """The server's settings: its own, which are production's."""
    return ""


@pytest.fixture
def server(options: str) -> Iterator[OwnPostgresql]:
    with own_postgresql(options) as server:
        yield server


@pytest.fixture
def database_url(server: OwnPostgresql, tmp_path: Path) -> str:
    """In the place of every test's two databases: the one of this server."""
    migrate(server.url, tmp_path)
    return server.url


def stop_again_and_again(server: OwnPostgresql, senders: Senders, times: int, chance: random.Random) -> None:
    """In the middle of the work, each time for a moment."""
    for _ in range(times):
        senders.wait_for(chance.randint(20, 80))
        server.stop_at_once()
        time.sleep(chance.random())
        server.start()
    senders.wait_for(20)


@rounds(suite=2, long=10)
def test_whatever_was_acknowledged_survives_postgresql_stopped_at_once(
    session: Session, server: OwnPostgresql, tmp_path: Path, rounds: int
) -> None:
    stage = set_stage(session)
    with serving(server.url, tmp_path) as web, sending(web, stage, visitors=2) as senders:
        stop_again_and_again(server, senders, rounds, seeded())
    refused = dict(senders.refused)
    told("stops", rounds, orders=len(senders.acknowledged), clicks=len(senders.clicked), refused=refused)
    assert set(refused) == {503}  # they noticed, and were told to come again
    assert_exactly_once(session, senders.acknowledged)
    assert_clicks_once(session, senders.clicked)


@pytest.mark.parametrize("options", [pytest.param(HASTY, id="hasty")])
def test_the_same_stops_take_orders_from_a_server_whose_commits_wait_for_no_disk(
    session: Session, server: OwnPostgresql, tmp_path: Path
) -> None:
    chance = seeded()

    def loses() -> bool:
        stage = set_stage(session)
        with serving(server.url, tmp_path) as web, sending(web, stage, visitors=2) as senders:
            stop_again_and_again(server, senders, 2, chance)
        with reading():
            here = select(Order.external_id).join(Shop).where(Shop.public_id == stage.shop_id)
            lost = set(senders.acknowledged) - set(map(int, db.session.scalars(here)))
            session.rollback()
        told("lost", len(lost), of=len(senders.acknowledged))
        return bool(lost)

    assert some_time(loses, 5)
