"""Drawings: heights and lengths in proportion to what they stand for, readable in both directions, the same for all."""

import re
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest

from campaigns.blueprints import charts as pages
from campaigns.documents import charts
from campaigns.documents.charts import Bar, columns, lengths
from campaigns.documents.render import html
from campaigns.i18n import speaking
from campaigns.settlement.daily import Day
from tests.documents.contents import report, row

MINA_LONG = "מיכל־אברהם בן־שושן־הררי לבית אלקלעי"
ABD_LONG = "عبد الرحمن بن محمد الهاشمي القرشي"


def day(on: int, sales_minor: int = 0, refunded_minor: int = 0, clicks: int = 0, orders: int = 0) -> dict[str, Any]:
    """A day of May; counted from the first, so that it may be the fortieth."""
    when = (date(2026, 5, 1) + timedelta(days=on - 1)).isoformat()
    amounts = {"sales_minor": sales_minor, "refunded_minor": refunded_minor}
    return {"on": when, "clicks": clicks, "orders": orders, **amounts}


def drawn(days: list[dict[str, Any]]) -> list[charts.DayChart]:
    return charts.day_charts(days, "ILS", str)


def rects(drawing: str) -> list[tuple[int, int, int, int]]:
    """The rectangles of a drawing, which is XML that anything can read."""
    parts = ElementTree.fromstring(drawing)  # noqa: S314 - ours
    return [
        (int(one.attrib["x"]), int(one.attrib["y"]), int(one.attrib["width"]), int(one.attrib["height"]))
        for one in parts.iter("rect")
    ]


def test_heights_are_in_proportion():
    bars, line = columns([100, 50, 25, 0], width=400, height=100)
    assert [(bar.x, bar.y, bar.width, bar.height) for bar in bars] == [
        (0, 0, 80, 100),
        (100, 50, 80, 50),
        (200, 75, 80, 25),
    ]
    assert line == 100


def test_a_negative_day_hangs_below_the_line():
    bars, line = columns([90, -30], width=200, height=120)
    assert (line, [(bar.y, bar.height, bar.kind) for bar in bars]) == (90, [(0, 90, "bar"), (90, 30, "below")])


def test_only_negative_days_hang_from_the_top():
    bars, line = columns([-10, -5], width=200, height=100)
    assert (line, [bar.height for bar in bars]) == (0, [100, 50])


def test_a_small_day_is_seen_beside_a_wave_and_none_leaves_the_drawing():
    bars, _ = columns([1_000_000, 1, -1], width=300, height=120)
    assert [bar.height for bar in bars] == [117, 3, 3]
    assert all(0 <= bar.y and bar.y + bar.height <= 120 for bar in bars)


def test_time_runs_from_right_to_left_where_the_language_does():
    there, _ = columns([100, 50], width=200, height=100)
    back, _ = columns([100, 50], mirrored=True, width=200, height=100)
    assert [bar.x for bar in there] == [0, 100]
    assert [(bar.x, bar.height) for bar in back] == [(120, 100), (20, 50)]


@pytest.mark.parametrize("language", ["he", "ar"])
def test_a_drawing_is_mirrored_and_its_numbers_are_not(language: str):
    days = [day(1, 123_456), day(2, 61_728)]
    with speaking(language):
        chart = drawn(days)[0]
    (first, second) = rects(chart.drawing)
    assert first[0] > second[0]
    assert "\u20661,234.56 ILS\u2069" in chart.drawing


def test_without_anything_there_is_no_picture():
    assert drawn([]) == drawn([day(1), day(2)]) == []
    assert columns([]) == ([], 120)


def test_one_day_fills_the_height():
    (chart,) = drawn([day(1, clicks=7)])
    assert rects(chart.drawing) == [(0, 0, 480, 120)]
    assert (chart.title, chart.first) == ("Clicks per day", chart.last)


