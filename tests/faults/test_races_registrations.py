"""Two who register one customer at once: one has them, the other is told that it is impossible. Without locks too."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.db import begin_writing, db
from campaigns.models import Participation, Registration
from campaigns.planning import registrations
from campaigns.planning.customers import read_customer
from campaigns.planning.registrations import By, attach_at_request, end_registration, register
from tests import factories
from tests.factories import NOW
from tests.faults.race import at_once, kinds, some_time, without_locks

TERMS = {**factories.TERMS, "attribution": {"registered_customer_days": 14}}
DANA = "dana@example.com"


def two_people(session: Session) -> list[int]:
    """The ids of two participants of one campaign, committed."""
    campaign = factories.live_campaign(session, accepted=2, terms=TERMS)
    factories.user(session)
    ids = [one.id for one in factories.participants(session, campaign)]
    session.commit()
    return ids


def by() -> By:
    return By(1, "http://localhost", factories.identity_key(), NOW)


def registering(participation_id: int, email: str = DANA) -> Callable[[], str]:
    def deed() -> str:
        mine = db.session.get_one(Participation, participation_id)
        made, _ = register(db.session(), mine, read_customer(email, "", factories.identity_key()), by())
        status = made.status
        db.session.commit()
        return status

    return deed


def asking(participation_id: int) -> Callable[[], str]:
    def deed() -> str:
        mine = db.session.get_one(Participation, participation_id)
        customer = read_customer(DANA, "", factories.identity_key())
        status = attach_at_request(db.session(), mine, customer, "they wrote to us", by()).status
        db.session.commit()
        return status

    return deed


def ending(registration_id: int) -> Callable[[], None]:
    def deed() -> None:
        end_registration(db.session(), db.session.get_one(Registration, registration_id), "a mistake", by())
        db.session.commit()

    return deed


def exclusive(session: Session) -> list[Registration]:
    begin_writing()
    return list(session.scalars(select(Registration).filter_by(exclusive=True, ended_at=None)))


def test_of_two_who_register_a_customer_at_once_one_has_them_and_the_other_is_refused(app: Flask, session: Session):
    people = two_people(session)
    assert sorted(at_once(app, [registering(one) for one in people])) == ["attached", "refused"]
    assert len(exclusive(session)) == 1


def test_without_locks_the_index_alone_is_left_and_somebody_reads_an_error(app: Flask, session: Session):
    people = two_people(session)
    with without_locks(db.engine):
        results = at_once(app, [registering(one) for one in people])
    assert kinds(results) != ["ok", "ok"] or sorted(results) != ["attached", "refused"]
    assert len(exclusive(session)) <= 1


def test_a_customer_who_asks_for_two_at_once_is_one_ones_in_the_end(app: Flask, session: Session):
    people = two_people(session)
    assert at_once(app, [asking(one) for one in people]) == ["attached", "attached"]
    assert len(exclusive(session)) == 1


def test_of_two_ends_at_once_one_is_refused(app: Flask, session: Session):
    mina, _ = two_people(session)
    at_once(app, [registering(mina)])
    begin_writing()
    made = session.scalars(select(Registration.id)).one()
    session.commit()
    assert kinds(at_once(app, [ending(made)] * 2)) == ["Conflict", "ok"]


def test_who_registers_many_at_once_stays_within_the_limit(app: Flask, session: Session, monkeypatch):
    monkeypatch.setattr(registrations, "MOST_A_DAY", 2)
    mina, _ = two_people(session)
    deeds = [registering(mina, f"client{number}@example.com") for number in range(4)]
    assert kinds(at_once(app, deeds)) == ["Conflict", "Conflict", "ok", "ok"]


def test_without_locks_more_than_the_limit_are_registered(app: Flask, session: Session, monkeypatch):
    monkeypatch.setattr(registrations, "MOST_A_DAY", 2)

    def too_many() -> bool:
        mina, _ = two_people(session)
        deeds = [registering(mina, f"client{number}@example.com") for number in range(4)]
        with without_locks(db.engine):
            return kinds(at_once(app, deeds)) != ["Conflict", "Conflict", "ok", "ok"]

    assert some_time(too_many)
