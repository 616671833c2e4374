"""What an influencer finds in a campaign: the share kit, a link of her own to one page, an hour in the studio."""

from datetime import datetime, timedelta

from tests.browser import selling
from tests.browser.planning import ZONE
from tests.browser.play import Play
from tests.browser.visitor import Visitor

STUDIO = {"name": "Studio Haifa", "photographer": "Rami Saad", "address": "5 Port Street, Haifa"}


def into_the_campaign(noa: Visitor) -> None:
    """From her first page to the campaign."""
    noa.open("/me")
    noa.press("a[href^='/me/campaigns/']")


def share(play: Play, noa: Visitor) -> None:
    """The kit has her code in each text; her own link leads to the page she pasted."""
    into_the_campaign(noa)
    code = noa.code("section[aria-labelledby=code]")
    noa.press("nav.tabs a[href$='/share']")
    texts = noa.page.locator("section[aria-labelledby=texts] code").all_inner_texts()
    assert texts and all(code in text for text in texts)
    noa.press("a[href$='/links']")
    noa.send(page=f"{play.landing}/travel-size", label="Story")
    somebody = play.somebody(user_agent=selling.PHONE)
    somebody.open(noa.code("section[aria-labelledby=mine]"))
    assert somebody.page.url.startswith(f"{play.landing}/travel-size")


def offer_studio(staff: Visitor) -> None:
    """A studio with two hours in three days."""
    staff.open("/console/influencers")
    staff.press("a[href='/console/studios']")
    staff.send("form[action$='/studios'] button", **STUDIO)
    day = datetime.now(ZONE).date() + timedelta(days=3)
    staff.page.locator(f"input[name=weekdays][value='{day.weekday()}']").check()
    staff.send(
        "section[aria-labelledby=offer] form button", first=str(day), last=str(day), begins="10:00", ends="12:00"
    )
    assert staff.page.locator("tbody tr").count() == 2


def book_studio(staff: Visitor, noa: Visitor) -> None:
    """She takes the first hour; staff see who comes."""
    into_the_campaign(noa)
    noa.press("nav.tabs a[href$='/studio']")
    noa.page.locator("section[aria-labelledby=free] summary").first.click()
    noa.page.locator("textarea[name=wishes]").first.fill("The bottle in morning light.")
    noa.press("section[aria-labelledby=free] form button")
    assert noa.page.locator("section[aria-labelledby=mine] .pill.good").is_visible()
    staff.open(staff.page.url)
    assert staff.page.locator("tbody tr", has_text="Noa Levi").count() == 1
