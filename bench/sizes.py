"""How much is measured: the full run of `make bench`, and one round of everything for a test that it runs at all."""

from collections.abc import Mapping
from dataclasses import dataclass

CONNECTIONS = (1, 8, 32, 64)
READ_AT = 32  # the connections of the figures named first


@dataclass(frozen=True)
class Size:
    """Seconds of one load, its rounds per number of connections, rows of clicks to grow to, rounds at each; papers."""

    seconds: int
    rounds: Mapping[int, int]
    clicks: tuple[int, ...]
    busy: tuple[int, int]  # clicks and orders of the busy campaign, at every size
    growth_rounds: int
    closings: int
    paper_orders: int  # of the campaign whose papers are made
    paper_rounds: int


FULL = Size(
    seconds=3,
    rounds={1: 2, 8: 2, 32: 5, 64: 2},
    clicks=(1_000, 100_000, 1_000_000, 10_000_000),
    busy=(100_000, 10_000),
    growth_rounds=31,
    closings=7,
    paper_orders=10_000,
    paper_rounds=1,
)
QUICK = Size(
    seconds=1,
    rounds=dict.fromkeys(CONNECTIONS, 1),
    clicks=(1_000, 10_000, 100_000),
    busy=(1_000, 300),
    growth_rounds=3,
    closings=1,
    paper_orders=60,
    paper_rounds=1,
)
