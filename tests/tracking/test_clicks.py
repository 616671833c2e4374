"""Clicks: durable, counted only where a person opened a page, and the landing URL left as it is."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import Click
from campaigns.tracking.clicks import Visit, visitor_key, why_uncounted
from campaigns.tracking.links import append_query, destination, find_target
from tests.factories import NOW, live_campaign, participants, shop, visit

PERSON = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0", "sec-fetch-mode": "navigate",
          "sec-fetch-dest": "document"}  # fmt: skip


@pytest.mark.parametrize(
    ("method", "headers", "why"),
    [
        ("GET", PERSON, ""),
        ("GET", {}, ""),
        ("HEAD", PERSON, "head"),
        ("GET", {"user-agent": "WhatsApp/2.23"}, "robot"),
        ("GET", {"user-agent": "facebookexternalhit/1.1"}, "robot"),
        ("GET", {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"}, "robot"),
        ("GET", {"user-agent": "curl/8.1"}, "robot"),
        ("GET", {**PERSON, "sec-purpose": "prefetch;prerender"}, "prefetch"),
        ("GET", {**PERSON, "sec-fetch-dest": "image", "sec-fetch-mode": "no-cors"}, "not a navigation"),
        ("GET", {**PERSON, "sec-fetch-dest": "iframe"}, "not a navigation"),
    ],
)
def test_only_a_person_opening_a_page_counts(method: str, headers: dict, why: str):
    assert why_uncounted(Visit(method, headers, "192.0.2.1")) == why


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://s.example/", "https://s.example/?click_id=c"),
        ("https://s.example/a?b=1&b=2#c", "https://s.example/a?b=1&b=2&click_id=c#c"),
        ("https://s.example/a?q=%D7%A9%20x", "https://s.example/a?q=%D7%A9%20x&click_id=c"),
    ],
)
def test_the_landing_url_keeps_its_own_query_and_fragment(url: str, expected: str):
    assert append_query(url, {"click_id": "c"}) == expected


def test_a_click_is_on_disk_before_the_redirect(client: FlaskClient, session: Session):
    live = live_campaign(session, accepted=10, now=NOW)
    slug = participants(session, live)[0].link.slug
    session.commit()
    answer = client.get(f"/r/{slug}", headers={"User-Agent": PERSON["user-agent"]})
    kept = session.scalars(select(Click)).one()
    assert answer.status_code == 302
    assert kept.agent == "Firefox" and "192.0.2" not in kept.visitor


def test_a_robot_is_sent_on_without_a_click_id(client: FlaskClient, session: Session):
    live = live_campaign(session, accepted=10)
    slug = participants(session, live)[0].link.slug
    location = visit(client, f"/r/{slug}", headers={"User-Agent": "WhatsApp/2"}).headers["Location"]
    assert session.scalars(select(Click.uncounted)).one() == "robot"
    assert "click_id" not in location and "utm_medium=influencer" in location


def test_a_shopify_link_may_apply_the_code_by_itself(session: Session):
    live = live_campaign(session, accepted=10, shop=shop(session, platform="shopify"), apply_coupon_by_link=True)
    person = participants(session, live)[0]
    target = find_target(session.connection(), person.link.slug)
    page = destination(target, "k1")
    assert page.startswith(f"https://shop.example.com/discount/{person.code.code}?redirect=%2Fserum%3F")
    assert "click_id%3Dk1" in page


def test_a_visitor_is_another_tomorrow():
    assert visitor_key(b"k", "192.0.2.1", NOW) == visitor_key(b"k", "192.0.2.1", NOW.replace(hour=1))
    assert visitor_key(b"k", "192.0.2.1", NOW) != visitor_key(b"k", "192.0.2.1", NOW.replace(day=11))
