"""What was typed into a form that came after its session had ended: there for its writer, and for nobody else."""

from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from campaigns.blueprints.filling import filled
from campaigns.models import Brand, KeptForm, SignInSession, User
from campaigns.people.kept_forms import LASTS, LONGEST, worth_keeping
from tests import factories
from tests.factories import NOW, sign_in, submit, visit

BRAND = {"name": "Amber <Skin>", "email": "owner@amber.example"}
PAGE = "/console/brands/new"


@pytest.fixture
def staff(session: Session) -> User:
    return factories.user(session, email="noa@agency.example")


def sent_too_late(client: FlaskClient, session: Session, user: User, **fields: str) -> None:
    sign_in(client, user)
    session.execute(update(SignInSession).values(expires_at=NOW - timedelta(days=1)))
    answer = submit(client, PAGE, {**BRAND, **fields}, headers={"Referer": f"http://localhost{PAGE}"})
    assert answer.headers["Location"] == "/sign-in?next=/written"


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


def test_it_stands_in_the_form_again_and_nothing_was_done(client: FlaskClient, session: Session, staff: User):
    sent_too_late(client, session, staff)
    assert "What you typed is kept for an hour" in visit(client, "/sign-in?lang=en").text
    sign_in(client, staff)
    assert visit(client, "/written").headers["Location"] == PAGE
    page = visit(client, PAGE).text
    assert 'value="Amber &lt;Skin&gt;"' in page and "What you typed is still here" in page
    assert session.scalar(select(Brand.id)) is None


def test_nobody_else_who_signs_in_on_the_same_browser_sees_it(client: FlaskClient, session: Session, staff: User):
    sent_too_late(client, session, staff)
    sign_in(client, factories.user(session, email="tal@agency.example"))
    assert visit(client, "/written").headers["Location"] == "/"
    assert "Amber" not in visit(client, PAGE).text


def test_somebody_else_sees_nothing_even_on_the_page_that_was_being_filled_in(
    client: FlaskClient, session: Session, staff: User
):
    sent_too_late(client, session, staff)
    sign_in(client, staff)
    visit(client, "/written")
    assert "Amber" in visit(client, PAGE).text
    sign_in(client, factories.user(session, email="tal@agency.example"))
    assert "Amber" not in visit(client, PAGE).text


def test_after_an_hour_it_is_gone(client: FlaskClient, session: Session, staff: User):
    sent_too_late(client, session, staff)
    with time_machine.travel(NOW + LASTS, tick=False):
        sign_in(client, staff)
        assert visit(client, "/written").headers["Location"] == "/"


def test_sent_it_is_kept_no_longer(client: FlaskClient, session: Session, staff: User):
    sent_too_late(client, session, staff)
    sign_in(client, staff)
    visit(client, "/written")
    answer = submit(client, PAGE, {**BRAND, "legal_name": "Amber Ltd", "registration_number": "516179157"})
    assert answer.status_code in (302, 303)
    assert session.scalar(select(KeptForm.user_id)) is None


def test_a_refused_form_is_kept_on(client: FlaskClient, session: Session, staff: User):
    sent_too_late(client, session, staff)
    sign_in(client, staff)
    visit(client, "/written")
    assert submit(client, PAGE, {"name": ""}).status_code == 422
    assert "Amber" in visit(client, PAGE).text


def test_who_does_not_want_it_gets_the_page_as_it_is(client: FlaskClient, session: Session, staff: User):
    sent_too_late(client, session, staff)
    sign_in(client, staff)
    visit(client, "/written")
    assert submit(client, "/written/forget").headers["Location"] == PAGE
    assert "Amber" not in visit(client, PAGE).text


def test_secrets_and_bank_details_are_never_kept(client: FlaskClient, session: Session, staff: User):
    sent_too_late(client, session, staff, bank_account="12345678", id_number="123456782", password="a sentence")
    kept = session.scalars(select(KeptForm)).one()
    assert [name for name, _ in kept.fields] == ["name", "email"]


def test_a_form_too_large_to_be_kept_is_kept_in_part():
    sent = [("name", "Amber"), ("brief", "x" * LONGEST), ("goals", "First buyers")]
    assert worth_keeping(sent) == [["name", "Amber"]]


def test_who_signed_out_meanwhile_keeps_the_form_in_the_page(client: FlaskClient, session: Session):
    with client.session_transaction() as cookie:
        cookie["language"] = "en"
    page = submit(client, PAGE, BRAND)
    assert page.status_code == 401
    assert 'value="Amber &lt;Skin&gt;"' in page.text and "Sign in in another tab" in page.text
    assert session.scalar(select(KeptForm.user_id)) is None


def test_rows_of_one_name_get_their_values_in_turn_and_boxes_are_as_they_were():
    page = (
        '<form method="post" action="/x"><input name="row"><input name="row" value="b">'
        '<input type="checkbox" name="on" value="1" checked><input type="checkbox" name="on" value="2"></form>'
    )
    found, left = filled(page, "/x", "/x", [("row", "1"), ("row", "2"), ("on", "2"), ("row", "3")])
    assert found.count('name="row" value="1"') == found.count('name="row" value="2"') == 1
    assert 'value="1" checked' not in found and 'value="2" checked' in found
    assert left == [("row", "3")]


def test_of_two_forms_for_one_address_the_one_that_was_sent_is_filled_in():
    hidden = '<input type="hidden" name="kind" value="{}">'
    form = f'<form method="post" action="/x">{hidden}<textarea name="t"></textarea></form>'
    found, left = filled(form.format("a") + form.format("b"), "/x", "/x", [("kind", "b"), ("t", "<hello>")])
    assert found == form.format("a") + form.format("b").replace("></textarea>", ">\n&lt;hello&gt;</textarea>")
    assert left == []


def test_what_was_chosen_is_chosen_again_if_it_is_still_offered():
    page = (
        '<form method="post" action="/x"><select name="s"><option value="a" selected><option value="b"></select></form>'
    )
    assert '<option value="a"><option value="b" selected>' in filled(page, "/x", "/x", [("s", "b")])[0]
    assert filled(page, "/x", "/x", [("s", "gone")])[0] == page
