"""Old clicks are let go: of campaigns that are over, never one an order names, in slices that leave no half day."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from campaigns.commissions.ledger import earned_by_participation
from campaigns.ids import TimeOrdered
from campaigns.jobs import TIMERS, let_clicks_go, run_slot
from campaigns.models import Campaign, Click, Participation, RetentionMark
from campaigns.settlement.books.check import breaches
from campaigns.tracking.click_days import differences, kept_since
from campaigns.tracking.retention import Slice, let_go
from config import Settings
from tests.factories import NOW, click, click_id, live_campaign, order, participants

LATER = NOW + timedelta(days=500)
BEFORE = NOW + timedelta(days=100)
RETENTION = next(timer for timer in TIMERS if timer.name == "retention")


def somebody(session: Session) -> Participation:
    """Somebody with a link of a campaign that is closed."""
    person = participants(session, live_campaign(session, accepted=1))[0]
    person.campaign.status = "closed"
    session.flush()
    return person


def left(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Click)) or 0


def settings(app: Flask) -> Settings:
    found: Settings = app.extensions["settings"]
    return found


def test_only_clicks_before_the_moment_go_and_their_counts_stay(session: Session):
    person = somebody(session)
    for moment in (BEFORE - timedelta(milliseconds=1), BEFORE, BEFORE + timedelta(days=1)):
        click(session, participation=person, at=moment)
    done = let_go(session.connection(), BEFORE)
    assert done is not None and done.gone == 1
    assert list(session.scalars(select(Click.clicked_at).order_by(Click.id))) == [BEFORE, BEFORE + timedelta(days=1)]
    assert breaches(session) == []


@pytest.mark.parametrize(
    ("status", "stays"),
    [("live", 1), ("ended", 1), ("reconciling", 1), ("closed", 0), ("archived", 0), ("cancelled", 0)],
)
def test_clicks_of_a_campaign_that_is_not_over_stay(session: Session, status: str, stays: int):
    person = somebody(session)
    click(session, participation=person)
    person.campaign.status = status
    session.flush()
    let_go(session.connection(), BEFORE)
    assert left(session) == stays


def test_a_click_from_before_ids_grew_with_time_is_judged_by_its_time(session: Session):
    person = somebody(session)
    for number, moment in ((1, NOW), (2, BEFORE)):
        row = click(session, participation=person, at=moment)
        session.execute(update(Click).where(Click.id == row.id).values(id=number, former_id=f"old{number}"))
    assert let_go(session.connection(), BEFORE) == Slice(1, 1)
    assert session.scalars(select(Click.former_id)).all() == ["old2"]


def test_a_click_that_an_order_names_stays_and_a_late_refund_finds_whom_it_credited(session: Session):
    person = somebody(session)
    seller, _ = (click(session, participation=person) for _ in range(2))
    facts = {"shop": person.campaign.shop, "external_id": "7", "click_ids": (click_id(seller),)}
    order(session, **facts)
    let_go(session.connection(), BEFORE)
    assert session.scalars(select(Click.id)).all() == [seller.id]
    order(session, **facts, refunded_minor=4_000, version=LATER)
    earned = earned_by_participation(session, [person.campaign_id])
    assert earned[person.campaign_id, person.id] == (900, 180)  # 15 % and 3 % of 60.00
    assert breaches(session) == []


def test_a_click_named_in_the_old_way_stays(session: Session):
    person = somebody(session)
    row = click(session, participation=person)
    session.execute(update(Click).where(Click.id == row.id).values(former_id="theOldTextId22"))
    order(session, shop=person.campaign.shop, click_ids=("theOldTextId22",))
    assert let_go(session.connection(), BEFORE) == Slice(0, row.id)


def test_slices_go_on_from_one_another_and_over_what_stays(session: Session):
    person = somebody(session)
    rows = [click(session, participation=person, at=NOW + timedelta(seconds=number)) for number in range(7)]
    order(session, shop=person.campaign.shop, click_ids=(click_id(rows[1]), click_id(rows[2])))
    gone, after = [], 0
    while done := let_go(session.connection(), BEFORE, after, most=2):
        gone.append(done.gone)
        after = done.up_to
    assert gone == [1, 1, 2, 1] and left(session) == 2


def test_the_mark_moves_with_the_first_row_that_goes_and_never_back(session: Session):
    person = somebody(session)
    assert let_go(session.connection(), BEFORE) is None and kept_since(session.connection()) is None
    for _ in range(2):
        click(session, participation=person)
    let_go(session.connection(), BEFORE, most=1)
    assert kept_since(session.connection()) == BEFORE
    let_go(session.connection(), BEFORE - timedelta(days=9))
    assert (kept_since(session.connection()), left(session)) == (BEFORE, 0)


def test_after_every_slice_no_day_is_taken_for_whole_that_is_not(session: Session):
    person = somebody(session)
    for hour in range(0, 200, 3):
        click(session, participation=person, at=BEFORE - timedelta(hours=100) + timedelta(hours=hour))
    while let_go(session.connection(), BEFORE, most=5):
        assert differences(session.connection()) == []
    assert left(session) == 33  # of hours 102, 105 … 198, and midday of the day itself is not one of them


def test_the_timer_lets_go_of_what_is_older_than_the_settings_say(app: Flask, session: Session):
    person = somebody(session)
    for days in (399, 401):
        click(session, participation=person, at=LATER - timedelta(days=days))
    session.commit()
    assert run_slot(session, RETENTION, settings(app), "one", LATER)
    assert session.scalars(select(Click.clicked_at)).all() == [LATER - timedelta(days=399)]


def test_the_timer_works_once_a_day_however_often_it_rings(app: Flask, session: Session):
    hours = [run_slot(session, RETENTION, settings(app), "one", LATER + timedelta(hours=hour)) for hour in range(12)]
    assert hours == [True] + [False] * 11
    assert run_slot(session, RETENTION, settings(app), "one", LATER + timedelta(hours=12))


def test_with_no_days_set_clicks_are_kept_for_good(app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch):
    click(session, participation=somebody(session))
    object.__setattr__(settings(app), "click_retention_days", 0)
    let_clicks_go(session, settings(app), LATER)
    assert left(session) == 1


def test_ids_bound_what_is_looked_at(session: Session):
    person = somebody(session)
    row = click(session, participation=person)
    assert row.id >= TimeOrdered.floor(NOW)
    assert let_go(session.connection(), NOW) is None
    assert session.scalar(select(RetentionMark.before)) is None and session.get(Campaign, person.campaign_id)
