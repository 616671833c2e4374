"""Registered customers on pages: an influencer's own, the console's list, and what staff do at a customer's wish."""

from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import Participation, Registration
from campaigns.planning import registrations
from tests import factories
from tests.blueprints.test_crediting_pages import words
from tests.factories import NOW, registered, submit, visit

TERMS = {**factories.TERMS, "attribution": {"registered_customer_days": 14}}
DANA = "dana@example.com"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def two(session: Session) -> list[Participation]:
    return factories.participants(session, factories.live_campaign(session, accepted=2, terms=TERMS))


@pytest.fixture
def mina(client: FlaskClient, session: Session, two: list[Participation]) -> FlaskClient:
    return factories.sign_in(client, factories.user(session, influencer=two[0].influencer))


@pytest.fixture
def staff(client: FlaskClient, session: Session) -> FlaskClient:
    return factories.sign_in(client, factories.user(session, email="omar@example.com"))


def own(person: Participation) -> str:
    return f"/me/campaigns/{person.public_id}/customers"


def listed(person: Participation) -> str:
    return f"/console/campaigns/{person.campaign.public_id}/registrations"


def made(session: Session) -> Registration:
    return session.scalars(select(Registration).order_by(Registration.id.desc())).first()  # type: ignore[return-value]


def test_an_influencer_registers_a_customer_and_reads_until_when(mina: FlaskClient, session: Session, two):
    assert "No customer is registered yet" in words(mina, own(two[0]))
    assert submit(mina, own(two[0]), {"email": DANA}).status_code == 302
    page = words(mina, own(two[0]))
    assert "d…@example.com" in page and "Exclusive" in page and "24 May 2026" in page
    assert DANA not in page
    assert "1 registered" in words(mina, f"/me/campaigns/{two[0].public_id}")


def test_an_influencer_is_told_at_once_that_it_is_impossible_and_not_whose(mina: FlaskClient, session: Session, two):
    registered(session, two[1], DANA)
    submit(mina, own(two[0]), {"email": DANA})
    page = words(mina, own(two[0]))
    assert "Not possible" in page and "registered to somebody else" in page
    assert two[1].influencer.name not in page


@pytest.mark.parametrize("fields", [{}, {"email": "nobody"}, {"phone": "12"}])
def test_what_names_nobody_comes_back_with_the_reason(mina: FlaskClient, session: Session, two, fields):
    answer = submit(mina, own(two[0]), fields)
    assert answer.status_code == 422 and 'class="error"' in answer.text
    assert session.scalars(select(Registration)).all() == []


def test_too_many_in_a_day_are_refused_on_the_page(mina: FlaskClient, session: Session, two, monkeypatch):
    monkeypatch.setattr(registrations, "MOST_A_DAY", 1)
    submit(mina, own(two[0]), {"email": DANA})
    answer = submit(mina, own(two[0]), {"email": "gal@example.com"})
    assert answer.status_code == 422 and "try tomorrow" in answer.text


def test_terms_without_registered_customers_offer_no_form(client: FlaskClient, session: Session):
    plain = factories.participants(session, factories.live_campaign(session, accepted=1))[0]
    factories.sign_in(client, factories.user(session, influencer=plain.influencer))
    assert "speak of no registered customers" in words(client, own(plain))
    assert "/customers" not in visit(client, f"/me/campaigns/{plain.public_id}").text


def test_staff_see_every_registration_and_no_address(staff: FlaskClient, session: Session, two):
    assert "No customer is registered yet" in words(staff, listed(two[0]))
    registered(session, two[0], DANA)
    page = words(staff, listed(two[0]))
    assert "d…@example.com" in page and two[0].influencer.name in page and DANA not in page


def test_staff_end_a_registration_with_a_reason_only(staff: FlaskClient, session: Session, two):
    one = registered(session, two[0], DANA)
    page = f"/console/registrations/{one.public_id}"
    assert submit(staff, f"{page}/end", {"why": ""}).status_code == 422
    assert submit(staff, f"{page}/end", {"why": "a mistake"}).status_code == 302
    session.refresh(one)
    assert one.status == "ended" and "Ended" in words(staff, page)


def test_staff_attach_a_refused_customer_who_asks_for_it(staff: FlaskClient, session: Session, two):
    first = registered(session, two[0], DANA)
    refused = registered(session, two[1], DANA)
    page = f"/console/registrations/{refused.public_id}/attach"
    assert submit(staff, page, {"reason": ""}).status_code == 422
    assert submit(staff, page, {"reason": "she wrote to us"}).status_code == 302
    session.refresh(first)
    assert (first.status, made(session).status, made(session).note) == ("ended", "attached", "she wrote to us")


def test_staff_register_for_an_influencer_and_by_the_customers_wish(staff: FlaskClient, session: Session, two):
    sent = {"participation": two[0].public_id, "email": DANA}
    submit(staff, listed(two[0]), sent)
    assert (made(session).participation_id, made(session).reason) == (two[0].id, "new_customer")
    submit(staff, listed(two[0]), {**sent, "participation": two[1].public_id, "reason": "she asked"})
    assert (made(session).participation_id, made(session).reason) == (two[1].id, "own_request")
    assert submit(staff, listed(two[0]), {"participation": two[0].public_id}).status_code == 422


def test_an_order_of_a_registered_customer_says_so_to_all_three(
    client: FlaskClient, session: Session, two: list[Participation]
):
    registered(session, two[0], DANA, NOW - timedelta(days=1))
    order = factories.order(session, shop=two[0].campaign.shop, email=DANA)
    factories.sign_in(client, factories.user(session))
    assert "Registered customer" in words(client, f"/console/orders/{order.public_id}")
    factories.sign_in(client, factories.user(session, influencer=two[0].influencer))
    assert "A customer you registered" in words(client, f"/me/orders/{order.public_id}")
    factories.sign_in(client, factories.user(session, brand=two[0].campaign.brand))
    page = words(client, f"/brand/orders/{order.public_id}")
    assert "The buyer was registered at" in page and "d…@example.com" not in page
