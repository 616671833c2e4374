"""Several workers on one database, killed at random: every slot has its effect once. Without the lease it doubles."""

import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.db import reading
from campaigns.models import AuditEntry
from campaigns.supervise import ROOT
from tests.faults.counting import SLOTS
from tests.faults.server import environment
from tests.faults.sizes import rounds, seeded

WORKERS = 3


def start(url: str, home: Path, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.faults.counting", *options]
    with (home / "counting.log").open("ab") as log:
        return subprocess.Popen(command, cwd=ROOT, env=environment(url, home), stdout=log, stderr=log)


def counted(session: Session) -> Counter[str]:
    with reading():
        found = Counter(session.scalars(select(AuditEntry.subject).filter_by(action="counted")))
        session.rollback()
    return found


def wait_for_counts(session: Session, least: int) -> None:
    """Return when so many slots have had their effect: the workers are in the middle of their work."""
    end = time.monotonic() + 30
    while len(counted(session)) < least:
        assert time.monotonic() < end, "the workers don't count"
        time.sleep(0.02)


@rounds(suite=4, long=36)
def test_every_slot_has_its_effect_once_though_workers_are_killed(
    session: Session, database_url: str, tmp_path: Path, rounds: int
) -> None:
    session.rollback()
    chance = seeded()
    crew = [start(database_url, tmp_path) for _ in range(WORKERS)]
    for number in range(rounds):
        wait_for_counts(session, number * SLOTS // rounds + 1)
        time.sleep(chance.random() * 0.2)
        victim = crew.pop(chance.randrange(WORKERS))
        victim.kill()
        victim.wait()
        crew.append(start(database_url, tmp_path))
    assert [worker.wait(60) for worker in crew] == [0] * WORKERS
    assert sorted(counted(session).values()) == [1] * SLOTS


def test_without_a_lease_workers_double_each_others_work(session: Session, database_url: str, tmp_path: Path) -> None:
    session.rollback()
    crew = [start(database_url, tmp_path, "--unleased") for _ in range(WORKERS)]
    assert [worker.wait(60) for worker in crew] == [0] * WORKERS
    assert max(counted(session).values()) > 1
