import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.errors import Unreadable
from campaigns.money import spread

AMOUNTS = st.integers(-(10**15), 10**15)


@given(amount=AMOUNTS, weights=st.lists(st.integers(-100, 10**12), min_size=1, max_size=8))
def test_parts_always_sum_to_the_whole_and_stay_within_one_unit_of_their_share(amount: int, weights: list[int]) -> None:
    parts = spread(amount, weights)
    counted = [max(0, weight) for weight in weights]
    assert sum(parts) == amount
    if sum(counted):
        for part, weight in zip(parts, counted, strict=True):
            assert abs(part * sum(counted) - amount * weight) < sum(counted)


def test_units_left_over_go_to_the_largest_remainders_and_then_to_the_first() -> None:
    assert spread(100, [2, 1]) == [67, 33]
    assert spread(101, [1, 1]) == [51, 50]
    assert spread(-10, [1, 0, 3]) == [-3, 0, -7]


def test_nothing_can_be_spread_over_nothing_and_something_cannot() -> None:
    assert spread(0, []) == []
    with pytest.raises(Unreadable):
        spread(1, [])
