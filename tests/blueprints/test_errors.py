"""The one table from errors to answers, for people and for programs."""

import logging

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from campaigns.blueprints.audiences import ANYONE, AUDIENCES
from campaigns.blueprints.errors import WORDS
from campaigns.errors import Conflict, Forged, Invalid, MissingTableRow, NotFound, Unreadable
from campaigns.i18n import gettext, speaking
from campaigns.models import User
from tests import factories
from tests.factories import sign_in, visit

TABLE = [
    (Unreadable("no"), 400),
    (Forged("no"), 401),
    (NotFound("no"), 404),
    (Conflict("no", ["three are missing"]), 409),
    (Invalid({"email": ["This is not an e-mail address."]}), 422),
    (MissingTableRow("credit_points", "2031-01-01"), 422),
    (OperationalError("SELECT", {}, Exception("gone")), 503),
    (PoolTimeoutError(), 503),
]


@pytest.fixture
def break_with(app: Flask, monkeypatch: pytest.MonkeyPatch):
    """Make every visit of /broken and /api/v1/broken raise the given error."""

    def arrange(error: Exception | None = None, status: int = 0) -> None:
        def broken() -> str:
            if error is not None:
                raise error
            abort(status)

        for path, endpoint in (("/broken", "broken"), ("/api/v1/broken", "broken_api")):
            monkeypatch.setitem(AUDIENCES, endpoint, ANYONE)
            app.add_url_rule(path, endpoint, broken)

    return arrange


@pytest.mark.parametrize(("error", "status"), TABLE, ids=lambda value: type(value).__name__)
def test_every_refusal_has_one_status_for_people_and_programs(client: FlaskClient, break_with, error, status):
    break_with(error)
    page, problem = visit(client, "/broken?lang=en"), visit(client, "/api/v1/broken")
    assert (page.status_code, page.mimetype) == (status, "text/html")
    assert (problem.status_code, problem.mimetype) == (status, "application/problem+json")
    assert problem.json["status"] == status and problem.json["type"] == "about:blank"
    assert ("Retry-After" in page.headers) is (status == 503)


def test_a_program_is_told_which_fields_and_which_findings(client: FlaskClient, break_with):
    break_with(Invalid({"email": ["This is not an e-mail address."]}))
    assert visit(client, "/api/v1/broken").json["errors"] == {"email": ["This is not an e-mail address."]}


def test_a_conflict_lists_what_stands_in_the_way(client: FlaskClient, break_with):
    break_with(Conflict("The campaign can't start yet.", ["9 of 10 have accepted"]))
    assert visit(client, "/api/v1/broken").json["findings"] == ["9 of 10 have accepted"]
    assert "9 of 10 have accepted" in visit(client, "/broken").text


def test_a_page_says_what_happened_and_what_to_do_in_the_visitors_language(client: FlaskClient):
    english = visit(client, "/nowhere", headers={"Accept-Language": "en"}).text
    assert "There is nothing here" in english and "The address may be mistyped" in english
    assert 'dir="rtl"' in visit(client, "/nowhere", headers={"Accept-Language": "ar"}).text


@pytest.mark.parametrize("language", ["en", "he", "ar", "ru"])
@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 429, 500, 503])
def test_every_error_speaks_every_language_in_the_design(client: FlaskClient, break_with, status: int, language: str):
    break_with(status=status)
    answer = visit(client, f"/broken?lang={language}")
    with speaking(language):
        happened, next_step = (escape(gettext(words, most=2)) for words in WORDS[status])
    assert answer.status_code == status and f'lang="{language}"' in answer.text
    assert f"<h1>{happened}</h1>" in answer.text and next_step in answer.text and "site-header" in answer.text


def test_a_form_without_its_token_is_told_to_be_sent_again_in_the_design(client: FlaskClient):
    answer = client.post("/sign-in", data={"email": "mina@example.com"}, headers={"Accept-Language": "en"})
    assert answer.status_code == 400 and "This form was open for too long" in answer.text
    assert "site-header" in answer.text


def test_a_form_of_ours_that_was_open_too_long_comes_back_without_its_secrets(client: FlaskClient):
    typed = {"email": "mina@example.com", "password": "never shown"}
    ours, foreign = (
        client.post("/sign-in", data=typed, headers={"Sec-Fetch-Site": site, "Accept-Language": "en"}).text
        for site in ("same-origin", "cross-site")
    )
    assert 'value="mina@example.com"' in ours and "What you typed is still here" in ours
    assert "never shown" not in ours
    assert "mina@example.com" not in foreign


def test_with_the_database_away_what_was_typed_is_given_back(client: FlaskClient, session, monkeypatch):
    sign_in(client, factories.user(session))

    def away(*_args, **_options):
        raise OperationalError("SELECT 1", {}, Exception("connection refused"))

    monkeypatch.setattr("campaigns.people.sessions.find_session", away)
    answer = factories.submit(client, "/talks/new?about=else", {"message": "Where is my parcel?"})
    assert answer.status_code == 503 and "Where is my parcel?" in answer.text
    assert 'action="/talks/new?about=else"' in answer.text


@pytest.mark.parametrize("status", [403, 405, 413, 429])
def test_what_werkzeug_refuses_looks_the_same(client: FlaskClient, break_with, status: int):
    break_with(status=status)
    assert visit(client, "/broken").status_code == status
    assert visit(client, "/api/v1/broken").json["status"] == status


def test_the_headers_of_a_refusal_are_kept(client: FlaskClient):
    answer = client.post("/healthz")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_a_bug_is_a_500_with_a_traceback_in_the_log(app: Flask, client: FlaskClient, break_with, caplog):
    app.config["PROPAGATE_EXCEPTIONS"] = False
    break_with(ZeroDivisionError("a bug"))
    with caplog.at_level(logging.ERROR):
        answer = visit(client, "/broken?lang=en")
    assert answer.status_code == 500 and "Something broke on our side" in answer.text
    assert any(record.exc_info for record in caplog.records)
    assert "a bug" not in answer.text


def test_with_the_database_away_even_a_signed_in_page_says_so(client: FlaskClient, session, break_with, monkeypatch):
    omar: User = factories.user(session)
    sign_in(client, omar)

    def away(*_args, **_options):
        raise OperationalError("SELECT 1", {}, Exception("connection refused"))

    monkeypatch.setattr("campaigns.people.sessions.find_session", away)
    answer = visit(client, "/account")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "omar" not in answer.text


def test_text_no_database_holds_is_refused_not_a_bug(client: FlaskClient):
    answer = factories.submit(client, "/sign-in", {"email": "a\x00b@example.com", "password": "x"})
    assert answer.status_code in {400, 422}
