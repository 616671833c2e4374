"""Ids that grow with time: in order, alone among all threads of a process, and steady when the clock is not."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from campaigns.ids import TimeOrdered

NOW = datetime(2026, 5, 10, 12, 0, tzinfo=UTC)
moments = st.integers(0, 10**15).map(lambda microseconds: TimeOrdered.EPOCH + timedelta(microseconds=microseconds))


@given(st.lists(moments, min_size=2, max_size=30))
def test_ids_grow_whatever_the_clock_says(clock: list[datetime]):
    numbers = TimeOrdered(7)
    made = [numbers.next(moment) for moment in clock]
    assert made == sorted(set(made))


@given(moments, moments)
def test_an_id_of_a_later_moment_is_greater_in_another_process_too(one: datetime, other: datetime):
    earlier, later = sorted((one, other))
    if later - earlier >= timedelta(milliseconds=1):
        assert TimeOrdered(1023).next(earlier) < TimeOrdered(0).next(later)


@given(moments, st.integers(0, 1023))
def test_the_floor_of_a_moment_lies_between_the_ids_before_and_those_of_it(moment: datetime, process: int):
    floor = TimeOrdered.floor(moment)
    assert floor <= TimeOrdered(process).next(moment)
    assert TimeOrdered(process).next(moment - timedelta(milliseconds=1)) < floor or floor == 0


def test_thirty_two_threads_get_no_id_twice():
    numbers = TimeOrdered(1)
    with ThreadPoolExecutor(32) as threads:
        made = list(threads.map(lambda _: numbers.next(NOW), range(20_000)))
    assert len(set(made)) == 20_000


def test_a_clock_set_back_goes_on_from_where_it_was():
    numbers = TimeOrdered(1)
    before = numbers.next(NOW)
    assert numbers.next(NOW - timedelta(hours=1)) == before + 1


def test_the_five_thousandth_id_of_a_millisecond_is_of_the_next_one():
    numbers = TimeOrdered(1)
    first, *_, last = [numbers.next(NOW) for _ in range(5000)]
    assert (last >> 22) - (first >> 22) == 1


def test_sixty_nine_years_of_ids_fit_into_what_a_database_holds():
    assert TimeOrdered(1023).next(datetime(2093, 1, 1, tzinfo=UTC)) < 1 << 63


def test_a_process_that_renumbers_is_another():
    numbers = TimeOrdered(7)
    for _ in range(100):
        before = numbers.process
        numbers.renumber()
        assert numbers.process != before and 0 <= numbers.process < 1024
