"""Pages that ask again by themselves: what the server does for them, and what it keeps for people."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.clock import utc_now
from campaigns.models import SignInSession
from tests import factories
from tests.factories import sign_in, submit, visit

ITSELF = {"X-Live": "1"}


def test_a_page_left_open_keeps_no_session_alive(client: FlaskClient, session: Session) -> None:
    sign_in(client, factories.user(session))
    row = session.scalars(select(SignInSession)).one()
    row.seen_at = before = utc_now() - timedelta(minutes=20)
    session.commit()
    visit(client, "/console/campaigns", headers=ITSELF)
    session.refresh(row)
    assert row.seen_at == before
    visit(client, "/console/campaigns")
    session.refresh(row)
    assert row.seen_at > before


def test_a_page_whose_session_ended_is_told_so_and_not_sent_to_a_form(client: FlaskClient) -> None:
    assert visit(client, "/console/campaigns", headers=ITSELF).status_code == 401
    assert visit(client, "/console/campaigns").status_code == 302


def test_what_was_to_be_said_once_waits_for_the_person(client: FlaskClient, session: Session) -> None:
    sign_in(client, factories.user(session))
    submit(client, "/account/sign-out-elsewhere")
    told = "Your other devices are signed out."
    assert told not in visit(client, "/account", headers=ITSELF).text
    assert told in visit(client, "/account").text
