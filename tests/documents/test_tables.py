"""CSV and XLSX: columns that sum to the paper's totals, and text no spreadsheet will run."""

import csv
from decimal import Decimal
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
import time_machine

from campaigns.documents.render import files
from campaigns.documents.tables import csv_bytes, xlsx_bytes
from tests.documents.contents import late_refund, line, report, row, statement


def rows_of(written: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(written.decode("utf-8-sig"), newline="")))


def sheets_of(written: bytes) -> str:
    """Every part of a workbook, one after the other."""
    with ZipFile(BytesIO(written)) as book:
        return "".join(book.read(name).decode() for name in book.namelist())


def test_a_csv_opens_in_excel_with_its_letters_whole():
    written = csv_bytes("commission_statement", statement(language="he"))

    assert written.startswith(b"\xef\xbb\xbf")
    assert written.count(b"\r\n") == written.count(b"\n") == 2
    assert "עמלה" in written.decode("utf-8-sig").splitlines()[0]


def test_a_reports_columns_sum_to_its_totals():
    rows = rows_of(csv_bytes("final_report", report(rows=[row(sales_minor=100000), row(sales_minor=20000)])))

    assert sum(Decimal(entry["Sales"]) for entry in rows) == Decimal("1200.00")
    assert sum(Decimal(entry["Brand pays"]) for entry in rows) == Decimal("180.00")


def test_a_report_has_a_row_for_who_sold_nothing():
    assert [entry["Influencer"] for entry in rows_of(csv_bytes("final_report", report()))] == ["Mina", "Lea"]


def test_a_statements_commissions_sum_to_what_is_due_late_refunds_included():
    rows = rows_of(csv_bytes("commission_statement", statement(lines=[line(), late_refund()])))

    assert [entry["Commission"] for entry in rows] == ["16.24", "-24.00"]


@pytest.mark.parametrize(
    "name", ["=1+1", "+972-3-555", "-2+3", "@mina", "\tx", "\rx", " =1+1", "＝1+1", '=HYPERLINK("http://x")']
)
def test_text_that_a_spreadsheet_would_run_gets_a_quote(name):
    rows = rows_of(csv_bytes("final_report", report(rows=[row(name=name)])))

    assert rows[0]["Influencer"] == f"'{name}"


@pytest.mark.parametrize("number", ["-5", "-12.50"])
def test_a_plain_negative_number_stays_one(number):
    assert rows_of(csv_bytes("final_report", report(rows=[row(name=number)])))[0]["Influencer"] == number


def test_a_statement_without_lines_is_its_heading():
    assert rows_of(csv_bytes("commission_statement", statement(lines=[]))) == []


def test_amounts_have_the_decimals_of_their_currency():
    yen = rows_of(csv_bytes("final_report", report(rows=[row(sales_minor=23600)], currency="JPY")))
    dinar = rows_of(csv_bytes("final_report", report(rows=[row(sales_minor=23600)], currency="KWD")))

    assert (yen[0]["Sales"], dinar[0]["Sales"]) == ("23600", "23.600")


def test_a_workbook_runs_no_formula_and_follows_no_link():
    parts = sheets_of(xlsx_bytes(report(rows=[row(name="=1+1", handle="https://x.example/")])))

    assert "<f>" not in parts
    assert "<hyperlink" not in parts
    assert "<t>=1+1</t>" in parts


def test_a_workbook_holds_exact_amounts():
    parts = sheets_of(xlsx_bytes(report(rows=[row(sales_minor=12345678910)])))

    assert "<v>123456789.10</v>" in parts


@pytest.mark.parametrize(("language", "mirrored"), [("he", True), ("ar", True), ("ru", False), ("en", False)])
def test_a_workbook_reads_in_its_languages_direction(language, mirrored):
    assert ('rightToLeft="1"' in sheets_of(xlsx_bytes(report(language=language)))) is mirrored


def test_a_workbook_carries_the_moment_of_issue_and_not_the_clocks():
    with time_machine.travel("2026-07-01T12:00:00Z", tick=False):
        first = xlsx_bytes(report())
    with time_machine.travel("2031-01-01T12:00:00Z", tick=False):
        second = xlsx_bytes(report())

    assert first == second
    assert "2026-06-15T09:30:00Z" in sheets_of(first)


def test_a_payout_batch_is_a_list_for_the_bank_and_nothing_else():
    row = {"name": "Noa", "id_number": "000000018", "bank": "12", "branch": "345", "account": "123456"}
    batch = {
        "language": "en",
        "currency": "ILS",
        "rows": [{**row, "amount_minor": 777867, "statements": ["CS-1", "CS-2"]}],
    }
    ((media_type, body),) = files("payout_batch", batch)
    assert media_type == "text/csv"
    assert body.decode("utf-8-sig").splitlines()[1] == "Noa,000000018,12,345,123456,7778.67,ILS,CS-1 CS-2"
