"""Corrections of payslips over the API. Dan gets 313.50 of January back."""

from datetime import date

from sqlalchemy.orm import Session

from tests.blueprints.api.calls import Program
from tests.settlement.slips import NEW, OLD, dan, income_tax_row, slip


def test_a_slip_is_listed_corrected_and_listed_no_more(agency: Program, session: Session):
    income_tax_row(session, OLD)
    made = slip(session, dan(session), 2_100_000, date(2026, 1, 31))
    income_tax_row(session, NEW)
    (found,) = agency.get("/payslips/corrections", year="2026")["items"]
    assert (found["number"], found["net_difference_minor"], found["problem"]) == (made.document.number, 31_350, "")
    changed = {"was_minor": 330_500, "is_minor": 299_150, "difference_minor": -31_350}
    assert found["lines"] == [{"code": "income_tax", **changed}]
    assert agency.post(f"/payslips/{found['payslip']}/correct")["net_minor"] == 31_350
    assert agency.post(f"/payslips/{found['payslip']}/correct") == {"number": None, "net_minor": 0, "amounts": {}}
    assert agency.get("/payslips/corrections", year="2026") == {"items": []}


def test_a_year_is_four_digits_and_a_payslip_one_of_ours(agency: Program):
    assert list(agency.get("/payslips/corrections", 422, year="26")["errors"]) == ["year"]
    agency.post("/payslips/nobody/correct", status=404)
