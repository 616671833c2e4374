"""The doors: who comes in, who stays out, and that out is out."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.blueprints.local_paths import local_path
from campaigns.clock import utc_now
from campaigns.models import Mail, SignInSession, User
from campaigns.people import invitations, passwords
from tests import factories
from tests.factories import PASSWORD, sign_in, submit, visit


def enter(client: FlaskClient, email: str, password: str = PASSWORD, **fields: str):
    return submit(client, "/sign-in", {"email": email, "password": password, **fields})


@pytest.fixture
def omar(session: Session) -> User:
    return factories.user(session, email="omar@example.com", password=PASSWORD)


def test_the_right_password_opens_the_page_that_was_asked_for(client: FlaskClient, omar: User):
    asked = visit(client, "/account?tab=1")
    assert asked.headers["Location"] == "/sign-in?next=/account?tab%3D1"
    answer = enter(client, "Omar@Example.com ", next="/account?tab=1")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/account?tab=1")
    assert visit(client, "/account").status_code == 200


def test_a_stranger_and_a_wrong_password_get_the_same_answer(client: FlaskClient, omar: User):
    wrong = enter(client, "omar@example.com", "not the password")
    stranger = enter(client, "eve@example.com", "not the password")
    assert wrong.status_code == stranger.status_code == 422

    def words(answer):
        return re.sub(r'value="[^"]*"', "", answer.text)

    assert words(wrong) == words(stranger)


def test_the_tenth_wrong_password_locks_even_the_right_one_out(client: FlaskClient, omar: User):
    for _ in range(10):
        assert enter(client, "omar@example.com", "not the password").status_code == 422
    answer = enter(client, "omar@example.com")
    assert answer.status_code == 429
    assert visit(client, "/account").status_code == 302


def test_nine_wrong_passwords_are_forgiven_by_the_right_one(client: FlaskClient, omar: User):
    for _ in range(9):
        enter(client, "omar@example.com", "not the password")
    assert enter(client, "omar@example.com").status_code == 302
    submit(client, "/sign-out")
    assert enter(client, "omar@example.com", "not the password").status_code == 422


def test_the_cookie_is_new_after_the_sign_in(client: FlaskClient, omar: User):
    visit(client, "/sign-in")
    with client.session_transaction() as cookie:
        before = cookie["csrf_token"]
    enter(client, "omar@example.com")
    with client.session_transaction() as cookie:
        assert cookie.get("csrf_token") not in {before, "0" * 40}


def test_a_stolen_cookie_is_worthless_after_the_sign_out(app: Flask, client: FlaskClient, omar: User):
    sign_in(client, omar)
    with client.session_transaction() as cookie:
        stolen = dict(cookie)
    submit(client, "/sign-out")
    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie.update(stolen)
    assert visit(thief, "/account").status_code == 302


def test_a_page_pushes_the_idle_limit_on(client: FlaskClient, session: Session, omar: User):
    sign_in(client, omar)
    row = session.scalars(select(SignInSession)).one()
    row.seen_at = utc_now() - timedelta(minutes=29)
    visit(client, "/account")
    session.refresh(row)
    assert utc_now() - row.seen_at < timedelta(minutes=1)


def test_half_an_hour_without_a_click_signs_staff_out(client: FlaskClient, session: Session, omar: User):
    sign_in(client, omar)
    session.scalars(select(SignInSession)).one().seen_at = utc_now() - timedelta(minutes=30)
    assert visit(client, "/account").status_code == 302


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.com",
        "/\\evil.com",
        "\\/evil.com",
        "///evil.com",
        "https://evil.com",
        "https:evil.com",
        "http:/\\evil.com",
    ]
    + [
        "javascript:alert(1)",
        "/\tevil.com",
        "/\n/evil.com",
        "\x00//evil.com",
        "evil.com",
        "/%5Cevil.com",
        "/%2F/evil.com",
    ]
    + ["/%09/evil.com", " //evil.com", ""],
)
def test_the_sign_in_leads_nowhere_else(elsewhere: str):
    assert local_path(elsewhere, "/") == "/"


def test_a_path_of_our_own_is_kept():
    assert local_path("/account?tab=1&name=%D7%A0", "/") == "/account?tab=1&name=%D7%A0"


def test_a_forgotten_password_is_answered_alike_and_mailed_to_the_known_only(
    client: FlaskClient, session: Session, omar: User
):
    known = submit(client, "/forgot-password", {"email": "omar@example.com"})
    unknown = submit(client, "/forgot-password", {"email": "eve@example.com"})
    assert re.sub(r'value="[^"]*"', "", known.text) == re.sub(r'value="[^"]*"', "", unknown.text)
    assert session.scalars(select(Mail.recipient)).all() == ["omar@example.com"]


def test_the_mailed_link_sets_the_password_once_and_comes_in(client: FlaskClient, session: Session, omar: User):
    submit(client, "/forgot-password", {"email": "omar@example.com"})
    body = session.scalars(select(Mail.body)).one()
    link = next(line for line in body.splitlines() if line.startswith("http://localhost/set-password/"))
    assert visit(client, link).status_code == 200
    assert submit(client, link, {"password": "another good sentence"}).status_code == 302
    assert visit(client, "/account").status_code == 200
    assert visit(client, link).status_code == 404


def test_a_weak_new_password_is_told_beside_its_field(client: FlaskClient, session: Session, omar: User):
    link = "/set-password/" + invitations.create_invitation(session, omar, utc_now())
    answer = submit(client, link, {"password": "password123"})
    assert answer.status_code == 422
    assert 'id="password-error1"' in answer.text and "aria-invalid" in answer.text


def test_changing_the_password_signs_every_other_device_out(app: Flask, client: FlaskClient, omar: User):
    phone = sign_in(app.test_client(), omar)
    sign_in(client, omar)
    fields = {"current": PASSWORD, "password": "another good sentence"}
    assert submit(client, "/account/password", fields).status_code == 302
    assert visit(client, "/account").status_code == 200
    assert visit(phone, "/account").status_code == 302


def test_the_password_is_not_changed_without_the_old_one(client: FlaskClient, session: Session, omar: User):
    sign_in(client, omar)
    fields = {"current": "not the password", "password": "another good sentence"}
    assert submit(client, "/account/password", fields).status_code == 422
    session.refresh(omar)
    assert passwords.verify_password(omar.password_hash, PASSWORD)


def test_a_token_is_shown_once_and_can_be_revoked(client: FlaskClient, omar: User):
    sign_in(client, omar)
    made = submit(client, "/account/tokens")
    shown = re.search(r'<code dir="ltr">([\w-]{43})</code>', made.text)
    page = visit(client, "/account").text
    revoke = re.search(r'action="(/account/tokens/\w+/revoke)"', page)
    assert shown and revoke and shown[1] not in page
    assert submit(client, revoke[1]).status_code == 302
    assert revoke[1] not in visit(client, "/account").text


@pytest.mark.parametrize(
    "path", ["/sign-in", "/sign-out", "/forgot-password", "/language", "/account/password", "/account/tokens"]
)
def test_no_form_is_taken_without_its_token(client: FlaskClient, omar: User, path: str):
    sign_in(client, omar)
    assert client.post(path, data={"email": "omar@example.com", "password": PASSWORD}).status_code == 400


def test_every_route_that_changes_something_refuses_a_missing_token(app: Flask, client: FlaskClient, omar: User):
    sign_in(client, omar)
    unsafe = [
        rule for rule in app.url_map.iter_rules() if rule.methods and rule.methods & {"POST", "PUT", "PATCH", "DELETE"}
    ]
    pages = [rule for rule in unsafe if rule.endpoint.split(".")[0] not in {"api", "tracking"}]
    assert len(pages) >= 9
    for rule in pages:
        with app.test_request_context():
            path = rule.build({name: "1" for name in rule.arguments}, append_unknown=False)
        assert path and client.post(path[1]).status_code == 400, rule
