"""Whether a shop's feed has fallen silent, judged by its own rhythm. Pure, whole numbers and moments only.

A shop sleeps at night, closes on the Sabbath and sells more on a Thursday, so a silence is held against the same hours
of the weeks before: what arrived then is what was to be expected now. Arrivals are counted in five-minute slots that
hold any, for one order sends several messages within a minute. Were they to come at random, a silence in which N were
to be expected had the chance e^-N; N of 6.9 is one in a thousand. Two things make N larger. Every gap of a month is
such a trial, so the logarithm of the number of arrivals is added: a silence counts where a shop would show one like it,
by chance alone, in one month of a thousand. And arrivals come in flocks, so N is multiplied by how much more this
shop's hours differ from those of a week before than chance would have it (the index of dispersion).
docs/operations.md, "A shop falls silent", tells it to people.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

SLOT = timedelta(minutes=5)
HISTORY = timedelta(days=28)
LEAST_ARRIVALS = 30
LEAST_FLOCK = 150  # an order is seldom one message, and full slots hide how many they are
TELLING = 20  # fewer arrivals than these say nothing of how business goes
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True)
class Rhythm:
    """What a shop's silence says. `verdict`: heard, silent, or unknown where too little was seen to tell.

    `expected` arrivals would have come since `last`; from `enough` on the silence counts.
    """

    verdict: str
    last: datetime | None
    arrivals: int
    expected: int = 0
    enough: int = 0


def rhythm(arrivals: Sequence[datetime], now: datetime) -> Rhythm:
    """Judge the silence since the last of `arrivals`: those of the last 28 days, in order, one a slot."""
    known = len(arrivals)
    last = arrivals[-1] if arrivals else None
    expected = expected_since(arrivals, last, now) if last and known >= LEAST_ARRIVALS else None
    if last is None or expected is None:
        return Rhythm("unknown", last, known)
    least = -(-threshold(known) * LEAST_FLOCK // 100)
    enough = -(-threshold(known) * flock_hundredths(arrivals) // 100) if expected >= least else least
    return Rhythm("silent" if expected >= enough else "heard", last, known, expected, enough)


def threshold(arrivals: int) -> int:
    """How many must be missing: 6.9 and the natural logarithm of the number of arrivals, rounded up.

    >>> threshold(30), threshold(1000)
    (11, 14)
    """
    # ln n = log2 n x 0.693, and a number's length in bits is its log2 rounded up.
    thousandths = 6908 + 694 * (arrivals - 1).bit_length()
    return -(-thousandths // 1000)


def expected_since(arrivals: Sequence[datetime], last: datetime, now: datetime) -> int | None:
    """How many would have come between `last` and `now`; None where no whole week has been seen.

    The middle one of what came in the same hours of up to three weeks before, less where business has been falling.
    With one week only, the quietest day of it: the shop's Sabbath is not known yet.
    """
    weekly = _same_hours(arrivals, last, now, WEEK, 3)
    if len(weekly) >= 2:
        return _middle(weekly) * _level_hundredths(arrivals, last) // 100
    daily = _same_hours(arrivals, last, now, DAY, 7)
    return min(daily + weekly) if len(daily) == 7 else None


def flock_hundredths(arrivals: Sequence[datetime]) -> int:
    """How much more hours differ from the same hours a week (or, younger, a day) before than chance has it; in 1/100.

    Of two random counts with one mean, the square of the difference is on average their sum.
    """
    young = arrivals[-1] - arrivals[0] < 2 * WEEK
    back, length = (DAY if young else WEEK) // HOUR, (arrivals[-1] - arrivals[0]) // HOUR
    hours = Counter((moment - arrivals[0]) // HOUR for moment in arrivals)
    pairs = [(hours[hour], hours[hour - back]) for hour in range(back, length)]
    together = sum(one + other for one, other in pairs) or 1
    return max(LEAST_FLOCK, 100 * sum((one - other) ** 2 for one, other in pairs) // together)


def _same_hours(arrivals: Sequence[datetime], begin: datetime, end: datetime, step: timedelta, most: int) -> list[int]:
    """Arrivals between the two moved back by whole steps, as far as any were seen; never into the silence itself."""
    counts: list[int] = []
    back = step * -(-(end - begin) // step)
    while len(counts) < most and begin - back >= arrivals[0]:
        counts.append(_count(arrivals, begin - back, end - back))
        back += step
    return counts


def _level_hundredths(arrivals: Sequence[datetime], last: datetime) -> int:
    """The last day's business, or the last three days', in hundredths of the usual; a fall is no silence."""
    return min(_share_hundredths(arrivals, last - days * DAY, last) for days in (1, 3))


def _share_hundredths(arrivals: Sequence[datetime], begin: datetime, end: datetime) -> int:
    usual = _middle(_same_hours(arrivals, begin, end, WEEK, 3) or [0])
    return 100 * min(usual, _count(arrivals, begin, end)) // usual if usual >= TELLING else 100


def _count(arrivals: Sequence[datetime], begin: datetime, end: datetime) -> int:
    """Arrivals after `begin`, up to `end`."""
    return bisect_right(arrivals, end) - bisect_right(arrivals, begin)


def _middle(counts: list[int]) -> int:
    """The middle one; of two the smaller."""
    return sorted(counts)[(len(counts) - 1) // 2]
