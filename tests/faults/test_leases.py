"""Several workers on one database, killed at random: every slot has its effect once. Without the lease it doubles."""

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.db import reading
from campaigns.models import AuditEntry
from tests.faults.counting import SLOTS, count_slots
from tests.faults.forked import fork
from tests.faults.server import end_group, environment
from tests.faults.sizes import rounds, seeded

WORKERS = 4


class Crew:
    """WORKERS processes on one database; whoever is killed is replaced."""

    def __init__(self, url: str, home: Path, leased: bool) -> None:
        self._leased, self._environment, self._log = leased, environment(url, home), home / "counting.log"
        self.workers = [self._start() for _ in range(WORKERS)]

    def _start(self) -> Any:
        return fork(count_slots, (self._leased,), self._environment, self._log)

    def replace(self, number: int) -> None:
        """Kill one, start another."""
        end_group(self.workers[number])
        self.workers[number] = self._start()

    def results(self) -> list[int]:
        """The exit status of each, when all are through."""
        for worker in self.workers:
            worker.join(60)
        return [worker.exitcode for worker in self.workers]


@contextmanager
def at_work(url: str, home: Path, leased: bool = True) -> Iterator[Crew]:
    """A crew for the length of a block; none is left behind."""
    crew = Crew(url, home, leased)
    try:
        yield crew
    finally:
        for worker in crew.workers:
            end_group(worker)


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
    with at_work(database_url, tmp_path) as crew:
        for number in range(rounds):
            wait_for_counts(session, number * SLOTS // rounds + 1)
            time.sleep(chance.random() * 0.2)
            crew.replace(chance.randrange(WORKERS))
        assert crew.results() == [0] * WORKERS
    assert sorted(counted(session).values()) == [1] * SLOTS


def test_without_a_lease_workers_double_each_others_work(session: Session, database_url: str, tmp_path: Path) -> None:
    session.rollback()
    with at_work(database_url, tmp_path, leased=False) as crew:
        assert crew.results() == [0] * WORKERS
    assert max(counted(session).values()) > 1
