"""One person counts once: the earliest contact counts, whatever order they are told in."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from campaigns.tracking.repeats import Heard, repeats
from tests.factories import NOW

DAY = timedelta(days=1)
PEOPLE = st.frozensets(st.sampled_from(["mail-a", "mail-b", "phone-a", "phone-b"]), max_size=2)


def heard(key: int, day: int, *keys: str, fixed: bool = False) -> Heard:
    return Heard(key, NOW + day * DAY, f"c{key}", frozenset(keys), fixed)


def test_a_second_contact_of_a_person_repeats_the_first():
    assert repeats([heard(1, 0, "dana"), heard(2, 3, "dana"), heard(3, 3, "omer")]) == {2: 1}


def test_the_earliest_counts_though_it_is_told_last():
    assert repeats([heard(2, 3, "dana"), heard(1, 0, "dana")]) == {2: 1}


def test_the_time_runs_from_the_contact_that_counts():
    # Day 20 repeats day 0; day 30 is a month after day 0 and counts again, and day 45 repeats that one.
    calls = [heard(1, 0, "dana"), heard(2, 20, "dana"), heard(3, 30, "dana"), heard(4, 45, "dana")]
    assert repeats(calls) == {2: 1, 4: 3}


def test_a_person_is_known_by_all_that_their_contacts_told():
    calls = [heard(1, 0, "mail"), heard(2, 1, "mail", "phone"), heard(3, 2, "phone")]
    assert repeats(calls) == {2: 1, 3: 1}


def test_whoever_is_known_by_nothing_repeats_nobody():
    assert repeats([heard(1, 0), heard(2, 1)]) == {}


def test_what_staff_decided_counts_and_repeats_nobody():
    assert repeats([heard(1, 0, "dana"), heard(2, 1, "dana", fixed=True), heard(3, 2, "dana")]) == {3: 1}


@given(st.lists(st.tuples(st.integers(0, 90), PEOPLE), max_size=8), st.randoms())
def test_any_order_of_telling_gives_one_result(told: list[tuple[int, frozenset[str]]], chance):
    calls = [heard(key, day, *keys) for key, (day, keys) in enumerate(told)]
    mixed = calls[:]
    chance.shuffle(mixed)
    assert repeats(mixed) == repeats(calls)
    assert all(calls[first].happened_at <= calls[again].happened_at for again, first in repeats(calls).items())
