"""Days are the campaign's own, and add up to its figures."""

from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from campaigns.models import Campaign, Participation
from campaigns.settlement.daily import Day, daily
from campaigns.settlement.figures import figures_of
from campaigns.tracking.decisions import assign
from tests import factories

JERUSALEM = "Asia/Jerusalem"
LATER = date(2026, 7, 1)


def running(session: Session) -> tuple[Campaign, Participation, Participation]:
    """A live campaign from 1 to 22 May, and two of its participants."""
    campaign = factories.live_campaign(session)
    first, second = factories.participants(session, campaign)[:2]
    return campaign, first, second


def click(session: Session, participation: Participation, at: datetime, uncounted: str = "") -> None:
    """One visit through the participant's link."""
    factories.click(session, participation=participation, at=at, agent="WhatsApp/2" if uncounted else "")


def code(participation: Participation) -> str:
    """The code in use."""
    assert participation.code
    return participation.code.code


def test_a_day_ends_at_midnight_of_the_campaigns_zone(session: Session) -> None:
    """In May Jerusalem is three hours ahead: 21:00 UTC on the 9th is already the 10th there."""
    campaign, noa, _ = running(session)
    click(session, noa, datetime(2026, 5, 9, 20, 59, 59, tzinfo=UTC))
    click(session, noa, datetime(2026, 5, 9, 21, 0, tzinfo=UTC))
    days = {day.on: day.clicks for day in daily(session, campaign.id, None, JERUSALEM, LATER)}
    assert (days[date(2026, 5, 9)], days[date(2026, 5, 10)]) == (1, 1)


def test_every_day_of_the_campaign_is_listed_in_order_empty_ones_too(session: Session) -> None:
    campaign, _, _ = running(session)
    days = daily(session, campaign.id, None, JERUSALEM, LATER)
    assert days[0] == Day(date(2026, 5, 1))
    assert [day.on.day for day in days] == list(range(1, 23))


def test_days_to_come_are_left_out(session: Session) -> None:
    campaign, _, _ = running(session)
    assert daily(session, campaign.id, None, JERUSALEM, date(2026, 5, 10))[-1].on == date(2026, 5, 10)


def test_a_campaign_that_has_not_begun_has_no_days(session: Session) -> None:
    campaign, _, _ = running(session)
    assert daily(session, campaign.id, None, JERUSALEM, date(2026, 4, 30)) == []


def test_one_participants_days_hold_nothing_of_another(session: Session) -> None:
    campaign, noa, other = running(session)
    factories.order(session, shop=campaign.shop, code=code(noa), net_minor=10_000)
    factories.order(session, shop=campaign.shop, code=code(other), net_minor=7_000)
    click(session, other, factories.NOW)
    tenth = daily(session, campaign.id, noa.id, JERUSALEM, LATER)[9]
    assert tenth == Day(date(2026, 5, 10), clicks=0, orders=1, sales_minor=10_000)


def test_the_days_add_up_to_the_campaigns_figures(session: Session) -> None:
    """Robots are no clicks and cancelled orders no sales; a sale of April, assigned by hand, is on the first day."""
    campaign, noa, _ = running(session)
    click(session, noa, factories.NOW)
    click(session, noa, factories.NOW, uncounted="robot")
    factories.order(session, shop=campaign.shop, code=code(noa), net_minor=10_000, refunded_minor=2_500)
    factories.order(session, shop=campaign.shop, code=code(noa), net_minor=9_000, status="cancelled")
    assign_before_the_start(session, noa)
    days, figures = daily(session, campaign.id, None, JERUSALEM, LATER), figures_of(session, campaign.id)[noa.id]
    assert days[0] == Day(date(2026, 5, 1), clicks=0, orders=1, sales_minor=4_000)
    assert sum(day.clicks for day in days) == figures.clicks == 1
    assert sum(day.sales_minor for day in days) == figures.sales_minor == 14_000
    assert sum(day.refunded_minor for day in days) == figures.refunded_minor == 2_500


def assign_before_the_start(session: Session, participation: Participation) -> None:
    """Staff credit an order of 40.00 that was placed in April."""
    shop, at = participation.campaign.shop, datetime(2026, 4, 25, 10, tzinfo=UTC)
    early = factories.order(session, shop=shop, net_minor=4_000, placed_at=at)
    assign(session, early, participation, factories.user(session).id, "told us by phone", factories.NOW)
