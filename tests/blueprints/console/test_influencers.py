"""The list of influencers, and what one's page tells of how they grew and what they sold."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from campaigns.people.records import update_influencer
from tests import factories
from tests.factories import NOW, visit

PAGE = "/console/influencers"


def test_three_hundred_people_come_page_by_page(staff: FlaskClient, session: Session) -> None:
    for number in range(300):
        factories.influencer(session, name=f"Noa {number:03}")
    first, last = visit(staff, PAGE).text, visit(staff, f"{PAGE}?page=6&niche=skin+care").text
    assert "300 people" in first and f'{PAGE}?page=2"' in first
    assert ("Noa 049<" in first, "Noa 050<" in first) == (True, False)
    assert ("Noa 299<" in last, "page=7" in last) == (True, False)


def test_what_was_asked_stays_in_the_form_and_in_the_next_page(staff: FlaskClient, session: Session) -> None:
    for number in range(51):
        factories.influencer(session, name=f"Noa {number}")
    page = visit(staff, f"{PAGE}?q=noa&band=10-25&free_from=2026-06-01").text
    assert 'value="noa"' in page and 'value="10-25" selected' in page and 'value="2026-06-01"' in page
    assert "q=noa&amp;band=10-25&amp;free_from=2026-06-01&amp;page=2" in page


def test_chances_given_and_taken_stand_beside_each_name(staff: FlaskClient, session: Session) -> None:
    noa = factories.influencer(session, name="Noa")
    factories.participation(session, campaign=factories.campaign(session), influencer=noa)
    factories.participation(session, campaign=factories.campaign(session), influencer=noa, accepted=False)
    page = visit(staff, PAGE).text
    assert 'data-label="Opportunities"><bdi>2</bdi>' in page
    assert 'data-label="Accepted"><bdi>1</bdi>' in page


def test_when_nobody_fits_the_page_says_so_and_keeps_the_search(staff: FlaskClient, session: Session) -> None:
    factories.influencer(session)
    page = visit(staff, f"{PAGE}?q=nobody&free_from=soon").text
    assert "Nobody fits" in page and 'value="nobody"' in page


def test_an_empty_roster_offers_to_bring_in_a_file(staff: FlaskClient) -> None:
    page = visit(staff, PAGE).text
    assert "No influencers yet" in page and f'href="{PAGE}/imports"' in page


def test_an_account_that_grew_is_drawn_and_listed_with_its_days(staff: FlaskClient, session: Session) -> None:
    noa = factories.influencer(session, followers=12_000)
    assert "<svg" not in visit(staff, f"{PAGE}/{noa.public_id}").text.split('id="grown"')[1].split("</section>")[0]
    update_influencer(session, noa, NOW + timedelta(days=1), accounts=[{**noa.accounts[0], "followers": 13_500}])
    grown = visit(staff, f"{PAGE}/{noa.public_id}").text.split('id="grown"')[1].split("</section>")[0]
    assert "<svg" in grown and "13,500" in grown
    assert grown.index("11 May 2026") < grown.rindex("20 Apr 2026")


def test_what_somebody_sold_is_told_by_field(staff: FlaskClient, session: Session) -> None:
    campaign = factories.live_campaign(session, accepted=1)
    campaign.category = "food"
    (mine,) = factories.participants(session, campaign)
    assert mine.code
    factories.order(session, shop=campaign.shop, code=mine.code.code, net_minor=24_000)
    told = visit(staff, f"{PAGE}/{mine.influencer.public_id}").text.split("<h3>By field</h3>")[1]
    assert "<bdi>food</bdi>" in told
    assert "₪240.00" in told and "₪20.00" in told and "₪36.00" in told  # sold; for 1,000 followers; commission
