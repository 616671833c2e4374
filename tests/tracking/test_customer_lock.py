"""A buyer who stays with the influencer that brought them, told through the orders of a shop.

Terms of these campaigns say `customer_lock_days: 7`. Everything here goes through orders.take, so it also holds of the
gathering in tracking/pointing.py and of the later orders that are judged again.
"""

from datetime import datetime, timedelta
from itertools import permutations

import pytest
from sqlalchemy.orm import Session

from campaigns.models import AttributionDecision, Campaign, Order, Participation
from campaigns.planning.crediting import credit_by_hand
from campaigns.planning.participation import leave
from campaigns.settlement.books.check import breaches
from campaigns.settlement.earnings import passed_over
from campaigns.settlement.figures import figures_of
from campaigns.tracking.decisions import current_decision
from campaigns.tracking.identity import phone_key
from campaigns.tracking.orders import settle
from tests import factories
from tests.factories import NOW

LOCKING = {**factories.TERMS, "attribution": {"customer_lock_days": 7}}
DAY = timedelta(days=1)


@pytest.fixture
def campaign(session: Session) -> Campaign:
    return factories.live_campaign(session, accepted=2, terms=LOCKING)


def people(session: Session, campaign: Campaign) -> tuple[Participation, Participation]:
    mina, noa = factories.participants(session, campaign)
    return mina, noa


def code_of(person: Participation) -> str:
    assert person.code
    return person.code.code


def buys(session: Session, campaign: Campaign, at: datetime, code: str = "", number: str = "") -> Order:
    """An order of 100.00 by the one buyer there is here."""
    return factories.order(session, shop=campaign.shop, code=code, placed_at=at, external_id=number)


def decided(session: Session, order: Order) -> AttributionDecision:
    decision = current_decision(session, order.id)
    assert decision is not None
    return decision


def whose(session: Session, order: Order) -> tuple[str, int | None]:
    decision = decided(session, order)
    return decision.reason, decision.participation_id


def commissions(session: Session, campaign: Campaign) -> list[int]:
    figures = figures_of(session, campaign.id)
    return [figures[one.id].commission_minor if one.id in figures else 0 for one in people(session, campaign)]


def test_a_buyer_who_comes_back_with_nothing_is_still_minas(session: Session, campaign: Campaign):
    mina, _ = people(session, campaign)
    first = buys(session, campaign, NOW - 3 * DAY, code_of(mina))
    again = buys(session, campaign, NOW)
    assert whose(session, again) == ("customer_lock", mina.id)
    assert decided(session, again).evidence["customer_lock"]["order"] == first.public_id
    assert commissions(session, campaign) == [3_000, 0]
    assert breaches(session) == []


def test_a_code_of_another_comes_before_the_lock_and_locks_anew(session: Session, campaign: Campaign):
    mina, noa = people(session, campaign)
    buys(session, campaign, NOW - 3 * DAY, code_of(mina))
    assert whose(session, buys(session, campaign, NOW - 2 * DAY, code_of(noa))) == ("coupon", noa.id)
    assert whose(session, buys(session, campaign, NOW)) == ("customer_lock", noa.id)


def test_a_lock_runs_out_and_an_order_by_it_does_not_prolong_it(session: Session, campaign: Campaign):
    mina, _ = people(session, campaign)
    buys(session, campaign, NOW - 5 * DAY, code_of(mina))
    assert whose(session, buys(session, campaign, NOW)) == ("customer_lock", mina.id)
    assert whose(session, buys(session, campaign, NOW + 2 * DAY)) == ("customer_lock", mina.id)
    assert whose(session, buys(session, campaign, NOW + 2 * DAY + timedelta(seconds=1))) == ("none", None)


def test_without_the_term_nobody_is_locked(session: Session):
    campaign = factories.live_campaign(session, accepted=2)
    buys(session, campaign, NOW - DAY, code_of(people(session, campaign)[0]))
    again = buys(session, campaign, NOW)
    assert (whose(session, again), decided(session, again).evidence) == (("none", None), {})


def test_another_buyer_is_nobodys(session: Session, campaign: Campaign):
    buys(session, campaign, NOW - DAY, code_of(people(session, campaign)[0]))
    stranger = factories.order(session, shop=campaign.shop, email="else@example.com")
    unknown = factories.order(session, shop=campaign.shop, email=None)
    assert whose(session, stranger) == whose(session, unknown) == ("none", None)


