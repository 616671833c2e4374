"""Killed at any named place, at any visit of it, on both databases: begun again, everything is there, once.

CRASH_AT=name:n ends a process the n-th time it comes to a place (campaigns/crash.py). What was acknowledged before is
there afterwards, what was half done is gone or is finished, and the books balance at every moment in between.
"""

import ast
import os
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import create_engine, inspect, select
from sqlalchemy.orm import Session

from campaigns import MIGRATIONS
from campaigns.clock import utc_now
from campaigns.db import db, reading
from campaigns.models import JobRun
from campaigns.settlement.books.check import breaches
from campaigns.supervise import ROOT
from config import Settings
from tests.databases import beside, database
from tests.faults import crash_cases, crash_feeds
from tests.faults.books import assert_clicks_once, assert_exactly_once, assert_sound
from tests.faults.crash_cases import Case
from tests.faults.deeds import LEASE_OVER, do
from tests.faults.forked import fork
from tests.faults.server import Server, alive, environment, serving
from tests.faults.sizes import rounds, seeded, told
from tests.faults.stage import set_stage
from tests.faults.traffic import sending

KILLED = 137
LATEST = 10  # visit of a place that traffic comes to all the time
CLICKS = ("links.written", "links.committed")
ORDERS = (
    "webhooks.written", "webhooks.committed", "inbox.taken", "inbox.kept",
    "orders.before_store", "orders.stored", "orders.decided", "orders.posted",
)  # fmt: skip
SCHEMA = ("migrations.applied",)
DEEDS = crash_cases.CASES | crash_feeds.CASES


def crash_points() -> Iterator[str]:
    """The names of all places, read from the source."""
    for path in [*(ROOT / "campaigns").rglob("*.py"), ROOT / "migrations" / "env.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "crash_point":
                yield ast.literal_eval(node.args[0])


def test_every_crash_point_of_the_product_has_its_case() -> None:
    points = set(crash_points())  # one name may stand in two places, one for each database
    assert points == {*CLICKS, *ORDERS, *SCHEMA, *DEEDS}
    assert len(points) >= 15


def crash(server: Server, at: str) -> None:
    """Have the traffic that is under way kill the server at a place, though that be its very first request."""
    server.environment["CRASH_AT"] = at
    server.begin()
    wait_until_dead(server, at)
    server.kill()


def wait_until_dead(server: Server, at: str) -> None:
    """Return when a process that answers requests has been there and has died."""
    end, seen = time.monotonic() + 30, set[int]()
    while all(alive(pid) for pid in seen):
        assert time.monotonic() < end, f"nobody comes to {at}"
        seen.update(server.workers())
        time.sleep(0.005)


def visits(chance: Random, times: int, latest: int) -> list[int]:
    """Every visit of a place, the first to the latest, as often as there are times for; what is left over by chance."""
    whole, left = divmod(times, latest)
    chosen = [*range(1, latest + 1)] * whole + chance.sample(range(1, latest + 1), left)
    chance.shuffle(chosen)
    return chosen


@rounds(suite=1, long=10)
@pytest.mark.parametrize("point", [*ORDERS, *CLICKS])
def test_killed_while_orders_and_clicks_come_the_server_loses_and_doubles_none(
    session: Session, database_url: str, tmp_path: Path, point: str, rounds: int
) -> None:
    stage, chance = set_stage(session, accepted=2), seeded()
    with serving(database_url, tmp_path, WEB_WORKERS="1") as server, sending(server, stage, 3, visitors=1) as senders:
        for visit in visits(chance, rounds, LATEST):
            server.kill()
            crash(server, f"{point}:{visit}")
        del server.environment["CRASH_AT"]
        server.start()
        senders.wait_for(6)
    told("kills", rounds, orders=len(senders.acknowledged), clicks=len(senders.clicked))
    assert_exactly_once(session, senders.acknowledged)
    assert_clicks_once(session, senders.clicked)
    assert_sound(session)


def done(case: Case, lap: int, url: str, home: Path, crash_at: str = "") -> int:
    """The exit status of a process that does a deed; later than one that died, when its lease has run out."""
    settings = environment(url, home) | {"CRASH_AT": crash_at, "PRIVATE_APIS": "yes"}
    now = utc_now() if crash_at else utc_now() + LEASE_OVER
    process = fork(do, (case.deed, now, lap), settings, home / "deeds.log")
    process.join()
    return int(process.exitcode)


@rounds(suite=1, long=10)
@pytest.mark.parametrize("point", DEEDS)
def test_a_deed_killed_midway_and_done_again_is_done_once(
    app: Flask, session: Session, database_url: str, tmp_path: Path, point: str, rounds: int
) -> None:
    case, chance = DEEDS[point], seeded()
    with case.fake() as fake:
        for lap, visit in enumerate(visits(chance, rounds, case.visits)):
            case.prepare(session, fake)
            session.rollback()
            assert done(case, lap, database_url, tmp_path, f"{point}:{visit}") == KILLED
            assert_no_breach(session)
            assert done(case, lap, database_url, tmp_path) == 0, (tmp_path / "deeds.log").read_text()[-2000:]
    told("kills", rounds)
    assert_no_breach(session)
    with reading():
        assert not session.scalars(select(JobRun.name).filter_by(done=False)).all()
        case.finished(session, tmp_path, rounds)
        session.rollback()
    assert_sound(session)


def assert_no_breach(session: Session) -> None:
    session.rollback()
    with reading():
        assert breaches(db.session()) == []
        session.rollback()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    name = f"empty_{os.getpid()}"
    with database(request.getfixturevalue("postgresql_server"), name, "template0 ENCODING 'UTF8'"):
        yield beside(os.environ["TEST_POSTGRESQL_URL"], name)


def test_an_upgrade_killed_in_any_of_its_steps_leaves_whole_steps_only_and_goes_on_from_there(
    empty: str, tmp_path: Path
) -> None:
    case = Case("migrate", 0, crash_cases.nothing, lambda *_: None)
    steps = len(list(ScriptDirectory(str(MIGRATIONS)).walk_revisions()))
    for step in range(1, steps + 1):
        # PostgreSQL has them all in one transaction; SQLite each in its own, and so begins where it was cut off before.
        whole = step - 1 if empty.startswith("sqlite") else 0
        visit = step - max(whole - 1, 0)
        assert done(case, step, empty, tmp_path, f"{SCHEMA[0]}:{visit}") == KILLED
        assert head(empty, tmp_path) == whole
    assert done(case, 0, empty, tmp_path) == 0
    assert head(empty, tmp_path) == steps


def head(url: str, home: Path) -> int:
    """The number of the schema's revision; 0 without one, and then there is no table either."""
    engine = create_engine(Settings.from_env(environment(url, home)).database_url)
    with engine.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
        tables = set(inspect(connection).get_table_names()) - {"alembic_version"}
    engine.dispose()
    assert bool(tables) == (revision is not None)
    return int(revision or 0)
