"""Signed-in browsers: how long they last, and what ends them."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import SignInSession
from campaigns.people import sessions
from tests import factories
from tests.factories import NOW


def test_the_token_itself_is_not_stored(session: Session):
    token = sessions.open_session(session, factories.user(session), NOW)
    assert token not in session.scalars(select(SignInSession.token_hash)).all()
    assert sessions.find_session(session, token, NOW) is not None


@pytest.mark.parametrize(
    ("role", "idle"),
    [("agency", timedelta(minutes=30)), ("brand", timedelta(days=14)), ("influencer", timedelta(days=14))],
)
def test_an_idle_session_ends(session: Session, role: str, idle: timedelta):
    token = sessions.open_session(session, factories.user(session, role=role), NOW)
    assert sessions.find_session(session, token, NOW + idle - timedelta(seconds=1)) is not None
    assert sessions.find_session(session, token, NOW + idle) is None


def test_a_busy_agency_session_still_ends_after_twelve_hours(session: Session):
    token = sessions.open_session(session, factories.user(session), NOW)
    for minutes in range(20, 12 * 60, 20):
        sessions.mark_seen(session, token, NOW + timedelta(minutes=minutes))
    assert sessions.find_session(session, token, NOW + timedelta(hours=11, minutes=59)) is not None
    assert sessions.find_session(session, token, NOW + timedelta(hours=12)) is None


def test_being_seen_is_written_once_a_minute_at_most(session: Session):
    token = sessions.open_session(session, factories.user(session), NOW)
    assert not sessions.is_stale(session, token, NOW + timedelta(seconds=59))
    assert sessions.is_stale(session, token, NOW + timedelta(seconds=60))


def test_a_late_request_does_not_turn_the_clock_back(session: Session):
    token = sessions.open_session(session, factories.user(session), NOW)
    sessions.mark_seen(session, token, NOW - timedelta(minutes=5))
    found = sessions.find_session(session, token, NOW)
    assert found is not None
    session.refresh(found)
    assert found.seen_at == NOW


def test_ending_a_session_ends_every_copy_of_its_cookie(session: Session):
    token = sessions.open_session(session, factories.user(session), NOW)
    sessions.end_session(session, token)
    assert sessions.find_session(session, token, NOW) is None


def test_ending_all_spares_the_one_that_asks_and_other_people(session: Session):
    omar, mina = factories.user(session), factories.user(session)
    here, there = sessions.open_session(session, omar, NOW), sessions.open_session(session, omar, NOW)
    hers = sessions.open_session(session, mina, NOW)
    sessions.end_all_sessions(session, omar, except_token=here)
    found = [sessions.find_session(session, token, NOW) is not None for token in (here, there, hers)]
    assert found == [True, False, True]


def test_a_user_switched_off_is_out_at_once(session: Session):
    omar = factories.user(session)
    token = sessions.open_session(session, omar, NOW)
    omar.active = False
    assert sessions.find_session(session, token, NOW) is None
