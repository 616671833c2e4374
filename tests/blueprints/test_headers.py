"""What every answer carries, and what may be kept."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from campaigns import create_app, fonts
from campaigns.people import sessions
from config import Settings
from tests import factories
from tests.factories import sign_in, visit

TEMPLATES = Path(__file__).parents[2] / "campaigns" / "templates"
HEBREW = fonts.address("hebrew")
ON_PAPER = {"documents", "mail"}


@pytest.mark.parametrize("path", ["/sign-in", "/nowhere", "/healthz", "/static/style.css", HEBREW, "/account"])
def test_every_answer_carries_the_strict_policy(client: FlaskClient, path: str):
    headers = visit(client, path, buffered=True).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ") and "unsafe" not in policy
    assert "frame-ancestors 'none'; base-uri 'none'; object-src 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_pages_are_kept_nowhere_and_the_font_for_a_year(client: FlaskClient, session: Session):
    sign_in(client, factories.user(session))
    assert visit(client, "/account").headers["Cache-Control"] == "no-store"
    assert "max-age=31536000" in visit(client, HEBREW, buffered=True).headers["Cache-Control"]


@pytest.mark.parametrize("name", ["..%2f__init__.py", "LICENSE", "Rubik[wght].ttf", "rubik-hebrew-000000000000.woff2"])
def test_nothing_but_the_cuts_of_the_font_is_served(client: FlaskClient, name: str):
    assert visit(client, f"/fonts/{name}").status_code == 404


def settings(public_url: str, data_dir: Path) -> Settings:
    env = {"SECRET_KEY": "k" * 32, "PUBLIC_URL": public_url, "DATA_DIR": str(data_dir)}
    return Settings.from_env(env)


def test_over_tls_browsers_are_bound_to_it_and_the_cookie_to_the_host(tmp_path: Path):
    app = create_app(settings("https://localhost", tmp_path))
    answer = app.test_client().get("/sign-in", base_url="https://localhost")
    assert answer.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert all(part in cookie for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))


def test_without_tls_browsers_are_not_bound_to_it(tmp_path: Path):
    answer = create_app(settings("http://localhost", tmp_path)).test_client().get("/sign-in")
    assert "Strict-Transport-Security" not in answer.headers


def test_another_host_name_is_refused(app: Flask):
    assert app.test_client().get("/sign-in", base_url="http://evil.example").status_code == 400


def test_no_page_has_inline_style_or_script():
    for path in TEMPLATES.rglob("*.html"):
        if path.relative_to(TEMPLATES).parts[0] in ON_PAPER:
            continue
        text = path.read_text(encoding="utf-8")
        assert " style=" not in text and "<style" not in text, path
        assert " onclick=" not in text and "<script>" not in text and "javascript:" not in text, path


def test_the_cookie_names_nobody(client: FlaskClient, session: Session):
    omar = factories.user(session)
    sign_in(client, omar)
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    found = sessions.find_session(session, token, factories.utc_now())
    assert found is not None and found.user is omar
    assert omar.email not in token and len(token) == 43
