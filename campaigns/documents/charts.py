"""Charts drawn on the server: from figures to rectangles in whole units, as SVG that pages and papers show alike.

A drawing stretches to the width of its place, so words and numbers stand beside it as text, where they wrap and are
shaped like any other, and never inside. Where the language is written from right to left, time runs from right to
left too and bars begin on the right; numbers are never mirrored. The colours are attributes, fixed for paper; a page's
style sheet overrules them with its own. What is negative hangs below the line, so nothing is told by colour alone.

Figures come as primitives, the shape in which a final report freezes them: the picture of a report never changes.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup, escape

from campaigns.i18n import current_language, direction, gettext, iso, ltr, ngettext, show_date
from campaigns.money import divide_half_away, format_minor

WIDTH, HEIGHT, ROW = 600, 120, 16
SHORTEST = 3  # a day with a sale is never invisible beside a wave
INK, PALE, BELOW, LINE = "#0b6e69", "#cfe7e4", "#a8261f", "#8694a3"

Figures = Mapping[str, Any]
Show = Callable[[int], object]
Series = tuple[str, Show, Show, list[int]]  # title, how its highest is shown, how each is told, values


@dataclass(frozen=True)
class Bar:
    """One rectangle of the drawing, and what it says when pointed at."""

    x: int
    y: int
    width: int
    height: int
    words: str = ""
    kind: str = "bar"  # below: of a negative value; pale: what another bar is a part of


@dataclass(frozen=True)
class DayChart:
    """Bars per day: what the highest stands for, the drawing, and the days at both ends, the earlier first."""

    title: str
    most: object
    drawing: Markup
    first: str
    last: str


@dataclass(frozen=True)
class RowChart:
    """Bars one under the other, each beside its name and figures; the largest first."""

    title: str
    note: str  # which bar is what, where there is more than one
    headings: tuple[str, ...]
    rows: list[tuple[str, Markup, tuple[object, ...]]]  # name, drawing, figures


def day_charts(days: Sequence[Figures], currency: str, money: Show) -> list[DayChart]:
    """Sales left after refunds, orders and clicks per day, each on its own scale; none where there was nothing."""
    plain: Show = lambda count: ltr(f"{count:,}")  # noqa: E731
    series: list[Series] = [
        (gettext("Sales per day, after refunds"), money, _told_money(currency), [_left(day) for day in days]),
        (gettext("Orders per day"), plain, plain, [day["orders"] for day in days]),
        (gettext("Clicks per day"), plain, plain, [day["clicks"] for day in days]),
    ]
    return _panels([date.fromisoformat(day["on"]) for day in days], series)


def earned_charts(days: Sequence[tuple[date, int, int]], currency: str, money: Show) -> list[DayChart]:
    """Of days with their orders and commission: what was earned and how often was sold, each on its own scale."""
    plain: Show = lambda count: ltr(f"{count:,}")  # noqa: E731
    commission = [amount_minor for _, _, amount_minor in days]
    series: list[Series] = [
        (gettext("Commission per day"), money, _told_money(currency), commission),
        (gettext("Orders per day"), plain, plain, [orders for _, orders, _ in days]),
    ]
    return _panels([day for day, _, _ in days], series)


def counted_chart(title: str, days: Sequence[date], counts: Sequence[int]) -> DayChart:
    """What was counted on some days, one bar each, the earliest first."""
    plain: Show = lambda count: ltr(f"{count:,}")  # noqa: E731
    dates = [show_date(day) for day in days]
    return DayChart(title, plain(max(counts)), _drawn(title, dates, counts, plain), dates[0], dates[-1])


def sales_chart(rows: Sequence[Figures], currency: str, money: Show) -> RowChart:
    """What each influencer sold, after refunds."""
    title, tell = gettext("Sales by influencer, after refunds"), _told_money(currency)
    ranked = sorted(rows, key=_left, reverse=True)
    drawings = lengths([_left(row) for row in ranked], _mirrored())
    return RowChart(
        title,
        "",
        (gettext("Sales"),),
        [
            (row["name"], _svg_row([bar], f"{iso(row['name'])}: {tell(_left(row))}"), (money(_left(row)),))
            for row, bar in zip(ranked, drawings, strict=True)
        ],
    )


def clicks_chart(rows: Sequence[Figures]) -> RowChart:
    """How many clicks each influencer brought and how many orders: both bars on one scale, the orders' inside."""
    ranked = sorted(rows, key=lambda row: (row["clicks"], row["orders"]), reverse=True)
    most = max((max(row["clicks"], row["orders"]) for row in rows), default=0)
    return RowChart(
        gettext("From clicks to orders"),
        gettext("The pale bar is the clicks, the narrow dark one the orders."),
        (gettext("Clicks"), gettext("Orders"), gettext("Orders per 100 clicks")),
        [
            (
                row["name"],
                _svg_row(_of_clicks(row, most), _clicks_in_words(row)),
                (ltr(f"{row['clicks']:,}"), ltr(f"{row['orders']:,}"), per_hundred(row["orders"], row["clicks"])),
            )
            for row in ranked
        ],
    )


def per_hundred(orders: int, clicks: int) -> str:
    """Orders for each hundred clicks, to a tenth; nothing where nobody clicked.

    >>> per_hundred(3, 80).strip("\\u2066\\u2069"), per_hundred(3, 0)
    ('3.8', '–')
    """
    if not clicks:
        return "–"
    whole, tenth = divmod(divide_half_away(orders * 1000, clicks), 10)
    return ltr(f"{whole:,}.{tenth}")


