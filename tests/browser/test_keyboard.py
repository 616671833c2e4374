"""The main tasks with Tab, Space, Enter and Escape alone, each place seen as it is reached; no mouse is moved."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from campaigns.clock import utc_now
from campaigns.db import db
from tests import factories
from tests.browser.visitor import Taste, Visitor, visitor
from tests.faults.server import Server, serving
from tests.furnished import furnishing

OMAR, MINA = "omar@agency.test", "mina@example.test"
MOST_STEPS = 80
# Whether it can be seen where one is; past the last stop one is nowhere, and the round begins anew.
SEEN = "document.activeElement === document.body || getComputedStyle(document.activeElement).outlineStyle !== 'none'"
HERE = "selector => document.activeElement.matches(selector)"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    """A server with a campaign that ten have accepted and Mina has not; and the campaign's page."""
    home = tmp_path_factory.mktemp("keyboard")
    url = f"sqlite:///{home}/keyboard.db"
    with furnishing(url, home):
        session, now = db.session(), utc_now()
        dates = {"starts_at": now + timedelta(days=3), "ends_at": now + timedelta(days=20)}
        campaign = factories.campaign(session, **dates)
        for _ in range(10):
            factories.participation(session, campaign=campaign, influencer=factories.influencer(session), now=now)
        mina = factories.influencer(session, name="Mina", email=MINA, language="en")
        factories.participation(session, campaign=campaign, influencer=mina, accepted=False, now=now)
        factories.user(session, email=OMAR, password=factories.PASSWORD)
        factories.user(session, email=MINA, role="influencer", password=factories.PASSWORD)
        path = f"/console/campaigns/{campaign.public_id}"
        session.commit()
    with serving(url, home) as server:
        yield server, path


def reach(page: Page, selector: str) -> None:
    """Press Tab until what `selector` names is where one is; every stop on the way is seen."""
    for _ in range(MOST_STEPS):
        if page.evaluate(HERE, selector):
            return
        page.keyboard.press("Tab")
        assert page.evaluate(SEEN), page.evaluate("document.activeElement.outerHTML.slice(0, 300)")
    raise AssertionError(f"{selector} is not reached on {page.url}")


def follow(page: Page, selector: str) -> None:
    """Reach something and press Enter; the page that comes."""
    reach(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def sign_in(chromium: Browser, server: Server, shots: Path, email: str, taste: Taste) -> Visitor:
    """Through the door without a mouse."""
    someone = visitor(chromium, f"http://127.0.0.1:{server.port}", taste, shots)
    someone.open("/sign-in")
    reach(someone.page, "main [name=email]")
    someone.page.keyboard.type(email)
    reach(someone.page, "main [name=password]")
    someone.page.keyboard.type(factories.PASSWORD)
    with someone.page.expect_navigation():
        someone.page.keyboard.press("Enter")
    return someone


def test_an_invitation_is_accepted(house: tuple[Server, str], chromium: Browser, tmp_path: Path) -> None:
    mina = sign_in(chromium, house[0], tmp_path, MINA, Taste("en", 390))
    follow(mina.page, "a[href^='/me/invitations/']")
    follow(mina.page, "form[action$='/accept'] button")
    assert mina.page.locator(".alert.good").count() == 1
    mina.page.context.close()


def test_a_campaign_is_launched(house: tuple[Server, str], chromium: Browser, tmp_path: Path) -> None:
    omar = sign_in(chromium, house[0], tmp_path, OMAR, Taste("en", 1280))
    omar.open(house[1])
    follow(omar.page, "a[href$='/launch']")
    if omar.page.locator("main [name=reason]").count():
        reach(omar.page, "main [name=reason]")
        omar.page.keyboard.type("Everybody is here")
    follow(omar.page, "main form button[type=submit]")
    assert omar.page.locator(".alert.good").count() == 1
    omar.page.context.close()


def test_the_first_stop_leads_past_the_menu(house: tuple[Server, str], chromium: Browser, tmp_path: Path) -> None:
    omar = sign_in(chromium, house[0], tmp_path, OMAR, Taste("en", 1280))
    omar.open("/console/campaigns")
    reach(omar.page, ".skip-link")
    assert omar.page.locator(".skip-link").evaluate("link => link.getBoundingClientRect().top >= 0")
    omar.page.keyboard.press("Enter")
    omar.page.keyboard.press("Tab")
    assert omar.page.evaluate("document.activeElement.closest('main') !== null")
    omar.page.context.close()


def test_a_menu_opens_its_look_is_chosen_and_escape_closes_it(
    house: tuple[Server, str], chromium: Browser, tmp_path: Path
) -> None:
    omar = sign_in(chromium, house[0], tmp_path, OMAR, Taste("en", 1280))
    omar.open("/account")
    reach(omar.page, ".menu:last-of-type > summary")
    omar.page.keyboard.press("Enter")
    follow(omar.page, "button[name=theme][value=dark]")
    assert omar.page.locator("html").get_attribute("data-theme") == "dark"
    assert omar.page.evaluate("getComputedStyle(document.body).colorScheme") == "dark"
    reach(omar.page, ".menu:last-of-type > summary")
    omar.page.keyboard.press("Space")
    omar.page.keyboard.press("Tab")
    omar.page.keyboard.press("Escape")
    assert omar.page.locator("details.menu[open]").count() == 0
    assert omar.page.evaluate("document.activeElement.matches('.menu > summary')")
    omar.page.context.close()
