"""Dated tables: the day decides, and an uncovered day is refused."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from campaigns.deductions import tables
from campaigns.errors import MissingTableRow


def test_the_day_decides_which_row_is_in_force():
    january = tables.row("IL.health_insurance.employee", date(2025, 1, 31))
    february = tables.row("IL.health_insurance.employee", date(2025, 2, 1))

    assert january.brackets()[1].rate == Decimal("0.0516")
    assert february.brackets()[1].rate == Decimal("0.0517")


@pytest.mark.parametrize("day", [date(2023, 12, 31), date(2027, 1, 1)])
def test_a_day_without_a_row_is_refused_by_the_tables_name(day):
    with pytest.raises(MissingTableRow) as refusal:
        tables.row("IL.national_insurance.employee", day)

    assert refusal.value.table == "IL.national_insurance.employee"
    assert day.isoformat() in str(refusal.value)


@pytest.mark.parametrize("table", ["US.income_tax", "IL.window_tax", ""])
def test_an_unknown_table_is_refused_like_a_missing_row(table):
    with pytest.raises(MissingTableRow, match=f"table {table} has no row"):
        tables.row(table, date(2026, 5, 31))


@pytest.mark.parametrize("table", tables.names("IL"))
def test_rows_of_a_table_follow_each_other_without_gap_or_overlap(table):
    rows = tables.rows(table)

    for before, after in zip(rows, rows[1:], strict=False):
        assert before.ends is not None
        assert after.starts == before.ends + timedelta(days=1)


@pytest.mark.parametrize("table", tables.names("IL"))
def test_every_row_says_where_it_comes_from_and_how_sure_it_is(table):
    for row in tables.rows(table):
        assert row.source
        assert row.confidence in {"high", "medium-high", "medium"}


@pytest.mark.parametrize("table", [name for name in tables.names("IL") if "steps" in tables.rows(name)[0].values])
def test_steps_rise_and_the_last_one_is_open(table):
    for row in tables.rows(table):
        bounds = [bracket.upto_minor for bracket in row.brackets()]
        assert bounds[-1] is None
        assert bounds[:-1] == sorted(set(bounds[:-1]))


def test_a_row_goes_onto_paper_as_plain_values():
    contents = tables.row("IL.minimum_wage", date(2026, 11, 30)).as_contents()

    assert contents["table"] == "IL.minimum_wage"
    assert (contents["from"], contents["to"]) == ("2026-04-01", "2027-03-31")
