"""Every page that can be reached by a link, as each who signs in: in Hebrew on a phone and in English at a desk.

Each is looked at as it arrives (visitor.py), and axe-core goes over it: in Hebrew in the light and in the dark, in
English for what the other direction changes.
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from campaigns.demo.people import AGENCY_EMAIL, BRAND_EMAIL, INFLUENCER_EMAIL, PASSWORD
from tests.browser.axe import barriers, structure
from tests.browser.visitor import Taste, Visitor, visitor
from tests.faults.server import Server

MOST_PAGES = 200
# What is behind these is handed over, not shown.
HANDED_OVER = re.compile(r"^/(documents|exports|received)/|/snapshot$|\.(csv|xlsx|json|png|ics|pdf)\b")
PHONE, DESK = Taste("he", 390), Taste("en", 1280)


def shape(link: str) -> str:
    """A link without its ids, so that of twenty orders one is looked at.

    >>> shape("/console/orders/NWW9uPGdy9y9Cn?page=2")
    '/console/orders/*?page'
    """
    path, _, query = link.partition("?")
    names = sorted(part.partition("=")[0] for part in query.split("&"))
    return "?".join(filter(None, [re.sub(r"/\w{14}(?=/|$)", "/*", path), "&".join(names)]))


def crawl(someone: Visitor, beside: Visitor, also: str = "/") -> set[str]:
    """Follow one link of each shape until there are no more; the shapes."""
    seen, waiting = {shape("/"), shape(also)}, ["/", also]
    while waiting and len(seen) < MOST_PAGES:
        link = waiting.pop(0)
        if HANDED_OVER.search(link):
            someone.fetch(link)
            continue
        look_at(someone, beside, link)
        fresh = {shape(one): one for one in someone.links() if shape(one) not in seen}
        seen |= fresh.keys()
        waiting += fresh.values()
    return seen


def look_at(someone: Visitor, beside: Visitor, link: str) -> None:
    """The page in both languages and both themes."""
    for one, look in ((someone, barriers), (beside, structure)):
        if "text/html" in one.open(link).headers.get("content-type", ""):
            one.problems += [f"{link} {one.taste.language}: {what}" for what in look(one.page)]


@pytest.mark.timeout(900)  # a hundred pages, each in two languages
@pytest.mark.parametrize(
    ("email", "also", "least"),
    [(AGENCY_EMAIL, "/styleguide", 125), (BRAND_EMAIL, "/brand", 40), (INFLUENCER_EMAIL, "/me", 48)],
    ids=["agency", "brand", "influencer"],
)
def test_every_page_one_can_reach_is_whole_and_open_to_everyone(
    demo: Server, chromium: Browser, tmp_path: Path, email: str, also: str, least: int
) -> None:
    someone, beside = (visitor(chromium, f"http://127.0.0.1:{demo.port}", one, tmp_path) for one in (PHONE, DESK))
    for one in (someone, beside):
        one.come_in("/sign-in", email=email, password=PASSWORD)
    reached = crawl(someone, beside, also)
    problems = [*someone.problems, *beside.problems]
    for one in (someone, beside):
        one.page.context.close()
    assert not problems, "\n".join([*problems, f"pictures are in {tmp_path}"])
    assert len(reached) >= least, sorted(reached)
