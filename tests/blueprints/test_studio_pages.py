"""The studio's pages: staff offer hours, an influencer books and gives back, everyone concerned is written to."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import AuditEntry, Mail, Participation, Studio, StudioSlot
from tests import factories
from tests.factories import NOW, sign_in, submit, visit

SERIES = {"first": "2026-06-07", "last": "2026-06-07", "weekdays": ["6"], "begins": "10:00", "ends": "12:00"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def staff(app: Flask, session: Session) -> FlaskClient:
    return sign_in(app.test_client(), factories.user(session))


@pytest.fixture
def mina(session: Session) -> Participation:
    return factories.participation(session)


@pytest.fixture
def hers(app: Flask, session: Session, mina: Participation) -> FlaskClient:
    return sign_in(app.test_client(), factories.user(session, influencer=mina.influencer))


def test_staff_open_a_studio_and_offer_hours(staff: FlaskClient, session: Session):
    typed = {"name": "Studio A", "photographer": "Gil", "address": "Haifa", "timezone": "Asia/Jerusalem"}
    wrong = submit(staff, "/console/studios", typed | {"timezone": "Mars", "email": "gil"})
    assert wrong.status_code == 422 and 'value="Studio A"' in wrong.text
    assert submit(staff, "/console/studios", typed | {"email": "gil@example.com"}).status_code == 302
    page = f"/console/studios/{session.scalars(select(Studio.public_id)).one()}"
    assert submit(staff, page, SERIES | {"minutes": "60"}).status_code == 302
    assert session.scalars(select(StudioSlot.starts_at)).all()[0].hour == 7
    again = submit(staff, page, SERIES | {"minutes": "60"})
    assert again.status_code == 422 and "there is a slot at that time already" in again.text.lower()
    assert "studio.hours_offered" in session.scalars(select(AuditEntry.action)).all()


def test_an_influencer_books_an_hour_and_both_are_written_to(
    hers: FlaskClient, session: Session, mina: Participation
) -> None:
    place = factories.studio(session, email="gil@example.com", note="Ring at the blue door")
    slot = factories.studio_slot(session, at=place, starts_at=NOW + timedelta(days=2))
    page = f"/me/campaigns/{mina.public_id}/studio"
    assert "Book this slot" in visit(hers, page).text
    assert submit(hers, f"{page}/{slot.public_id}", {"wishes": "the cream"}).status_code == 302
    letters = session.scalars(select(Mail).order_by(Mail.id)).all()
    assert {mina.influencer.email, "gil@example.com"} <= {letter.recipient for letter in letters}
    assert "Ring at the blue door" in letters[-1].body and "the cream" in letters[-1].body
    assert "Give it back" in visit(hers, page).text
    assert submit(hers, f"{page}/{slot.public_id}/give-back").status_code == 302
    assert session.scalars(select(StudioSlot.participation_id)).all() == [None]


def test_a_slot_somebody_else_has_is_not_found_and_one_just_gone_is_told(
    hers: FlaskClient, session: Session, mina: Participation
) -> None:
    page = f"/me/campaigns/{mina.public_id}/studio"
    other = factories.participation(session)
    taken = factories.studio_slot(session, starts_at=NOW + timedelta(days=2), booked=other)
    assert submit(hers, f"{page}/{taken.public_id}").status_code == 404
    gone = factories.studio_slot(session, starts_at=NOW - timedelta(minutes=1))
    answer = submit(hers, f"{page}/{gone.public_id}", {"wishes": "marble"})
    assert answer.status_code == 409 and "just booked" in answer.text


def test_staff_call_a_booked_slot_off_and_its_influencer_reads_why(
    staff: FlaskClient, hers: FlaskClient, session: Session, mina: Participation
) -> None:
    slot = factories.studio_slot(session, starts_at=NOW + timedelta(days=2), booked=mina)
    submit(staff, f"/console/studio-slots/{slot.public_id}/call-off", {"reason": "Gil is ill"})
    assert "Gil is ill" in visit(hers, f"/me/campaigns/{mina.public_id}/studio").text
    assert "Gil is ill" in session.scalars(select(Mail.body).filter_by(recipient=mina.influencer.email)).all()[-1]
    assert "Gil is ill" in visit(staff, f"/console/studios/{slot.studio.public_id}").text


def test_a_closed_studio_offers_nothing_until_it_is_opened_again(
    staff: FlaskClient, hers: FlaskClient, session: Session, mina: Participation
) -> None:
    place = factories.studio(session)
    factories.studio_slot(session, at=place, starts_at=NOW + timedelta(days=2))
    page = f"/me/campaigns/{mina.public_id}/studio"
    submit(staff, f"/console/studios/{place.public_id}/close")
    assert "No free slots at the moment" in visit(hers, page).text
    submit(staff, f"/console/studios/{place.public_id}/close")
    assert "Book this slot" in visit(hers, page).text
