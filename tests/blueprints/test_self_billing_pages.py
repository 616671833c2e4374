"""Self-billing as the payee meets it: read, agree, answer an invoice, end."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import Document, DocumentAnswer, SelfBillingAgreement
from campaigns.settlement.exchanging import agreements
from tests import factories, whole_campaign
from tests.settlement.papers import agency, closed
from tests.whole_campaign import CLOSED_AT

DETAILS = {"vat_number": "GB 980 7806 84", "from_date": "2026-06-01", "to_date": "2027-05-31"}


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """The day of the closing."""
    with time_machine.travel(CLOSED_AT, tick=False):
        yield


@pytest.fixture
def cast(app: Flask, session: Session, client: FlaskClient) -> whole_campaign.Cast:
    """Mina of London, signed in, of an agency that writes invoices where it may."""
    app.extensions["settings"] = replace(app.extensions["settings"], self_billing="yes")
    cast = whole_campaign.a_live_campaign(session)
    mina = cast.mina.influencer
    mina.country, mina.address = "GB", "1 High St, London"
    factories.sign_in(client, factories.user(session, influencer=mina))
    return cast


def an_invoice(session: Session, cast: whole_campaign.Cast) -> Document:
    """The invoice written for her statement, after she had agreed."""
    mina = cast.mina.influencer
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    user = factories.user(session, influencer=mina)
    agreements.agree(session, mina, agency(), DETAILS["vat_number"], "en", first, last, user.id, factories.BEFORE)
    closed(session, cast, mina)
    return session.scalars(select(Document).filter_by(kind="self_billing_invoice")).one()


def test_the_wording_is_read_before_it_is_agreed_to(
    session: Session, client: FlaskClient, cast: whole_campaign.Cast
) -> None:
    page = factories.submit(client, "/me/self-billing", {**DETAILS, "step": "read"}).text
    assert "GB980780684" in page and "HMRC" in page and "I agree" in page
    assert session.scalars(select(SelfBillingAgreement)).all() == []
    assert factories.submit(client, "/me/self-billing", {**DETAILS, "step": "agree"}).status_code == 302
    kept = session.scalars(select(SelfBillingAgreement)).one()
    assert (kept.vat_number, kept.language, "HMRC" in kept.wording) == ("GB980780684", "en", True)


def test_a_number_that_is_none_is_said_beside_its_field(
    session: Session, client: FlaskClient, cast: whole_campaign.Cast
) -> None:
    answer = factories.submit(client, "/me/self-billing", {**DETAILS, "vat_number": "12", "step": "agree"})
    assert answer.status_code == 422 and "not a VAT number of" in answer.text


def test_an_agreement_is_ended_by_its_payee(session: Session, client: FlaskClient, cast: whole_campaign.Cast) -> None:
    factories.submit(client, "/me/self-billing", {**DETAILS, "step": "agree"})
    assert "End the agreement" in factories.visit(client, "/me/self-billing").text
    factories.submit(client, "/me/self-billing/end")
    session.expire_all()
    assert session.scalars(select(SelfBillingAgreement)).one().ended_at is not None


def test_an_invoice_is_accepted_on_the_statements_page(
    session: Session, client: FlaskClient, cast: whole_campaign.Cast
) -> None:
    invoice = an_invoice(session, cast)
    statement = session.scalars(select(Document).filter_by(kind="commission_statement", influencer_id=invoice.influencer_id)).one()  # fmt: skip # noqa: E501
    page = factories.visit(client, f"/me/statements/{statement.public_id}/paper").text
    assert invoice.number in page and 'name="file"' not in page
    factories.submit(client, f"/me/invoices/{invoice.public_id}/answer", {"answer": "accept"})
    assert "Accepted" in factories.visit(client, f"/me/statements/{statement.public_id}/paper").text


def test_rejecting_needs_a_reason_and_brings_a_credit_note(
    session: Session, client: FlaskClient, cast: whole_campaign.Cast
) -> None:
    invoice = an_invoice(session, cast).public_id
    where = f"/me/invoices/{invoice}/answer"
    assert factories.submit(client, where, {"answer": "reject"}).status_code == 422
    assert factories.submit(client, where, {"answer": "reject", "reason": "Not mine."}).status_code == 302
    assert session.scalars(select(Document).filter_by(kind="self_billing_credit_note")).one().number.startswith("SC-")


def test_an_invoice_that_was_taken_back_is_not_accepted_as_a_paper(
    session: Session, client: FlaskClient, cast: whole_campaign.Cast
) -> None:
    invoice = an_invoice(session, cast).public_id
    factories.submit(client, f"/me/invoices/{invoice}/answer", {"answer": "reject", "reason": "Not mine."})
    assert factories.submit(client, f"/papers/{invoice}/acknowledge").status_code == 409
    assert [one.answer for one in session.scalars(select(DocumentAnswer))] == ["disputed"]
