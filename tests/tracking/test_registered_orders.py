"""Orders of registered customers, through orders.take: whose they are, what is asked for, who learns of them."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from campaigns import questions
from campaigns.blueprints.access import traced_order_for
from campaigns.errors import NotFound
from campaigns.models import AttributionDecision, Campaign, Order, Participation
from campaigns.planning.registrations import By, end_registration
from campaigns.settlement.books.check import breaches
from campaigns.settlement.earnings import passed_over
from campaigns.settlement.figures import figures_of
from campaigns.tracking.decisions import current_decision
from campaigns.tracking.identity import phone_key
from campaigns.tracking.orders import settle
from tests import factories
from tests.factories import NOW, registered

TERMS = {**factories.TERMS, "attribution": {"registered_customer_days": 7, "customer_lock_days": 3}}
DAY = timedelta(days=1)
DANA = "dana@example.com"


@pytest.fixture
def campaign(session: Session) -> Campaign:
    return factories.live_campaign(session, accepted=2, terms=TERMS)


def people(session: Session, campaign: Campaign) -> tuple[Participation, Participation]:
    mina, noa = factories.participants(session, campaign)
    return mina, noa


def buys(session: Session, campaign: Campaign, whose: Participation | None = None, **facts: object) -> Order:
    """An order of 100.00 by Dana, perhaps with somebody's code."""
    code = whose.code.code if whose and whose.code else ""
    return factories.order(session, shop=campaign.shop, **{"email": DANA, "code": code} | facts)  # type: ignore[arg-type]


def decided(session: Session, order: Order) -> AttributionDecision:
    decision = current_decision(session, order.id)
    assert decision is not None
    return decision


def whose(session: Session, order: Order) -> tuple[str, int | None]:
    decision = decided(session, order)
    return decision.reason, decision.participation_id


def test_an_exclusive_customer_is_minas_over_noas_code_and_the_books_agree(session: Session, campaign: Campaign):
    mina, noa = people(session, campaign)
    registered(session, mina, DANA, NOW - DAY)
    order = buys(session, campaign, noa)
    assert whose(session, order) == ("registered", mina.id)
    assert decided(session, order).evidence["won_by"] == "registered"
    figures = figures_of(session, campaign.id)
    assert figures[mina.id].commission_minor == 1_500 and noa.id not in figures
    assert breaches(session) == []


def test_without_the_registration_the_same_order_is_noas(session: Session, campaign: Campaign):
    """The control of the one above."""
    mina, noa = people(session, campaign)
    registered(session, mina, "else@example.com", NOW - DAY)
    assert whose(session, buys(session, campaign, noa)) == ("coupon", noa.id)


def test_a_customer_of_another_shop_is_nobodys_here(session: Session, campaign: Campaign):
    elsewhere = factories.live_campaign(session, accepted=2, terms=TERMS)
    registered(session, people(session, elsewhere)[0], DANA, NOW - DAY)
    registered(session, people(session, campaign)[0], "else@example.com", NOW - DAY)
    assert whose(session, buys(session, campaign)) == ("none", None)


def test_a_customer_is_recognised_by_the_phone_number(session: Session, campaign: Campaign):
    mina, noa = people(session, campaign)
    made = registered(session, mina, DANA, NOW - DAY)
    made.customer_key, made.phone_key = "", phone_key(factories.identity_key(), "050-1234567")
    order = buys(session, campaign, noa)
    order.phone_key = phone_key(factories.identity_key(), "+972 50 1234567")
    settle(session, order, factories.identity_key(), NOW)
    assert whose(session, order) == ("registered", mina.id)


def test_a_late_customer_is_minas_only_where_nothing_names_noa(session: Session, campaign: Campaign):
    mina, noa = people(session, campaign)
    buys(session, campaign, placed_at=NOW - 5 * DAY)
    registered(session, mina, DANA, NOW - 4 * DAY)
    assert whose(session, buys(session, campaign, placed_at=NOW - 3 * DAY)) == ("registered_late", mina.id)
    assert whose(session, buys(session, campaign, noa, placed_at=NOW - 2 * DAY)) == ("coupon", noa.id)
    assert whose(session, buys(session, campaign)) == ("customer_lock", noa.id)


def test_an_order_by_a_registration_locks_the_buyer_as_one_with_a_code_does(session: Session, campaign: Campaign):
    """Registered until the sixth day, bought then; the lock holds three days more."""
    mina, _ = people(session, campaign)
    registered(session, mina, DANA, NOW - 8 * DAY)
    first = buys(session, campaign, placed_at=NOW - 2 * DAY)
    assert whose(session, first) == ("registered", mina.id)
    again = buys(session, campaign)
    assert whose(session, again) == ("customer_lock", mina.id)
    assert decided(session, again).evidence["customer_lock"]["order"] == first.public_id


