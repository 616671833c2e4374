"""The pages before the sign-in and the pages of errors: whole and open to everyone, in both directions and both themes.

What only happens when something breaks is rendered by the application itself and laid before the browser.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask_migrate import upgrade
from playwright.sync_api import Browser, Route
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import Forbidden, InternalServerError, RequestEntityTooLarge, TooManyRequests

from campaigns import create_app
from campaigns.blueprints import errors
from campaigns.db import begin_writing, db
from campaigns.errors import NotFound
from tests.browser.axe import barriers
from tests.browser.visitor import LOOK, Taste, visitor, wrong
from tests.conftest import settings_for
from tests.faults.server import Server, serving

TASTES = [Taste("he", 390), Taste("en", 1280), Taste("he", 320)]
OPEN = ["/sign-in", "/forgot-password", "/sign-in?next=/me", "/nowhere", "/set-password/ended", "/r/nothing"]
BROKEN: dict[int, Exception] = {
    403: Forbidden(),
    404: NotFound("no such page"),
    413: RequestEntityTooLarge(),
    429: TooManyRequests(),
    500: InternalServerError(),
    503: OperationalError("select 1", {}, Exception("gone")),
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, dict[tuple[int, str], str]]]:
    """A server where nobody is, and the page of each error in each language."""
    home = tmp_path_factory.mktemp("doors")
    url = f"sqlite:///{home}/doors.db"
    app = create_app(settings_for(url, home))
    with app.app_context():
        begin_writing()
        upgrade()
        db.engine.dispose()
    pages = {}
    for status, error in BROKEN.items():
        for language in ("he", "en"):
            with app.test_request_context(f"/broken?lang={language}"):
                app.preprocess_request()
                answer = errors.answer_http if isinstance(error, HTTP) else errors.answer
                pages[status, language] = answer(error).get_data(as_text=True)  # type: ignore[union-attr, arg-type]
    with serving(url, home) as server:
        yield server, pages


HTTP = (Forbidden, RequestEntityTooLarge, TooManyRequests, InternalServerError)
House = tuple[Server, dict[tuple[int, str], str]]


@pytest.mark.parametrize("taste", TASTES, ids=str)
def test_pages_before_the_sign_in_are_open_to_everyone(
    house: House, chromium: Browser, tmp_path: Path, taste: Taste
) -> None:
    someone = visitor(chromium, f"http://127.0.0.1:{house[0].port}", taste, tmp_path)
    found = []
    for path in OPEN:
        someone.page.goto(someone.address + path)
        found += [f"{path}: {one}" for one in wrong(someone.page.evaluate(LOOK), taste) + barriers(someone.page)]
    someone.page.context.close()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("taste", TASTES[:2], ids=str)
def test_pages_of_errors_are_open_to_everyone(house: House, chromium: Browser, tmp_path: Path, taste: Taste) -> None:
    server, pages = house
    someone = visitor(chromium, f"http://127.0.0.1:{server.port}", taste, tmp_path)
    found = []
    for status in BROKEN:
        someone.page.route("**/broken", laid_before(pages[status, taste.language]))
        someone.page.goto(f"{someone.address}/broken")
        assert str(status) in someone.page.locator(".status").inner_text()
        found += [f"{status}: {one}" for one in wrong(someone.page.evaluate(LOOK), taste) + barriers(someone.page)]
        someone.page.unroute("**/broken")
    someone.page.context.close()
    assert not found, "\n".join(found)


def laid_before(body: str) -> Callable[[Route], None]:
    """An answer with that page."""
    return lambda route: route.fulfill(body=body, content_type="text/html")


def test_a_barrier_would_be_found_in_either_theme(house: House, chromium: Browser, tmp_path: Path) -> None:
    someone = visitor(chromium, f"http://127.0.0.1:{house[0].port}", TASTES[1], tmp_path)
    pale = "<style>@media (prefers-color-scheme: dark) { p { color: #333; background: #222 } }</style>"
    someone.page.set_content(f"<html lang=en><title>x</title>{pale}<main><h1>x</h1><p>pale</p><input></main>")
    found = barriers(someone.page)
    someone.page.context.close()
    assert [one.split(" (")[0] for one in found] == ["label", "dark: color-contrast"]
