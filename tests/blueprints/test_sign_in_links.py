"""Signing in by mail: what is answered, what is mailed, and who is in afterwards."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.clock import utc_now
from campaigns.models import Mail, SignInSession, User
from tests import factories
from tests.factories import submit, visit

ASK = "/sign-in/link"


@pytest.fixture
def mina(session: Session) -> User:
    person = factories.influencer(session, email="mina@example.com")
    return factories.user(session, influencer=person, language="ru")


def mailed(session: Session, recipient: str = "mina@example.com") -> str:
    """The link in the newest letter."""
    newest = select(Mail.body).filter_by(recipient=recipient).order_by(Mail.id.desc())
    body = session.scalars(newest).first() or ""
    return next(line for line in body.splitlines() if line.startswith("http://localhost/sign-in/open?token="))


def asked(client: FlaskClient, session: Session, **fields: str) -> str:
    submit(client, ASK, {"email": "mina@example.com", **fields})
    return mailed(session)


def words(page: str) -> str:
    return re.sub(r'value="[^"]*"', "", page)


def test_the_link_signs_in_by_its_button_and_not_by_being_looked_at(
    client: FlaskClient, session: Session, mina: User
) -> None:
    link = asked(client, session, next="/me/earnings")
    for _ in range(2):  # a mail scanner, then the person
        assert visit(client, link).status_code == 200
    assert visit(client, "/me").status_code == 302
    answer = submit(client, link)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/me/earnings")
    assert visit(client, "/me").status_code == 200


def test_a_link_works_once(app: Flask, client: FlaskClient, session: Session, mina: User) -> None:
    link = asked(client, session)
    assert submit(client, link).status_code == 302
    thief = app.test_client()
    assert (visit(thief, link).status_code, submit(thief, link).status_code) == (404, 404)
    assert visit(thief, "/me").status_code == 302


def test_a_link_is_over_after_a_quarter_of_an_hour(client: FlaskClient, session: Session, mina: User) -> None:
    link = asked(client, session)
    with time_machine.travel(utc_now() + timedelta(minutes=15, seconds=1), tick=False):
        assert submit(client, link).status_code == 404


def test_known_unknown_and_staff_are_answered_alike_and_only_the_known_are_mailed(
    client: FlaskClient, session: Session, mina: User
) -> None:
    factories.user(session, email="omar@example.com", password=factories.PASSWORD)
    asking = ("mina@example.com", "eve@example.com", "omar@example.com")
    answers = {words(submit(client, ASK, {"email": email}).text) for email in asking}
    assert len(answers) == 1
    assert session.scalars(select(Mail.recipient)).all() == ["mina@example.com"]


def test_the_letter_speaks_its_readers_language(client: FlaskClient, session: Session, mina: User) -> None:
    asked(client, session)
    letter = session.scalars(select(Mail)).one()
    assert letter.language == "ru" and "Здравствуйте" in letter.body


def test_after_ten_requests_no_more_is_mailed_and_the_answer_stays_the_same(
    client: FlaskClient, session: Session, mina: User
) -> None:
    pages = set()
    for number in range(12):
        place = {"REMOTE_ADDR": f"203.0.{number}.7"}
        pages.add(words(submit(client, ASK, {"email": "mina@example.com"}, environ_base=place).text))
    assert len(pages) == 1
    assert len(session.scalars(select(Mail)).all()) == 10


def test_one_place_may_not_ask_for_everybody(client: FlaskClient, session: Session, mina: User) -> None:
    for number in range(10):
        assert submit(client, ASK, {"email": f"eve{number}@example.com"}).status_code == 200
    answer = submit(client, ASK, {"email": "mina@example.com"})
    assert answer.status_code == 429 and "mina@example.com" in answer.text
    assert session.scalars(select(Mail)).all() == []


def test_being_locked_out_of_links_leaves_the_password_door_open(
    client: FlaskClient, session: Session, mina: User
) -> None:
    owner = factories.user(session, email="omar@example.com", password=factories.PASSWORD)
    for _ in range(12):
        submit(client, ASK, {"email": owner.email})
    assert submit(client, "/sign-in", {"email": owner.email, "password": factories.PASSWORD}).status_code == 302


def test_somebody_elses_session_in_this_browser_is_replaced(client: FlaskClient, session: Session, mina: User) -> None:
    eve = factories.user(session, influencer=factories.influencer(session, email="eve@example.com"))
    factories.sign_in(client, eve)
    link = asked(client, session)
    page = visit(client, link).text
    assert "mina@example.com" in page and "eve@example.com" in page
    submit(client, link)
    assert session.scalars(select(SignInSession.user_id)).all() == [mina.id]


def test_bank_details_ask_who_came_in_by_link_for_their_password(
    client: FlaskClient, session: Session, mina: User
) -> None:
    sent = {"route": "payslip", "id_number": "039337423", "credit_points": "2.25", "bank_account": "123456"}
    submit(client, asked(client, session))
    assert submit(client, "/me/payment-details", sent).status_code == 422
    session.expire_all()
    assert mina.influencer and mina.influencer.bank_account == ""


@pytest.mark.parametrize("elsewhere", ["//evil.com", "https://evil.com/me", "/\\evil.com"])
def test_a_link_leads_nowhere_else(client: FlaskClient, session: Session, mina: User, elsewhere: str) -> None:
    link = asked(client, session, next=elsewhere)
    assert submit(client, link).headers["Location"] == "/"


def test_the_sign_in_page_offers_the_link_and_keeps_where_one_was_going(client: FlaskClient) -> None:
    page = visit(client, "/sign-in?next=/me/earnings").text
    assert "/sign-in/link?next=/me/earnings" in page
    assert 'value="/me/earnings"' in visit(client, "/sign-in/link?next=/me/earnings").text


def test_a_missing_address_is_told_beside_its_field(client: FlaskClient) -> None:
    answer = submit(client, ASK, {"email": ""})
    assert answer.status_code == 422 and 'id="email-error1"' in answer.text
