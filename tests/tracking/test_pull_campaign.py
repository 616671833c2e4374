"""Before a campaign is closed, the shop is asked for all that changed since it began."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.errors import Conflict
from campaigns.models import Campaign, Order
from campaigns.tracking.pull import OVERLAP, ask_whole_campaign, pull_shop, pull_shops
from tests import factories
from tests.factories import NOW, START
from tests.fakes.shop_server import serving_shop
from tests.fakes.shopify_admin import ShopifyAdmin
from tests.tracking.asking import asking, joined_shop


@pytest.fixture
def fake() -> Iterator[ShopifyAdmin]:
    with serving_shop(ShopifyAdmin()) as serving:
        yield serving


@pytest.fixture
def campaign(session: Session, fake: ShopifyAdmin) -> Campaign:
    place = joined_shop(session, fake, "shopify")
    made = factories.live_campaign(session, accepted=1, shop=place)
    place.pulled_to = NOW
    session.commit()
    return made


def test_the_whole_campaign_is_pulled_at_once(session: Session, fake: ShopifyAdmin, campaign: Campaign):
    fake.add(101, updated_at="2026-05-01T07:00:00Z")
    assert pull_shop(session, campaign.shop_id, asking(), NOW, campaign.starts_at - OVERLAP).new == 1
    assert session.scalars(select(Order.external_id)).all() == ["101"]


def test_asked_for_it_the_workers_next_pull_goes_back_to_the_beginning(
    session: Session, fake: ShopifyAdmin, campaign: Campaign
):
    fake.add(101, updated_at="2026-05-01T07:00:00Z")
    pull_shops(session, asking(), NOW)
    assert session.scalars(select(Order.external_id)).all() == []
    ask_whole_campaign(session, campaign)
    assert campaign.shop.pulled_to == START
    session.commit()
    pull_shops(session, asking(), NOW)
    assert session.scalars(select(Order.external_id)).all() == ["101"]
    assert campaign.shop.pulled_to == NOW


def test_a_shop_that_can_not_be_asked_says_so(session: Session):
    with pytest.raises(Conflict, match="can't be pulled"):
        ask_whole_campaign(session, factories.live_campaign(session, accepted=1))
