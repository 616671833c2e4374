"""The books: balanced, by difference, and never rewritten."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaigns.commissions.accrual import Credit, Owing, accrue_all, target
from campaigns.commissions.ledger import Leg, balance, balances_by_campaign, difference, post, posted_for_orders
from campaigns.commissions.run import earned_alone
from campaigns.commissions.terms import Sale, complete
from campaigns.errors import Unbalanced
from tests.factories import NOW, live_campaign, order, participants

DUE, BANK = Leg("influencer_due", 7, "ILS"), Leg("bank_clearing", 0, "ILS")


def test_what_does_not_sum_to_zero_is_refused(session: Session):
    with pytest.raises(Unbalanced):
        post(session, "payout", {DUE: 100, BANK: -99}, NOW)


def test_two_currencies_must_each_sum_to_zero(session: Session):
    with pytest.raises(Unbalanced):
        post(session, "payout", {DUE: 100, Leg("bank_clearing", 0, "USD"): -100}, NOW)


def test_a_balance_is_the_sum_of_postings(session: Session):
    post(session, "payout", {DUE: 100, BANK: -100}, NOW)
    post(session, "payout", {DUE: 50, BANK: -50}, NOW)
    assert (balance(session, "influencer_due", 7, "ILS"), balance(session, "bank_clearing", 0, "ILS")) == (150, -150)


def test_a_balance_is_the_sum_of_its_campaigns_parts(session: Session):
    campaign = live_campaign(session, accepted=1)
    post(session, "payout", {DUE._replace(campaign_id=campaign.id): 100, BANK: -100}, NOW)
    post(session, "payout", {DUE: 50, BANK: -50}, NOW)
    assert balances_by_campaign(session, "influencer_due", 7, "ILS") == {campaign.id: 100, None: 50}
    assert balance(session, "influencer_due", 7, "ILS") == 150


def test_nothing_to_post_writes_nothing(session: Session):
    assert post(session, "payout", {DUE: 0, BANK: 0}, NOW) is None


@pytest.mark.parametrize("change", ["UPDATE posting SET amount_minor = 1", "DELETE FROM posting",
                                    "DELETE FROM ledger_transaction"])  # fmt: skip
def test_a_posting_can_not_be_rewritten(session: Session, change: str):
    post(session, "payout", {DUE: 100, BANK: -100}, NOW)
    session.commit()
    with pytest.raises(IntegrityError):
        session.execute(text(change))
    session.rollback()
    assert balance(session, "influencer_due", 7, "ILS") == 100


def accrue(session: Session, order_id: int, credit: Credit | None, sale: Sale | None) -> int | None:
    """Bring one order, valued by itself, to its target; None where it stands there already."""
    earned = earned_alone(credit.terms, sale) if credit and sale else None
    return accrue_all(session.connection(), [Owing(order_id, credit, earned, "ILS")], NOW)[0]


def test_accruing_twice_posts_once(session: Session):
    campaign = live_campaign(session, accepted=10)
    person = participants(session, campaign)[0]
    sold = order(session, shop=campaign.shop, code=person.code.code, net_minor=18000)
    credit = Credit(campaign.brand_id, person.influencer_id, campaign.id, person.id, complete(campaign.terms.body))
    assert accrue(session, sold.id, credit, Sale(18000, 0, 0, 0)) is None
    assert balance(session, "influencer_pending", person.influencer_id, "ILS") == -2700


def test_another_influencer_credited_moves_the_money_and_leaves_the_sum(session: Session):
    campaign = live_campaign(session, accepted=10)
    mina, omar = participants(session, campaign)[:2]
    sold = order(session, shop=campaign.shop, code=mina.code.code, net_minor=18000)
    credit = Credit(campaign.brand_id, omar.influencer_id, campaign.id, omar.id, complete(campaign.terms.body))
    accrue(session, sold.id, credit, Sale(18000, 0, 0, 0))
    assert balance(session, "influencer_pending", mina.influencer_id, "ILS") == 0
    assert balance(session, "influencer_pending", omar.influencer_id, "ILS") == -2700
    assert balance(session, "brand_receivable", campaign.brand_id, "ILS") == 3240


sales = st.builds(Sale, st.integers(0, 10**9), st.integers(0, 10**8), st.integers(0, 10**9), st.integers(0, 10**8))
rates = st.fixed_dictionaries(
    {
        "influencer_rate_bps": st.integers(0, 5000),
        "agency_rate_bps": st.integers(0, 5000),
        "base": st.sampled_from(["net", "gross"]),
    }
)


@given(st.lists(st.tuples(sales, rates, st.integers(1, 3)), min_size=1, max_size=8))
def test_however_targets_follow_each_other_the_sum_of_differences_is_the_last_target(steps):
    posted: dict[Leg, int] = {}
    for sale, terms, person in steps:
        wanted = target(Credit(1, person, 1, person, complete(terms)), earned_alone(terms, sale), "ILS")
        assert sum(wanted.values()) == 0
        for leg, amount in difference(wanted, posted).items():
            posted[leg] = posted.get(leg, 0) + amount
    assert {leg: amount for leg, amount in posted.items() if amount} == {
        leg: amount for leg, amount in wanted.items() if amount
    }


def test_posted_for_order_leaves_out_what_cancelled_out(session: Session):
    campaign = live_campaign(session, accepted=10)
    person = participants(session, campaign)[0]
    sold = order(session, shop=campaign.shop, code=person.code.code, net_minor=10000)
    accrue(session, sold.id, None, None)
    assert posted_for_orders(session.connection(), [sold.id]) == {}
