"""What isn't yours is not found, in the same words as what doesn't exist."""

import contextlib
from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from campaigns.blueprints import access
from campaigns.errors import NotFound
from campaigns.models import Participation, User
from tests import factories

FETCHES: dict[str, Callable[[Session, User, Participation], object]] = {
    "brand": lambda s, u, p: access.brand_for(s, u, p.campaign.brand.public_id),
    "shop": lambda s, u, p: access.shop_for(s, u, p.campaign.shop.public_id),
    "campaign": lambda s, u, p: access.campaign_for(s, u, p.campaign.public_id),
    "participation": lambda s, u, p: access.participation_for(s, u, p.public_id),
    "influencer": lambda s, u, p: access.influencer_for(s, u, p.influencer.public_id),
}
MAY = {
    "agency": {"brand", "shop", "campaign", "participation", "influencer"},
    "brand": {"brand", "shop", "campaign", "participation"},
    "influencer": {"campaign", "participation", "influencer"},
    "another brand": set(),
    "another influencer": set(),
    "a brand user without a brand": set(),
}


@pytest.fixture
def here(session: Session) -> Participation:
    return factories.participation(session)


def actor(session: Session, name: str, here: Participation) -> User:
    if name == "agency":
        return factories.user(session)
    if name == "a brand user without a brand":
        return factories.user(session, role="brand")
    if name in {"brand", "another brand"}:
        return factories.user(session, brand=here.campaign.brand if name == "brand" else factories.brand(session))
    person = here.influencer if name == "influencer" else factories.influencer(session)
    return factories.user(session, influencer=person)


@pytest.mark.parametrize("name", MAY)
def test_each_sees_their_own_and_nothing_else(session: Session, here: Participation, name: str):
    user, seen = actor(session, name, here), set()
    for thing, fetch in FETCHES.items():
        with contextlib.suppress(NotFound):
            assert fetch(session, user, here) is not None
            seen.add(thing)
    assert seen == MAY[name]


def test_another_s_and_a_missing_one_are_refused_in_the_same_words(session: Session, here: Participation):
    eve = actor(session, "another brand", here)
    words = []
    for public_id in (here.campaign.public_id, "no-such-campaign"):
        with pytest.raises(NotFound) as refused:
            access.campaign_for(session, eve, public_id)
        words.append(str(refused.value))
    assert words[0] == words[1]


def test_an_order_and_its_delivery_are_not_for_influencers(session: Session, here: Participation):
    order = factories.order(session, shop=here.campaign.shop)
    delivery = factories.delivery(session, shop=here.campaign.shop)
    brand, mina = actor(session, "brand", here), actor(session, "influencer", here)
    assert access.order_for(session, brand, order.public_id) is order
    for user, fetch, public_id in (
        (mina, access.order_for, order.public_id),
        (mina, access.delivery_for, delivery.public_id),
        (brand, access.delivery_for, delivery.public_id),
    ):
        with pytest.raises(NotFound):
            fetch(session, user, public_id)


def test_lists_hold_what_is_yours(session: Session, here: Participation):
    factories.participation(session)
    mina = actor(session, "influencer", here)
    assert session.scalars(access.campaigns_for(mina)).all() == [here.campaign]
    assert len(session.scalars(access.campaigns_for(actor(session, "agency", here))).all()) == 2
