"""Days that are no day like others: clocks put forward and back, a leap day, the end of a year.

A campaign's dates are moments and its days are its zone's own, so an hour that comes twice counts twice, and one that
never comes is missed by nobody.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import AttributionDecision, Campaign, Order
from campaigns.planning import life
from campaigns.settlement.daily import daily
from campaigns.tracking.click_days import differences
from tests import factories

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)

# A zone, a day there, and how many hours it has.
DAYS = [
    ("Asia/Jerusalem", date(2027, 3, 26), 23),  # at 02:00 it is 03:00
    ("Asia/Jerusalem", date(2027, 10, 31), 25),  # at 02:00 it is 01:00
    ("Europe/Berlin", date(2027, 3, 28), 23),
    ("Europe/Berlin", date(2027, 10, 31), 25),
    ("Africa/Cairo", date(2027, 4, 30), 23),  # begins at 01:00: there is no midnight
    ("Africa/Cairo", date(2027, 10, 28), 25),  # its last hour comes twice
    ("Asia/Tehran", date(2027, 3, 22), 24),  # half an hour off, and no summer time since 2022
    ("Asia/Jerusalem", date(2028, 2, 29), 24),
    ("Europe/Berlin", date(2027, 12, 31), 24),
    ("Asia/Tehran", date(2028, 1, 1), 24),
]
days = pytest.mark.parametrize(("zone", "day", "hours"), DAYS, ids=[f"{zone} {day}" for zone, day, _ in DAYS])


def midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def running(session: Session, zone: str, first: date, last: date) -> tuple[Campaign, str]:
    """A campaign of whole days in its zone, from a midnight to a midnight; and a code of it."""
    begins, ends = midnight(first, zone), midnight(last, zone)
    place = factories.shop(session, timezone=zone)
    campaign = factories.live_campaign(
        session, accepted=1, shop=place, starts_at=begins, ends_at=ends, now=begins - SECOND
    )
    (person,) = factories.participants(session, campaign)
    assert person.code
    return campaign, person.code.code


@days
def test_every_hour_of_a_day_counts_to_it_however_many_it_has(
    session: Session, zone: str, day: date, hours: int
) -> None:
    campaign, code = running(session, zone, day - 3 * DAY, day + 3 * DAY)
    (person,) = factories.participants(session, campaign)
    begins = midnight(day, zone)
    for moment in (begins - SECOND, *(begins + timedelta(hours=hour) for hour in range(hours + 1))):
        factories.click(session, participation=person, at=moment)
        factories.order(session, shop=campaign.shop, code=code, placed_at=moment)
    told = daily(session, campaign.id, None, zone, day + 3 * DAY)
    assert [(one.on, one.clicks, one.orders) for one in told if one.clicks or one.orders] == [
        (day - DAY, 1, 1), (day, hours, hours), (day + DAY, 1, 1),
    ]  # fmt: skip
    assert differences(session.connection(), campaign.id) == []


@days
def test_a_campaign_of_one_such_day_earns_for_all_of_it_and_for_no_second_more(
    session: Session, zone: str, day: date, hours: int
) -> None:
    campaign, code = running(session, zone, day, day + DAY)
    begins, ends = campaign.starts_at, campaign.ends_at
    moments = {begins - SECOND: False, begins: True, ends - SECOND: True, ends: True, ends + SECOND: False}
    orders = [factories.order(session, shop=campaign.shop, code=code, placed_at=moment) for moment in moments]
    assert ends - begins == timedelta(hours=hours)
    assert [reason(session, order) for order in orders] == [
        "coupon" if earns else "refused_outside_dates" for earns in moments.values()
    ]


def reason(session: Session, order: Order) -> str:
    return session.scalars(select(AttributionDecision.reason).filter_by(order_id=order.id, superseded_at=None)).one()


@days
def test_it_goes_live_and_ends_at_its_midnights(session: Session, zone: str, day: date, hours: int) -> None:
    campaign, _ = running(session, zone, day, day + DAY)
    became = []
    for moment in (campaign.starts_at - SECOND, campaign.starts_at, campaign.ends_at - SECOND, campaign.ends_at):
        life.advance(session, campaign, moment)
        became.append(campaign.status)
    assert became == ["ready", "live", "live", "ended"]