def test_who_left_gets_no_more_orders_by_the_lock(session: Session, campaign: Campaign):
    mina, _ = people(session, campaign)
    buys(session, campaign, NOW - 2 * DAY, code_of(mina))
    leave(session, mina, "withdrawn", "moving abroad", NOW - DAY)
    again = buys(session, campaign, NOW)
    assert whose(session, again) == ("none", None)
    assert decided(session, again).evidence["customer_lock"]["verdict"] == "ended"


@pytest.mark.parametrize("arrival", list(permutations(range(3))), ids=lambda arrival: "".join(map(str, arrival)))
def test_in_whatever_order_they_arrive_the_end_is_the_same(session: Session, campaign: Campaign, arrival):
    """Mina's code, then nothing, then Noa's code; the middle one is Mina's by the lock."""
    mina, noa = people(session, campaign)
    told = [(NOW - 2 * DAY, code_of(mina), "1"), (NOW - DAY, "", "2"), (NOW, code_of(noa), "3")]
    orders = {place: buys(session, campaign, *told[place]) for place in arrival}
    ends = [("coupon", mina.id), ("customer_lock", mina.id), ("coupon", noa.id)]
    assert [whose(session, orders[place]) for place in range(3)] == ends
    assert commissions(session, campaign) == [3_000, 1_500]


def test_a_cancelled_order_locks_nobody_and_what_followed_it_is_judged_again(session: Session, campaign: Campaign):
    mina, _ = people(session, campaign)
    buys(session, campaign, NOW - DAY, code_of(mina), "1001")
    again = buys(session, campaign, NOW)
    factories.order(session, shop=campaign.shop, code=code_of(mina), external_id="1001", status="cancelled",
                    placed_at=NOW - DAY, version=NOW)  # fmt: skip
    assert whose(session, again) == ("none", None)
    assert commissions(session, campaign) == [0, 0]


def test_an_order_credited_by_hand_takes_later_ones_with_it(session: Session, campaign: Campaign):
    mina, noa = people(session, campaign)
    first = buys(session, campaign, NOW - DAY, code_of(mina))
    again = buys(session, campaign, NOW)
    staff, key = factories.user(session), factories.identity_key()
    credit_by_hand(session, first, noa, staff.id, "the post was shared", "http://localhost", key, NOW)
    assert whose(session, again) == ("customer_lock", noa.id)
    assert commissions(session, campaign) == [0, 3_000]
    assert breaches(session) == []


def test_an_order_credited_by_hand_to_who_locks_nobody_frees_the_later_ones(session: Session, campaign: Campaign):
    mina, _ = people(session, campaign)
    plain = factories.live_campaign(session, accepted=1, shop=campaign.shop)
    other = factories.participants(session, plain)[0]
    first = buys(session, campaign, NOW - DAY, code_of(mina))
    again = buys(session, campaign, NOW)
    staff, key = factories.user(session), factories.identity_key()
    credit_by_hand(session, first, other, staff.id, "the post was shared", "http://localhost", key, NOW)
    assert whose(session, again) == ("none", None)
    assert commissions(session, campaign) == [0, 0]


def test_an_own_purchase_is_recognised_by_the_phone_number(session: Session, campaign: Campaign):
    mina, _ = people(session, campaign)
    mina.influencer.phone = "050-123 4567"
    order = buys(session, campaign, NOW, code_of(mina))
    order.phone_key = phone_key(factories.identity_key(), "+972 50 1234567")
    settle(session, order, factories.identity_key(), NOW)
    assert whose(session, order) == ("refused_self_purchase", None)


def test_an_influencer_reads_why_a_buyer_of_long_ago_is_no_longer_theirs(session: Session, campaign: Campaign):
    mina, noa = people(session, campaign)
    buys(session, campaign, NOW - 8 * DAY, code_of(mina))
    again = buys(session, campaign, NOW)
    assert passed_over(session, mina) == [(again, "lock_over")]
    assert passed_over(session, noa) == []


def test_a_buyer_who_turns_out_to_be_somebody_else_no_longer_locks_the_first_ones_orders(
    session: Session, campaign: Campaign
):
    mina, _ = people(session, campaign)
    first = buys(session, campaign, NOW, code_of(mina), "A")
    later = buys(session, campaign, NOW + DAY, number="B")
    assert whose(session, later) == ("customer_lock", mina.id)
    factories.order(
        session, shop=campaign.shop, code=code_of(mina), placed_at=NOW, external_id=first.external_id,
        email="dana@example.com", version=NOW + 2 * DAY,
    )  # fmt: skip
    assert whose(session, later) == ("none", None)
    assert breaches(session) == []