def test_forty_days_stand_side_by_side_without_touching():
    (chart,) = drawn([day(on, clicks=on) for on in range(1, 41)])
    found = rects(chart.drawing)
    assert len(found) == 40 and found[-1][3] == 120
    assert all(one[0] + one[2] < following[0] for one, following in zip(found, found[1:], strict=False))


def test_what_was_given_back_is_taken_from_the_day():
    (chart,) = drawn([day(1, 10_000, 4_000), day(2, 6_000), day(3, 0, 1_000)])
    assert [height for *_, height in rects(chart.drawing)] == [103, 103, 17]
    assert chart.most == "6000"


def test_a_drawing_says_what_it_is_to_who_does_not_see_it():
    (chart,) = drawn([day(1, clicks=7)])
    parts = ElementTree.fromstring(chart.drawing)  # noqa: S314
    assert (parts.attrib["role"], parts.attrib["aria-label"]) == ("img", "Clicks per day")
    assert [parts.findtext(name) for name in ("title", "desc")] == [
        "Clicks per day",
        "Bars per day; the table below has the numbers.",
    ]


def test_bars_beside_names_are_as_long_as_their_share():
    assert [bar.width for bar in lengths([400, 100, 0, -200])] == [600, 150, 0, 300]
    assert lengths([2, 1], mirrored=True)[1] == Bar(300, 0, 300, 16)


def test_fifteen_long_names_stand_in_the_order_of_their_sales():
    rows = [row(name=f"{(MINA_LONG, ABD_LONG)[number % 2]} {number}", sales_minor=number * 100) for number in range(15)]
    chart = charts.sales_chart(rows, "ILS", str)
    assert [name for name, *_ in chart.rows][:2] == [f"{MINA_LONG} 14", f"{ABD_LONG} 13"]
    assert [rects(drawing)[0][2] for _, drawing, _ in chart.rows[:3]] == [600, 557, 514]


def test_clicks_and_their_orders_are_on_one_scale():
    (_, drawing, figures) = charts.clicks_chart([row(clicks=80, orders=4), row(clicks=40, orders=8)]).rows[0]
    assert [bar[2] for bar in rects(drawing)] == [600, 30]
    assert figures == ("\u206680\u2069", "\u20664\u2069", "\u20665.0\u2069")


def test_orders_without_clicks_have_a_bar_of_their_own():
    (_, drawing, figures) = charts.clicks_chart([row(clicks=0, orders=5)]).rows[0]
    assert rects(drawing) == [(0, 4, 600, 8)]
    assert figures[2] == "–"


def test_a_name_brings_no_markup_into_a_drawing():
    (_, drawing, _) = charts.sales_chart([row(name='<script>"x"</script>')], "ILS", str).rows[0]
    ElementTree.fromstring(drawing)  # noqa: S314
    assert "<script" not in drawing


@pytest.mark.parametrize("language", ["he", "en"])
def test_page_and_paper_show_the_same_picture(language: str):
    days = [day(1, 5_000, clicks=9, orders=1), day(2, 2_500, 5_000, clicks=3)]
    with speaking(language):
        shown = pages.panels([Day(**{**one, "on": date.fromisoformat(one["on"])}) for one in days], "ILS")
    paper = html("final_report", report(language=language, days=days))
    assert len(shown) == 3
    assert all(str(panel.drawing) in paper for panel in shown)


def test_a_report_from_before_there_were_days_has_no_picture():
    assert "<svg" not in html("final_report", report())
    assert "<svg" in html("final_report", report(days=[day(1, 100)]))


@pytest.mark.parametrize("colour", [charts.INK, charts.BELOW, charts.LINE])
def test_colours_stand_out_from_white_paper(colour: str):
    parts = [int(part, 16) / 255 for part in re.findall("..", colour[1:])]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    luminance = sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    assert 1.05 / (luminance + 0.05) >= 3  # https://www.w3.org/TR/WCAG22/#non-text-contrast
