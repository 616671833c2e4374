"""What a first visit costs: everything that comes over the wire, for someone who has nothing of ours yet.

Counted by the browser as it was transferred, headers included. Measured over plain HTTP, where Chromium takes gzip;
over TLS it takes Brotli, and a tenth less.
"""

from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from campaigns.demo.people import AGENCY_EMAIL, BRAND_EMAIL, INFLUENCER_EMAIL, PASSWORD
from campaigns.i18n import LANGUAGES
from tests.faults.server import Server

FIRST_VISIT = 60_000  # the sign-in, from nothing
HOME = 60_000  # a role's first page, from nothing
AFTER_THE_DOOR = 15_000  # a role's first page as people come to it: by the sign-in
PHONE: Any = {"width": 390, "height": 844}
PEOPLE = {"agency": AGENCY_EMAIL, "brand": BRAND_EMAIL, "influencer": INFLUENCER_EMAIL}


def weigh(context: BrowserContext, address: str, kept: bool = False) -> tuple[int, set[str]]:
    """The bytes of a page, with an empty cache unless `kept`, and the hosts they came from."""
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.setCacheDisabled", {"cacheDisabled": not kept})
    sizes: list[int] = []
    hosts: set[str] = set()
    network.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page.goto(address, wait_until="networkidle")
    assert page.evaluate(SCRIPT_FONTS), "the page's font did not come"
    page.close()
    return sum(sizes), hosts


SCRIPT_FONTS = "document.fonts.ready.then(() => [...document.fonts].some((font) => font.status === 'loaded'))"


def come_in(page: Page, address: str, email: str) -> str:
    """Through the door; where it leads."""
    page.goto(address)
    page.fill("main [name=email]", email)
    page.fill("main [name=password]", PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    led = page.url
    page.close()
    return led


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_first_visit_weighs_less_than_60_kB_and_all_of_it_is_ours(
    demo: Server, chromium: Browser, language: str
) -> None:
    address = f"http://127.0.0.1:{demo.port}"
    context = chromium.new_context(viewport=PHONE)
    size, hosts = weigh(context, f"{address}/?lang={language}")
    context.close()
    assert hosts == {f"127.0.0.1:{demo.port}"}
    assert size < FIRST_VISIT, f"{size} bytes"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", PEOPLE)
def test_a_first_page_weighs_little_with_style_and_font_and_less_without(
    demo: Server, chromium: Browser, role: str, language: str
) -> None:
    address = f"http://127.0.0.1:{demo.port}"
    context = chromium.new_context(viewport=PHONE)
    home = come_in(context.new_page(), f"{address}/sign-in?lang={language}", PEOPLE[role]) + f"?lang={language}"
    (whole, hosts), (again, _) = weigh(context, home), weigh(context, home, kept=True)
    context.close()
    assert hosts == {f"127.0.0.1:{demo.port}"}
    assert whole < HOME, f"{whole} bytes"
    assert again < AFTER_THE_DOOR, f"{again} bytes"
