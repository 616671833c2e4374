"""Daily counts of clicks: of the campaign's own days, equal to the rows, and put right where they are not."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from campaigns.db import begin_writing, db, one_moment, reading
from campaigns.models import Campaign, Click, ClickDay, Participation, RetentionMark
from campaigns.tracking import click_days
from campaigns.tracking.click_days import CORRECTIONS, Difference, differences, rebuild
from tests.factories import NOW, START, click, live_campaign, participants, shop

DAY = timedelta(days=1)


def staged(session: Session, zone: str = "Asia/Jerusalem", **plan: object) -> Participation:
    """Somebody with a link in a campaign of a zone."""
    return participants(session, live_campaign(session, accepted=1, shop=shop(session, timezone=zone), **plan))[0]


def days(session: Session) -> dict[date, int]:
    rows = session.execute(select(ClickDay.on, func.sum(ClickDay.clicks)).group_by(ClickDay.on).order_by(ClickDay.on))
    return {on: int(clicks) for on, clicks in rows}


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("zone", "midnight"),
    [
        ("Asia/Jerusalem", at(2026, 5, 9, 21, 0)),
        ("Asia/Kolkata", at(2026, 5, 9, 18, 30)),
        ("Asia/Kathmandu", at(2026, 5, 9, 18, 15)),
        ("America/New_York", at(2026, 5, 10, 4, 0)),
        ("Pacific/Kiritimati", at(2026, 5, 9, 10, 0)),
    ],
)
def test_a_day_begins_at_midnight_of_the_campaigns_zone(session: Session, zone: str, midnight: datetime):
    person = staged(session, zone)
    for moment in (midnight - timedelta(microseconds=1), midnight, midnight + DAY - timedelta(microseconds=1)):
        click(session, participation=person, at=moment)
    assert days(session) == {date(2026, 5, 9): 1, date(2026, 5, 10): 2}
    assert differences(session.connection()) == []


@pytest.mark.parametrize(
    ("first", "last", "day", "hours"),
    [
        (at(2026, 3, 26, 22, 0), at(2026, 3, 27, 20, 59), date(2026, 3, 27), 23),
        (at(2026, 10, 24, 21, 0), at(2026, 10, 25, 21, 59), date(2026, 10, 25), 25),
    ],
)
def test_the_days_the_clock_changes_in_jerusalem_are_shorter_and_longer(
    session: Session, first: datetime, last: datetime, day: date, hours: int
):
    person = staged(session)
    for hour in range(hours):
        click(session, participation=person, at=first + timedelta(hours=hour))
    assert days(session) == {day: hours}
    click(session, participation=person, at=last + timedelta(minutes=1))
    assert days(session) == {day: hours, day + DAY: 1}
    assert differences(session.connection()) == []


@settings(max_examples=300, deadline=None)
@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001 - it adds the zone
    st.sampled_from(["Asia/Jerusalem", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns", "Africa/Cairo"]),
)
def test_the_minute_of_a_click_tells_its_day_as_its_moment_does(moment: datetime, name: str):
    zone = ZoneInfo(name)
    assert click_days._day(f"{moment:%Y-%m-%d %H:%M}", zone) == moment.astimezone(zone).date()


def test_why_a_visit_is_not_counted_is_counted_apart(session: Session):
    person = staged(session)
    for agent in ("Firefox/140", "Firefox/140", "Googlebot/2.1"):
        click(session, participation=person, agent=agent)
    rows = session.execute(select(ClickDay.uncounted, ClickDay.clicks).order_by(ClickDay.uncounted))
    assert rows.all() == [("", 2), ("robot", 1)]


def tampered(session: Session) -> tuple[Campaign, list[Difference]]:
    """A campaign with five clicks on two days, of whose counts one is too high and one is gone; and what is found."""
    person = staged(session)
    for moment in (NOW, NOW, NOW, NOW + DAY, NOW + DAY):
        click(session, participation=person, at=moment)
    session.execute(update(ClickDay).where(ClickDay.on == NOW.date()).values(clicks=10))
    session.query(ClickDay).filter(ClickDay.on > NOW.date()).delete()
    return person.campaign, differences(session.connection())


def test_a_count_that_was_tampered_with_is_found_with_both_numbers(session: Session):
    campaign, found = tampered(session)
    person = participants(session, campaign)[0].id
    assert [(one.place, one.counted, one.found) for one in found] == [
        ((campaign.id, person, NOW.date(), ""), 10, 3),
        ((campaign.id, person, NOW.date() + DAY, ""), 0, 2),
    ]
    assert differences(session.connection(), campaign.id) == found
    assert differences(session.connection(), campaign.id + 1) == []


def test_a_rebuild_makes_the_counts_those_of_the_rows_and_twice_changes_nothing(session: Session):
    _, found = tampered(session)
    for _ in range(2):
        rebuild(session.connection(), found)
        assert days(session) == {NOW.date(): 3, NOW.date() + DAY: 2}
    assert differences(session.connection()) == []


def test_clicks_that_come_between_comparison_and_rebuild_are_counted_too(session: Session):
    campaign, found = tampered(session)
    click(session, participation=participants(session, campaign)[0])
    rebuild(session.connection(), found)
    assert days(session)[NOW.date()] == 4
    assert differences(session.connection()) == []


def test_what_goes_wrong_after_a_rebuild_is_put_right_by_the_next(session: Session):
    _, found = tampered(session)
    rebuild(session.connection(), found)
    session.execute(update(ClickDay).where(ClickDay.lane == 0).values(clicks=40))
    rebuild(session.connection(), differences(session.connection()))
    assert days(session) == {NOW.date(): 3, NOW.date() + DAY: 2}


def test_counts_that_were_lost_altogether_come_back(session: Session):
    campaign, _ = tampered(session)
    session.query(ClickDay).delete()
    rebuild(session.connection(), differences(session.connection(), campaign.id))
    assert days(session) == {NOW.date(): 3, NOW.date() + DAY: 2}
    assert set(session.scalars(select(ClickDay.lane))) == {CORRECTIONS}


def test_a_click_that_is_gone_is_missed(session: Session):
    person = staged(session)
    click(session, participation=person)
    session.query(Click).delete()
    assert [(one.counted, one.found) for one in differences(session.connection())] == [(1, 0)]


def test_days_whose_rows_were_let_go_are_not_compared_and_not_rebuilt(session: Session):
    person = staged(session)
    for moment in (START, NOW, NOW + DAY):
        click(session, participation=person, at=moment)
    session.query(Click).filter(Click.clicked_at < NOW + DAY).delete()
    session.add(RetentionMark(name="click", before=NOW + timedelta(hours=1)))
    session.flush()
    assert differences(session.connection()) == []
    session.query(ClickDay).filter(ClickDay.on > NOW.date()).delete()
    assert [one.place[2] for one in differences(session.connection())] == [NOW.date() + DAY]


def test_rows_are_read_in_pieces_and_each_is_counted_once(session: Session, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(click_days, "AT_ONCE", 3)
    people = [staged(session), staged(session, "Asia/Kolkata")]
    for number in range(20):
        click(session, participation=people[number % 2], at=NOW + number * timedelta(hours=5))
    assert sum(click_days.recount(session.connection()).values()) == 20
    assert differences(session.connection()) == []


def test_a_comparison_of_one_moment_is_fair_while_clicks_come(app: Flask, session: Session):
    person = staged(session)
    click(session, participation=person)
    session.commit()
    with reading():
        one_moment(session)
        kept = click_days._counted(session.connection(), None)[0]
        with db.engine.connect() as other:
            begin_writing()
            click(Session(other), participation=person)
            other.commit()
        assert click_days.recount(session.connection()) == kept
        session.rollback()
    assert days(session) == {NOW.date(): 2}
