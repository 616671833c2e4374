"""What was earned today and in the last days, and what of it may still go back."""

from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from campaigns.models import Campaign, Order, Participation, Shop
from campaigns.settlement.disputing.holds import hold
from campaigns.settlement.earned_days import earned_days
from campaigns.settlement.earnings import credited
from campaigns.settlement.pending import pending_of
from tests import factories
from tests.factories import NOW

ZONE = "Asia/Jerusalem"
LEADS = {**factories.TERMS, "leads": {"per_lead_minor": 500}}


def selling(session: Session, shop: Shop | None = None, **asked: Any) -> tuple[Campaign, Participation]:
    campaign = factories.live_campaign(session, accepted=1, shop=shop, **asked)
    return campaign, factories.participants(session, campaign)[0]


def sale(session: Session, mine: Participation, net_minor: int, days_ago: int = 0, **facts: Any) -> Order:
    moment = NOW - timedelta(days=days_ago)
    code = mine.codes[0].code
    return factories.order(session, shop=mine.campaign.shop, code=code, net_minor=net_minor, placed_at=moment, **facts)


def test_today_is_the_last_of_thirty_days(session: Session) -> None:
    """100.00 and 40.00 today, 200.00 three days ago, each at 15 %."""
    _, mine = selling(session)
    for net_minor, days_ago in ((10_000, 0), (4_000, 0), (20_000, 3)):
        sale(session, mine, net_minor, days_ago)
    days = earned_days(session, [mine.id], ZONE, NOW)["ILS"]
    assert len(days) == 30 and days[-1].on == NOW.date()
    assert [(one.orders, one.commission_minor) for one in days[-4:]] == [(1, 3_000), (0, 0), (0, 0), (2, 2_100)]


def test_a_refund_lowers_the_day_of_its_order(session: Session) -> None:
    """100.00 less 40.00 at 15 %."""
    _, mine = selling(session)
    sale(session, mine, 10_000, 1, refunded_minor=4_000)
    assert earned_days(session, [mine.id], ZONE, NOW)["ILS"][-2].commission_minor == 900


def test_a_day_ends_at_midnight_where_the_reader_is(session: Session) -> None:
    """21:30 UTC on the 9th is half past midnight of the 10th in Jerusalem."""
    _, mine = selling(session)
    late = NOW.replace(day=9, hour=21, minute=30)
    factories.order(session, shop=mine.campaign.shop, code=mine.codes[0].code, placed_at=late)
    by_zone = {zone: earned_days(session, [mine.id], zone, NOW)["ILS"] for zone in (ZONE, "UTC")}
    assert [(by_zone[zone][-1].orders, by_zone[zone][-2].orders) for zone in (ZONE, "UTC")] == [(1, 0), (0, 1)]


def test_currencies_are_series_of_their_own(session: Session) -> None:
    _, shekels = selling(session)
    _, euros = selling(session, factories.shop(session, domain="eu.example.com", currency="EUR"))
    sale(session, shekels, 10_000)
    sale(session, euros, 20_000)
    found = earned_days(session, [shekels.id, euros.id], ZONE, NOW)
    assert {currency: days[-1].commission_minor for currency, days in found.items()} == {"EUR": 3_000, "ILS": 1_500}


def test_others_earnings_and_older_days_are_not_counted(session: Session) -> None:
    campaign = factories.live_campaign(session, accepted=2)
    mine, other = factories.participants(session, campaign)
    sale(session, other, 10_000)
    sale(session, mine, 10_000, 5)
    assert earned_days(session, [mine.id], ZONE, NOW, 5) == {}


def test_what_contacts_earn_is_in_their_day(session: Session) -> None:
    campaign, mine = selling(session, terms=LEADS)
    factories.contact(session, shop=campaign.shop, code=mine.codes[0].code)
    today = earned_days(session, [mine.id], ZONE, NOW)["ILS"][-1]
    assert (today.orders, today.commission_minor) == (0, 500)


def test_pending_names_amount_and_both_ends(session: Session) -> None:
    """15.00 of today and 30.00 of five days ago; goods may come back for as long as the terms say."""
    _, mine = selling(session)
    window = timedelta(days=mine.acceptances[-1].terms["return_window_days"])
    sale(session, mine, 10_000)
    sale(session, mine, 20_000, 5)
    found = pending_of(session, [mine.id], NOW)[mine.id]
    assert (found.orders, found.amount_minor) == (2, 4_500)
    assert (found.first_until, found.last_until) == (NOW - timedelta(days=5) + window, NOW + window)


def test_pending_is_what_the_orders_say_that_are_pending(session: Session) -> None:
    """Held, given back in full and past the days of return: none of it is pending."""
    campaign, mine = selling(session)
    kept = sale(session, mine, 10_000)
    hold(session, sale(session, mine, 20_000), "a doubt", None, NOW)
    sale(session, mine, 30_000, refunded_minor=30_000)
    listed = credited(session, campaign.id, NOW, mine.id)
    assert [one.order for one in listed if one.state == "pending"] == [kept]
    assert pending_of(session, [mine.id], NOW)[mine.id].amount_minor == 1_500
    later = NOW + timedelta(days=mine.acceptances[-1].terms["return_window_days"])
    assert pending_of(session, [mine.id], later) == {}


def test_each_pending_order_says_until_when(session: Session) -> None:
    campaign, mine = selling(session)
    sale(session, mine, 10_000)
    (one,) = credited(session, campaign.id, NOW, mine.id)
    assert one.pending_until == NOW + timedelta(days=mine.acceptances[-1].terms["return_window_days"])
