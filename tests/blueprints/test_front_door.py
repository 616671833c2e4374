"""The influencer's first page, the range on an invitation, the board, and the list of orders."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from campaigns.models import Influencer, Participation
from campaigns.planning import life
from tests import factories
from tests.blueprints.test_me import text_of
from tests.factories import NOW, visit


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def selling(session: Session, client: FlaskClient, accepted: int = 2) -> list[Participation]:
    """A live campaign, its first participant signed in."""
    people = factories.participants(session, factories.live_campaign(session, accepted=accepted))
    factories.sign_in(client, factories.user(session, influencer=people[0].influencer))
    return people


def sale(session: Session, mine: Participation, net_minor: int = 10_000, days_ago: int = 0, **facts: Any) -> None:
    code, moment = mine.codes[0].code, NOW - timedelta(days=days_ago)
    factories.order(session, shop=mine.campaign.shop, code=code, net_minor=net_minor, placed_at=moment, **facts)


def invited(session: Session, client: FlaskClient, category: str = "skin care") -> Participation:
    """Somebody with 12,000 followers, invited and signed in."""
    mine = factories.participation(session, accepted=False)
    mine.campaign.category = category
    factories.sign_in(client, factories.user(session, influencer=mine.influencer))
    return mine


def finished(session: Session, who: Influencer, sold_minor: int, category: str = "skin care") -> None:
    """One sale in a campaign that has ended."""
    campaign = factories.campaign(session)
    mine = factories.participation(session, campaign=campaign, influencer=who)
    life.launch(session, campaign, factories.BEFORE, "a small test")
    life.advance(session, campaign, NOW)
    sale(session, mine, sold_minor)
    campaign.status, campaign.category = "ended", category
    session.flush()


def section(page: str, name: str) -> str:
    """The words of a part that refreshes itself."""
    found = re.search(rf'<section[^>]* id="{name}" data-live="\d+">.*?</section>', page, re.DOTALL)
    assert found, name
    return text_of(found[0])


def test_the_first_page_tells_today_running_and_all(session: Session, client: FlaskClient) -> None:
    """100.00 today and 200.00 yesterday at 15 %; in a campaign that is over, 400.00."""
    mine = selling(session, client)[0]
    sale(session, mine)
    sale(session, mine, 20_000, 1)
    finished(session, mine.influencer, 40_000)
    words = section(visit(client, "/me").text, "sums")
    for told in ("Today ₪75.00 2 orders", "Running campaigns ₪105.00", "In all ₪105.00"):
        assert told in words


def test_currencies_are_never_added_up(session: Session, client: FlaskClient) -> None:
    mine = selling(session, client)[0]
    sale(session, mine)
    euros = factories.campaign(session, shop=factories.shop(session, domain="eu.example.com", currency="EUR"))
    other = factories.participation(session, campaign=euros, influencer=mine.influencer)
    life.launch(session, euros, factories.BEFORE, "a small test")
    life.advance(session, euros, NOW)
    sale(session, other, 20_000)
    words = section(visit(client, "/me").text, "sums")
    assert "Today ₪15.00" in words and "Today €30.00" in words and "45.00" not in words


def test_the_chart_has_a_table_of_the_same_days(session: Session, client: FlaskClient) -> None:
    mine = selling(session, client)[0]
    sale(session, mine, 20_000, 1)
    page = visit(client, "/me").text
    words = section(page, "last-ILS")
    assert "Commission per day" in words and "9 May 2026 1 ₪30.00" in words
    assert page.count('<svg class="bars"') == 2


def test_what_is_pending_says_until_when(session: Session, client: FlaskClient) -> None:
    """Goods may come back for 14 days: of 5 May until the 19th, of 10 May until the 24th."""
    mine = selling(session, client)[0]
    for days_ago in (0, 5):
        sale(session, mine, days_ago=days_ago)
    days = mine.acceptances[-1].terms["return_window_days"]
    first, last = ((NOW - timedelta(days=back) + timedelta(days=days)).strftime("%-d %b %Y") for back in (5, 0))
    words = section(visit(client, "/me").text, "waiting")
    assert f"2 orders can still be given back, the first until {first} , the last until {last} ₪30.00" in words


def test_somebody_new_sees_three_steps_and_no_empty_sums(session: Session, client: FlaskClient) -> None:
    factories.sign_in(client, factories.user(session, influencer=factories.influencer(session)))
    page = visit(client, "/me").text
    assert page.count("<li class=") == 3 and 'id="sums"' not in page
    assert 'href="/me/payment-details"' in page


def test_an_invitation_comes_first_and_says_until_when_it_stands(session: Session, client: FlaskClient) -> None:
    mine = invited(session, client)
    mine.expires_at = NOW + timedelta(days=2)
    page = visit(client, "/me").text
    assert page.index('id="invitations"') < page.index('id="steps"')
    assert "Answer until 12 May 2026, 15:00" in text_of(page)
    told = text_of(visit(client, f"/me/invitations/{mine.public_id}").text)
    assert "This invitation stands until 12 May 2026, 15:00 ." in told


def test_an_invitation_whose_time_is_over_offers_no_choice(session: Session, client: FlaskClient) -> None:
    mine = invited(session, client)
    mine.expires_at = NOW - timedelta(minutes=1)
    page = visit(client, f"/me/invitations/{mine.public_id}").text
    assert "This invitation is no longer open." in page and 'name="terms_version"' not in page
    answer = factories.submit(client, f"/me/invitations/{mine.public_id}/accept", {"terms_version": "1"})
    assert answer.status_code == 409 and mine.acceptances == []
    assert 'id="invitations"' not in visit(client, "/me").text


def test_without_finished_campaigns_nothing_is_foretold(session: Session, client: FlaskClient) -> None:
    mine = invited(session, client)
    assert "too few finished campaigns like this one" in text_of(
        visit(client, f"/me/invitations/{mine.public_id}").text
    )


def test_own_campaigns_of_the_field_make_the_range(session: Session, client: FlaskClient) -> None:
    """100.00 and 300.00 sold at 15 %: 15.00 to 45.00; food is another field."""
    mine = invited(session, client)
    for sold, field in ((10_000, "skin care"), (30_000, "skin care"), (90_000, "food")):
        finished(session, mine.influencer, sold, field)
    words = text_of(visit(client, f"/me/invitations/{mine.public_id}").text)
    assert "By your own campaigns ₪15.00 – ₪45.00 from 2 campaigns of yours" in words
    assert "By people like you" not in words


def test_three_similar_people_make_a_range_and_two_do_not(session: Session, client: FlaskClient) -> None:
    mine = invited(session, client)
    people = [factories.influencer(session, name=f"Tal {number}") for number in range(3)]
    for number, sold in ((0, 10_000), (1, 20_000)):
        finished(session, people[number], sold)
    finished(session, factories.influencer(session, followers=49_000), 90_000)
    address = f"/me/invitations/{mine.public_id}"
    assert "By people like you" not in text_of(visit(client, address).text)
    finished(session, people[2], 30_000)
    page = visit(client, address).text
    assert "By people like you ₪15.00 – ₪45.00 from 3 people" in text_of(page)
    assert not any(f"Tal {number}" in page for number in range(3))


def test_the_board_shows_who_wishes_it_and_their_orders(session: Session, client: FlaskClient) -> None:
    people = selling(session, client, 5)
    for one in people[:3]:
        one.influencer.leaderboard = True
    for one in (people[0], people[1], people[1], people[4]):
        sale(session, one)
    page = visit(client, f"/me/campaigns/{people[0].public_id}/leaderboard").text
    words = section(page, "board")
    first, second = people[1].influencer.handle, people[0].influencer.handle
    assert f"1 {first} 2 2 {second} You 1" in words
    assert not any(one.influencer.handle in page for one in people[3:]) and "₪" not in words


def test_who_is_not_on_the_board_sees_their_own_place_only(session: Session, client: FlaskClient) -> None:
    people = selling(session, client, 4)
    for one in people[1:]:
        one.influencer.leaderboard = True
    for one in (people[0], people[1], people[1]):
        sale(session, one)
    page = visit(client, f"/me/campaigns/{people[0].public_id}/leaderboard").text
    assert "With 1 order you would be at place 2 among them." in text_of(page)
    assert people[0].influencer.handle not in page


def test_two_who_wish_to_be_seen_are_not_shown(session: Session, client: FlaskClient) -> None:
    people = selling(session, client, 5)
    for one in people[1:3]:
        one.influencer.leaderboard = True
    page = visit(client, f"/me/campaigns/{people[0].public_id}/leaderboard").text
    assert "No board yet" in page and people[1].influencer.handle not in page


def test_all_orders_are_listed_page_by_page(session: Session, client: FlaskClient) -> None:
    mine = selling(session, client)[0]
    for number in range(26):
        sale(session, mine, external_id=f"77{number:02}", days_ago=number % 9)
    campaign = visit(client, f"/me/campaigns/{mine.public_id}").text
    assert campaign.count('href="/me/orders/') == 5 and f"/me/campaigns/{mine.public_id}/orders" in campaign
    first = visit(client, f"/me/campaigns/{mine.public_id}/orders").text
    assert first.count('href="/me/orders/') == 25 and "skip=25" in first
    second = visit(client, f"/me/campaigns/{mine.public_id}/orders?skip=25").text
    assert second.count('href="/me/orders/') == 1 and 'rel="prev"' in second


def test_a_pending_order_says_until_when_it_may_come_back(session: Session, client: FlaskClient) -> None:
    mine = selling(session, client)[0]
    sale(session, mine)
    until = NOW + timedelta(days=mine.acceptances[-1].terms["return_window_days"])
    words = section(visit(client, f"/me/campaigns/{mine.public_id}/orders").text, "orders")
    assert f"Pending may be given back until {until.strftime('%-d %b %Y')}" in words


def test_pages_of_a_campaign_are_for_who_takes_part(session: Session, client: FlaskClient) -> None:
    people = selling(session, client)
    for page in ("orders", "leaderboard"):
        assert visit(client, f"/me/campaigns/{people[1].public_id}/{page}").status_code == 404
