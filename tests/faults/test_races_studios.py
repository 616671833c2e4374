"""Two who press "book" for one hour at once: one has it. Without locks and the guarded statement both would."""

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session

from campaigns.db import begin_writing, db
from campaigns.models import Participation, StudioSlot
from campaigns.planning.studios import book
from tests import factories
from tests.factories import NOW
from tests.faults.race import at_once, kinds, some_time, without_locks


def booking(slot_id: int, participation_id: int) -> Callable[[], None]:
    def deed() -> None:
        slot = db.session.get_one(StudioSlot, slot_id)
        book(db.session(), slot, db.session.get_one(Participation, participation_id), "", NOW)
        db.session.commit()

    return deed


def a_slot(session: Session, days: int = 2) -> int:
    begin_writing()
    slot = factories.studio_slot(session, starts_at=NOW + timedelta(days=days))
    session.commit()
    return slot.id


def people(session: Session, count: int) -> list[int]:
    ids = [factories.participation(session).id for _ in range(count)]
    session.commit()
    return ids


def test_of_many_who_want_one_hour_one_has_it(app: Flask, session: Session):
    everyone = people(session, 4)
    slot = a_slot(session)
    results = at_once(app, [booking(slot, one) for one in everyone])
    assert kinds(results) == ["Conflict", "Conflict", "Conflict", "ok"]


def test_one_person_who_wants_two_hours_at_once_has_one(app: Flask, session: Session):
    (mina,) = people(session, 1)
    slots = [a_slot(session, days) for days in (2, 3)]
    assert kinds(at_once(app, [booking(slot, mina) for slot in slots])) == ["Conflict", "ok"]


def test_without_locks_the_rule_is_no_longer_what_decides(app: Flask, session: Session):
    """PostgreSQL gives them both; SQLite's own guard breaks one off with an error nobody could act on."""

    def otherwise() -> bool:
        begin_writing()
        (mina,) = people(session, 1)
        slots = [a_slot(session, days) for days in (2, 3)]
        with without_locks(db.engine):
            return kinds(at_once(app, [booking(slot, mina) for slot in slots])) != ["Conflict", "ok"]

    assert some_time(otherwise)