def test_a_registration_and_its_end_change_nothing_that_was_placed_before(session: Session, campaign: Campaign):
    mina, noa = people(session, campaign)
    before = buys(session, campaign, noa, placed_at=NOW - 2 * DAY)
    made = registered(session, mina, "gal@example.com", NOW - DAY)
    hers = buys(session, campaign, noa, email="gal@example.com", placed_at=NOW - timedelta(hours=2))
    registered(session, mina, DANA, NOW - DAY)
    by = By(factories.user(session).id, "http://localhost", factories.identity_key(), NOW)
    end_registration(session, made, "as she asked", by)
    kept = {order.id: decided(session, order).id for order in (before, hers)}
    for order in (before, hers):
        settle(session, order, factories.identity_key(), NOW + DAY)
    assert {order.id: decided(session, order).id for order in (before, hers)} == kept
    assert whose(session, hers) == ("registered", mina.id)


def test_an_ended_registration_and_a_refused_one_say_nothing_of_later_orders(session: Session, campaign: Campaign):
    mina, noa = people(session, campaign)
    made = registered(session, mina, DANA, NOW - 2 * DAY)
    assert registered(session, noa, DANA, NOW - 2 * DAY).status == "refused"
    by = By(factories.user(session).id, "http://localhost", factories.identity_key(), NOW - DAY)
    end_registration(session, made, "as she asked", by)
    order = buys(session, campaign)
    assert whose(session, order) == ("none", None)
    assert [one["verdict"] for one in decided(session, order).evidence["registrations"]] == ["ended"]


def test_an_order_placed_before_its_buyer_was_registered_and_told_of_after_is_nobodys(
    session: Session, campaign: Campaign
):
    made = registered(session, people(session, campaign)[0], DANA, NOW)
    order = buys(session, campaign, placed_at=NOW - timedelta(seconds=1))
    assert (whose(session, order), decided(session, order).evidence) == (("none", None), {})
    assert made.status == "attached"


def test_who_registers_strangers_learns_nothing_of_what_they_buy(session: Session, campaign: Campaign):
    """Mina's late customer buys with Noa's code, and then after the registration is over."""
    mina, noa = people(session, campaign)
    buys(session, campaign, placed_at=NOW - 9 * DAY)
    registered(session, mina, DANA, NOW - 8 * DAY)
    with_code = buys(session, campaign, noa, placed_at=NOW - 7 * DAY)
    later = buys(session, campaign, placed_at=NOW)
    assert [piece["verdict"] for piece in decided(session, later).evidence["registrations"]] == ["registration_over"]
    assert passed_over(session, mina) == []
    for order in (with_code, later):
        with pytest.raises(NotFound):
            traced_order_for(session, factories.user(session, influencer=mina.influencer), order.public_id)


def test_whose_code_an_exclusive_customer_used_reads_why_it_is_not_theirs(session: Session, campaign: Campaign):
    mina, noa = people(session, campaign)
    registered(session, mina, DANA, NOW - DAY)
    order = buys(session, campaign, noa)
    assert passed_over(session, noa) == [(order, "registered_to_another")]
    assert passed_over(session, mina) == []


def test_only_a_shop_with_registered_customers_is_asked_for_them_once_a_batch(
    session: Session, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
):
    said: list[str] = []
    ask = questions.by_driver

    def note(connection: Connection, statement: str, parameters: object) -> object:
        said.append(statement)
        return ask(connection, statement, parameters)

    monkeypatch.setattr(questions, "by_driver", note)
    buys(session, campaign)
    assert [one for one in said if "FROM registration" in one] == []
    assert len([one for one in said if "has_registrations" in one]) == 1
    registered(session, people(session, campaign)[0], "gal@example.com", NOW)
    said.clear()
    buys(session, campaign)
    assert len([one for one in said if "FROM registration" in one]) == 1


def test_what_a_registered_customer_orders_again_is_paid_as_a_repeated_order(session: Session):
    """30 % of the first 100.00, 10 % of the next, though only new customers earn."""
    days = {"registered_customer_days": 7}
    terms = {"influencer_rate_bps": 3_000, "customers": "new", "recurring": {"months": 6, "rate_bps": 1_000}}
    place = factories.live_campaign(session, accepted=1, terms={**terms, "attribution": days})
    (mina,) = factories.participants(session, place)
    registered(session, mina, DANA, NOW - 2 * DAY)
    buys(session, place, placed_at=NOW - DAY)
    assert whose(session, buys(session, place)) == ("registered", mina.id)
    assert figures_of(session, place.id)[mina.id].commission_minor == 3_000 + 1_000
    assert breaches(session) == []
