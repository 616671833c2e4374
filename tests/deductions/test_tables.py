"""Dated tables: the day decides, a verified entry wins, and an uncovered day is refused."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from campaigns.deductions.tables import UNVERIFIED, VERIFIED, Row, Tables, shipped
from campaigns.errors import MissingTableRow
from tests.deductions.working import slip

HEALTH = "IL.health_insurance.employee"
NAMES = shipped().names()


def entered(table: str, starts: date, ends: date | None, **changes) -> Row:
    """A verified row of one flat rate."""
    values = {"steps": [{"upto_minor": None, "rate": "0.05"}]}
    return Row(**{**vars(Row(table, starts, ends, "gazette", VERIFIED, values, entered="e1")), **changes})


def rate(tables: Tables, on: date) -> Decimal:
    return tables.row(HEALTH, on).brackets()[-1].rate


def test_the_day_decides_which_row_is_in_force():
    january, february = (shipped().row(HEALTH, day) for day in (date(2025, 1, 31), date(2025, 2, 1)))

    assert january.brackets()[1].rate == Decimal("0.0516")
    assert february.brackets()[1].rate == Decimal("0.0517")


@pytest.mark.parametrize("day", [date(2023, 12, 31), date(2027, 1, 1)])
def test_a_day_without_a_row_is_refused_saying_what_to_enter(day):
    with pytest.raises(MissingTableRow) as refusal:
        shipped().row("IL.national_insurance.employee", day)

    assert refusal.value.table == "IL.national_insurance.employee"
    assert str(refusal.value).startswith(f"table IL.national_insurance.employee has no row for {day}")
    assert "enter one (steps) with its source" in str(refusal.value)


@pytest.mark.parametrize("table", ["US.income_tax", "IL.window_tax", ""])
def test_an_unknown_table_is_refused_like_a_missing_row(table):
    with pytest.raises(MissingTableRow, match=f"table {table} has no row"):
        shipped().row(table, date(2026, 5, 31))


def test_an_entered_row_wins_for_the_days_it_covers_and_no_others():
    tables = shipped().with_entered([entered(HEALTH, date(2026, 3, 1), date(2026, 3, 31))])

    assert [rate(tables, date(2026, month, day)) for month, day in ((2, 28), (3, 1), (3, 31), (4, 1))] == [
        Decimal(0), Decimal("0.05"), Decimal("0.05"), Decimal(0),
    ]  # fmt: skip


def test_of_two_entered_rows_the_later_entry_wins():
    other = {"steps": [{"upto_minor": None, "rate": "0.06"}]}
    year = (date(2027, 1, 1), None)
    tables = shipped().with_entered([entered(HEALTH, *year), entered(HEALTH, *year, values=other)])

    assert rate(tables, date(2027, 1, 1)) == Decimal("0.06")


def test_an_entered_row_makes_a_payslip_of_2027_possible():
    year = (date(2027, 1, 1), date(2027, 12, 31))
    names = ("IL.national_insurance.employee", HEALTH, "IL.national_insurance.employer")
    worked = slip(on=date(2027, 1, 31), gross_minor=100000, tables=shipped().with_entered(
        entered(name, *year) for name in names
    ))  # fmt: skip

    assert worked.amounts["national_insurance"] == 5000
    assert [row["entered"] for row in worked.as_contents()["tables"]] == [None, None, "e1", "e1", "e1"]


def test_entering_changes_nothing_of_the_shipped_tables():
    shipped().with_entered([entered(HEALTH, date(2026, 1, 1), None)])

    assert rate(shipped(), date(2026, 1, 1)) == 0


def test_a_shipped_row_of_low_confidence_is_refused_until_one_is_verified():
    with pytest.raises(MissingTableRow, match=r"IL\.supplier_withholding"):
        shipped().row("IL.supplier_withholding", date(2026, 5, 31))
    entry = entered("IL.supplier_withholding", date(2026, 1, 1), None)
    assert shipped().with_entered([entry]).row("IL.supplier_withholding", date(2026, 5, 31)) == entry


def test_names_are_those_of_a_country_or_all():
    assert set(shipped().names("RU")) == {name for name in NAMES if name.startswith("RU.")}
    assert {name[:3] for name in NAMES} == {"IL.", "RU.", "US."}
    assert shipped().names("FR") == ()


@pytest.mark.parametrize("table", NAMES)
def test_rows_of_a_table_follow_each_other_without_gap_or_overlap(table):
    rows = shipped().rows(table)

    for before, after in zip(rows, rows[1:], strict=False):
        assert before.ends is not None
        assert after.starts == before.ends + timedelta(days=1)


@pytest.mark.parametrize("table", NAMES)
def test_every_row_says_where_it_comes_from_and_how_sure_it_is(table):
    for row in shipped().rows(table):
        assert row.source and row.values
        assert row.confidence in {"high", "medium-high", "medium", UNVERIFIED}
        assert row.usable or "verif" in row.note


@pytest.mark.parametrize("table", [name for name in NAMES if "steps" in shipped().rows(name)[0].values])
def test_steps_rise_and_the_last_one_is_open(table):
    for row in shipped().rows(table):
        bounds = [bracket.upto_minor for bracket in row.brackets()]
        assert bounds[-1] is None
        assert bounds[:-1] == sorted(set(bounds[:-1]))


def test_a_row_goes_onto_paper_as_plain_values():
    contents = shipped().row("IL.minimum_wage", date(2026, 11, 30)).as_contents()

    assert contents["table"] == "IL.minimum_wage"
    assert (contents["from"], contents["to"], contents["entered"]) == ("2026-04-01", "2027-03-31", None)
