"""Two of the staff make the papers of a year, or hand over to the payroll provider, at the same moment: once each.

Without the lock PostgreSQL makes every paper of the year twice, and the second hand-over runs into the table; SQLite's
file has one writer whatever we do, and says so with an error.
"""

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import ModuleType
from typing import Any
from unittest.mock import patch

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.db import begin_writing, db
from campaigns.models import Document
from campaigns.settlement import payroll_orders
from campaigns.settlement.close import close
from campaigns.settlement.yearly import papers as yearly
from tests import whole_campaign
from tests.faults.race import at_once, kinds, looking, without_locks
from tests.settlement.owed import agency
from tests.settlement.test_payroll_orders import agency as with_provider

JANUARY = datetime(2027, 1, 20, 9, tzinfo=UTC)


@pytest.fixture
def paid(session: Session) -> Session:
    """Mina and Noa were paid in 2026."""
    whole_campaign.end(session, whole_campaign.a_live_campaign(session).campaign)
    whole_campaign.pay(session)
    session.commit()
    return session


@pytest.fixture
def handed_over(session: Session) -> Session:
    """Noa's statement waits for the provider."""
    with patch.object(whole_campaign, "close", _closed_by_provider):
        whole_campaign.end(session, whole_campaign.a_live_campaign(session).campaign)
    session.commit()
    return session


def _closed_by_provider(session: Session, campaign: Any, _agency: Any, *rest: Any) -> Document:
    return close(session, campaign, with_provider(), *rest)


@contextlib.contextmanager
def without_lock(room: ModuleType, lock: str, look: str) -> Iterator[None]:
    """Nobody waits for a turn, and everybody has looked before anybody writes."""
    if db.engine.dialect.name == "sqlite":
        with without_locks(db.engine):
            yield
        return
    with patch.object(room, lock, lambda *_: None), patch.object(room, look, looking(getattr(room, look))):
        yield


def making() -> Callable[[], int]:
    def deed() -> int:
        made = yearly.make(db.session(), 2026, agency(), JANUARY)
        db.session.commit()
        return len(made)

    return deed


def handing_over() -> Callable[[], None]:
    def deed() -> None:
        payroll_orders.order(db.session(), "ILS", "2026-06", with_provider(), JANUARY)
        db.session.commit()

    return deed


def papers(session: Session, *wanted: str) -> int:
    begin_writing()
    return session.scalar(select(func.count()).select_from(Document).where(Document.kind.in_(wanted))) or 0


def test_of_two_who_make_a_years_papers_at_once_one_finds_them_made(app: Flask, paid: Session) -> None:
    assert sorted(at_once(app, [making()] * 2)) == [0, 2]
    assert papers(paid, "withholding_confirmation", "annual_summary") == 2


def test_without_the_lock_every_paper_of_the_year_is_made_twice(app: Flask, paid: Session) -> None:
    with without_lock(yearly, "lock_name", "papers_of_year"):
        results = at_once(app, [making()] * 2)
    twice = (results, papers(paid, "withholding_confirmation", "annual_summary"))
    assert twice == ([2, 2], 4) or (db.engine.dialect.name == "sqlite" and kinds(results) != ["ok", "ok"])


def test_of_two_who_hand_over_at_once_one_is_told_that_nothing_waits(app: Flask, handed_over: Session) -> None:
    assert kinds(at_once(app, [handing_over()] * 2)) == ["Conflict", "ok"]
    assert papers(handed_over, "payroll_order") == 1


def test_without_the_lock_the_table_stops_the_second_hand_over(app: Flask, handed_over: Session) -> None:
    with without_lock(payroll_orders, "hold_dues", "waiting"):
        results = kinds(at_once(app, [handing_over()] * 2))
    assert results != ["Conflict", "ok"]
    assert papers(handed_over, "payroll_order") == 1
