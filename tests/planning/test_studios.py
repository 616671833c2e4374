"""Studio hours: offered in series, booked one at a time, given back in time, called off with a reason."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from campaigns.errors import Conflict, Invalid
from campaigns.planning import studios
from campaigns.planning.studios import Series, moments
from tests import factories
from tests.factories import NOW

JERUSALEM = ZoneInfo("Asia/Jerusalem")
SUNDAY = date(2026, 6, 7)
USUAL = Series(SUNDAY, SUNDAY + timedelta(days=13), (6, 1), time(10), time(12, 30), 60)


def test_a_series_has_its_weekdays_and_no_slot_that_would_end_late():
    found = moments(USUAL, JERUSALEM)
    assert len(found) == 8  # two Sundays and two Tuesdays, at ten and at eleven; the half hour is left out
    assert found[0] == (datetime(2026, 6, 7, 7, tzinfo=UTC), datetime(2026, 6, 7, 8, tzinfo=UTC))


@given(
    st.dates(date(2026, 1, 1), date(2026, 12, 1)), st.integers(0, 40), st.sets(st.integers(0, 6), min_size=1),
    st.integers(15, 480), st.times(max_value=time(22)), st.times(),
)  # fmt: skip
def test_slots_never_overlap_and_all_last_as_long(
    first: date, days: int, weekdays: set[int], minutes: int, begins: time, ends: time
) -> None:
    series = Series(first, first + timedelta(days=days), tuple(weekdays), begins, ends, minutes)
    try:
        found = moments(series, JERUSALEM)
    except Invalid:
        return
    assert all(end - start == timedelta(minutes=minutes) for start, end in found)
    assert all(found[number][1] <= found[number + 1][0] for number in range(len(found) - 1))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"last": SUNDAY - timedelta(days=1)}, "last"),
        ({"ends": time(10)}, "ends"),
        ({"minutes": 10}, "minutes"),
        ({"weekdays": ()}, "weekdays"),
        ({"last": SUNDAY, "weekdays": (0,)}, "weekdays"),
        ({"last": SUNDAY + timedelta(days=300), "weekdays": (0, 1, 2, 3), "minutes": 15}, "last"),
    ],
)
def test_a_series_that_cannot_be_is_refused_by_its_field(changes: dict, field: str):
    with pytest.raises(Invalid) as refused:
        moments(Series(**(USUAL.__dict__ | changes)), JERUSALEM)
    assert list(refused.value.errors) == [field]


def test_hours_are_offered_once_and_never_in_the_past(session: Session):
    place = factories.studio(session)
    assert len(studios.offer(session, place, USUAL, NOW)) == 8
    with pytest.raises(Invalid, match="there is a slot at that time"):
        studios.offer(session, place, Series(SUNDAY, SUNDAY, (6,), time(10, 30), time(11), 30), NOW)
    with pytest.raises(Invalid, match="in the future"):
        studios.offer(session, place, USUAL, datetime(2026, 6, 8, tzinfo=UTC))
    other = factories.studio(session, name="Studio B")
    assert len(studios.offer(session, other, USUAL, NOW)) == 8


def test_one_slot_is_booked_at_a_time_and_given_back_in_time(session: Session):
    mina = factories.participation(session)
    first, second = (factories.studio_slot(session, starts_at=NOW + timedelta(days=days)) for days in (2, 3))
    studios.book(session, first, mina, " the cream, on marble ", NOW)
    assert (first.participation_id, first.wishes) == (mina.id, "the cream, on marble")
    with pytest.raises(Conflict, match="give it back first"):
        studios.book(session, second, mina, "", NOW)
    studios.give_back(session, first, mina, NOW)
    studios.book(session, second, mina, "", NOW)
    assert [one.id for one in studios.free_slots(session, NOW)] == [first.id]
    with pytest.raises(Conflict, match="less than a day"):
        studios.give_back(session, second, mina, second.starts_at - timedelta(hours=24))


def test_what_is_taken_past_called_off_or_closed_is_not_free(session: Session):
    mina, noa = factories.participation(session), factories.participation(session)
    taken = factories.studio_slot(session, starts_at=NOW + timedelta(days=2), booked=noa)
    past = factories.studio_slot(session, starts_at=NOW)
    off = factories.studio_slot(session, starts_at=NOW + timedelta(days=2))
    studios.call_off(session, off, "", NOW)
    shut = factories.studio_slot(
        session, at=factories.studio(session, closed_at=NOW), starts_at=NOW + timedelta(days=2)
    )
    assert studios.free_slots(session, NOW) == [] and shut.participation_id is None
    for slot in (taken, past, off):
        with pytest.raises(Conflict):
            studios.book(session, slot, mina, "", NOW)


def test_who_has_only_been_invited_books_nothing(session: Session):
    invited = factories.participation(session, accepted=False)
    slot = factories.studio_slot(session, starts_at=NOW + timedelta(days=2))
    with pytest.raises(Conflict, match="takes part"):
        studios.book(session, slot, invited, "", NOW)


def test_a_booked_slot_is_called_off_with_a_reason_only(session: Session):
    mina = factories.participation(session)
    slot = factories.studio_slot(session, starts_at=NOW + timedelta(days=2), booked=mina)
    with pytest.raises(Invalid):
        studios.call_off(session, slot, " ", NOW)
    studios.call_off(session, slot, "Gil is ill", NOW)
    assert slot.called_off_reason == "Gil is ill" and studios.booked_by(session, mina) == [slot]
    with pytest.raises(Conflict):
        studios.call_off(session, slot, "again", NOW)
    studios.book(session, factories.studio_slot(session, starts_at=NOW + timedelta(days=3)), mina, "", NOW)
