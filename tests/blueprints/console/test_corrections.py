"""The correction run's page: what would be corrected, issued by a button, and then nothing left. Dan gets 313.50."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import AuditEntry, Payslip
from tests.factories import submit, visit
from tests.settlement.slips import NEW, OLD, dan, income_tax_row, slip

PAGE = "/console/corrections?year=2026"


@pytest.fixture
def january(session: Session) -> Payslip:
    """A slip that the law of spring has overtaken."""
    income_tax_row(session, OLD)
    made = slip(session, dan(session), 2_100_000, date(2026, 1, 31))
    income_tax_row(session, NEW)
    return made


def ticked(one: Payslip, income_tax: int = -31_350) -> str:
    return f'{one.document.public_id} {{"income_tax": {income_tax}}}'


def corrections(session: Session) -> list[Payslip]:
    session.expire_all()
    return list(session.scalars(select(Payslip).where(Payslip.corrects_id.is_not(None))))


def test_the_page_shows_each_line_that_differs(staff: FlaskClient, january: Payslip) -> None:
    page = visit(staff, PAGE).text
    for told in ("Dan", january.document.number, "₪3,305.00", "₪2,991.50", "₪313.50", "Income tax"):
        assert told in page
    assert "National insurance" not in page


def test_issuing_corrects_what_is_ticked_once(staff: FlaskClient, session: Session, january: Payslip) -> None:
    for _ in range(2):
        submit(staff, "/console/corrections", {"year": "2026", "slip": ticked(january)})
    assert [one.net_minor for one in corrections(session)] == [31_350]
    assert "payslip.corrected" in session.scalars(select(AuditEntry.action)).all()
    page = visit(staff, PAGE).text
    assert "Nothing to correct" in page and "PC-20" in page


def test_figures_that_changed_since_the_page_was_read_are_not_issued(
    staff: FlaskClient, session: Session, january: Payslip
) -> None:
    submit(staff, "/console/corrections", {"year": "2026", "slip": ticked(january, -1)})
    assert corrections(session) == []
    assert "have changed since you looked" in visit(staff, PAGE).text


def test_nothing_ticked_issues_nothing(staff: FlaskClient, session: Session, january: Payslip) -> None:
    submit(staff, "/console/corrections", {"year": "2026"})
    assert corrections(session) == []


@pytest.mark.parametrize("figures", ["", "[]", '{"income_tax": "5"}', "{"])
def test_what_is_no_list_of_figures_is_refused(staff: FlaskClient, january: Payslip, figures: str) -> None:
    sent = {"slip": f"{january.document.public_id} {figures}"}
    assert submit(staff, "/console/corrections", sent).status_code == 400


@pytest.mark.parametrize("year", ["", "x", "1999", "99999999999999999999"])
def test_a_year_without_payslips_shows_one_that_there_is(staff: FlaskClient, year: str) -> None:
    assert "Nothing to correct" in visit(staff, f"/console/corrections?year={year}").text
