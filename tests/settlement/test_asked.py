"""What is asked of a payee for a statement: the request that comes with it, and the rows it rests on."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.documents.issue import contents_of
from campaigns.models import Document, Influencer, Statement, TableRow
from campaigns.settlement.exchanging.asked import asked_of, ceiling, threshold
from tests import factories, whole_campaign
from tests.settlement.papers import a_statement, agency, certificate, closed
from tests.whole_campaign import CLOSED_ON


def request_of(session: Session, statement: Statement) -> dict:
    paper = select(Document).filter_by(kind="payee_request", influencer_id=statement.influencer_id)
    return contents_of(session.scalars(paper).one())


def test_a_statement_on_the_invoice_route_comes_with_its_request(session: Session) -> None:
    statement = a_statement(session)
    asked = request_of(session, statement)
    assert asked["statement"] == statement.document.number
    assert asked["kinds"] == ["tax_invoice"]
    sums = {"net_minor": 3_000, "vat_minor": 540, "total_minor": 3_540, "withheld_minor": 0, "paid_minor": 3_540}
    assert asked["amounts"] == sums
    assert (asked["vat"]["row"]["table"], asked["withholding"], asked["send_by"]) == ("IL.vat", None, "2026-06-24")


def test_who_sold_nothing_or_is_paid_by_payslip_gets_no_request(session: Session) -> None:
    cast = whole_campaign.a_live_campaign(session)  # Mina by invoice, Noa by payslip, Tal sold nothing
    closed(session, cast, cast.mina.influencer)
    papers = session.scalars(select(Document).filter_by(kind="payee_request"))
    assert [one.influencer_id for one in papers] == [cast.mina.influencer_id]


def test_an_exempt_dealer_is_asked_for_a_receipt_without_vat(session: Session) -> None:
    asked = request_of(session, a_statement(session, dealer_status="exempt", payee_route="receipt"))
    assert asked["kinds"] == ["receipt", "deal_invoice"]
    assert (asked["amounts"]["vat_minor"], asked["amounts"]["paid_minor"]) == (0, 3_000)


@pytest.mark.parametrize(("country", "kinds"), [("FR", ["invoice"]), ("RU", ["npd_receipt"]), ("US", ["invoice"])])
def test_abroad_there_is_no_vat_and_nothing_is_withheld(session: Session, country: str, kinds: list[str]) -> None:
    statement = a_statement(session, country=country)
    payee = session.get_one(Influencer, statement.influencer_id)
    asked = asked_of(session, statement, payee, agency(withholds="yes"), issued_on=CLOSED_ON, pay_on=CLOSED_ON)
    assert (list(asked.kinds), asked.vat_minor, asked.withheld_minor) == (kinds, 0, 0)
    assert request_of(session, statement)["kinds"] == kinds


def test_the_request_names_the_certificate_and_what_is_withheld(session: Session) -> None:
    cast = whole_campaign.a_live_campaign(session)
    certificate(session, cast.mina.influencer, 500)
    asked = request_of(session, closed(session, cast, cast.mina.influencer, withholds="yes"))
    assert asked["withholding"] == {"rate_bps": 500, "certificate": "T-771", "until": "2026-12-31"}
    assert (asked["amounts"]["withheld_minor"], asked["amounts"]["paid_minor"]) == (150, 3_390)  # 5 % of 30.00


def test_a_verified_row_says_what_is_withheld_without_a_certificate(session: Session) -> None:
    one, other = factories.user(session), factories.user(session)
    session.add(TableRow(
        table_name="IL.supplier_withholding", from_date=date(2026, 1, 1), to_date=None, source="the regulations",
        figures={"with_books_rate": "0.20", "without_books_rate": "0.30"}, entered_by_user_id=one.id,
        entered_at=factories.NOW, verified_by_user_id=other.id, verified_at=factories.NOW,
    ))  # fmt: skip
    cast = whole_campaign.a_live_campaign(session)
    asked = request_of(session, closed(session, cast, cast.mina.influencer, withholds="yes"))
    assert (asked["withholding"]["certificate"], asked["amounts"]["withheld_minor"]) == ("law", 900)  # 30 % of 30.00


def test_without_certificate_and_row_the_request_says_so_and_the_closing_goes_on(session: Session) -> None:
    cast = whole_campaign.a_live_campaign(session)
    asked = request_of(session, closed(session, cast, cast.mina.influencer, withholds="yes"))
    assert (asked["withholding"]["rate_bps"], asked["amounts"]["withheld_minor"]) == (None, 0)


@pytest.mark.parametrize(
    ("day", "above"),
    [("2024-05-04", None), ("2024-05-05", 2_500_000), ("2025-01-01", 2_000_000), ("2026-01-01", 1_000_000),
     ("2026-05-31", 1_000_000), ("2026-06-01", 500_000)],
)  # fmt: skip
def test_the_threshold_of_allocation_numbers_goes_by_the_day(session: Session, day: str, above: int | None) -> None:
    assert threshold(session, date.fromisoformat(day)) == above


def test_a_year_without_a_row_has_no_ceiling(session: Session) -> None:
    assert ceiling(session, date(2026, 12, 31)) == 12_283_300
    assert ceiling(session, date(2027, 1, 1)) is None
