"""Payslips through a provider: closing issues none, and what waits is handed over once, in an order of the month."""

from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.documents.issue import contents_of
from campaigns.errors import Conflict, Invalid
from campaigns.models import PayrollOrderStatement, Payslip, Statement
from campaigns.planning import life
from campaigns.settlement.books.check import breaches
from campaigns.settlement.close import close
from campaigns.settlement.paying.dues import dues
from campaigns.settlement.payroll_orders import order, orders, waiting
from tests import whole_campaign
from tests.whole_campaign import CLOSED_AT, CLOSED_ON, Cast

LATER = CLOSED_AT + timedelta(days=5)


def agency(provider: str = "Bestpay Ltd") -> dict[str, str]:
    """The issuer of papers, with a provider of payslips."""
    named: dict[str, str] = current_app.extensions["settings"].agency()
    return named | {"payroll_provider": provider, "payroll_provider_number": "515151515"}


@pytest.fixture
def cast(session: Session) -> Cast:
    """A campaign closed by such an agency: Noa's 150.00 go by payslip, Mina's 30.00 by invoice."""
    made = whole_campaign.a_live_campaign(session)
    life.advance(session, made.campaign, CLOSED_AT)
    close(session, made.campaign, agency(), CLOSED_ON, CLOSED_AT, None)
    return made


def test_closing_issues_no_payslip_and_the_statement_waits(session: Session, cast: Cast):
    assert session.scalars(select(Payslip)).all() == []
    assert [(one.influencer.name, one.gross_minor) for one in waiting(session, "ILS")] == [("Noa", 15_000)]


def test_an_order_hands_over_who_what_and_for_which_month(session: Session, cast: Cast):
    contents = contents_of(order(session, "ILS", "2026-06", agency(), LATER))
    (row,) = contents["rows"]
    assert contents["provider"] == {"name": "Bestpay Ltd", "legal_name": "", "registration_number": "515151515"}
    assert (contents["period_start"], contents["period_end"]) == ("2026-06-01", "2026-06-30")
    assert (row["name"], row["id_number"], row["gross_minor"]) == ("Noa", "039337423", 15_000)
    assert row["form_101"] == {
        "given": True, "credit_points": "2.25", "second_employer": False, "coordination": [],
    }  # fmt: skip
    assert contents["total_minor"] == 15_000


def test_a_statement_is_in_one_order_only(session: Session, cast: Cast):
    made = order(session, "ILS", "2026-06", agency(), LATER)
    statement = session.scalars(select(Statement).filter_by(route="payslip")).one()
    assert session.get_one(PayrollOrderStatement, statement.id).document_id == made.id
    with pytest.raises(Conflict, match="no statement waits"):
        order(session, "ILS", "2026-06", agency(), LATER)
    assert list(orders(session)) == [made]
    assert breaches(session) == []


def test_what_is_handed_over_gets_into_no_batch_of_payments(session: Session, cast: Cast):
    order(session, "ILS", "2026-06", agency(), LATER)
    (noa,) = [due for due in dues(session, "ILS") if due.influencer.name == "Noa"]
    assert (noa.payable_minor, noa.untaxed_minor) == (0, 15_000)


def test_whoever_has_no_identity_number_is_named_and_nothing_is_ordered(session: Session, cast: Cast):
    cast.noa.influencer.id_number = ""
    with pytest.raises(Conflict, match="no identity number: Noa"):
        order(session, "ILS", "2026-06", agency(), LATER)
    assert list(orders(session)) == []
    assert waiting(session, "ILS")[0].missing == ["id_number", "address", "bank_account"]


def test_without_a_provider_nothing_is_ordered(session: Session, cast: Cast):
    with pytest.raises(Conflict, match="no payroll provider"):
        order(session, "ILS", "2026-06", agency(""), LATER)


@pytest.mark.parametrize("period", ["2026-13", "June", ""])
def test_what_is_no_month_is_refused(session: Session, cast: Cast, period: str):
    with pytest.raises(Invalid):
        order(session, "ILS", period, agency(), LATER)
