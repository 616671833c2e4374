"""Papers as pages: the contents' language and nothing but the contents."""

import pytest
from jinja2 import UndefinedError

from campaigns.documents.render import KINDS, LINES_ON_PAPER, files, html
from campaigns.errors import Unreadable
from campaigns.i18n import LANGUAGES, direction, ltr
from tests.documents.contents import MAKERS, late_refund, line, offset_note, payslip, report, row, statement


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_paper_speaks_every_language_in_its_direction(kind, language):
    page = html(kind, MAKERS[kind](language=language))

    assert f'<html lang="{language}" dir="{direction(language)}">' in page


@pytest.mark.parametrize(
    ("language", "title"), [("he", "דוח עמלות"), ("ar", "كشف عمولات"), ("ru", "Отчёт о комиссии"), ("en", "Commission")]
)
def test_a_statement_is_titled_in_its_language(language, title):
    assert f"<h1>{title}" in html("commission_statement", statement(language=language))


def test_text_from_strangers_stays_text():
    page = html("final_report", report(rows=[row(name="<script>alert(1)</script>")]))

    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_percent_signs_in_free_text_are_no_format():
    page = html(
        "final_report", report(override_reason="100% agreed %(url)s", uncredited=[{"reason": "5% x", "orders": 1}])
    )

    assert "100% agreed %(url)s" in page
    assert "5% x" in page


@pytest.mark.parametrize("kind", KINDS)
def test_a_missing_field_is_an_error_and_no_blank(kind):
    contents = MAKERS[kind]()
    del contents["number"]

    with pytest.raises(UndefinedError, match="number"):
        html(kind, contents)


@pytest.mark.parametrize(("kind", "language"), [("diploma", "en"), ("payslip", "eo")])
def test_an_unknown_kind_or_language_is_refused(kind, language):
    with pytest.raises(Unreadable, match=f"{kind}.*{language}"):
        html(kind, payslip() | {"language": language})


def test_codes_and_amounts_are_isolated_from_right_to_left_text():
    page = html("commission_statement", statement(language="he"))

    assert ltr("#10428-A") in page
    assert ltr("129.90") in page


def test_an_order_carries_the_day_it_was_where_the_campaign_ran():
    assert ltr("2 May 2026") in html("commission_statement", statement(lines=[line(placed_at="2026-05-01T22:30:00Z")]))


def test_a_statement_without_sales_says_so():
    page = html("commission_statement", statement(lines=[]))

    assert "There were no sales in this campaign." in page
    assert "Nothing is due, and nothing has to be sent." in page


@pytest.mark.parametrize(
    ("wanted", "asked"),
    [("invoice", "a tax invoice for exactly"), ("receipt", "a receipt for exactly"), ("payslip", "with a payslip")],
)
def test_a_statement_asks_for_the_document_it_is_paid_against(wanted, asked):
    assert asked in html("commission_statement", statement(document_wanted=wanted))


def test_a_balance_below_zero_asks_for_no_document():
    page = html("commission_statement", statement(lines=[late_refund()]))

    assert "taken off the next commission" in page
    assert "Please send" not in page


def test_late_refunds_stand_below_the_campaigns_total_and_name_theirs():
    page = html("commission_statement", statement(lines=[late_refund(), line()]))

    assert page.index("#10428-A") < page.index("Total of this campaign") < page.index("#9077")
    assert "Spring 2026" in page


def test_a_very_long_statement_refers_to_its_csv_and_keeps_the_totals():
    page = html("commission_statement", statement(lines=[line()] * (LINES_ON_PAPER + 1)))

    assert "in the CSV file" in page
    assert "#10428-A" not in page
    assert "130,029.90" in page  # 1,001 sales of 129.90


def test_a_payslip_shows_what_the_wage_protection_law_asks_for():
    page = html("payslip", payslip())
    facts = ["November 2026", "516179157", "935617915", "039337423", "3 Feb 2026", "commission on sales", "by results"]
    sums = ["8,430.50", "234.37", "131.04", "286.42", "651.83", "7,778.67", "31,902.75", "402.70", "8,833.20"]
    rest = ["7,010.00 × 10% + 1,420.50 × 14% − 2.75 × 242.00", "6,443.85", "35.40", "123456", "Vacation balance"]

    assert [text for text in facts + sums + rest if text not in page] == []


def test_a_payslip_without_form_101_says_so():
    assert "No form 101 was given" in html("payslip", payslip(credit_points=None))
    assert "No form 101 was given" not in html("payslip", payslip())


def test_arabic_months_stay_arabic_after_a_hebrew_paper():
    html("payslip", payslip(language="he"))

    assert "نوفمبر 2026" in html("payslip", payslip(language="ar"))


def test_a_report_closed_over_findings_says_why():
    open_still = {"sentence": "deliveries of the shop that could not be read: %(count)s", "facts": {"count": 7}}
    page = html("final_report", report(findings=[open_still], override_reason="shop confirmed"))

    assert "deliveries of the shop that could not be read: \u20687\u2069" in page
    assert "shop confirmed" in page


@pytest.mark.parametrize(
    ("kind", "endings"),
    [("final_report", ["pdf", "csv", "sheet"]), ("commission_statement", ["pdf", "csv"]), ("payslip", ["pdf"])],
)
def test_each_kind_is_made_in_its_formats(kind, endings, tmp_path_factory):
    made = files(kind, MAKERS[kind](), tmp_path_factory.getbasetemp() / "fonts")

    assert all(media_type.endswith(ending) for (media_type, _), ending in zip(made, endings, strict=True))


def test_a_statement_carries_the_balance_forward_and_lists_what_is_held_below_the_line():
    held = {"campaign": "Summer 2026", "order_number": "#9", "reason": "It is in dispute.", "commission_minor": 700}
    carried = {"opening_minor": -1500, "closing_minor": 124, "brand": "Amber", "held": [held], "held_minor": 700}
    page = html("commission_statement", statement(**carried))

    for told in ("Account with", "-15.00", "16.24", "1.24", "Held in all", "It is in dispute.", "7.00"):
        assert told in page


def test_a_statement_of_earlier_versions_prints_without_a_balance():
    assert "Account with" not in html("commission_statement", statement())


def test_compensation_is_a_line_that_says_so():
    given = line(kind="compensation", order_number="d1", placed_at="", reason="compensation", commission_minor=500)
    page = html("commission_statement", statement(lines=[line(), given]))

    assert "Compensation after a dispute" in page and "5.00" in page


def test_an_offset_note_says_both_balances_before_and_after():
    page = html("offset_note", offset_note())

    for told in ("20.00", "-15.00", "5.00", "15.00", "0.00", "CS-2026-00077"):
        assert told in page
