"""Light, dark or the system's: one cookie, and what a page then says of itself."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from campaigns.blueprints.labels import STATUSES
from campaigns.blueprints.styleguide import tokens
from tests import factories
from tests.factories import sign_in, submit, visit


def html_tag(client: FlaskClient) -> str:
    """How the sign-in page begins."""
    return visit(client, "/sign-in").text.partition("<html")[2].partition(">")[0]


@pytest.mark.parametrize("chosen", ["light", "dark", "system"])
def test_a_choice_is_this_browsers_look_from_the_next_page_on(client: FlaskClient, chosen: str) -> None:
    visit(client, "/sign-in")
    answer = submit(client, "/theme", {"theme": chosen, "next": "/forgot-password"})
    assert answer.location == "/forgot-password"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"theme={chosen}; ") and "HttpOnly" in cookie and "SameSite=Lax" in cookie
    assert f'data-theme="{chosen}"' in html_tag(client)


def test_who_chose_nothing_has_the_systems_look(client: FlaskClient) -> None:
    assert 'data-theme="system"' in html_tag(client)


def test_what_is_no_look_is_not_kept_and_not_shown(client: FlaskClient) -> None:
    visit(client, "/sign-in")
    answer = submit(client, "/theme", {"theme": '"><script>', "next": "//evil.example"})
    assert answer.location == "/" and "theme=" not in answer.headers.get("Set-Cookie", "")
    client.set_cookie("theme", "neon")
    assert 'data-theme="system"' in html_tag(client)


def test_the_style_guide_shows_every_colour_and_every_status(client: FlaskClient, session: Session) -> None:
    page = visit(sign_in(client, factories.user(session)), "/styleguide").text
    assert len(tokens("light")) > 15
    assert all(f"swatch-{name}" in page for name in tokens("light"))
    assert page.count('class="pill') >= len(STATUSES)
