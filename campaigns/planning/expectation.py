"""What a campaign may earn somebody: a range from finished campaigns, or nothing where there is too little to say.

Each finished campaign counts as so many equal orders of its average size; what these terms pay for those orders is
its result. The range is the middle half of results, quartiles by nearest rank: every bound is a result that was seen.

Of other people only those of a similar size count, at least three of them, each once however often they took part,
with orders in proportion to followers. Both bounds are then rounded outwards to two digits, so that nobody's own
sum is shown to anybody. Whole numbers throughout.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from campaigns.commissions.example import earned_of
from campaigns.commissions.terms import Sale

LEAST_PEOPLE = 3
LOWER, MIDDLE, UPPER = 25, 50, 75  # percent
TIMES = 2  # from half of somebody's followers to twice as many are similar


@dataclass(frozen=True)
class Result:
    """What one finished campaign was for one person: sales after refunds in minor units, followers as it began."""

    person: int
    orders: int
    sales_minor: int
    followers: int


@dataclass(frozen=True)
class Range:
    """From and to in minor units, and what it was taken from."""

    low_minor: int
    high_minor: int
    campaigns: int
    people: int


def own_range(results: Iterable[Result], terms: Mapping[str, Any]) -> Range | None:
    """What somebody's own finished campaigns would have earned under `terms`; None where there are none."""
    earned = [_earned(terms, one.orders, one) for one in results]
    if not earned:
        return None
    return Range(nearest_rank(earned, LOWER), nearest_rank(earned, UPPER), len(earned), 1)


def range_of_others(results: Iterable[Result], terms: Mapping[str, Any], followers: int) -> Range | None:
    """What similar people's finished campaigns would earn somebody with `followers`; None of fewer than three."""
    by_person: dict[int, list[int]] = defaultdict(list)
    for one in results:
        if similar(followers, one.followers):
            by_person[one.person].append(_earned(terms, one.orders * followers // one.followers, one))
    if len(by_person) < LEAST_PEOPLE:
        return None
    usual = [nearest_rank(earned, MIDDLE) for earned in by_person.values()]
    low, high = nearest_rank(usual, LOWER), nearest_rank(usual, UPPER)
    counted = sum(len(earned) for earned in by_person.values())
    return Range(rounded_down(low), rounded_up(high), counted, len(by_person))


def similar(followers: int, others: int) -> bool:
    """Whether two audiences are of a similar size; unknown ones are not.

    >>> similar(10_000, 5_000), similar(10_000, 20_000), similar(10_000, 20_001), similar(0, 0)
    (True, True, False, False)
    """
    return followers > 0 and followers <= others * TIMES and others <= followers * TIMES


def nearest_rank(values: Sequence[int], percent: int) -> int:
    """The smallest of `values` that at least `percent` of them don't exceed.

    >>> [nearest_rank([40, 10, 30, 20], percent) for percent in (25, 50, 75, 100)]
    [10, 20, 30, 40]
    """
    ordered = sorted(values)
    return ordered[max(-(-len(ordered) * percent // 100), 1) - 1]


def rounded_down(amount_minor: int) -> int:
    """To two leading digits, not above.

    >>> rounded_down(123_456), rounded_down(99), rounded_down(0)
    (120000, 99, 0)
    """
    step: int = 10 ** max(len(str(amount_minor)) - 2, 0)
    return amount_minor // step * step


def rounded_up(amount_minor: int) -> int:
    """To two leading digits, not below.

    >>> rounded_up(123_456), rounded_up(99), rounded_up(995)
    (130000, 99, 1000)
    """
    step: int = 10 ** max(len(str(amount_minor)) - 2, 0)
    return -(-amount_minor // step) * step


def _earned(terms: Mapping[str, Any], orders: int, one: Result) -> int:
    """What `orders` of the average size of `one` earn; where they come to nothing, nothing."""
    if not orders or one.sales_minor <= 0:
        return 0
    return earned_of(terms, Sale(one.sales_minor // one.orders, 0, 0, 0), orders)
