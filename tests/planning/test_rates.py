"""Rates as staff enter them: they convert the orders of their days, are corrected by a further row, and never overlap.

The campaign is in shekels and pays 15 % and 3 %. An order of 100.00 dollars at 3.60 is a sale of 360.00: 54.00 for Mina
and 10.80 for the agency.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from campaigns import questions
from campaigns.errors import Conflict, Invalid
from campaigns.models import Campaign, ExchangeRate, Order
from campaigns.planning.crediting import credit_by_hand
from campaigns.planning.rates import Rate, correct_rate, enter_rate, withdraw_rate
from campaigns.settlement.books.check import breaches_of_money
from campaigns.settlement.figures import figures_of
from campaigns.tracking.decisions import current_decision
from campaigns.tracking.repricing import judge_stale, stale
from tests import factories
from tests.factories import NOW

TODAY = NOW.date()
DOLLARS = Rate("USD", "ILS", TODAY, TODAY, 3_600_000, "Bank of Israel")


@pytest.fixture
def campaign(session: Session) -> Campaign:
    return factories.live_campaign(session, accepted=1)


def enter(session: Session, rate: Rate = DOLLARS, now: datetime = NOW) -> ExchangeRate:
    return enter_rate(session, rate, None, factories.identity_key(), now)


def sell(session: Session, campaign: Campaign, **facts: Any) -> Order:
    (mina,) = factories.participants(session, campaign)
    assert mina.code
    return factories.order(session, shop=campaign.shop, code=mina.code.code, currency="USD", **facts)


def reason(session: Session, order: Order) -> str:
    decision = current_decision(session, order.id)
    assert decision is not None
    return decision.reason


def earned(session: Session, campaign: Campaign) -> tuple[int, int]:
    """Commission and fee; the books must agree."""
    assert breaches_of_money(session) == []
    figures = list(figures_of(session, campaign.id).values())
    return sum(row.commission_minor for row in figures), sum(row.agency_fee_minor for row in figures)


def test_without_a_rate_an_order_in_another_currency_is_held_back(session: Session, campaign: Campaign):
    assert reason(session, sell(session, campaign)) == "refused_currency"
    assert earned(session, campaign) == (0, 0)


def test_with_a_rate_it_is_decided_as_any_other_and_the_evidence_names_the_rate(session: Session, campaign: Campaign):
    rate = enter(session)
    decision = current_decision(session, sell(session, campaign).id)
    assert decision is not None and decision.reason == "coupon"
    assert decision.evidence["rate"] == {
        "id": rate.public_id, "from": "USD", "to": "ILS", "rate_millionths": 3_600_000, "on": "2026-05-10",
        "source": "Bank of Israel",
    }  # fmt: skip
    assert earned(session, campaign) == (5_400, 1_080)


def test_a_rate_entered_later_lets_the_order_that_waited_earn(session: Session, campaign: Campaign):
    order = sell(session, campaign)
    enter(session)
    assert reason(session, order) == "coupon"
    assert earned(session, campaign) == (5_400, 1_080)


def test_a_refund_of_a_converted_order_is_converted_by_the_same_rate(session: Session, campaign: Campaign):
    enter(session)
    sell(session, campaign, external_id="1001")
    sell(session, campaign, external_id="1001", refunded_minor=5_000, version=NOW + timedelta(hours=1))
    assert earned(session, campaign) == (2_700, 540)
    (figures,) = figures_of(session, campaign.id).values()
    assert (figures.orders, figures.sales_minor, figures.refunded_minor) == (1, 36_000, 18_000)


def test_a_corrected_rate_posts_the_difference_and_the_row_before_stays(session: Session, campaign: Campaign):
    former = enter(session)
    sell(session, campaign)
    correct_rate(session, former, replace(DOLLARS, rate_millionths=4_000_000), None, factories.identity_key(), NOW)
    assert earned(session, campaign) == (6_000, 1_200)
    assert (former.rate_millionths, former.superseded_at) == (3_600_000, NOW)


def test_a_withdrawn_rate_takes_the_commission_back_and_the_order_is_held_again(session: Session, campaign: Campaign):
    former = enter(session)
    order = sell(session, campaign)
    withdraw_rate(session, former, None, factories.identity_key(), NOW)
    assert reason(session, order) == "refused_currency"
    assert earned(session, campaign) == (0, 0)


def test_a_rate_is_corrected_or_withdrawn_once(session: Session, campaign: Campaign):
    former = enter(session)
    withdraw_rate(session, former, None, factories.identity_key(), NOW)
    with pytest.raises(Conflict, match="corrected or withdrawn before"):
        correct_rate(session, former, DOLLARS, None, factories.identity_key(), NOW)


@pytest.mark.parametrize(
    ("placed_at", "decision"),
    [
        (datetime(2026, 5, 9, 20, 59, 59, tzinfo=UTC), "refused_currency"),  # a second before midnight in Jerusalem
        (datetime(2026, 5, 9, 21, 0, tzinfo=UTC), "coupon"),
        (datetime(2026, 5, 10, 20, 59, 59, tzinfo=UTC), "coupon"),
        (datetime(2026, 5, 10, 21, 0, tzinfo=UTC), "refused_currency"),
    ],
)
def test_the_day_is_the_campaigns(session: Session, campaign: Campaign, placed_at: datetime, decision: str):
    order = sell(session, campaign, placed_at=placed_at)
    enter(session)
    assert reason(session, order) == decision


def test_an_order_credited_by_hand_is_converted_too_and_follows_a_correction(session: Session, campaign: Campaign):
    (mina,) = factories.participants(session, campaign)
    order = factories.order(session, shop=campaign.shop, currency="USD")
    staff, key = factories.user(session), factories.identity_key()
    with pytest.raises(Conflict, match="no rate is entered for 2026-05-10"):
        credit_by_hand(session, order, mina, staff.id, "seen in the chat", "http://localhost", key, NOW)
    former = enter(session)
    credit_by_hand(session, order, mina, staff.id, "seen in the chat", "http://localhost", key, NOW)
    assert earned(session, campaign) == (5_400, 1_080)
    correct_rate(session, former, replace(DOLLARS, rate_millionths=4_000_000), None, key, NOW)
    assert (reason(session, order), earned(session, campaign)) == ("manual", (6_000, 1_200))


def test_an_order_credited_by_hand_earns_nothing_while_its_rate_is_withdrawn(session: Session, campaign: Campaign):
    (mina,) = factories.participants(session, campaign)
    former, order = enter(session), factories.order(session, shop=campaign.shop, currency="USD")
    staff, key = factories.user(session), factories.identity_key()
    credit_by_hand(session, order, mina, staff.id, "seen in the chat", "http://localhost", key, NOW)
    withdraw_rate(session, former, None, key, NOW)
    assert (reason(session, order), earned(session, campaign)) == ("manual", (0, 0))


def test_yen_without_decimals_and_dinars_with_three_are_converted_exactly(session: Session, campaign: Campaign):
    (mina,) = factories.participants(session, campaign)
    assert mina.code
    enter(session, replace(DOLLARS, from_currency="JPY", rate_millionths=24_500))
    enter(session, replace(DOLLARS, from_currency="KWD", rate_millionths=12_000_000))
    code, shop = mina.code.code, campaign.shop
    factories.order(session, shop=shop, code=code, currency="JPY", net_minor=10_000)  # 245.00
    factories.order(session, shop=shop, code=code, currency="KWD", net_minor=10_000)  # 120.00
    assert earned(session, campaign) == (3_675 + 1_800, 735 + 360)


@pytest.mark.parametrize("days", [(0, 0), (-3, 0), (0, 3), (-3, 3)])
def test_two_live_rates_of_a_pair_share_no_day(session: Session, days: tuple[int, int]):
    enter(session)
    first, last = (TODAY + timedelta(days=shift) for shift in days)
    with pytest.raises(Conflict, match="already: correct that one"):
        enter(session, replace(DOLLARS, from_date=first, to_date=last))


def test_the_day_after_and_the_other_direction_are_free(session: Session):
    enter(session)
    tomorrow = TODAY + timedelta(days=1)
    enter(session, replace(DOLLARS, from_date=tomorrow, to_date=tomorrow))
    enter(session, replace(DOLLARS, from_currency="ILS", to_currency="USD", rate_millionths=277_778))
    assert session.query(ExchangeRate).count() == 3


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"from_currency": "XYZ"}, "from_currency"),
        ({"from_currency": "ILS"}, "to_currency"),
        ({"rate_millionths": 0}, "rate"),
        ({"to_date": TODAY - timedelta(days=1)}, "to_date"),
        ({"to_date": TODAY + timedelta(days=366)}, "to_date"),
        ({"from_date": date(1999, 1, 1), "to_date": date(1999, 1, 1)}, "from_date"),
        ({"source": "  "}, "source"),
        ({"source": "x" * 301}, "source"),
    ],
)
def test_what_is_no_rate_is_refused_by_its_field(session: Session, wrong: dict[str, Any], field: str):
    with pytest.raises(Invalid) as refused:
        enter(session, replace(DOLLARS, **wrong))
    assert list(refused.value.errors) == [field]


def test_a_correction_keeps_the_currencies(session: Session):
    former = enter(session)
    with pytest.raises(Invalid, match="keeps the currencies"):
        correct_rate(session, former, replace(DOLLARS, from_currency="EUR"), None, factories.identity_key(), NOW)


def test_what_a_moment_has_no_room_for_is_judged_by_the_worker(session: Session, campaign: Campaign):
    orders = [sell(session, campaign) for _ in range(3)]
    session.add(_row())
    assert judge_stale(session, factories.identity_key(), NOW, most=2) == 2
    assert len(stale(session, NOW)) == 1
    assert judge_stale(session, factories.identity_key(), NOW) == 1
    assert {reason(session, order) for order in orders} == {"coupon"}
    assert stale(session, NOW) == []


def _row() -> ExchangeRate:
    """A rate as it stands the moment after it was entered."""
    return ExchangeRate(
        from_currency="USD", to_currency="ILS", from_date=TODAY, to_date=TODAY, rate_millionths=3_600_000,
        source="Bank of Israel", entered_at=NOW,
    )  # fmt: skip


def test_orders_in_the_campaigns_own_currency_ask_for_no_rate(
    session: Session, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
):
    (mina,) = factories.participants(session, campaign)
    assert mina.code
    asked: list[str] = []
    ask = questions.by_driver

    def note(connection: Connection, statement: str, parameters: Any) -> Any:
        asked.append(statement)
        return ask(connection, statement, parameters)

    monkeypatch.setattr(questions, "by_driver", note)
    factories.order(session, shop=campaign.shop, code=mina.code.code)
    assert asked and not any("exchange_rate" in statement for statement in asked)
    sell(session, campaign)
    assert sum("exchange_rate" in statement for statement in asked) == 1
