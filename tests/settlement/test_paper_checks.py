"""What is looked at before a payee's paper is accepted: one question a test, from facts alone."""

from dataclasses import replace
from datetime import date

import pytest

from campaigns.models import Certificate
from campaigns.settlement.billing.vat import Vat
from campaigns.settlement.exchanging import checks
from campaigns.settlement.exchanging.asked import Asked, Withholding, fitting_kinds, standing_of

TAX_INVOICE = Asked(("tax_invoice",), "ILS", 843_050, Vat(1800, {}), 500_000, None)  # 8,430.50 and 1,517.49 of VAT
RECEIPT = Asked(("receipt", "deal_invoice"), "ILS", 843_050, Vat(0, None), None, None)
DAY = date(2026, 6, 10)


def withholding(rate_bps: int | None, certificate: str = "T-771") -> Asked:
    return replace(TAX_INVOICE, withholding=Withholding(rate_bps, certificate))


@pytest.mark.parametrize(
    ("country", "standing", "kinds"),
    [("IL", "exempt", ("receipt", "deal_invoice")), ("IL", "licensed", ("tax_invoice",)),
     ("IL", "company", ("tax_invoice",)), ("FR", "company", ("invoice",)), ("US", "", ("invoice",)),
     ("RU", "", ("npd_receipt",)), ("RU", "company", ("invoice",))],
)  # fmt: skip
def test_the_paper_fits_the_country_and_the_registration(country: str, standing: str, kinds: tuple[str, ...]) -> None:
    assert fitting_kinds(country, standing) == kinds


def test_who_has_not_said_how_they_are_registered_is_what_their_route_says() -> None:
    assert standing_of("IL", "", "receipt") == "exempt"
    assert standing_of("IL", "", "invoice") == "licensed"
    assert standing_of("IL", "exempt", "invoice") == "exempt"


def test_what_is_paid_is_the_amount_with_vat_less_what_is_withheld() -> None:
    asked = replace(TAX_INVOICE, withholding=Withholding(500, "T-771", None, 42_152))
    assert (asked.vat_minor, asked.paid_minor) == (151_749, 952_647)


def test_an_exempt_dealers_tax_invoice_is_wrong() -> None:
    found = checks.kind_fits("tax_invoice", RECEIPT)
    assert found is not None and found.wrong
    assert checks.kind_fits("deal_invoice", RECEIPT) is None


def test_the_amount_is_the_statements_to_the_agora() -> None:
    found = checks.amount_is_the_statements(843_051, TAX_INVOICE)
    assert found is not None and "8,430.51 ILS; the statement says 8,430.50 ILS" in found.sentence
    assert checks.amount_is_the_statements(843_050, TAX_INVOICE) is None


def test_vat_is_that_of_the_papers_day() -> None:
    found = checks.vat_is_right(143_319, TAX_INVOICE, DAY)  # 17 %
    assert found is not None and "on 2026-06-10 it comes to 1,517.49 ILS" in found.sentence
    assert checks.vat_is_right(151_749, TAX_INVOICE, DAY) is None
    assert checks.vat_is_right(0, RECEIPT, DAY) is None


def test_above_the_threshold_a_tax_invoice_needs_its_allocation_number() -> None:
    found = checks.allocation_is_there("", "tax_invoice", TAX_INVOICE)
    assert found is not None and "5,000.00 ILS" in found.sentence
    assert checks.allocation_is_there("123456789", "tax_invoice", TAX_INVOICE) is None
    assert checks.allocation_is_there("", "receipt", RECEIPT) is None


def test_at_the_threshold_it_needs_none() -> None:
    assert checks.allocation_is_there("", "tax_invoice", replace(TAX_INVOICE, net_minor=500_000)) is None
    assert checks.allocation_is_there("", "tax_invoice", replace(TAX_INVOICE, net_minor=500_001)) is not None


@pytest.mark.parametrize("number", ["12345678", "1234567890", "12345678a", "١٢٣٤٥٦٧٨٩"])
def test_an_allocation_number_has_nine_digits(number: str) -> None:
    found = checks.allocation_is_there(number, "tax_invoice", replace(TAX_INVOICE, net_minor=100))
    assert found is not None and found.wrong


def test_a_number_is_used_once() -> None:
    assert checks.number_is_new("7", {"7", "8"}) is not None
    assert checks.number_is_new("9", {"7", "8"}) is None


def test_a_paper_of_tomorrow_is_wrong() -> None:
    assert checks.day_has_come(date(2026, 6, 11), DAY) is not None
    assert checks.day_has_come(DAY, DAY) is None


@pytest.mark.parametrize(("year", "said"), [(11_054_969, ""), (11_054_970, "ceiling of"), (12_283_301, "more than")])
def test_an_exempt_dealer_near_the_ceiling_is_told_and_not_stopped(year: int, said: str) -> None:
    found = checks.year_is_below_the_ceiling(year, 12_283_300, RECEIPT)  # nine tenths are 110,549.70
    assert (found.wrong, said in found.sentence) == (False, True) if found else not said


def test_the_ceiling_is_no_matter_of_licensed_dealers_or_of_years_without_a_row() -> None:
    assert checks.year_is_below_the_ceiling(99_000_000, 12_283_300, TAX_INVOICE) is None
    assert checks.year_is_below_the_ceiling(99_000_000, None, RECEIPT) is None


def test_the_certificate_is_valid_on_the_day_of_payment() -> None:
    one = Certificate(from_date=date(2026, 1, 1), to_date=DAY)
    assert checks.certificate_is_valid([one], withholding(500), DAY) is None
    late = checks.certificate_is_valid([one], withholding(3000, "law"), date(2026, 6, 11))
    assert late is not None and not late.wrong


def test_without_certificate_and_row_there_is_nothing_to_withhold_by() -> None:
    found = checks.certificate_is_valid([], withholding(None), DAY)
    assert found is not None and found.wrong and "IL.supplier_withholding" in found.sentence


def test_an_agency_that_withholds_nothing_asks_for_no_certificate() -> None:
    assert checks.certificate_is_valid([], TAX_INVOICE, DAY) is None


def test_of_what_is_paid_nothing_is_withheld_any_more() -> None:
    assert checks.not_paid_yet("paid", withholding(500)) is not None
    assert checks.not_paid_yet("", withholding(500)) is None
    assert checks.not_paid_yet("paid", TAX_INVOICE) is None
