"""From an empty database each page leads to the next of the first steps, until a campaign is planned."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from campaigns.blueprints.console.beginning import WORDS
from tests import factories
from tests.factories import sign_in, user, visit


@pytest.fixture
def staff(client: FlaskClient, session: Session) -> FlaskClient:
    return sign_in(client, user(session))


def test_an_empty_house_begins_with_a_brand(staff: FlaskClient) -> None:
    page = visit(staff, "/console").text
    assert "Begin with a brand" in page and "/console/brands/new" in page
    assert "Nothing needs you right now" not in page


def test_an_empty_house_has_no_other_way_to_a_campaign_than_its_first_steps(
    staff: FlaskClient, session: Session
) -> None:
    assert "/console/campaigns/new" not in visit(staff, "/console").text
    factories.campaign(session)
    assert "/console/campaigns/new" in visit(staff, "/console").text


def test_the_first_steps_come_in_the_order_of_the_page_on_the_first_campaign() -> None:
    told = (Path(__file__).parents[3] / "docs/first-campaign.md").read_text(encoding="utf-8")
    labels = [label for _, label in WORDS.values()]
    assert labels == sorted(labels, key=told.index)
    assert "Begin with a brand: the company whose shop sells." in told.replace("\n", " ")


def test_each_first_step_opens_the_next(staff: FlaskClient, session: Session) -> None:
    brand = factories.brand(session)
    assert f"/console/shops/new?brand={brand.public_id}" in visit(staff, "/console").text
    shop = factories.shop(session, brand=brand)
    assert f"/shops/{shop.public_id}/setup" in visit(staff, "/console").text
    factories.order(session, shop=shop)
    assert "/console/influencers/imports" in visit(staff, "/console").text
    factories.influencer(session)
    assert f"/console/campaigns/new?shop={shop.public_id}" in visit(staff, "/console").text


def test_once_a_campaign_is_planned_nothing_more_is_said_of_first_steps(staff: FlaskClient, session: Session) -> None:
    factories.campaign(session)
    assert "What comes next" not in visit(staff, "/console").text


def test_a_brand_whose_shop_is_connected_reads_that_this_was_all(client: FlaskClient, session: Session) -> None:
    shop = factories.shop(session)
    sign_in(client, user(session, brand=shop.brand))
    setup = f"/shops/{shop.public_id}/setup"
    assert "That was all" not in visit(client, setup).text
    factories.delivery(session, shop=shop)
    factories.order(session, shop=shop)
    assert "That was all" in visit(client, setup).text
