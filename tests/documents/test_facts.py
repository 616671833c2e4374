"""The fields that papers have beside their sums, and papers of before, which have none of them."""

import re
import unicodedata
from io import BytesIO

import pytest
from pypdf import PdfReader

from campaigns.deductions.reading import read_scheme
from campaigns.documents.pdf import pdf
from campaigns.documents.render import html
from campaigns.documents.tables import csv_bytes, xlsx_bytes
from campaigns.i18n import LANGUAGES, ltr
from campaigns.settlement.partner_certificates import ON_ONE_PAGE
from tests.deductions.test_schemes import MAY, NEW, OTHERS, TAX
from tests.deductions.working import paid
from tests.documents.contents import late_refund, line, payslip, remittance, report, statement
from tests.documents.facts import ADVICE_FACTS, REPORT_FACTS, STATEMENT_FACTS
from tests.documents.personal import answer, partner_certificate, payroll_order


def test_a_report_lists_products_and_what_is_not_counted_and_where_it_is_from():
    page = html("final_report", report(**REPORT_FACTS))
    told = ["SERUM", "All others", "900.00", "Discounts that buyers got", "111.00", "456.00", "87", "1,204", "1.5"]
    assert [text for text in told if text not in page] == []


def test_a_statement_says_the_year_so_far_the_account_and_the_masked_order():
    lines = [line(order_ref="•••8A"), late_refund(commission_minor=-100)]
    page = html("commission_statement", statement(lines=lines, **STATEMENT_FACTS))
    assert ltr("•••8A") in page and "#10428-A" not in page
    for told in ("9,123.45", "8,000.00", "By campaign", ltr("456"), "next batch of payments", "You may doubt"):
        assert told in page


def test_a_statement_that_holds_masked_numbers_alone_prints_them():
    sale = {name: value for name, value in line(order_ref="•••8A").items() if name != "order_number"}
    held = {"campaign": "Summer 2026", "order_ref": "•••77", "reason": "It is in dispute.", "commission_minor": 700}
    told = statement(lines=[sale], held=[held], held_minor=700)
    page = html("commission_statement", told)
    assert ltr("•••8A") in page and ltr("•••77") in page
    assert "•••8A" in csv_bytes("commission_statement", told).decode("utf-8-sig")


def test_an_advice_tells_vat_tax_and_balances_apart():
    page = html("remittance_advice", remittance(**ADVICE_FACTS))
    for told in ("150.00", "27.00", "-6.41", "-27.00", "143.59"):
        assert told in page
    assert "Withheld by payslips, and balances of before" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_facts_speak_every_language(language: str):
    for kind, contents in (
        ("final_report", report(language=language, **REPORT_FACTS)),
        ("commission_statement", statement(language=language, **STATEMENT_FACTS)),
        ("remittance_advice", remittance(language=language, **ADVICE_FACTS)),
    ):
        assert f'lang="{language}"' in html(kind, contents)


def test_papers_of_before_print_without_them():
    assert "Products" not in html("final_report", report())
    assert "so far" not in html("commission_statement", statement())
    assert "Withheld by payslips, and balances of before" in html("remittance_advice", remittance())


def test_a_slip_of_another_country_names_its_own_lines_and_no_minimum_wage():
    """Of 1,000.00, by the made-up scheme of the tests: fund 100.00, tax 130.00, church tax 10.40, stamp 1.50."""
    slip = paid(read_scheme(NEW), 100_000, MAY, TAX, currency="EUR", others=OTHERS).as_contents()
    sums = {f"{line['code']}_minor": 2 * line["amount_minor"] for line in slip["lines"] + slip["employer_lines"]}
    totals = {"year": 2026, "gross_minor": 200_000, "net_minor": 2 * slip["net_minor"], **sums}
    page = html("payslip", payslip(**slip, currency="EUR", minimum_wage=None, year_to_date=totals))
    rows = re.findall(r"<tr><td>(.*?)</td><td class=\"num\">(.*?)</td><td class=\"num\">(.*?)</td></tr>", page)
    assert [unicodedata.normalize("NFKC", re.sub("[\u2066-\u2069]", "", name)) for name, _, _ in rows] == [
        "Gross pay", "Fund", "Tax", "Church tax", "Net pay", "Stamp"
    ]  # fmt: skip
    assert "Minimum wage" not in page and "Pay liable to income tax" not in page


def test_an_answers_csv_has_a_row_per_posting_whose_amounts_sum_to_the_balance():
    rows = csv_bytes("itemised_answer", answer()).decode("utf-8-sig").splitlines()[1:]
    assert len(rows) == 3
    assert [row.split(",")[-2] for row in rows] == ["30.00", "30.00", "-30.00"]


def test_a_payroll_order_prints_ends_of_numbers_and_hands_over_whole_ones():
    page, rows = html("payroll_order", payroll_order()), csv_bytes("payroll_order", payroll_order()).decode("utf-8-sig")
    assert "039337423" not in page and "4123456" not in page and ltr("••••••423") in page
    assert "039337423" in rows and "4123456" in rows and "8430.50" in rows
    assert xlsx_bytes(payroll_order(), "payroll_order").startswith(b"PK")


def test_a_certificate_is_one_page_even_when_it_is_full(tmp_path_factory: pytest.TempPathFactory):
    one = partner_certificate()["campaigns"][0]
    full = partner_certificate(language="ru", campaigns=[one] * ON_ONE_PAGE)
    made = PdfReader(BytesIO(pdf(html("partner_certificate", full), tmp_path_factory.getbasetemp() / "fonts")))
    assert len(made.pages) == 1
    assert made.pages[0].mediabox.width > made.pages[0].mediabox.height
