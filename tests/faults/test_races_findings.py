"""Two who decide on one difference from the shop's list at once: one does, the other is told. And without the lock."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.db import begin_writing, db
from campaigns.models import Delivery, Finding
from campaigns.settlement.books.check import breaches
from campaigns.settlement.reconciling.deciding import accept, waive
from tests import factories
from tests.faults.race import at_once, kinds, some_time, without_locks
from tests.settlement.exports import standard
from tests.settlement.test_reconciliation import held


def to_decide(session: Session) -> int:
    finding_id = held(session, factories.live_campaign(session, accepted=1), standard(1)).findings[0].id
    session.commit()
    return finding_id


def accepting(finding_id: int) -> Callable[[], None]:
    def deed() -> None:
        finding = db.session.get_one(Finding, finding_id)
        accept(db.session(), finding, factories.identity_key(), None, factories.NOW)
        db.session.commit()

    return deed


def waiving(finding_id: int) -> Callable[[], None]:
    def deed() -> None:
        waive(db.session(), db.session.get_one(Finding, finding_id), "a gift", None, factories.NOW)
        db.session.commit()

    return deed


def test_of_two_decisions_at_once_one_is_refused(app: Flask, session: Session) -> None:
    finding_id = to_decide(session)
    assert kinds(at_once(app, [accepting(finding_id), waiving(finding_id)])) == ["Conflict", "ok"]
    begin_writing()
    taken = session.scalar(select(func.count()).select_from(Delivery))
    assert taken == (session.get_one(Finding, finding_id).status == "accepted")
    session.commit()
    assert breaches(session) == []


def test_without_locks_two_decisions_at_once_are_not_told_apart(app: Flask, session: Session) -> None:
    def passed_each_other() -> bool:
        finding_id = to_decide(session)
        with without_locks(db.engine):
            return kinds(at_once(app, [accepting(finding_id), waiving(finding_id)])) != ["Conflict", "ok"]

    assert some_time(passed_each_other)
