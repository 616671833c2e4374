"""The calendar: bars in lanes over the days of a month or the weeks of a quarter."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from campaigns.planning.matching.facts import Span
from campaigns.planning.schedule import Bar, Period, campaigns_in, lanes, month_of, people_in, quarter_of
from tests import factories

MAY = month_of(date(2026, 5, 9))


def bar(first: int, last: int, month: int = 5) -> Bar:
    return Bar(Span(date(2026, month, first), date(2026, month, last)), "live")


def widths(period: Period, *bars: Bar) -> list[list[str]]:
    """Lanes as words: `4` four empty columns, `[10]` a bar over ten, `<` and `>` where it goes beyond."""
    return [
        [f"{'<' * one.from_before}[{one.width}]{'>' * one.goes_on}" if one.bar else str(one.width) for one in lane]
        for lane in lanes(period, bars)
    ]


def test_a_bar_lies_over_its_days():
    assert widths(MAY, bar(5, 14)) == [["4", "[10]", "17"]]


def test_bars_apart_share_a_lane_and_bars_together_do_not():
    assert widths(MAY, bar(1, 10), bar(11, 31)) == [["[10]", "[21]"]]
    assert widths(MAY, bar(1, 11), bar(11, 31)) == [["[11]", "20"], ["10", "[21]"]]


def test_a_bar_from_before_or_beyond_is_cut_and_says_so():
    long = Bar(Span(date(2026, 4, 20), date(2026, 6, 2)), "live")
    assert widths(MAY, long) == [["<[31]>"]]


def test_bars_of_other_months_are_left_out():
    assert widths(MAY, bar(1, 30, month=6)) == []


def test_a_quarter_has_thirteen_columns_and_the_last_takes_what_is_left():
    quarter = quarter_of(date(2026, 8, 20))
    assert (quarter.span.first, quarter.span.last) == (date(2026, 7, 1), date(2026, 9, 30))
    assert widths(quarter, bar(30, 30, month=9)) == [["12", "[1]"]]


DAYS = st.dates(date(2026, 4, 1), date(2026, 6, 30))


@given(st.lists(st.tuples(DAYS, DAYS).map(lambda both: Bar(Span(min(both), max(both)), "live")), max_size=8))
def test_every_lane_is_as_wide_as_the_period_and_no_bar_is_lost(bars: list[Bar]):
    laid = lanes(MAY, bars)
    assert all(sum(cell.width for cell in lane) == 31 for lane in laid)
    shown = [bar for bar in bars if bar.span.shared(MAY.span)]
    assert sum(cell.bar is not None for lane in laid for cell in lane) == len(shown)


def test_campaigns_of_the_period_are_shown_but_those_called_off(session: Session):
    shown, _june = factories.campaign(session), factories.campaign(
        session, starts_at=datetime(2026, 6, 2, tzinfo=UTC), ends_at=datetime(2026, 6, 20, tzinfo=UTC)
    )  # fmt: skip
    off = factories.campaign(session)
    off.status = "cancelled"
    session.flush()
    assert campaigns_in(session, MAY) == [shown]


def test_a_campaigns_days_are_those_of_its_own_zone(session: Session):
    night = datetime(2026, 4, 30, 21, 30, tzinfo=UTC)  # the first of May in Jerusalem
    factories.campaign(session, starts_at=datetime(2026, 4, 10, tzinfo=UTC), ends_at=night)
    assert len(campaigns_in(session, MAY)) == 1


def test_people_are_shown_with_what_they_take_part_in_and_days_away(session: Session):
    mina, _idle = factories.influencer(session, name="Mina"), factories.influencer(session, name="Idle")
    factories.participation(session, influencer=mina)
    mina.away = [{"from": "2026-05-20", "to": "2026-05-29"}]
    session.flush()
    (row,) = people_in(session, MAY)
    assert row.influencer == mina and [one.status for one in row.bars] == ["accepted", "away"]
    assert len(row.lanes) == 2
