"""Links influencers make themselves: to the shop's own pages only, each counted, withdrawn for good."""

from datetime import datetime, timedelta
from itertools import count

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from campaigns.errors import Conflict, Invalid, NotFound
from campaigns.ids import TimeOrdered
from campaigns.models import AffiliateLink, Participation
from campaigns.planning import own_links, participation
from campaigns.planning.codes import mint
from campaigns.tracking import own_link_clicks
from campaigns.tracking.clicks import ClickRow, Visit, click_row, write_clicks
from campaigns.tracking.links import destination, find_target
from tests import factories
from tests.factories import NOW, identity_key
from tests.lanes.doors import soon

_number = count(1)
MINUTE = timedelta(minutes=1)
CREAM = "https://shop.example.com/cream?size=50"


def mina_at(session: Session) -> Participation:
    """An active participant of a campaign whose links lead to https://shop.example.com/serum."""
    campaign = factories.live_campaign(session, accepted=1)
    campaign.shop.hosts = ["blog.example.com"]
    return factories.participants(session, campaign)[0]


def led_to(session: Session, link: AffiliateLink) -> str:
    """Where a link leads a visitor."""
    session.flush()
    target = find_target(session.connection(), link.slug)
    return destination(target, "c1") if target else ""


def test_an_own_link_leads_to_its_page_with_our_marks(session: Session) -> None:
    mina = mina_at(session)
    made = own_links.make_link(session, mina, CREAM, "Story", NOW)
    assert led_to(session, made).startswith(CREAM + "&click_id=c1&utm_source=")
    assert mina.link is not None and mina.link.slug != made.slug
    assert led_to(session, mina.link).startswith("https://shop.example.com/serum?click_id=c1")


@pytest.mark.parametrize(
    "pasted",
    [
        "https://evil.example/", "//evil.example/", "/\\evil.example", "https://shop.example.com@evil.example/",
        "https://evil.example#shop.example.com", "javascript:alert(1)", "data:text/html,x", "https:evil.example",
        "https://shop.example.com.evil.example/", "http://evil.example/", "https://shop.example.com\n.evil.example/",
        "https://shop.example.com:8443/x", "/\t/evil.example", "https:///evil.example", "", "   ", "https://[",
        "https://shop.example.com//evil.example/", "///evil.example", "https://blog.example.com.",
    ],
)  # fmt: skip
def test_no_link_leads_out_of_the_shop(session: Session, pasted: str) -> None:
    mina = mina_at(session)
    with pytest.raises(Invalid) as refused:
        own_links.make_link(session, mina, pasted, "", NOW)
    assert refused.value.errors == {"page": ["that is no page of the shop shop.example.com"]}
    assert own_links.own_links(mina) == []


def test_a_page_of_a_host_that_is_no_longer_the_shops_leads_to_the_landing_page(session: Session) -> None:
    mina = mina_at(session)
    made = own_links.make_link(session, mina, "https://blog.example.com/post", "", NOW)
    assert led_to(session, made).startswith("https://blog.example.com/post?click_id=c1")
    mina.campaign.shop.hosts = []
    assert led_to(session, made).startswith("https://shop.example.com/serum?click_id=c1")


def test_a_page_put_into_the_table_by_another_hand_leads_to_the_landing_page(session: Session) -> None:
    made = own_links.make_link(session, mina_at(session), CREAM, "", NOW)
    made.page = "https://evil.example/"
    assert led_to(session, made).startswith("https://shop.example.com/serum?")


def test_what_is_pasted_with_the_marks_of_a_link_loses_them(session: Session) -> None:
    mina = mina_at(session)
    pasted = "shop.example.com/cream?click_id=abc&size=50&utm_source=noa#top"
    made = own_links.make_link(session, mina, pasted, "", NOW)
    assert (made.page, made.label) == ("/cream?size=50#top", "/cream")


def test_a_sale_through_an_own_link_is_its_makers(session: Session) -> None:
    mina = mina_at(session)
    made = own_links.make_link(session, mina, CREAM, "", NOW)
    row = clicked(session, made)
    order = factories.order(
        session, shop=mina.campaign.shop, click_ids=(factories.click_id(row),), placed_at=NOW + MINUTE
    )
    assert [(one.reason, one.participation_id) for one in order.decisions] == [("link", mina.id)]


def clicked(session: Session, link: AffiliateLink, at: timedelta = timedelta(), agent: str = "Mozilla/5.0") -> ClickRow:
    """A click through a link, as the redirect writes it."""
    session.flush()
    target = find_target(session.connection(), link.slug)
    assert target is not None
    number = TimeOrdered.floor(NOW + at) | next(_number)
    row = click_row(target, Visit("GET", {"user-agent": agent}, "192.0.2.1"), number, identity_key(), NOW + at)
    write_clicks(session.connection(), [row], 0)
    return row


def test_clicks_of_own_links_are_counted_a_minute_later_and_once(session: Session) -> None:
    """Two people through the own link, a robot, and one through the main link."""
    mina = mina_at(session)
    made = own_links.make_link(session, mina, CREAM, "", NOW - MINUTE)
    clicked(session, made)
    clicked(session, mina.links[0])
    clicked(session, made, MINUTE)
    clicked(session, made, MINUTE, agent="Googlebot/2.1")
    session.commit()
    assert counted(session, made, NOW + MINUTE / 2) == 0
    assert counted(session, made, NOW + 2 * MINUTE) == 1
    assert [counted(session, made, NOW + 3 * MINUTE) for _ in range(2)] == [2, 2]


