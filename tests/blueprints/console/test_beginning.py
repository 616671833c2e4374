"""From an empty database each page leads to the next of the first steps, until a campaign is planned."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import sign_in, user, visit


@pytest.fixture
def staff(client: FlaskClient, session: Session) -> FlaskClient:
    return sign_in(client, user(session))


def test_an_empty_house_begins_with_a_brand(staff: FlaskClient) -> None:
    page = visit(staff, "/console").text
    assert "Begin with a brand" in page and "/console/brands/new" in page
    assert "Nothing needs you right now" not in page


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
