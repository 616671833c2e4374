"""Figures that refresh themselves: a sale arrives over real HTTP, and the number on an open page changes.

Time is the browser's own, wound on by the test: a page asks every twenty seconds, and nobody waits for them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from campaigns.clock import utc_now
from campaigns.db import db
from tests import factories
from tests.browser.visitor import Taste, Visitor, visitor
from tests.faults.server import Server, serving
from tests.faults.shopify import order_body, sign
from tests.furnished import furnishing

OMAR = "omar@agency.test"
SECRET = "what Shopify showed the brand"
SOLD = "#figures .tile-value"
STATE = "#live-state"


@dataclass
class Stage:
    """A campaign that sells, and who looks at it."""

    server: Server
    shop: str
    page: str
    code: str

    def sell(self, number: int) -> None:
        """An order of 84.75 net comes from the shop."""
        body = order_body(number, self.code, utc_now())
        signed = sign(self.shop, SECRET, body, f"sale-{number}")
        assert self.server.request("POST", signed.path, signed.body, signed.headers).status == 200

    def watched_by(self, chromium: Browser, shots: Path, **options: object) -> Visitor:
        """Omar, with the campaign open in front of him and his clock in our hands."""
        omar = visitor(chromium, f"http://127.0.0.1:{self.server.port}", Taste("en", 1280), shots, **options)
        omar.page.clock.install()
        omar.come_in("/sign-in", email=OMAR, password=factories.PASSWORD)
        omar.open(self.page)
        return omar


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A server with one campaign under way."""
    home = tmp_path_factory.mktemp("live")
    url = f"sqlite:///{home}/live.db"
    with furnishing(url, home):
        session, now = db.session(), utc_now()
        shop = factories.shop(session, platform="shopify", secret=SECRET)
        dates = {"starts_at": now - timedelta(days=1), "ends_at": now + timedelta(days=9)}
        campaign = factories.live_campaign(session, now=now, shop=shop, **dates)
        factories.user(session, email=OMAR, password=factories.PASSWORD)
        code = factories.participants(session, campaign)[0].codes[0].code
        made = shop.public_id, f"/console/campaigns/{campaign.public_id}", code
        session.commit()
    with serving(url, home) as server:
        yield Stage(server, *made)


def test_a_sale_changes_the_figure_on_an_open_page(stage: Stage, chromium: Browser, tmp_path: Path) -> None:
    omar = stage.watched_by(chromium, tmp_path)
    before = omar.figure(SOLD)
    omar.page.evaluate("window.same = true")
    stage.sell(1)
    omar.page.clock.fast_forward(21_000)
    expect(omar.page.locator(SOLD).first).to_contain_text(f"{float(before) + 84.75:.2f}")
    assert omar.page.evaluate("window.same")  # it was not loaded anew
    assert not omar.problems
    omar.page.context.close()


def test_without_scripts_the_page_is_whole(stage: Stage, chromium: Browser, tmp_path: Path) -> None:
    omar = stage.watched_by(chromium, tmp_path, java_script_enabled=False)
    assert omar.page.locator(SOLD).count() >= 4
    omar.page.context.close()


def test_a_hidden_tab_asks_for_nothing_until_it_is_seen(stage: Stage, chromium: Browser, tmp_path: Path) -> None:
    omar = stage.watched_by(chromium, tmp_path)
    asked: list[str] = []
    omar.page.on("request", lambda request: asked.append(request.url))
    see(omar, hidden=True)
    omar.page.clock.fast_forward(60_000)
    assert asked == []
    with omar.page.expect_response("**" + stage.page):
        see(omar, hidden=False)
    omar.page.context.close()


def see(somebody: Visitor, *, hidden: bool) -> None:
    """Turn to another tab, or back to this one."""
    script = "hidden => { Object.defineProperty(document, 'hidden', {value: hidden, configurable: true}); "
    somebody.page.evaluate(script + "document.dispatchEvent(new Event('visibilitychange')) }", hidden)


