"""A shop's own rhythm: nights, Sabbaths and falling business are no silence; a feed that stops is one."""

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from campaigns.tracking.rhythm import (
    DAY,
    HISTORY,
    LEAST_ARRIVALS,
    LEAST_FLOCK,
    SLOT,
    flock_hundredths,
    rhythm,
    threshold,
)

START = datetime(2026, 4, 5, tzinfo=UTC)  # a Sunday
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
SEEDS = range(100)
Hourly = Callable[[datetime], int]  # orders a thousand hours like this one would bring


def busy(hour: datetime) -> int:
    return 4000


def quiet_at_night(hour: datetime) -> int:
    return 100 if hour.hour < 6 else 3000


def weekend_only(hour: datetime) -> int:
    return 2500 if hour.weekday() in (4, 5) else 0


def closed_on_the_sabbath(hour: datetime) -> int:
    return 0 if hour.weekday() == 5 else 1500


def sparse(hour: datetime) -> int:
    return 200


def falling(hour: datetime) -> int:
    return max(300, 5000 - 4 * ((hour - START) // HOUR))


SHOPS: tuple[Hourly, ...] = (busy, quiet_at_night, weekend_only, closed_on_the_sabbath, sparse, falling)


def simulated(shop: Hourly, days: int, seed: int) -> list[datetime]:
    """A shop's arrivals, one a slot: orders come at random, each with a second message some minutes later."""
    chance, slots = random.Random(seed), set()  # noqa: S311 - a reproducible simulation
    for number in range(days * 24):
        hour = START + number * HOUR
        for _ in range(shop(hour) // 100):
            if chance.random() < 0.1:
                order = chance.randrange(60)
                slots |= {(number * 60 + order + later) // 5 for later in (0, chance.randrange(15))}
    return [START + slot * SLOT for slot in sorted(slots)]


def alarms(arrivals: list[datetime], since: datetime) -> int:
    """How often the shop would have been called silent while it was not: looked at just before each arrival."""
    found, first = 0, 0
    for place in range(1, len(arrivals)):
        now = arrivals[place] - timedelta(seconds=1)
        if now - arrivals[place - 1] < HOUR or now < since:
            continue
        while arrivals[first] < now - HISTORY:
            first += 1
        found += rhythm(arrivals[first:place], now).verdict == "silent"
    return found


@pytest.mark.parametrize("shop", SHOPS, ids=lambda shop: shop.__name__)
def test_fewer_than_one_shop_in_a_hundred_is_called_silent_wrongly_in_six_weeks(shop: Hourly) -> None:
    wrong = sum(alarms(simulated(shop, 42, seed), START) > 0 for seed in SEEDS)
    assert wrong <= len(SEEDS) // 100


@pytest.mark.parametrize(
    ("shop", "within"),
    [
        (busy, 8 * HOUR),
        (quiet_at_night, 24 * HOUR),
        (closed_on_the_sabbath, 48 * HOUR),
        (weekend_only, 8 * DAY),
        (sparse, 11 * DAY),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_feed_that_stops_is_noticed(shop: Hourly, within: timedelta) -> None:
    for seed in SEEDS:
        arrivals = simulated(shop, 28, seed)
        assert rhythm(arrivals, arrivals[-1] + within).verdict == "silent"


def test_a_stop_is_noticed_in_the_second_week_too() -> None:
    arrivals = simulated(busy, 9, 1)
    assert rhythm(arrivals, arrivals[-1] + 8 * HOUR).verdict == "silent"


@pytest.mark.parametrize("days", [1, 3, 6])
def test_without_a_whole_week_nothing_is_said(days: int) -> None:
    arrivals = simulated(busy, days, 1)
    assert len(arrivals) > LEAST_ARRIVALS
    assert rhythm(arrivals, arrivals[-1] + 3 * DAY).verdict == "unknown"


def test_with_too_few_arrivals_nothing_is_said() -> None:
    few = [START + number * 22 * HOUR for number in range(LEAST_ARRIVALS - 1)]
    assert rhythm(few, few[-1] + 3 * DAY).verdict == "unknown"
    assert rhythm([], START).verdict == "unknown"


def test_the_figures_can_be_checked_by_hand() -> None:
    """One arrival an hour for four weeks: 672, so 6.9 + ln 672 = 13.4, rounded up 14, half as many again: 21."""
    hourly = [START + number * HOUR for number in range(28 * 24)]
    found = rhythm(hourly, hourly[-1] + 20 * HOUR + 59 * MINUTE)
    assert (found.verdict, found.arrivals, found.expected, found.enough) == ("heard", 672, 20, 21)
    assert rhythm(hourly, hourly[-1] + 21 * HOUR).verdict == "silent"


def test_flocks_make_a_silence_mean_less() -> None:
    """Ten at once every ten hours, at another hour each week, differ from week to week; one an hour never does."""
    flocks = [START + number * 10 * HOUR + place * SLOT for number in range(67) for place in range(10)]
    assert flock_hundredths(flocks) > 900
    assert flock_hundredths([START + number * HOUR for number in range(670)]) == LEAST_FLOCK


def test_the_more_gaps_there_are_the_longer_one_must_be() -> None:
    assert [threshold(count) for count in (30, 100, 1000, 8000)] == [11, 12, 14, 16]