def counted(session: Session, link: AffiliateLink, now: datetime) -> int:
    """The clicks on record after a round of the worker."""
    while own_link_clicks.count_slice(session.connection(), now):
        session.commit()
    session.expire_all()
    return link.clicks


def test_days_without_a_worker_are_counted_afterwards(session: Session) -> None:
    made = own_links.make_link(session, mina_at(session), CREAM, "", NOW - MINUTE)
    clicked(session, made)
    clicked(session, made, timedelta(hours=30))
    assert own_link_clicks.waits(session, NOW + timedelta(hours=40))
    assert counted(session, made, NOW + timedelta(hours=40)) == 2
    assert not own_link_clicks.waits(session, NOW + timedelta(hours=40))


def test_where_nobody_made_a_link_nothing_is_counted(session: Session) -> None:
    mina_at(session)
    assert not own_link_clicks.waits(session, NOW)


def test_a_withdrawn_link_leads_nowhere_and_the_main_one_goes_on(session: Session) -> None:
    mina = mina_at(session)
    made = own_links.make_link(session, mina, CREAM, "", NOW)
    own_links.withdraw_link(session, mina, made.slug, NOW)
    assert led_to(session, made) == "" and mina.link is not None and led_to(session, mina.link) != ""


def test_the_main_link_and_those_of_others_can_not_be_withdrawn_so(session: Session) -> None:
    mina, noa = mina_at(session), mina_at(session)
    theirs = own_links.make_link(session, noa, CREAM, "", NOW)
    assert mina.link is not None
    for slug in (mina.link.slug, theirs.slug, "nothing"):
        with pytest.raises(NotFound):
            own_links.withdraw_link(session, mina, slug, NOW)
    assert led_to(session, theirs) != ""


def test_more_than_twenty_in_force_are_refused(session: Session) -> None:
    mina = mina_at(session)
    made = [own_links.make_link(session, mina, CREAM, str(number), NOW) for number in range(20)]
    with pytest.raises(Conflict, match="20 links of your own are the most"):
        own_links.make_link(session, mina, CREAM, "", NOW)
    own_links.withdraw_link(session, mina, made[0].slug, NOW)
    assert own_links.make_link(session, mina, CREAM, "one more", NOW).label == "one more"


def test_leaving_ends_own_links_too(session: Session) -> None:
    mina = mina_at(session)
    made = own_links.make_link(session, mina, CREAM, "", NOW)
    participation.leave(session, mina, "withdrawn", "no time", NOW)
    assert led_to(session, made) == ""
    with pytest.raises(Conflict):
        own_links.make_link(session, mina, CREAM, "", NOW)


def test_an_own_link_does_not_stand_in_for_the_main_one(session: Session) -> None:
    """Minting looks for a main link in force; own ones are none."""
    mina = mina_at(session)
    own_links.make_link(session, mina, CREAM, "", NOW)
    assert mina.link is not None
    mina.link.withdrawn_at = NOW
    mint(session, mina, NOW)
    assert [(link.page == "", link.withdrawn_at is None) for link in mina.links] == [
        (True, False), (False, True), (True, True),
    ]  # fmt: skip


@pytest.mark.parametrize("label", ["Story\nof May", "  Story of   May ", "Story\u202eof May"])
def test_labels_are_one_line(session: Session, label: str) -> None:
    made = own_links.make_link(session, mina_at(session), CREAM, label, NOW)
    assert made.label == "Story of May"


def test_ref_with_the_slug_of_an_own_link_is_its_makers(session: Session) -> None:
    mina = mina_at(session)
    made = own_links.make_link(session, mina, CREAM, "", NOW)
    page = f"https://shop.example.com/cream?ref={made.slug}"
    order = factories.order(session, shop=mina.campaign.shop, landing_url=page)
    assert [one.participation_id for one in order.decisions] == [mina.id]


def test_the_redirect_follows_a_withdrawal_within_seconds(session: Session, client: FlaskClient) -> None:
    mina = mina_at(session)
    made = own_links.make_link(session, mina, CREAM, "", NOW)
    path = f"/r/{made.slug}"
    assert factories.visit(client, path).headers["Location"].startswith(CREAM)
    own_links.withdraw_link(session, mina, made.slug, NOW)
    assert soon(lambda: factories.visit(client, path).status_code == 404)
    assert mina.link is not None and factories.visit(client, f"/r/{mina.link.slug}").status_code == 302


@pytest.mark.parametrize("onward", ["https://evil.example/", "//evil.example", "/\\evil.example", "/%09/evil.example"])
def test_an_own_link_is_led_astray_by_no_parameter(session: Session, client: FlaskClient, onward: str) -> None:
    made = own_links.make_link(session, mina_at(session), CREAM, "", NOW)
    answer = factories.visit(client, f"/r/{made.slug}", query_string={"to": onward})
    assert answer.headers["Location"].startswith("https://shop.example.com/")
