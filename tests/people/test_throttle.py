"""Lock-out: counted in the database, by account and by address block."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from campaigns.people import throttle
from tests.factories import NOW

KEY = b"k" * 32
MINA = throttle.account_subject(KEY, "mina@example.com")


def fail(session: Session, times: int, at: datetime = NOW, subject: str = MINA) -> None:
    for _ in range(times):
        throttle.register_failure(session, subject, at)


def test_the_tenth_failure_locks_for_a_quarter_of_an_hour(session: Session):
    fail(session, 9)
    assert not throttle.is_locked(session, MINA, NOW)
    fail(session, 1)
    assert throttle.is_locked(session, MINA, NOW + timedelta(minutes=14, seconds=59))
    assert not throttle.is_locked(session, MINA, NOW + timedelta(minutes=15))


def test_failures_spread_over_more_than_the_window_do_not_lock(session: Session):
    fail(session, 9)
    fail(session, 9, NOW + timedelta(minutes=15))
    assert not throttle.is_locked(session, MINA, NOW + timedelta(minutes=15))


def test_a_failure_soon_after_the_lock_locks_twice_as_long(session: Session):
    fail(session, 10)
    again = NOW + timedelta(minutes=16)
    fail(session, 1, again)
    assert throttle.is_locked(session, MINA, again + timedelta(minutes=29))
    assert not throttle.is_locked(session, MINA, again + timedelta(minutes=30))


def test_no_lock_is_longer_than_four_hours(session: Session):
    fail(session, 40)
    assert throttle.is_locked(session, MINA, NOW + timedelta(hours=3, minutes=59))
    assert not throttle.is_locked(session, MINA, NOW + timedelta(hours=4))


def test_success_clears_the_account_and_takes_one_back_from_the_address(session: Session):
    office = throttle.address_subject(KEY, "203.0.113.7")
    fail(session, 10)
    fail(session, 10, subject=office)
    throttle.clear(session, MINA)
    throttle.take_back(session, office)
    assert not throttle.is_locked(session, MINA, NOW)
    assert not throttle.is_locked(session, office, NOW)
    fail(session, 1, subject=office)
    assert throttle.is_locked(session, office, NOW)


def test_a_block_counts_as_one_place():
    assert throttle.address_subject(KEY, "203.0.113.7") == throttle.address_subject(KEY, "203.0.113.250")
    assert throttle.address_subject(KEY, "203.0.113.7") != throttle.address_subject(KEY, "203.0.114.7")
    assert throttle.address_subject(KEY, "2001:db8:1:2::3") == throttle.address_subject(KEY, "2001:db8:1:ffff::9")
    assert throttle.address_subject(KEY, "::ffff:203.0.113.9") == throttle.address_subject(KEY, "203.0.113.7")


def test_the_subject_names_nobody():
    assert "mina" not in MINA
    assert MINA == throttle.account_subject(KEY, " Mina@Example.com ")
    assert MINA != throttle.account_subject(b"x" * 32, "mina@example.com")
