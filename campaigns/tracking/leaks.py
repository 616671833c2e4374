"""Whether a code seems to go round among people who never saw its influencer: reasons to look, each with its figures.

Pure. A code somebody copied to a page of coupons sells without a click on the influencer's link, more often than the
codes of the others in the same campaign do; a code used by one buyer again and again is perhaps a reseller's. Both are
reasons to look and nothing more: no commission is held or lowered by them. With few orders or few others to compare
with there is no reason, since there is not enough to tell.

The limit is the others' median and three times their spread, the median absolute deviation scaled by 1.4826 (which
makes it a standard deviation where they are normally spread,
https://en.wikipedia.org/wiki/Median_absolute_deviation), and never nearer to the median than twenty points.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median_low

WHOLE = 10_000
LEAST_ORDERS = 20  # of a code, to compare how many came without a click
LEAST_OTHERS = 3
LEAST_DIFFERENCE_BPS = 2_000
LEAST_ORDERS_OF_BUYERS = 10
MOST_OF_ONE_BPS = 3_000


@dataclass(frozen=True)
class CodeUse:
    """A participant's orders that carried their code: how many, how many without a click, and by how many buyers."""

    campaign_id: int
    participation_id: int
    orders: int
    without_click: int
    buyers: int
    most_of_one: int  # orders of the buyer who has most

    @property
    def unclicked_bps(self) -> int:
        """The share that came without a click, rounded down."""
        return self.without_click * WHOLE // self.orders

    @property
    def one_buyer_bps(self) -> int:
        """The share of the buyer who has most, rounded down."""
        return self.most_of_one * WHOLE // self.orders


@dataclass(frozen=True)
class Reason:
    """Why to look: in so many orders of so many buyers a share was observed that lies above a limit."""

    participation_id: int
    kind: str  # no_clicks, same_buyer
    orders: int
    buyers: int
    observed_bps: int
    baseline_bps: int  # the others' median
    limit_bps: int


def reasons_to_look(uses: Iterable[CodeUse]) -> list[Reason]:
    """Every reason among the participants of any campaigns, each compared with the others of its own."""
    campaigns: dict[int, list[CodeUse]] = defaultdict(list)
    for use in uses:
        campaigns[use.campaign_id].append(use)
    found: list[Reason] = []
    for roster in campaigns.values():
        for use in roster:
            others = [other for other in roster if other is not use]
            found += [reason for reason in (_no_clicks(use, others), _same_buyer(use, others)) if reason]
    return found


def limit_bps(others: Sequence[int]) -> int:
    """Above what a share stands out among these.

    >>> limit_bps([1000, 1000, 1200]), limit_bps([1000, 3000, 5000])
    (3000, 11895)
    """
    middle = median_low(others)
    spread = median_low([abs(other - middle) for other in others])
    return middle + max(LEAST_DIFFERENCE_BPS, 3 * spread * 14_826 // WHOLE)


def _no_clicks(use: CodeUse, others: Sequence[CodeUse]) -> Reason | None:
    peers = [other.unclicked_bps for other in others if other.orders >= LEAST_ORDERS]
    if use.orders < LEAST_ORDERS or len(peers) < LEAST_OTHERS:
        return None
    limit = limit_bps(peers)
    return _reason(use, "no_clicks", use.unclicked_bps, median_low(peers), limit)


def _same_buyer(use: CodeUse, others: Sequence[CodeUse]) -> Reason | None:
    if use.orders < LEAST_ORDERS_OF_BUYERS:
        return None
    peers = [other.one_buyer_bps for other in others if other.orders >= LEAST_ORDERS_OF_BUYERS]
    return _reason(use, "same_buyer", use.one_buyer_bps, median_low(peers) if peers else 0, MOST_OF_ONE_BPS)


def _reason(use: CodeUse, kind: str, observed: int, baseline: int, limit: int) -> Reason | None:
    if observed <= limit:
        return None
    return Reason(use.participation_id, kind, use.orders, use.buyers, observed, baseline, limit)
