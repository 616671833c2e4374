"""The formats: typed cells, whole totals, no formula, and a sheet that is full goes on in another."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from campaigns.i18n import speaking
from campaigns.sheets.cells import Cell
from campaigns.sheets.xlsx_files import About, write_book
from tests.sheets.tables import MADE_AT, MINA, file_of, names, sales

YEN = ("Noa", 1, 23600, "JPY", None, None, None)


def book_of(written: bytes) -> Any:
    """A workbook as a spreadsheet opens it."""
    return load_workbook(BytesIO(written))


def test_a_workbooks_cells_have_types():
    (_, row) = book_of(file_of(sales(MINA), "xlsx"))["Sales"].iter_rows()
    assert [cell.value for cell in row][1:3] == [2, -12.5]
    assert [cell.data_type for cell in row] == ["s", "n", "n", "s", "n", "d", "d"]
    assert row[5].value.date() == date(2026, 5, 10)
    assert row[6].value == datetime(2026, 5, 11, 0, 30)  # noqa: DTZ001 - in Jerusalem, as the heading says


def test_money_is_shown_with_the_decimals_of_its_currency():
    (_, ils, jpy) = book_of(file_of(sales(MINA, YEN), "xlsx"))["Sales"].iter_rows()
    assert (ils[2].number_format, jpy[2].number_format) == ("#,##0.00", "#,##0")


def test_totals_are_values_by_currency():
    sheet = book_of(file_of(sales(MINA, MINA, YEN), "xlsx"))["Totals"]
    assert list(sheet.values) == [("Currency", "Net sale"), ("ILS", -25), ("JPY", 23600)]
    assert b"<f>" not in b"".join(
        ZipFile(BytesIO(file_of(sales(MINA), "xlsx"))).read(f"xl/worksheets/sheet{number}.xml") for number in (1, 2)
    )


def test_the_heading_is_frozen_and_says_whose_hours_they_are():
    sheet = book_of(file_of(sales(MINA), "xlsx"))["Sales"]
    assert sheet.freeze_panes == "A2"
    assert sheet["G1"].value == "Placed (Asia/Jerusalem)"


@pytest.mark.parametrize(("language", "mirrored"), [("he", True), ("ar", True), ("ru", None), ("en", None)])
def test_a_sheet_reads_in_its_languages_direction(language: str, mirrored: bool | None):
    with speaking(language):
        book = book_of(file_of(sales(MINA), "xlsx"))
    assert [bool(sheet.sheet_view.rightToLeft) for sheet in book.worksheets] == [bool(mirrored)] * 2


def test_columns_are_as_wide_as_their_texts_within_reason():
    sheet = book_of(file_of(names([("x" * 20, "y" * 200)]), "xlsx")).worksheets[0]
    assert 22 <= sheet.column_dimensions["A"].width <= 25
    assert sheet.column_dimensions["B"].width <= 41


def test_a_text_that_would_run_is_marked_as_text():
    (_, row) = book_of(file_of(names([("=1+1", "a")]), "xlsx")).worksheets[0].iter_rows()
    assert [cell.quotePrefix for cell in row] == [True, False]
    assert [cell.data_type for cell in row] == ["s", "s"]


def test_a_full_sheet_goes_on_in_another_under_the_same_heading():
    rows: list[list[Cell]] = [["Number"], *([number] for number in range(1, 6))]
    written = BytesIO()
    write_book(written, [("Sales", rows)], About("t", "a", MADE_AT), streaming=True, most_rows=3)
    sheets = book_of(written.getvalue()).worksheets
    assert [sheet.title for sheet in sheets] == ["Sales", "Sales 2", "Sales 3"]
    assert [[cell for (cell,) in sheet.values] for sheet in sheets] == [
        ["Number", 1, 2],
        ["Number", 3, 4],
        ["Number", 5],
    ]


def test_a_csv_has_the_mark_only_where_it_is_wanted():
    assert file_of(sales(MINA), "csv").startswith(b"\xef\xbb\xbf")
    assert not file_of(sales(MINA), "csv", mark=False).startswith(b"\xef\xbb\xbf")


def test_a_csv_has_points_zeros_and_the_zones_own_hours():
    written = file_of(sales(MINA), "csv", mark=False).decode()
    assert written.split("\r\n")[1] == "Mina,2,-12.50,ILS,12.50,2026-05-10,2026-05-11T00:30:00+03:00"


def test_json_has_whole_minor_units_moments_in_utc_and_totals():
    told = json.loads(file_of(sales(MINA, YEN), "json"))
    assert told["rows"][0] == {
        "name": "Mina", "orders": 2, "net_minor": -1250, "currency": "ILS", "rate_bps": 1250, "on": "2026-05-10",
        "placed_at": "2026-05-10T21:30:00Z",
    }  # fmt: skip
    assert told["totals"] == [{"currency": "ILS", "net_minor": -1250}, {"currency": "JPY", "net_minor": 23600}]
    assert told["columns"]["net_minor"] == "money"


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json"])
def test_the_same_rows_give_the_same_bytes(ending: str):
    assert file_of(sales(MINA), ending) == file_of(sales(MINA), ending)


def test_a_table_without_rows_is_its_heading():
    assert json.loads(file_of(sales(), "json"))["rows"] == []
    assert len(list(book_of(file_of(sales(), "xlsx"))["Sales"].values)) == 1


def test_an_amount_is_exact_to_the_last_minor_unit():
    large = ("Mina", 1, 99_999_999_999_999, "ILS", None, None, None)
    (_, row) = book_of(file_of(sales(large), "xlsx"))["Sales"].values
    assert Decimal(f"{row[2]:.15g}") == Decimal("999999999999.99")
    assert MADE_AT == datetime(2026, 11, 23, 6, tzinfo=UTC)
