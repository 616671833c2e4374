"""What people no longer need goes by itself, a day at a time, and nothing that they still look for."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.jobs import TIMERS, run_slot
from campaigns.models import KeptForm, Notice
from campaigns.people import kept_forms, old_notices
from campaigns.people.notices import put_up
from campaigns.tidying import tidy
from tests import factories
from tests.factories import NOW

DAY = timedelta(days=1)


def notice(session: Session, age: int, read: bool) -> Notice:
    mina = factories.user(session)
    made = put_up(session, mina, "credit_given", "en", f"{age} days", "", NOW - age * DAY)
    made.read_at = made.created_at if read else None
    session.flush()
    return made


def boards(session: Session) -> list[str]:
    return list(session.scalars(select(Notice.subject).order_by(Notice.id)))


@pytest.mark.parametrize(("age", "read", "stays"), [(180, True, True), (181, True, False), (181, False, True),
                                                    (365, False, True), (366, False, False)])  # fmt: skip
def test_read_notices_go_after_half_a_year_and_unread_ones_after_a_year(
    app: Flask, session: Session, age: int, read: bool, stays: bool
):
    notice(session, age, read)
    tidy(session, app.extensions["settings"], NOW)
    assert bool(boards(session)) is stays


def test_without_days_notices_stay_for_good(app: Flask, session: Session):
    settings = app.extensions["settings"]
    object.__setattr__(settings, "notice_retention_days", 0)
    notice(session, 9_000, read=True)
    tidy(session, settings, NOW)
    assert boards(session) == ["9000 days"]


def test_many_go_a_slice_at_a_time(session: Session):
    for age in (5, 4, 3, 2):
        notice(session, age, read=True)
    before = old_notices.Before(NOW - 2 * DAY - DAY / 2, None)
    first = old_notices.let_go(session, before, most=2)
    assert first is not None and (first.gone, boards(session)) == (2, ["3 days", "2 days"])
    second = old_notices.let_go(session, before, first.up_to, most=2)
    assert second is not None and old_notices.let_go(session, before, second.up_to) is None
    assert boards(session) == ["2 days"]


def test_a_form_nobody_came_back_for_goes_after_its_hour(app: Flask, session: Session):
    for minutes in (59, 60):
        user = factories.user(session, email=f"noa{minutes}@agency.example")
        kept_forms.keep(session, user.id, "/x", "/x", [("note", f"{minutes}")], NOW - timedelta(minutes=minutes))
    tidy(session, app.extensions["settings"], NOW)
    assert session.scalars(select(KeptForm.fields)).all() == [[["note", "59"]]]


def test_the_timer_works_once_a_day(app: Flask, session: Session):
    timer = next(one for one in TIMERS if one.name == "tidy")
    noon = NOW.replace(hour=12)
    rung = [run_slot(session, timer, app.extensions["settings"], "one", noon + timedelta(hours=h)) for h in range(12)]
    assert rung == [True] + [False] * 11
