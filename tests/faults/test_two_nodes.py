"""Two web nodes and two workers on one PostgreSQL, one of them killed at every moment: as one that nobody kills."""

import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.db import db, reading
from campaigns.models import AuditEntry, Delivery, JobRun
from campaigns.settlement.books import breaches
from tests.faults.books import assert_clicks_once, posted, stored_orders
from tests.faults.deeds import SECOND, be_a_worker
from tests.faults.forked import fork
from tests.faults.server import Server, end_group, environment, serving
from tests.faults.shopify import (
    COMMISSION_AFTER_REFUND_MINOR,
    COMMISSION_MINOR,
    FEE_AFTER_REFUND_MINOR,
    FEE_MINOR,
    Signed,
)
from tests.faults.sizes import rounds, seeded, told
from tests.faults.stage import Stage, set_stage
from tests.faults.traffic import Senders, sending

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


class Worker:
    """A background worker that is started again whenever it has been killed."""

    def __init__(self, url: str, home: Path) -> None:
        self._environment, self._log = environment(url, home), home / "worker.log"
        self._process: Any = None

    def start(self) -> None:
        """Work, with a timer more that rings every second."""
        self._process = fork(be_a_worker, (True,), self._environment, self._log)

    def kill(self) -> None:
        """SIGKILL."""
        end_group(self._process)


@contextmanager
def working(url: str, home: Path) -> Iterator[Worker]:
    """A worker for the length of a block."""
    worker = Worker(url, home)
    worker.start()
    try:
        yield worker
    finally:
        worker.kill()


def with_refunds(stage: Stage) -> Any:
    """Every third order is half given back, and that is told before the order itself is."""

    def deliveries(number: int) -> Sequence[Signed]:
        return [stage.refund(number), stage.delivery(number)] if number % 3 == 0 else [stage.delivery(number)]

    return deliveries


def disturb(crew: Sequence[Server | Worker], senders: Senders, chance: random.Random, seconds: float) -> int:
    """Kill one after the other, for so long; how many were killed."""
    end, kills = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        senders.wait_for(chance.randint(1, 30))
        time.sleep(chance.random())
        one = chance.choice(crew)
        one.kill()
        one.start()
        kills += 1
    return kills


@rounds(suite=12, long=60)
def test_two_nodes_and_two_workers_of_which_one_is_always_killed_are_as_one(
    session: Session, database_url: str, tmp_path: Path, rounds: int
) -> None:
    stage, seconds = set_stage(session), rounds
    with ExitStack() as stack:
        nodes = [stack.enter_context(serving(database_url, tmp_path)) for _ in range(2)]
        workers = [stack.enter_context(working(database_url, tmp_path)) for _ in range(2)]
        with sending(nodes, stage, 4, visitors=3, deliveries=with_refunds(stage)) as senders:
            kills = disturb([*nodes, *workers], senders, seeded(), seconds)
    told("kills", kills, orders=len(senders.acknowledged), clicks=len(senders.clicked), refused=dict(senders.refused))
    assert set(senders.refused) <= {503}
    assert_all_there(session, senders.acknowledged)
    assert_clicks_once(session, senders.clicked)
    assert_slots_once(session, seconds)


def assert_all_there(session: Session, numbers: list[int]) -> None:
    """Each order once, each delivery with its outcome, and the commissions of what was kept."""
    back = sum(number % 3 == 0 for number in numbers)
    kept = len(numbers) - back
    with reading():
        assert stored_orders(session) == sorted(numbers)
        outcomes = session.execute(select(Delivery.status, func.count()).group_by(Delivery.status)).all()
        assert [tuple(row) for row in outcomes] == [("processed", len(numbers) + back)]
        commission = kept * COMMISSION_MINOR + back * COMMISSION_AFTER_REFUND_MINOR
        assert posted(session, "influencer_pending") == -commission
        assert posted(session, "agency_income") == -(kept * FEE_MINOR + back * FEE_AFTER_REFUND_MINOR)
        assert breaches(db.session()) == []
        session.rollback()


def assert_slots_once(session: Session, seconds: int) -> None:
    """A slot that is done had its effect once, one that isn't had none."""
    with reading():
        effects = Counter(session.scalars(select(AuditEntry.subject).filter_by(action=SECOND.name)))
        done = session.scalar(select(func.count()).select_from(JobRun).filter_by(name=SECOND.name, done=True)) or 0
        session.rollback()
    assert set(effects.values()) == {1}
    assert len(effects) == done > seconds // 3
