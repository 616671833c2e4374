"""Every page that can be reached by a link, as each who signs in, in Hebrew on a phone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask_migrate import upgrade
from playwright.sync_api import Browser

from campaigns import create_app
from campaigns.clock import utc_now
from campaigns.db import begin_writing, db
from campaigns.demo.people import AGENCY_EMAIL, BRAND_EMAIL, INFLUENCER_EMAIL, PASSWORD
from campaigns.demo.seed import seed
from tests.browser.visitor import Taste, Visitor, visitor
from tests.conftest import settings_for
from tests.faults.server import Server, serving

MOST_PAGES = 100
FILES = ("/documents/", "/exports/", "/received/")  # what is behind these is handed over, not shown
PHONE = Taste("he", 390)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on the data of the first start."""
    home = tmp_path_factory.mktemp("demo")
    url = f"sqlite:///{home}/demo.db"
    settings = settings_for(url, home)
    app = create_app(settings)
    with app.app_context():
        begin_writing()
        upgrade()
        seed(db.session(), settings, utc_now())
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    with serving(url, home) as server:
        yield server


def shape(link: str) -> str:
    """A link without its ids, so that of twenty orders one is looked at.

    >>> shape("/console/orders/NWW9uPGdy9y9Cn?page=2")
    '/console/orders/*?page'
    """
    path, _, query = link.partition("?")
    names = sorted(part.partition("=")[0] for part in query.split("&"))
    return "?".join(filter(None, [re.sub(r"/\w{14}(?=/|$)", "/*", path), "&".join(names)]))


def crawl(someone: Visitor) -> set[str]:
    """Follow one link of each shape until there are no more; the shapes."""
    seen, waiting = {shape("/")}, ["/"]
    while waiting and len(seen) < MOST_PAGES:
        link = waiting.pop(0)
        if link.endswith("/snapshot") or ".csv" in link or link.startswith(FILES):
            someone.fetch(link)
            continue
        someone.open(link)
        fresh = {shape(one): one for one in someone.links() if shape(one) not in seen}
        seen |= fresh.keys()
        waiting += fresh.values()
    return seen


@pytest.mark.parametrize(
    ("email", "least"),
    [(AGENCY_EMAIL, 30), (BRAND_EMAIL, 7), (INFLUENCER_EMAIL, 8)],
    ids=["agency", "brand", "influencer"],
)
def test_every_page_one_can_reach_is_whole(
    demo: Server, chromium: Browser, tmp_path: Path, email: str, least: int
) -> None:
    someone = visitor(chromium, f"http://127.0.0.1:{demo.port}", PHONE, tmp_path)
    someone.come_in("/sign-in", email=email, password=PASSWORD)
    reached = crawl(someone)
    someone.page.context.close()
    assert not someone.problems, "\n".join([*someone.problems, f"pictures are in {tmp_path}"])
    assert len(reached) >= least, sorted(reached)
