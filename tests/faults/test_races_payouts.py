"""Two staff and one batch: prepared, released or marked as paid by both at once. Each lock is also taken away once.

Mina is due 30.00 and Noa 143.59. Without the lock PostgreSQL has the same money on its way twice, and booked twice;
SQLite's file has one writer whatever we do, and says so with an error that nobody can read.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from campaigns.db import begin_writing, db
from campaigns.models import Document, PayoutBatch, PayoutLine
from campaigns.settlement.books.check import breaches
from campaigns.settlement.paying import payments, payouts
from campaigns.settlement.paying.payments import mark_failed, mark_paid
from campaigns.settlement.paying.payouts import prepare, release
from tests import factories, paying, whole_campaign
from tests.faults.books import posted
from tests.faults.race import at_once, kinds, looking, without_locks
from tests.whole_campaign import CLOSED_AT, CLOSED_ON

DUE = 3_000 + 14_359


@pytest.fixture
def closed(session: Session) -> Session:
    """Statements are due."""
    whole_campaign.end(session, whole_campaign.a_live_campaign(session).campaign)
    session.commit()
    return session


@contextmanager
def without_lock() -> Iterator[None]:
    """Nobody holds what is due, and both have read what it depends on before either goes on."""
    if db.engine.dialect.name == "sqlite":
        with without_locks(db.engine):
            yield
        return
    looks = ((payouts, "dues"), (payouts, "changed_since"), (payments, "payout_legs"))
    with ExitStack() as taken:
        for module in (payouts, payments):
            taken.enter_context(patch.object(module, "hold_dues", lambda _session: None))
        for module, name in looks:
            taken.enter_context(patch.object(module, name, looking(getattr(module, name))))
        yield


def agency() -> dict[str, str]:
    named: dict[str, str] = current_app.extensions["settings"].agency()
    return named


def preparing() -> None:
    prepare(db.session(), "ILS", agency(), CLOSED_ON, CLOSED_AT, None)
    db.session.commit()


def releasing(batch_id: int, user_id: int) -> Callable[[], None]:
    def deed() -> None:
        release(db.session(), db.session.get_one(PayoutBatch, batch_id), user_id, True, CLOSED_AT)
        db.session.commit()

    return deed


def marking(line_id: int) -> Callable[[], None]:
    def deed() -> None:
        line = db.session.get_one(PayoutLine, line_id)
        mark_paid(db.session(), line, "", CLOSED_ON, agency(), CLOSED_AT, None)
        db.session.commit()

    return deed


def under_way(session: Session) -> int:
    """What is on its way to payees, in all batches."""
    begin_writing()
    lines = PayoutLine.status.in_(("prepared", "released"))
    return int(session.scalar(select(func.coalesce(func.sum(PayoutLine.amount_minor), 0)).where(lines)) or 0)


def prepared(session: Session) -> list[Callable[[], None]]:
    """A batch prepared by Mira, and its release by Omar and by Dana."""
    mira, omar, dana = (factories.user(session).id for _ in range(3))
    batch = prepare(session, "ILS", agency(), CLOSED_ON, CLOSED_AT, mira).id
    session.commit()
    return [releasing(batch, omar), releasing(batch, dana)]


def a_line_without_statements(session: Session) -> int:
    """A payment of money that came back: its statements were settled before, so no row of theirs stops a second one."""
    for line in paying.released(session, "ILS", agency(), CLOSED_ON, CLOSED_AT).lines:
        mark_paid(session, line, "", CLOSED_ON, agency(), CLOSED_AT, None)
        mark_failed(session, line, "account unknown", CLOSED_AT, None)
    line_id = paying.released(session, "ILS", agency(), CLOSED_ON, CLOSED_AT).lines[0].id
    session.commit()
    return line_id


def test_of_two_preparations_at_once_one_is_told_that_nothing_is_due(app: Flask, closed: Session) -> None:
    assert kinds(at_once(app, [preparing] * 2)) == ["Conflict", "ok"]
    assert under_way(closed) == DUE


def test_without_lock_and_index_the_same_money_is_on_its_way_twice(app: Flask, closed: Session) -> None:
    closed.execute(text("DROP INDEX uq_payout_line_under_way"))
    closed.commit()
    with without_lock():
        results = kinds(at_once(app, [preparing] * 2))
    assert results != ["Conflict", "ok"]
    assert (results, under_way(closed)) == (["ok", "ok"], 2 * DUE) or db.engine.dialect.name == "sqlite"


def test_the_index_alone_keeps_a_payee_out_of_a_second_batch(app: Flask, closed: Session) -> None:
    with without_lock():
        at_once(app, [preparing] * 2)
    assert under_way(closed) == DUE


def test_of_two_releases_at_once_one_wins_and_the_other_is_told(app: Flask, closed: Session) -> None:
    assert kinds(at_once(app, prepared(closed))) == ["Conflict", "ok"]
    assert under_way(closed) == DUE


def test_without_the_lock_both_are_told_to_send_it_to_the_bank(app: Flask, closed: Session) -> None:
    releases = prepared(closed)
    with without_lock():
        results = kinds(at_once(app, releases))
    assert results != ["Conflict", "ok"]
    assert results == ["ok", "ok"] or db.engine.dialect.name == "sqlite"


def test_of_two_marks_at_once_one_is_booked(app: Flask, closed: Session) -> None:
    line = a_line_without_statements(closed)
    assert kinds(at_once(app, [marking(line)] * 2)) == ["Conflict", "ok"]
    begin_writing()
    assert posted(closed, "bank_clearing") == -3_000
    assert breaches(closed) == []


def test_without_the_lock_the_payment_is_booked_twice(app: Flask, closed: Session) -> None:
    line = a_line_without_statements(closed)
    with without_lock():
        results = kinds(at_once(app, [marking(line)] * 2))
    assert results != ["Conflict", "ok"]
    begin_writing()
    twice = (results, posted(closed, "bank_clearing"), bool(breaches(closed)))
    assert twice == (["ok", "ok"], 2 * -3_000, True) or db.engine.dialect.name == "sqlite"


def test_a_preparation_during_a_mark_takes_the_payee_not_once_more(app: Flask, closed: Session) -> None:
    batch = paying.released(closed, "ILS", agency(), CLOSED_ON, CLOSED_AT)
    line = batch.lines[0].id
    closed.commit()
    assert kinds(at_once(app, [marking(line), preparing])) == ["Conflict", "ok"]
    begin_writing()
    assert closed.scalar(select(func.count()).select_from(Document).filter_by(kind="payout_batch")) == 1
