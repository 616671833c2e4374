"""What staff do by hand afterwards, and the papers that come of it."""

import time
from datetime import datetime

from campaigns.demo.paper_day import paper_day
from tests.browser.planning import ZONE
from tests.browser.play import Play
from tests.browser.visitor import Visitor

PAPERS_SECONDS = 90  # a fresh house's worker makes its fonts first, then thirteen papers, one after the other


def credit_by_hand(staff: Visitor) -> None:
    """The order that came with nothing is Noa's all the same."""
    staff.open("/console/campaigns")
    staff.press("a[href='/console/unattributed']")
    staff.press("a[href$='reason=none']")
    staff.press("a[href*='/console/orders/']")
    choice = staff.page.locator("option", has_text="Noa Levi").first.get_attribute("value") or ""
    staff.send(participation=choice, reason="She sold it in a voice message; the buyer wrote so.")


def replay_what_failed(staff: Visitor) -> None:
    """The message that could not be read still can't be."""
    staff.press("a[href='/console/deliveries']")
    staff.press("td.title a")
    staff.press("form[action$='/replay'] button")
    assert staff.page.locator(".alert.bad").count() == 2  # what came of it, and why


def close(play: Play, staff: Visitor) -> None:
    """Before its end, and with a message unread: for a reason."""
    staff.open(f"/console/campaigns/{play.campaign}")
    staff.press("a.button[href$='/close']")
    assert staff.page.locator(".alert.warn li").count() == 2
    staff.send(on=f"{paper_day(datetime.now(ZONE).date())}", reason="The serum is sold out.")


def papers(somebody: Visitor, path: str, count: int) -> list[str]:
    """Where the papers on a page are, once the worker has made as many."""
    found: list[str] = []
    end = time.monotonic() + PAPERS_SECONDS
    while time.monotonic() < end:
        somebody.open(path)
        found = [link for link in somebody.links() if link.startswith("/documents/")]
        if len(found) >= count:
            return found
        time.sleep(0.3)
    raise AssertionError(f"{path} has {len(found)} papers")


def pdfs(somebody: Visitor, links: list[str]) -> int:
    """How many of them are PDFs from the first byte on."""
    answers = [somebody.fetch(link) for link in links]
    ours = [answer for answer in answers if answer.headers["content-type"] == "application/pdf"]
    assert all(answer.body().startswith(b"%PDF") for answer in ours)
    return len(ours)
