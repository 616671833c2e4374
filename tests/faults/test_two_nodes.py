"""Two web nodes and two workers on one PostgreSQL, one of each killed all the time: as one that nobody kills.

Shops and visitors come to both nodes; the workers make papers, send mail, and read deliveries again that had failed.
What a worker held when it was killed, another takes over when the lease has run out.
"""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.clock import utc_now
from campaigns.db import db, reading
from campaigns.models import AuditEntry, Delivery, DocumentFile, JobRun, Mail
from campaigns.settlement.books.check import breaches
from tests.faults.books import assert_clicks_once, posted, stored_orders
from tests.faults.crash_cases import ended, printed, sent, to_send
from tests.faults.crash_feeds import failed_before
from tests.faults.deeds import LEASE_OVER, SECOND, be_a_worker, do
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
        """Work, with timers that ring every second."""
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


class Work:
    """What there is to do for the workers: every time more papers, mail, and failed deliveries of another shop."""

    def __init__(self, session: Session) -> None:
        self._session, self._stage = session, set_stage(session, accepted=2)
        self._numbers, self.times = count(1_000_000), 0
        self.orders: list[int] = []

    def hand_out(self) -> None:
        """Seven files of a campaign that sold nothing, three mails, three deliveries."""
        numbers = [next(self._numbers) for _ in range(3)]
        ended(self._session, accepted=2, orders=0)
        to_send(self._session, None)
        failed_before(self._session, self._stage, numbers)
        self._session.rollback()
        self.orders += numbers
        self.times += 1

    def wait_for_some(self) -> None:
        """Return when something of each kind is done: on a busy machine that takes a worker a while."""
        end = time.monotonic() + 60
        while min(self.done().values()) == 0:
            assert time.monotonic() < end, f"the workers don't work: {self.done()}"
            time.sleep(0.1)

    def done(self) -> dict[str, int]:
        """How much of each kind is done."""
        with reading():
            papers = self._session.scalar(select(func.count(DocumentFile.document_id.distinct())))
            mails = self._session.scalar(select(func.count()).where(Mail.sent_at.is_not(None)))
            orders = len(set(self.orders) & set(stored_orders(self._session)))
            self._session.rollback()
        return {"papers": papers or 0, "mails": mails or 0, "retried": orders}


def disturb(crews: Sequence[Sequence[Server | Worker]], senders: Senders, work: Work, seconds: float) -> int:
    """Kill one of each crew after the other, for so long; how many were killed."""
    end, kills, chance = time.monotonic() + seconds, 0, seeded()
    while time.monotonic() < end:
        work.hand_out()
        for crew in crews:
            senders.wait_for(chance.randint(1, 30))
            time.sleep(chance.random())
            one = chance.choice(crew)
            one.kill()
            one.start()
            kills += 1
    return kills


@rounds(suite=12, long=60)
def test_two_nodes_and_two_workers_of_which_one_is_always_killed_are_as_one(
    app: Flask, session: Session, database_url: str, tmp_path: Path, rounds: int
) -> None:
    stage, work, seconds = set_stage(session), Work(session), rounds
    with ExitStack() as stack:
        nodes = [stack.enter_context(serving(database_url, tmp_path)) for _ in range(2)]
        workers = [stack.enter_context(working(database_url, tmp_path)) for _ in range(2)]
        with sending(nodes, stage, 4, visitors=3, deliveries=with_refunds(stage)) as senders:
            kills = disturb([nodes, workers], senders, work, seconds)
        told("kills", kills, work=work.times, **work.done())
        work.wait_for_some()
    told("orders", len(senders.acknowledged), clicks=len(senders.clicked), refused=dict(senders.refused))
    assert set(senders.refused) <= {503}
    assert_work_done(session, work, database_url, tmp_path)
    assert_all_there(session, senders.acknowledged, work.orders)
    assert_clicks_once(session, senders.clicked)
    assert_slots_once(session, seconds)


def assert_work_done(session: Session, work: Work, url: str, home: Path) -> None:
    """What the killed workers left is done when their leases have run out, and all of it is done once."""
    for deed in ("papers", "mail", "retry"):
        process = fork(do, (deed, utc_now() + LEASE_OVER, 0), environment(url, home), home / "deeds.log")
        process.join()
        assert process.exitcode == 0, (home / "deeds.log").read_text()[-2000:]
    with reading():
        printed(session, home, work.times, each=7)
        sent(session, home, work.times)
        session.rollback()


def assert_all_there(session: Session, numbers: list[int], retried: list[int]) -> None:
    """Each order once, each delivery with its outcome, and the commissions of what was kept."""
    back = sum(number % 3 == 0 for number in numbers)
    kept = len(numbers) - back + len(retried)
    with reading():
        assert stored_orders(session) == sorted(numbers + retried)
        outcomes = session.execute(select(Delivery.status, func.count()).group_by(Delivery.status)).all()
        assert [tuple(row) for row in outcomes] == [("processed", kept + 2 * back)]
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