def test_what_was_open_and_what_was_held_stay_so(stage: Stage, chromium: Browser, tmp_path: Path) -> None:
    omar = stage.watched_by(chromium, tmp_path)
    wrapped = PAGE_WITH_DETAILS.format(amount="one")
    answers = iter([wrapped, PAGE_WITH_DETAILS.format(amount="two")])
    omar.page.route("**/watched", lambda route: route.fulfill(body=next(answers), content_type="text/html"))
    omar.page.goto(f"{omar.address}/watched")
    omar.page.locator("summary").click()
    omar.page.locator("a[href='/b']").focus()
    omar.page.clock.fast_forward(21_000)
    expect(omar.page.locator("#part b")).to_have_text("two")
    assert omar.page.locator("details").evaluate("one => one.open")
    assert omar.page.evaluate("document.activeElement.getAttribute('href')") == "/b"
    omar.page.context.close()


PAGE_WITH_DETAILS = """<!doctype html><html lang="en"><title>x</title>
<script type="module" src="/static/live.js"></script>
<h1>x</h1><section id="part" data-live="20"><b>{amount}</b><details><summary>Why</summary><a href="/a">a</a>
<a href="/b">b</a></details></section>"""


def test_words_being_typed_are_left_alone(stage: Stage, chromium: Browser, tmp_path: Path) -> None:
    omar = stage.watched_by(chromium, tmp_path)
    page = PAGE_WITH_DETAILS.replace("<b>", "<input aria-label='x'><b>")
    answers = iter([page.format(amount="one"), page.format(amount="two")])
    omar.page.route("**/watched", lambda route: route.fulfill(body=next(answers), content_type="text/html"))
    omar.page.goto(f"{omar.address}/watched")
    omar.page.locator("input").fill("half a wo")
    with omar.page.expect_response("**/watched"):
        omar.page.clock.fast_forward(21_000)
    assert omar.page.locator("input").input_value() == "half a wo"
    omar.page.context.close()


def test_while_we_are_away_the_page_says_so_and_then_goes_on(stage: Stage, chromium: Browser, tmp_path: Path) -> None:
    omar = stage.watched_by(chromium, tmp_path)
    omar.page.context.set_offline(True)
    with omar.page.expect_event("requestfailed"):
        omar.page.clock.fast_forward(21_000)
    expect(omar.page.locator(STATE)).to_contain_text("We can't be reached at the moment")
    assert omar.page.locator(STATE).get_attribute("role") == "status"
    omar.page.context.set_offline(False)
    expect(omar.page.locator(STATE)).to_be_empty()
    omar.page.context.close()


def test_it_asks_less_and_less_often_and_gives_up(stage: Stage, chromium: Browser, tmp_path: Path) -> None:
    omar = stage.watched_by(chromium, tmp_path)
    asked: list[str] = []
    omar.page.route("**" + stage.page, lambda route: (asked.append("once more"), route.fulfill(status=503)))
    for _ in range(12):
        omar.page.clock.fast_forward(301_000)
        omar.page.wait_for_timeout(60)
    expect(omar.page.locator(STATE)).to_contain_text("the figures stand still")
    assert len(asked) == 8
    omar.page.context.close()


def test_who_is_signed_out_in_between_is_led_to_the_sign_in(stage: Stage, chromium: Browser, tmp_path: Path) -> None:
    omar = stage.watched_by(chromium, tmp_path)
    omar.page.context.clear_cookies()
    omar.page.clock.fast_forward(21_000)
    link = omar.page.locator(f"{STATE} a")
    expect(link).to_have_text("Sign in")
    assert link.get_attribute("href") == f"/sign-in?next={stage.page}"
    omar.page.context.close()


def test_a_form_that_was_sent_is_busy_and_is_not_sent_twice(stage: Stage, chromium: Browser, tmp_path: Path) -> None:
    omar = stage.watched_by(chromium, tmp_path)
    sent: list[str] = []
    omar.page.route("**/language", lambda route: (sent.append(route.request.url), route.fulfill(status=204)))
    omar.page.locator(".site-tools summary").first.click()
    button = omar.page.locator("button[name=language][value=ru]")
    button.evaluate("button => { button.click(); button.click(); }")
    expect(button).to_have_attribute("aria-busy", "true")
    assert len(sent) == 1
    omar.page.context.close()
