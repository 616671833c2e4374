"""Yearly papers and orders to a payroll provider on the console, and over the API."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import AuditEntry, Document, Payslip
from campaigns.people.tokens import create_token
from campaigns.planning import life
from tests import factories, whole_campaign
from tests.factories import sign_in, submit, visit
from tests.whole_campaign import CLOSED_AT, Cast


@pytest.fixture(autouse=True)
def january() -> Iterator[None]:
    """The year after that of the papers."""
    with time_machine.travel("2027-01-20T09:00:00Z", tick=False):
        yield


@pytest.fixture
def staff(client: FlaskClient, session: Session) -> FlaskClient:
    """Somebody of the agency, signed in."""
    return sign_in(client, factories.user(session))


@pytest.fixture
def paid(session: Session) -> Cast:
    """A campaign closed and paid in 2026."""
    made = whole_campaign.a_live_campaign(session)
    whole_campaign.end(session, made.campaign)
    whole_campaign.pay(session)
    return made


def papers(session: Session, *kinds: str) -> Sequence[Document]:
    wanted = select(Document).where(Document.kind.in_(kinds)).order_by(Document.id)
    return session.scalars(wanted.execution_options(populate_existing=True)).all()


def called(client: FlaskClient, session: Session, method: str, path: str, **body: Any) -> Any:
    """The API, as staff."""
    token = create_token(session, factories.user(session), CLOSED_AT)
    session.commit()
    sent = {"json": body} if method == "POST" else {}
    return client.open(f"/api/v1{path}", method=method, headers={"Authorization": f"Bearer {token}"}, **sent)


def test_the_page_of_a_year_says_who_has_what_and_makes_the_rest(staff: FlaskClient, session: Session, paid: Cast):
    before = visit(staff, "/console/yearly-papers?year=2026").text
    submit(staff, "/console/yearly-papers", {"year": "2026"})
    after = visit(staff, "/console/yearly-papers?year=2026").text
    assert "Papers to be made: <bdi>2</bdi>" in before and before.count("Not made yet") == 2
    assert "WC-2026-000001" in after and "AS-2026-000001" in after and after.count("Up to date") == 2
    assert session.scalars(select(AuditEntry).filter_by(action="yearly.made")).one().subject == "year:2026"


def test_the_page_makes_one_payees_paper_alone(staff: FlaskClient, session: Session, paid: Cast):
    submit(staff, "/console/yearly-papers", {"year": "2026", "payee": paid.noa.influencer.public_id})
    assert [one.kind for one in papers(session, "annual_summary", "withholding_confirmation")] == ["annual_summary"]


def test_a_year_in_which_nobody_was_paid_says_so(staff: FlaskClient, session: Session):
    assert "Nobody was paid in" in visit(staff, "/console/yearly-papers").text


def test_the_api_makes_nothing_twice(client: FlaskClient, session: Session, paid: Cast):
    first, second = (called(client, session, "POST", "/yearly-papers", year=2026).get_json()["items"] for _ in range(2))
    listed = called(client, session, "GET", "/yearly-papers?year=2026").get_json()["items"]
    assert [one["number"] for one in first] == ["WC-2026-000001", "AS-2026-000001"] and second == []
    assert [(one["name"], one["state"]) for one in listed] == [("Mina", "current"), ("Noa", "current")]


@pytest.fixture
def by_provider(app: Flask) -> None:
    """An agency that pays slips through a provider."""
    app.extensions["settings"] = replace(app.extensions["settings"], payroll_provider="Bestpay Ltd")


def test_an_order_is_made_on_the_console_and_no_payslip_by_us(by_provider: None, staff: FlaskClient, session: Session):
    cast = whole_campaign.a_live_campaign(session)
    life.advance(session, cast.campaign, CLOSED_AT)
    whole_campaign.end(session, cast.campaign)
    before = visit(staff, "/console/payroll-orders").text
    answer = submit(staff, "/console/payroll-orders", {"period": "2026-06", "language": "en"})
    assert "Noa" in before and "150.00" in before and answer.status_code == 302
    assert [one.number for one in papers(session, "payroll_order")] == ["PO-2026-000001"]
    assert session.scalars(select(Payslip)).all() == []


def test_a_month_that_is_none_is_refused_beside_its_field(by_provider: None, staff: FlaskClient, session: Session):
    cast = whole_campaign.a_live_campaign(session)
    whole_campaign.end(session, cast.campaign)
    answer = submit(staff, "/console/payroll-orders", {"period": "2026-99", "language": "en"})
    assert answer.status_code == 422 and "must be a month such as 2026-05" in answer.text


def test_without_a_provider_the_page_says_which_setting_names_one(staff: FlaskClient):
    assert "PAYROLL_PROVIDER" in visit(staff, "/console/payroll-orders").text


def test_the_api_hands_over_once(by_provider: None, client: FlaskClient, session: Session):
    cast = whole_campaign.a_live_campaign(session)
    whole_campaign.end(session, cast.campaign)
    made = called(client, session, "POST", "/payroll-orders", period="2026-06")
    again = called(client, session, "POST", "/payroll-orders", period="2026-06")
    assert made.get_json()["contents"]["total_minor"] == 15_000
    assert (made.status_code, again.status_code) == (201, 409)
    assert len(called(client, session, "GET", "/payroll-orders").get_json()["items"]) == 1
