"""Bank details: changed by whoever has just shown their password, and told to the address they had before."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from campaigns.models import AuditEntry, Influencer, Mail, SignInSession
from campaigns.people.passwords import hash_password
from tests import factories
from tests.blueprints.api.calls import Program
from tests.factories import PASSWORD, sign_in, submit, visit

PAGE = "/me/payment-details"
SENT = {"route": "invoice", "bank_code": "12", "bank_branch": "345", "bank_account": "7654321"}


@pytest.fixture
def mina(session: Session, client: FlaskClient) -> Influencer:
    """Mina, who came in an hour ago."""
    person = factories.influencer(session, name="Mina", payee={"bank_account": "1234567"})
    user = factories.user(session, influencer=person)
    user.password_hash = hash_password(PASSWORD)
    sign_in(client, user)
    came_in(session, timedelta(hours=1))
    return person


def came_in(session: Session, ago: timedelta) -> None:
    """Sign-ins are as old as that."""
    for row in session.scalars(select(SignInSession)):
        session.execute(
            update(SignInSession)
            .where(SignInSession.token_hash == row.token_hash)
            .values(created_at=row.created_at - ago, seen_at=row.seen_at)
        )
    session.commit()


def account(session: Session, person: Influencer) -> str:
    session.expire_all()
    return person.bank_account


def test_other_bank_details_need_the_password_once_more(
    session: Session, client: FlaskClient, mina: Influencer
) -> None:
    answer = submit(client, PAGE, SENT)
    assert answer.status_code == 422 and "enter your password once more" in answer.text
    assert submit(client, PAGE, {**SENT, "current": "not the one"}).status_code == 422
    assert account(session, mina) == "1234567"
    assert session.scalars(select(Mail)).all() == session.scalars(select(AuditEntry)).all() == []
    assert submit(client, PAGE, {**SENT, "current": PASSWORD}).status_code == 302
    assert account(session, mina) == "7654321"


def test_the_password_is_good_for_ten_minutes(session: Session, client: FlaskClient, mina: Influencer) -> None:
    submit(client, PAGE, {**SENT, "current": PASSWORD})
    came_in(session, timedelta(minutes=9))
    assert submit(client, PAGE, {**SENT, "bank_account": "111222"}).status_code == 302
    came_in(session, timedelta(minutes=2))
    assert submit(client, PAGE, {**SENT, "bank_account": "333444"}).status_code == 422
    assert account(session, mina) == "111222"


def test_anything_else_is_changed_without_it(session: Session, client: FlaskClient, mina: Influencer) -> None:
    sent = {"route": "receipt", "bank_account": "1234567", "address": "Haifa"}
    assert submit(client, PAGE, sent).status_code == 302
    session.expire_all()
    assert (mina.payee_route, mina.address) == ("receipt", "Haifa")
    assert session.scalars(select(Mail)).all() == []


def test_a_change_is_told_with_three_digits_and_written_down(
    session: Session, client: FlaskClient, mina: Influencer
) -> None:
    submit(client, PAGE, {**SENT, "current": PASSWORD})
    letter = session.scalars(select(Mail)).one()
    assert letter.recipient == mina.email and "321" in letter.body and "7654321" not in letter.body
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.details) == ("payee.bank_changed", {"before": "567", "after": "321"})


def test_staff_change_them_and_the_payee_is_told(session: Session, client: FlaskClient, mina: Influencer) -> None:
    staff = Program(client.application, factories.user(session))
    staff.patch(f"/influencers/{mina.public_id}", {"payee": {"bank": {"account": "555666"}}})
    assert account(session, mina) == "555666"
    assert session.scalars(select(Mail)).one().recipient == mina.email


def test_a_token_of_the_payees_own_cant_change_them(session: Session, client: FlaskClient, mina: Influencer) -> None:
    own = Program(client.application, factories.user(session, influencer=mina))
    refused = own.patch(f"/influencers/{mina.public_id}", {"payee": {"bank_account": "555666"}}, status=422)
    assert list(refused["errors"]) == ["payee.bank"]
    assert account(session, mina) == "1234567"
    own.patch(f"/influencers/{mina.public_id}", {"payee": {"address": "Haifa"}})


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("de89 3704 0044 0532 0130 00", "DE89370400440532013000"), ("DE89370400440532013001", "1234567")],
)
def test_an_iban_is_taken_only_if_it_is_right(
    session: Session, client: FlaskClient, mina: Influencer, typed: str, kept: str
) -> None:
    submit(client, PAGE, {"route": "invoice", "bank_account": typed, "current": PASSWORD})
    assert account(session, mina) == kept


def test_the_page_asks_for_the_password_only_when_it_is_needed(
    session: Session, client: FlaskClient, mina: Influencer
) -> None:
    assert 'name="current"' in visit(client, PAGE).text
    sign_in(client, factories.user(session, influencer=mina))
    assert 'name="current"' not in visit(client, PAGE).text