def columns(
    values: Sequence[int], mirrored: bool = False, width: int = WIDTH, height: int = HEIGHT
) -> tuple[list[Bar], int]:
    """A rectangle for each value side by side, nothing for a zero, and where the line is that they stand on.

    >>> [(bar.x, bar.y, bar.height) for bar in columns([4, 2, 0], False, 300, 100)[0]]
    [(0, 0, 100), (100, 50, 50)]
    """
    top, bottom = max(0, *values, 0), min(0, *values, 0)
    line = zero_line(top, bottom, height)
    drawn = []
    for place, value in enumerate(values):
        if not value:
            continue
        start, end = width * place // len(values), width * (place + 1) // len(values)
        broad = max(end - start - max((end - start) // 5, 1), 1)
        x = width - start - broad if mirrored else start
        room, most = (line, top) if value > 0 else (height - line, -bottom)
        tall = max(divide_half_away(room * abs(value), most), min(SHORTEST, room))
        drawn.append(Bar(x, line - tall if value > 0 else line, broad, tall, kind="bar" if value > 0 else "below"))
    return drawn, line


def zero_line(top: int, bottom: int, height: int) -> int:
    """How far down the line between what is positive and what is negative is: both sides keep room to be seen.

    >>> zero_line(100, 0, 120), zero_line(90, -30, 120), zero_line(100_000, -1, 120)
    (120, 90, 117)
    """
    if not bottom:
        return height
    return min(max(divide_half_away(height * top, top - bottom), SHORTEST if top else 0), height - SHORTEST)


def lengths(values: Sequence[int], mirrored: bool = False, width: int = WIDTH, height: int = ROW) -> list[Bar]:
    """A rectangle for each value, the largest as long as the drawing; of a negative one its size, told by its kind.

    >>> [bar.width for bar in lengths([400, 100, 0, -200])]
    [600, 150, 0, 300]
    """
    most = max((abs(value) for value in values), default=0)
    drawn = []
    for value in values:
        long = max(divide_half_away(width * abs(value), most), SHORTEST) if value else 0
        drawn.append(Bar(width - long if mirrored else 0, 0, long, height, kind="bar" if value >= 0 else "below"))
    return drawn


def _panels(days: Sequence[date], series: Sequence[Series]) -> list[DayChart]:
    dates = [show_date(day) for day in days]
    return [
        DayChart(title, show(max(values)), _drawn(title, dates, values, tell), dates[0], dates[-1])
        for title, show, tell, values in series
        if any(values)
    ]


def _of_clicks(row: Figures, most: int) -> list[Bar]:
    """The clicks' bar, and the orders' half as high in front of it."""
    clicks, orders, _scale = lengths([row["clicks"], row["orders"], most], _mirrored())
    inner = Bar(orders.x, ROW // 4, orders.width, ROW // 2)
    return [Bar(clicks.x, clicks.y, clicks.width, clicks.height, kind="pale"), inner]


def _clicks_in_words(row: Figures) -> str:
    clicks = ngettext("%(n)s click", "%(n)s clicks", row["clicks"])
    return f"{iso(row['name'])}: {clicks}, {ngettext('%(n)s order', '%(n)s orders', row['orders'])}"


def _drawn(title: str, dates: Sequence[str], values: Sequence[int], tell: Show) -> Markup:
    bars, line = columns(values, _mirrored())
    days = [f"{day}: {tell(value)}" for day, value in zip(dates, values, strict=True) if value]
    rects = Markup("").join(_rect(bar, words) for bar, words in zip(bars, days, strict=True))
    text = gettext("Bars per day; the table below has the numbers.")
    return Markup(
        '<svg class="bars" viewBox="0 0 {0} {1}" width="{0}" height="{1}" preserveAspectRatio="none" role="img" '
        'aria-label="{2}"><title>{2}</title><desc>{3}</desc>{4}'
        '<line class="line" x1="0" y1="{5}" x2="{0}" y2="{5}" stroke="{6}" stroke-width="1"/></svg>'
    ).format(WIDTH, HEIGHT, title, text, rects, line, LINE)


def _svg_row(bars: Sequence[Bar], words: str) -> Markup:
    rects = Markup("").join(_rect(bar) for bar in bars if bar.width)
    return Markup(
        '<svg class="bars row" viewBox="0 0 {0} {1}" width="{0}" height="{1}" preserveAspectRatio="none" role="img" '
        'aria-label="{2}"><title>{2}</title>{3}</svg>'
    ).format(WIDTH, ROW, words, rects)


def _rect(bar: Bar, words: str = "") -> Markup:
    title = Markup("<title>{}</title>").format(escape(words)) if words else ""
    fill = {"bar": INK, "below": BELOW, "pale": PALE}[bar.kind]
    return Markup('<rect class="{}" x="{}" y="{}" width="{}" height="{}" fill="{}">{}</rect>').format(
        bar.kind, bar.x, bar.y, bar.width, bar.height, fill, title
    )


def _left(figures: Figures) -> int:
    """Sales less what was given back of them; on a day of other days' refunds it may be negative."""
    left: int = figures["sales_minor"] - figures["refunded_minor"]
    return left


def _told_money(currency: str) -> Show:
    return lambda amount_minor: ltr(f"{format_minor(amount_minor, currency)} {currency}")


def _mirrored() -> bool:
    return direction(current_language()) == "rtl"
