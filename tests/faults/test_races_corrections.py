"""Two staff and one payslip to be corrected, or one table row to be verified. Each lock is also taken away once.

Dan gets 313.50 back for January. Without the lock PostgreSQL gives it to him twice; SQLite's file has one writer
whatever we do, and says so with an error that nobody can read.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from unittest.mock import patch

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.db import begin_writing, db
from campaigns.deductions import entering
from campaigns.models import Payslip, TableRow
from campaigns.settlement.books.check import breaches
from campaigns.settlement.correcting import corrections
from tests import factories
from tests.factories import NOW
from tests.faults.race import at_once, kinds, looking, without_locks
from tests.settlement.slips import AFTER, NEW, OLD, agency, dan, income_tax_row, slip

BACK = 31_350


@pytest.fixture
def january(session: Session) -> int:
    """The id of a slip that the law has overtaken."""
    income_tax_row(session, OLD)
    made = slip(session, dan(session), 2_100_000, date(2026, 1, 31)).id
    income_tax_row(session, NEW)
    session.commit()
    return made


def correcting(payslip_id: int) -> Callable[[], bool]:
    def deed() -> bool:
        slip = db.session.get_one(Payslip, payslip_id)
        made = corrections.issue_correction(db.session(), slip, agency(), AFTER)
        db.session.commit()
        return made is not None

    return deed


@contextmanager
def without_lock() -> Iterator[None]:
    """Nobody holds the dues, and both have worked the slips out anew before either goes on."""
    if db.engine.dialect.name == "sqlite":
        with without_locks(db.engine):
            yield
        return
    with (
        patch.object(corrections, "hold_dues", lambda _session: None),
        patch.object(corrections, "recompute_year", looking(corrections.recompute_year)),
    ):
        yield


def given_back(session: Session) -> int:
    begin_writing()
    rows = select(func.coalesce(func.sum(Payslip.net_minor), 0)).where(Payslip.corrects_id.is_not(None))
    return int(session.scalar(rows) or 0)


def test_of_two_who_correct_a_slip_at_once_one_does_and_the_other_finds_nothing_left(
    app: Flask, session: Session, january: int
) -> None:
    assert sorted(at_once(app, [correcting(january)] * 2)) == [False, True]
    assert given_back(session) == BACK
    assert breaches(session) == []


def test_without_the_lock_the_difference_is_given_twice(app: Flask, session: Session, january: int) -> None:
    with without_lock():
        results = at_once(app, [correcting(january)] * 2)
    assert results not in ([False, True], [True, False])
    assert (results, given_back(session)) == ([True, True], 2 * BACK) or db.engine.dialect.name == "sqlite"


def verifying(row_id: int, user_id: int) -> Callable[[], None]:
    def deed() -> None:
        row = db.session.get_one(TableRow, row_id)
        entering.verify_row(db.session(), row, user_id, True, NOW)
        db.session.commit()

    return deed


def test_of_two_who_verify_a_row_at_once_one_is_told_that_it_was(app: Flask, session: Session) -> None:
    row = factories.table_row(session).id
    omar, dana = (factories.user(session).id for _ in range(2))
    session.commit()
    assert kinds(at_once(app, [verifying(row, omar), verifying(row, dana)])) == ["Conflict", "ok"]
    begin_writing()
    assert session.get_one(TableRow, row).verified_by_user_id in {omar, dana}


def test_without_the_condition_of_the_update_both_believe_they_verified_it(app: Flask, session: Session) -> None:
    row = factories.table_row(session).id
    omar, dana = (factories.user(session).id for _ in range(2))
    session.commit()
    claim = entering._claim

    def unconditional(session: Session, row: TableRow, _still: Any, refusal: str, **values: object) -> None:
        claim(session, row, TableRow.id == row.id, refusal, **values)

    with patch.object(entering, "_claim", unconditional):
        assert kinds(at_once(app, [verifying(row, omar), verifying(row, dana)])) == ["ok", "ok"]
