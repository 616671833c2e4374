"""Two of the agency decide on the same message, or the same incident, at once: one does. And without the lock."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.db import begin_writing, db
from campaigns.models import Incident, IncidentStep, Talk, TalkMessage, User
from campaigns.planning.talking import incidents, talks
from campaigns.planning.talking.incidents import Ending, Report
from tests import factories
from tests.faults.race import at_once, kinds, some_time, without_locks
from tests.planning.talking import asked, stage

Deed = Callable[[], None]


def waiting(session: Session) -> tuple[int, int, int]:
    here = stage(session)
    talk, message = asked(session, here)
    session.commit()
    return talk.id, message.id, here.staff.id


def passing(talk_id: int, message_id: int, staff_id: int) -> Deed:
    def deed() -> None:
        session = db.session()
        talk, message = session.get_one(Talk, talk_id), session.get_one(TalkMessage, message_id)
        staff = session.get_one(User, staff_id)
        talks.pass_on(session, talk, message, staff, message.body, talk.subject, factories.NOW)
        session.commit()

    return deed


def test_of_two_who_pass_on_a_message_at_once_one_does(app: Flask, session: Session) -> None:
    told = waiting(session)
    assert kinds(at_once(app, [passing(*told), passing(*told)])) == ["Conflict", "ok"]
    begin_writing()
    assert session.scalar(select(func.count()).where(TalkMessage.passes_id == told[1])) == 1


def test_without_locks_two_who_pass_on_at_once_are_not_told_apart(app: Flask, session: Session) -> None:
    def passed_each_other() -> bool:
        told = waiting(session)
        with without_locks(db.engine):
            return kinds(at_once(app, [passing(*told), passing(*told)])) != ["Conflict", "ok"]

    assert some_time(passed_each_other)


def an_incident(session: Session) -> tuple[int, int]:
    here = stage(session)
    told = Report(here.campaign, "product", "Leaking", "It leaks")
    made, _ = incidents.report(session, here.staff, told, factories.NOW)
    session.commit()
    return made.id, here.staff.id


def ending(incident_id: int, staff_id: int, status: str) -> Deed:
    def deed() -> None:
        incident, staff = db.session().get_one(Incident, incident_id), db.session().get_one(User, staff_id)
        incidents.end(db.session(), incident, staff, Ending(status, "done"), factories.NOW)
        db.session.commit()

    return deed


def test_of_two_who_end_an_incident_at_once_one_does(app: Flask, session: Session) -> None:
    told = an_incident(session)
    outcomes = [ending(*told, "put_right"), ending(*told, "not_accepted")]
    assert kinds(at_once(app, outcomes)) == ["Conflict", "ok"]
    begin_writing()
    assert session.scalar(select(func.count()).where(IncidentStep.incident_id == told[0])) == 2
