"""Bars for charts: from days to rectangles in whole units, drawn by templates/charts.html.

The drawing stretches to the width of its place, so words and numbers stand beside it as text and never inside. Time
runs from left to right in every language, as on the charts of any newspaper.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from campaigns.blueprints.show import day as show_day
from campaigns.blueprints.show import money
from campaigns.i18n import bdi, gettext, ltr, show_date
from campaigns.money import divide_half_away
from campaigns.settlement.daily import Day

WIDTH, HEIGHT = 600, 120
SHORTEST = 3  # a day with a sale is never invisible beside a wave


@dataclass(frozen=True)
class Bar:
    """One rectangle of the drawing, and what it says when pointed at."""

    x: int
    y: int
    width: int
    height: int
    words: str


@dataclass(frozen=True)
class Panel:
    """One chart: its bars, what the tallest stands for, and the days at both ends."""

    title: str
    most: str
    bars: list[Bar]
    first: str
    last: str


def bars(values: Sequence[tuple[str, int]], width: int = WIDTH, height: int = HEIGHT) -> list[Bar]:
    """A rectangle for each (words, value), side by side, the largest as high as the drawing; nothing for a zero.

    >>> [(bar.x, bar.y, bar.height) for bar in bars([("Mon", 4), ("Tue", 2), ("Wed", 0)], 300, 100)]
    [(0, 0, 100), (100, 50, 50)]
    """
    most = max((value for _, value in values), default=0)
    drawn = []
    for place, (words, value) in enumerate(values):
        if value <= 0:
            continue
        start, end = width * place // len(values), width * (place + 1) // len(values)
        tall = max(divide_half_away(height * value, most), min(SHORTEST, height))
        drawn.append(Bar(start, height - tall, max(end - start - max((end - start) // 5, 1), 1), tall, words))
    return drawn


def panels(days: Sequence[Day], currency: str) -> list[Panel]:
    """Sales, orders and clicks per day, each on its own scale."""
    ends = (show_day(days[0].on), show_day(days[-1].on)) if days else ("", "")
    series: list[tuple[str, Callable[[int], str], list[int]]] = [
        (gettext("Sales per day"), partial(money, currency=currency), [day.sales_minor for day in days]),
        (gettext("Orders per day"), bdi, [day.orders for day in days]),
        (gettext("Clicks per day"), bdi, [day.clicks for day in days]),
    ]
    return [
        Panel(
            title,
            show(max(values, default=0)),
            bars(
                [
                    (f"{show_date(day.on)}: {_plain(show(value))}", value)
                    for day, value in zip(days, values, strict=True)
                ]
            ),
            *ends,
        )
        for title, show, values in series
    ]


def _plain(shown: str) -> str:
    """The words of a marked-up value, isolated without tags, as a tooltip takes them."""
    return ltr(Markup(shown).striptags())
