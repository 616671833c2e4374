"""A brand's bill on paper and as a table: the sums a person can follow, in every language, and nothing but sales."""

import csv
import re
from io import StringIO
from typing import Any

import pytest

from campaigns.documents.render import LINES_ON_PAPER, files, html
from campaigns.documents.tables import csv_bytes, xlsx_bytes
from tests.documents.contents import bill, bill_line
from tests.documents.test_tables import sheets_of

FOREIGN = {
    "currency": "USD", "net_minor": 2_500, "refunded_minor": 0, "rate_millionths": 4_000_000, "on": "2026-05-10",
    "source": "the bank",
}  # fmt: skip


def words(contents: dict[str, Any]) -> str:
    """The paper's words without tags and marks of direction."""
    return re.sub("<[^>]*>|[\u2066-\u2069]", "", html("brand_bill", contents))


@pytest.mark.parametrize(
    ("language", "title"), [("he", "חשבון"), ("ar", "فاتورة الحساب"), ("ru", "Счёт"), ("en", "Bill")]
)
def test_a_bill_is_titled_in_its_language(language: str, title: str):
    assert f"<h1>{title}</h1>" in html("brand_bill", bill(language=language))


def test_a_bill_comes_to_its_charges_and_the_vat_on_the_fee():
    """10.00 and 5.00 of 100.00, and 0.90 of VAT on the 5.00."""
    page = words(bill())
    assert "VAT on the agency fee, 18%" in page and "15.90" in page and "To pay" in page


def test_a_bill_below_zero_is_a_credit():
    lines = [bill_line(net_minor=-10_000, kind="bill_adjustment")]
    page = words(bill(lines=lines))
    assert "Credit for the brand" in page and "Change to an earlier bill" in page and "-15.90" in page


def test_an_exempt_dealer_says_so():
    vat = {"country": "none", "rate_bps": 0, "on": "2026-06-15", "row": None}
    assert "the agency is an exempt dealer" in words(bill(vat=vat))


def test_an_order_of_another_currency_shows_what_was_paid_and_by_which_rate():
    page = words(bill(lines=[bill_line(foreign=FOREIGN)]))
    assert "paid in USD: 25.00" in page and "rate 4 of" in page and "the bank" in page


def test_a_very_long_bill_refers_to_its_csv_and_keeps_the_totals():
    page = words(bill(lines=[bill_line() for _ in range(LINES_ON_PAPER + 1)]))
    assert "1,001 lines of this bill are in the CSV" in page and "#1001" not in page and "15,915.90" in page


def test_the_tables_columns_sum_to_the_bill():
    contents = bill(lines=[bill_line(), bill_line(net_minor=-4_000), bill_line(foreign=FOREIGN)])
    rows = list(csv.DictReader(StringIO(csv_bytes("brand_bill", contents).decode("utf-8-sig"))))
    for column, name in (("Commission", "commission_minor"), ("Agency fee", "agency_fee_minor")):
        assert sum(round(float(row[column]) * 100) for row in rows) == contents["totals"][name]
    assert (rows[2]["Paid in"], rows[2]["Net sale there"], rows[2]["Rate"]) == ("USD", "25.00", "4.000000")


def test_the_workbook_has_a_summary_and_the_orders():
    sheets = sheets_of(xlsx_bytes(bill(), "brand_bill"))
    assert "VAT on the agency fee" in sheets and "#1001" in sheets


def test_a_bill_is_made_as_pdf_csv_and_workbook(tmp_path_factory: pytest.TempPathFactory):
    made = files("brand_bill", bill(language="he"), tmp_path_factory.mktemp("fonts"))
    assert [kind.rpartition(".")[2].rpartition("/")[2] for kind, _ in made] == ["pdf", "csv", "sheet"]
    assert made[0][1].startswith(b"%PDF")
