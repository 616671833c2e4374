"""A whole campaign through the pages, as staff, brand, influencer and visitor: once in Hebrew on a phone and SQLite,
once in English on a desk and PostgreSQL.

Every order is 84.75 net. At 15 % two are 25.42 (12.71 each, from 12.7125) and three 38.13 of commission; at 3 % three
are 7.62 of fee (2.54 each), and the brand pays 45.75.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser import agreeing, closing, helping, planning, selling, speaking
from tests.browser.house import running
from tests.browser.play import BRAND, Play, landing_page
from tests.browser.visitor import Taste, Visitor

COMMISSION, SHARES = ".tile-value", "ol.sum li > bdi"
EARNED = "section[aria-labelledby=working] ol.sum li.total > bdi"


@pytest.fixture
def play(database_url: str, chromium: Browser, tmp_path: Path) -> Iterator[Play]:
    """The house on a database of each kind, each with another reader."""
    taste = Taste("he", 390) if database_url.startswith("sqlite") else Taste("en", 1280)
    with landing_page() as landing, running(database_url, tmp_path) as house:
        yield Play(house, chromium, taste, tmp_path, landing)


def plan(play: Play) -> tuple[Visitor, str]:
    """Staff prepare everything; returns them and a token of theirs."""
    staff = play.staff()
    planning.add_brand_and_shop(play, staff)
    planning.add_noa(play, staff)
    token = planning.make_token(staff)
    planning.add_the_others(play, token)
    planning.plan_campaign(play, staff)
    planning.invite_everyone(play, staff)
    return staff, token


def connect(play: Play) -> Visitor:
    """The brand comes in by its letter, and pastes the secret that Shopify shows."""
    brand = play.invited(BRAND)
    brand.press("a[href='/brand/shops']")
    brand.press("a[href$='/setup']")
    brand.send("form[action$='/secret'] button", webhook_secret=selling.SECRET)
    return brand


def sell(play: Play, noa: Visitor) -> None:
    """Orders with her code, with her link, with neither, and one nobody can read."""
    noa.open("/me")
    noa.press("a[href^='/me/campaigns/']")
    click_id = selling.follow(play, noa.code("section[aria-labelledby=code]", 1))
    bodies = [selling.order(1001, noa.code("section[aria-labelledby=code]")), selling.order(1002, click_id=click_id)]
    bodies += [selling.order(1003), b'{"id": 1004, "line_items": "no list"}']
    became = [selling.report(play, number, body) for number, body in enumerate(bodies)]
    assert became == ["processed", "processed", "processed", "failed"]


def talk(staff: Visitor, brand: Visitor, noa: Visitor) -> None:
    """A question and an incident, through the agency."""
    speaking.ask(noa)
    speaking.pass_on(staff)
    speaking.answer(brand)
    speaking.pass_on(staff)
    speaking.read_the_answer(noa)
    speaking.report(noa)
    speaking.handle(staff, brand)


def assert_both_see(play: Play, noa: Visitor, brand: Visitor, commission: str) -> None:
    """Influencer and brand read the same number on their pages."""
    noa.open(noa.page.url)
    brand.open(f"/brand/campaigns/{play.campaign}")
    assert (noa.figure(COMMISSION), brand.figure(SHARES)) == (commission, commission)


def follow_a_commission(play: Play, noa: Visitor, brand: Visitor) -> None:
    """In three clicks from her first page: campaign; order with reason and posting; terms. The brand sees the same."""
    noa.open("/me")
    noa.press("a[href^='/me/campaigns/']")
    campaign = noa.page.url
    noa.press("a[href^='/me/orders/']")
    for place in ("#rulings", "#working", "#books"):
        assert noa.page.locator(place).is_visible()
    assert noa.figure(EARNED) == "12.71"
    noa.page.locator("section[aria-labelledby=terms] summary").click()
    assert "15" in noa.page.locator("section[aria-labelledby=terms] details").inner_text()
    brand.open(f"/brand/campaigns/{play.campaign}")
    brand.press("a[href^='/brand/orders/']")
    assert brand.figure(EARNED) == "12.71"
    assert "buyer100" not in noa.page.content() + brand.page.content()
    noa.open(campaign)


def test_a_whole_campaign_through_the_pages(play: Play) -> None:
    staff, token = plan(play)
    brand = connect(play)
    agreeing.brand_approves(play, staff, brand)
    noa = agreeing.noa_joins(play)
    planning.others_accept(play, token)
    planning.launch(play, staff)
    helping.offer_studio(staff)
    helping.book_studio(staff, noa)
    helping.share(play, noa)
    sell(play, noa)
    helping.into_the_campaign(noa)
    assert_both_see(play, noa, brand, "25.42")
    follow_a_commission(play, noa, brand)
    talk(staff, brand, noa)
    closing.credit_by_hand(staff)
    helping.into_the_campaign(noa)
    assert_both_see(play, noa, brand, "38.13")
    closing.replay_what_failed(staff)
    closing.close(play, staff)
    assert closing.pdfs(noa, closing.papers(noa, "/me/documents", 3)) == 2  # statement and payslip
    assert closing.pdfs(brand, closing.papers(brand, f"/brand/campaigns/{play.campaign}", 6)) == 2  # report and bill
    assert brand.figure("ol.sum li.total > bdi") == "45.75"
    problems = play.problems()
    assert not problems, problems
