"""Deep links lead to pages of the shop's registered hosts, whatever stands in them; and people can make their own.

The vectors are those of open redirects: what looks like a path or like the shop's own address, and isn't.
"""

from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, quote, urlsplit
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from campaigns.tracking.links import Target, deep_page, destination, find_target, told_page
from campaigns.tracking.platforms.registry import PLATFORMS
from tests.factories import NOW, live_campaign, participants, shop, visit
from tests.lanes.doors import a_link

HOSTS = {"shop.example.com", "blog.example.com"}
TARGET = Target(
    link_id=1,
    campaign_id=1,
    participation_id=1,
    landing_url="https://shop.example.com/serum",
    marks={"utm_source": "@noa", "utm_medium": "influencer", "utm_campaign": "c1"},
    hosts=frozenset(HOSTS),
    link_domain="",
    discount_code="",
    through_discount=PLATFORMS["shopify"].through_discount,
    earns_from=NOW,
    earns_to=NOW + timedelta(days=9),
    zone=ZoneInfo("Asia/Jerusalem"),
)
ELSEWHERE = [
    "https://evil.com/",
    "//evil.com/",
    "///evil.com/",
    "////evil.com/",
    "/\\evil.com/",
    "\\\\evil.com/",
    "https:\\\\evil.com/",
    "https:/evil.com/",
    "https:evil.com",
    "https:///evil.com/",
    "http://shop.example.com/",
    "javascript:alert(1)",
    "data:text/html,x",
    "https://shop.example.com@evil.com/",
    "https://shop.example.com:pw@evil.com/",
    "https://evil.com#@shop.example.com/",
    "https://evil.com\\@shop.example.com/",
    "https://evil.com?https://shop.example.com/",
    "https://shop.example.com.evil.com/",
    "https://evilshop.example.com/",
    "https://shop.example.com:8443/",
    "https://user@shop.example.com/",
    "https://shop.example.com\t.evil.com/",
    "/\t/evil.com/",
    "/\r\nLocation: https://evil.com/",
    "\x00//evil.com/",
    "/page\x7f",
    "/\x0b/evil.com/",
    "/a page",
    "https://shop.example.com//evil.com/",
    "https://[shop.example.com/",
    "https://[::1]/",
    "https://shop\u3002example.com/",
    "https://ѕhop.example.com/",
    "page",
    "?click_id=1",
    "/" + "x" * 1000,
]


@pytest.mark.parametrize("deep_link", ELSEWHERE)
def test_what_is_no_page_of_the_shop_leads_to_the_landing_page(deep_link: str):
    assert deep_page(TARGET, deep_link) == ""
    assert destination(TARGET, "k1", deep_link) == destination(TARGET, "k1")


@pytest.mark.parametrize(
    ("deep_link", "page"),
    [
        ("/products/x", "https://shop.example.com/products/x"),
        (" /products/x ", "https://shop.example.com/products/x"),
        ("/products/x?variant=1#reviews", "https://shop.example.com/products/x?variant=1#reviews"),
        ("https://shop.example.com/products/x", "https://shop.example.com/products/x"),
        ("HTTPS://SHOP.example.com/x", "https://shop.example.com/x"),
        ("https://blog.example.com/a?b=1", "https://blog.example.com/a?b=1"),
        ("/go?next=https://evil.com/", "https://shop.example.com/go?next=https://evil.com/"),
        ("/x?click_id=another&a=1&click%5Fid=third", "https://shop.example.com/x?a=1"),
    ],
)
def test_a_page_of_the_shop_is_reached(deep_link: str, page: str):
    assert deep_page(TARGET, deep_link) == page


def test_a_host_without_a_name_is_none_though_it_were_registered():
    assert deep_page(replace(TARGET, hosts=frozenset({"", *HOSTS})), "https:///evil.com/") == ""


BEGINNINGS = st.sampled_from(
    ["", "/", "//", "/\\", "https://", "https://shop.example.com", "https://shop.example.com/"]
)
ENDS = st.text() | st.text(alphabet="/\\.:@?#%[]hts evil.comshop\t\n\u3002\x7f")


@given(st.builds(str.__add__, BEGINNINGS, ENDS), st.booleans())
@example("https://shop.example.com//evil.com/", True)
@example("/\u2028/evil.com", True)
def test_whatever_is_asked_for_the_visitor_comes_to_a_registered_host(deep_link: str, discounted: bool):
    target = replace(TARGET, discount_code="NOA10" if discounted else "")
    page = destination(target, "k1", deep_link)
    parts = urlsplit(page)
    assert parts.scheme == "https" and parts.netloc in HOSTS
    assert page.isascii() and page.isprintable() and "\\" not in page and " " not in page
    if discounted:
        inner = parse_qs(parts.query)["redirect"][0]
        assert inner.startswith("/") and not inner.startswith(("//", "/\\"))


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40))
def test_whatever_is_pasted_becomes_a_link_that_leads_to_the_shop_or_none(pasted: str):
    told = told_page(TARGET, pasted)
    if told is not None:
        assert urlsplit(deep_page(TARGET, told)).netloc in HOSTS


@pytest.mark.parametrize(
    ("pasted", "told"),
    [
        ("https://shop.example.com/products/x", "/products/x"),
        ("http://shop.example.com/products/x", "/products/x"),
        ("shop.example.com/products/x?variant=2", "/products/x?variant=2"),
        ("https://shop.example.com", "/"),
        ("/products/x", "/products/x"),
        ("https://shop.example.com/x?click_id=k&utm_source=%40noa&utm_medium=influencer&a=1", "/x?a=1"),
        ("https://blog.example.com/post", "https://blog.example.com/post"),
        ("https://evil.com/products/x", None),
        ("evil.com", None),
        ("javascript:alert(1)", None),
        ("", None),
    ],
)
def test_people_paste_what_they_see(pasted: str, told: str | None):
    assert told_page(TARGET, pasted) == told


def test_letters_of_any_language_fit_into_the_header():
    page = destination(TARGET, "k1", "/מוצרים/סרום?צבע=ורוד")
    assert page.startswith(f"https://shop.example.com/{quote('מוצרים')}/{quote('סרום')}?{quote('צבע')}=")
    assert quote("מוצרים") in destination(TARGET, "k1", f"/{quote('מוצרים')}")


def test_a_landing_page_with_letters_of_any_language_is_reached(client: FlaskClient, session: Session):
    path, _ = a_link(session, landing_url="https://shop.example.com/סרום")
    assert visit(client, path).location.startswith(f"https://shop.example.com/{quote('סרום')}?")


def test_hosts_are_the_shops_the_campaigns_and_those_registered(session: Session):
    place = shop(session)
    place.hosts = ["blog.example.com"]
    live = live_campaign(session, accepted=1, shop=place, landing_url="https://sale.shop.example.com/")
    target = find_target(session.connection(), participants(session, live)[0].link.slug)
    assert target is not None and target.hosts == HOSTS | {"sale.shop.example.com"}


def test_a_deep_link_is_followed_and_a_foreign_one_is_not(client: FlaskClient, session: Session):
    path, _ = a_link(session)
    assert visit(client, f"{path}?to=/products/x").location.startswith("https://shop.example.com/products/x?utm_")
    for foreign in ELSEWHERE:
        location = visit(client, path, query_string={"to": foreign}).location
        assert location.startswith("https://shop.example.com/serum?utm_")
