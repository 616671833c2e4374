"""What a campaign may earn: ranges a person can check, and what must hold whatever the figures are."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from campaigns.planning.expectation import Result, nearest_rank, own_range, range_of_others

TEN_PERCENT = {"influencer_rate_bps": 1000, "agency_rate_bps": 0, "base": "net"}
CAPPED = {**TEN_PERCENT, "cap_minor": 2_500}

results = st.builds(
    Result,
    person=st.integers(1, 8),
    orders=st.integers(0, 400),
    sales_minor=st.integers(-1_000, 5_000_000),
    followers=st.integers(0, 60_000),
)


def test_one_own_campaign_is_both_ends() -> None:
    """10 orders, 1,000.00 in all: 10 % is 100.00."""
    found = own_range([Result(1, 10, 100_000, 9_000)], TEN_PERCENT)
    assert found and (found.low_minor, found.high_minor, found.campaigns) == (10_000, 10_000, 1)


def test_the_middle_half_of_own_campaigns_is_the_range() -> None:
    """Results of 10, 20, 30 and 900: the first quartile is 10, the third 30; the wave is no promise."""
    found = own_range([Result(1, 1, sales, 9_000) for sales in (10_000, 20_000, 30_000, 900_000)], TEN_PERCENT)
    assert found and (found.low_minor, found.high_minor) == (1_000, 3_000)


def test_the_terms_on_offer_decide_what_past_orders_would_pay() -> None:
    """10 orders of 100.00 at 10 % are 100.00; under a cap of 25.00 they are 25.00."""
    found = own_range([Result(1, 10, 100_000, 9_000)], CAPPED)
    assert found and found.high_minor == 2_500


def test_orders_of_others_are_told_in_proportion_to_followers() -> None:
    """10 orders of 100.00 among 10,000 followers are 20 among 20,000: 200.00."""
    similar = [Result(person, 10, 100_000, 10_000) for person in (1, 2, 3)]
    found = range_of_others(similar, TEN_PERCENT, 20_000)
    assert found and (found.low_minor, found.high_minor, found.people) == (20_000, 20_000, 3)


def test_two_similar_people_are_too_few_however_often_they_took_part() -> None:
    pair = [Result(person, 10, 100_000, 10_000) for person in (1, 2) for _ in range(9)]
    far = [Result(3, 10, 100_000, 50_000), Result(4, 10, 100_000, 1_000)]
    assert range_of_others([*pair, *far], TEN_PERCENT, 10_000) is None


def test_nobodys_own_sum_is_shown() -> None:
    """123.45, 123.45 and 678.90 at full size: 120 to 680."""
    sums = ((1, 123_450), (2, 123_450), (3, 678_900))
    found = range_of_others([Result(person, 1, sold, 9_000) for person, sold in sums], TEN_PERCENT, 9_000)
    assert found and (found.low_minor, found.high_minor) == (12_000, 68_000)


def test_nothing_sold_is_a_result_too() -> None:
    found = own_range([Result(1, 0, 0, 9_000), Result(1, 10, 100_000, 9_000)], TEN_PERCENT)
    assert found and (found.low_minor, found.high_minor) == (0, 10_000)


@given(st.lists(st.integers(0, 10**9), min_size=1), st.integers(1, 100))
def test_a_quantile_is_one_of_the_values_with_enough_at_or_below(values: list[int], percent: int) -> None:
    found = nearest_rank(values, percent)
    below = sum(value < found for value in values)
    assert found in values and below * 100 < len(values) * percent <= sum(value <= found for value in values) * 100


@given(st.lists(results, max_size=25), st.integers(0, 60_000), st.randoms())
def test_the_order_of_results_does_not_matter(found: list[Result], followers: int, chance: Random) -> None:
    shuffled = list(found)
    chance.shuffle(shuffled)
    assert range_of_others(shuffled, TEN_PERCENT, followers) == range_of_others(found, TEN_PERCENT, followers)
    assert own_range(shuffled, CAPPED) == own_range(found, CAPPED)


@given(st.lists(results, max_size=25), st.integers(0, 60_000))
def test_a_range_runs_upwards_has_three_people_and_two_digits(found: list[Result], followers: int) -> None:
    told = range_of_others(found, TEN_PERCENT, followers)
    if told is not None:
        assert 0 <= told.low_minor <= told.high_minor and told.people >= 3
        assert all(len(str(amount).rstrip("0")) <= 2 for amount in (told.low_minor, told.high_minor))


@given(st.lists(results, max_size=20), st.integers(1, 60_000), st.integers(2, 5))
def test_who_took_part_more_often_weighs_no_more(found: list[Result], followers: int, times: int) -> None:
    often = [*found, *(one for one in found if one.person == 1 for _ in range(times - 1))]
    once, told = range_of_others(found, TEN_PERCENT, followers), range_of_others(often, TEN_PERCENT, followers)
    assert (once is None) == (told is None)
    if once and told:
        assert (once.low_minor, once.high_minor, once.people) == (told.low_minor, told.high_minor, told.people)


@given(st.lists(results, max_size=20), st.integers(1, 60_000))
def test_dissimilar_people_change_nothing(found: list[Result], followers: int) -> None:
    far = [Result(100 + number, 50, 900_000, followers * 2 + 1 + number) for number in range(4)]
    assert range_of_others([*found, *far], TEN_PERCENT, followers) == range_of_others(found, TEN_PERCENT, followers)
