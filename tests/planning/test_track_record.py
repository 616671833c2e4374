"""What somebody sold before, field by field. Noa has 12,000 followers; commission is 15 %."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from campaigns.models import Campaign, FollowerCount, Influencer, Participation
from campaigns.planning.track_record import Record, outcomes, records
from campaigns.settlement.figures import figures_of
from tests import factories
from tests.factories import BEFORE, NOW


def live(session: Session, noa: Influencer, category: str) -> Participation:
    """Noa in a live campaign of a field."""
    campaign = factories.campaign(session)
    mine = factories.participation(session, campaign=campaign, influencer=noa)
    factories.life.launch(session, campaign, BEFORE, "a small test")
    factories.life.advance(session, campaign, NOW)
    campaign.category = category
    return mine


def sell(session: Session, mine: Participation, net_minor: int, **facts: Any) -> None:
    assert mine.code
    factories.order(session, shop=mine.campaign.shop, code=mine.code.code, net_minor=net_minor, **facts)


def followed(session: Session, noa: Influencer, followers: int, on: date) -> None:
    network, handle = noa.accounts[0]["network"], noa.accounts[0]["handle"]
    count = FollowerCount(influencer_id=noa.id, network=network, handle=handle, followers=followers, counted_on=on)
    count.source = "typed"
    session.add(count)
    session.flush()


def test_each_field_has_its_own_record(session: Session):
    noa = factories.influencer(session)
    skin, food = live(session, noa, "skin care"), live(session, noa, "food")
    sell(session, skin, 10_000)
    sell(session, skin, 20_000)
    sell(session, food, 5_000)
    found = records(session, [noa.id])[noa.id]
    assert found["skin care"] == Record(1, 0, 2, {"ILS": 30_000}, {"ILS": 0}, {"ILS": 4_500}, 12_000)
    assert (found["food"].orders, found["food"].sales_minor) == (1, {"ILS": 5_000})


def test_campaigns_of_one_field_add_up_and_are_told_per_thousand_followers(session: Session):
    noa = factories.influencer(session)
    for amount in (10_000, 14_000):
        sell(session, live(session, noa, "food"), amount)
    found = records(session, [noa.id])[noa.id]["food"]
    assert (found.campaigns, found.reach) == (2, 24_000)
    assert found.sales_per_thousand("ILS") == 1_000  # 240.00 by twice 12,000
    assert found.orders_per_ten_thousand() == 0


def test_the_followers_are_those_of_the_day_the_campaign_began(session: Session):
    noa = factories.influencer(session)
    sell(session, live(session, noa, "food"), 10_000)
    followed(session, noa, 5_000, date(2026, 4, 25))
    followed(session, noa, 90_000, date(2026, 6, 1))
    assert records(session, [noa.id])[noa.id]["food"].reach == 5_000


def test_nothing_but_what_the_campaigns_own_figures_count_is_counted(session: Session):
    noa = factories.influencer(session)
    mine = live(session, noa, "food")
    sell(session, mine, 10_000, refunded_minor=2_500)
    sell(session, mine, 9_000, status="cancelled")
    factories.click(session, participation=mine)
    factories.click(session, participation=mine, agent="WhatsApp/2")
    figures = figures_of(session, mine.campaign_id)[mine.id]
    (told,) = outcomes(session, [noa.id])[noa.id]
    assert (told.clicks, told.orders, told.commission_minor) == (figures.clicks, figures.orders, 1_125) == (1, 1, 1_125)
    assert (told.sales_minor, told.refunded_minor) == ({"ILS": figures.sales_minor}, {"ILS": 2_500})


def test_who_took_part_and_sold_nothing_has_a_record_and_who_was_only_invited_has_none(session: Session):
    noa, dana = factories.influencer(session), factories.influencer(session)
    mine = live(session, noa, "food")
    factories.participation(session, campaign=mine.campaign, influencer=dana, accepted=False)
    found = records(session, [noa.id, dana.id])
    assert (found[noa.id]["food"].orders, dana.id in found) == (0, False)


def test_a_campaign_that_still_sells_can_be_left_out_of_averages(session: Session):
    noa = factories.influencer(session)
    over = live(session, noa, "food")
    sell(session, over, 10_000)
    sell(session, live(session, noa, "food"), 90_000)
    over.campaign.status = "ended"
    assert records(session, [noa.id], only_over=True)[noa.id]["food"].sales_minor == {"ILS": 10_000}
    assert records(session, [noa.id])[noa.id]["food"].sales_minor == {"ILS": 100_000}


def test_an_order_in_another_currency_stays_in_its_own(session: Session):
    noa = factories.influencer(session)
    mine = live(session, noa, "food")
    factories.rate(session, day=NOW.date())
    sell(session, mine, 10_000, currency="USD")
    sell(session, mine, 7_000)
    assert records(session, [noa.id])[noa.id]["food"].sales_minor == {"USD": 10_000, "ILS": 7_000}


def test_nobody_asked_for_is_nobody_found(session: Session):
    assert isinstance(factories.live_campaign(session, accepted=1), Campaign)
    assert records(session, []) == {}
