"""Which finished campaigns an estimate stands on. Everybody has 12,000 followers and sells for 100.00 at 15 %."""

import pytest
from sqlalchemy.orm import Session

from campaigns.models import Influencer, Participation, Shop
from campaigns.planning import life
from campaigns.planning.comparable import expected
from campaigns.planning.expectation import Range
from tests import factories
from tests.factories import BEFORE, NOW

FIELD = "skin care"
ONE_SALE = Range(1_500, 1_500, 1, 1)


def invited(session: Session, category: str = FIELD) -> Participation:
    made = factories.participation(session, accepted=False)
    made.campaign.category = category
    session.flush()
    return made


def sold(
    session: Session, who: Influencer, category: str = FIELD, status: str = "ended", shop: Shop | None = None
) -> None:
    campaign = factories.campaign(session, shop=shop)
    mine = factories.participation(session, campaign=campaign, influencer=who)
    life.launch(session, campaign, BEFORE, "a small test")
    life.advance(session, campaign, NOW)
    factories.order(session, shop=campaign.shop, code=mine.codes[0].code, net_minor=10_000)
    campaign.status, campaign.category = status, category
    session.flush()


def people(session: Session, count: int = 3) -> list[Influencer]:
    return [factories.influencer(session, name=f"Tal {number}") for number in range(count)]


def test_one_finished_campaign_of_ones_own_is_enough(session: Session) -> None:
    mine = invited(session)
    sold(session, mine.influencer)
    assert expected(session, mine).own == ONE_SALE


@pytest.mark.parametrize(("category", "status"), [("food", "ended"), (FIELD, "live"), (FIELD, "cancelled")])
def test_another_field_and_what_is_not_over_say_nothing(session: Session, category: str, status: str) -> None:
    mine = invited(session)
    for who in (mine.influencer, *people(session)):
        sold(session, who, category, status)
    assert (expected(session, mine).own, expected(session, mine).others) == (None, None)


def test_another_currency_says_nothing(session: Session) -> None:
    mine = invited(session)
    for number, who in enumerate((mine.influencer, *people(session))):
        sold(session, who, shop=factories.shop(session, domain=f"eu{number}.example.com", currency="EUR"))
    assert (expected(session, mine).own, expected(session, mine).others) == (None, None)


def test_three_others_of_the_field_are_a_range(session: Session) -> None:
    mine = invited(session)
    for who in people(session):
        sold(session, who)
    assert expected(session, mine).others == Range(1_500, 1_500, 3, 3)


def test_without_a_field_only_ones_own_campaigns_count(session: Session) -> None:
    mine = invited(session, category="")
    for who in (mine.influencer, *people(session)):
        sold(session, who, "food")
    found = expected(session, mine)
    assert found.own == ONE_SALE and found.others is None


def test_the_terms_of_this_invitation_are_what_counts(session: Session) -> None:
    """20 % for this one person: 20.00."""
    mine = invited(session)
    mine.overrides = {"influencer_rate_bps": 2000}
    sold(session, mine.influencer)
    assert expected(session, mine).own == Range(2_000, 2_000, 1, 1)
