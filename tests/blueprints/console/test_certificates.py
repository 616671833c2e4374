"""The page of an influencer's certificates, and what of their record staff and payees write."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import AuditEntry, Certificate
from tests import factories
from tests.factories import sign_in, submit, visit

COORDINATION = {
    "kind": "coordination", "number": "2026/77", "from_date": "2026-01-01", "to_date": "2026-12-31",
    "steps-0-upto_minor": "5,000", "steps-0-rate_bps": "10", "steps-1-rate_bps": "47",
}  # fmt: skip


def test_a_coordination_is_entered_from_the_paper(staff: FlaskClient, session: Session) -> None:
    mina = factories.influencer(session)
    page = f"/console/influencers/{mina.public_id}/certificates"
    assert "No certificate yet" in visit(staff, page).text
    assert submit(staff, page, COORDINATION).status_code == 302
    found = session.scalars(select(Certificate)).one()
    assert found.steps == [{"upto_minor": 500_000, "rate_bps": 1_000}, {"upto_minor": None, "rate_bps": 4_700}]
    assert "2026/77" in visit(staff, page).text
    assert session.scalars(select(AuditEntry.action)).all() == ["certificate.entered"]


def test_what_is_wrong_is_told_and_what_was_typed_stays(staff: FlaskClient, session: Session) -> None:
    mina = factories.influencer(session)
    page = f"/console/influencers/{mina.public_id}/certificates"
    answer = submit(staff, page, COORDINATION | {"to_date": "2025-12-31"})
    assert answer.status_code == 422
    assert "The last day must not be before the first." in answer.text and 'value="5,000"' in answer.text


def test_a_withdrawn_certificate_is_shown_as_such(staff: FlaskClient, session: Session) -> None:
    mina = factories.influencer(session)
    one = factories.certificate(session, influencer=mina)
    submit(staff, f"/console/certificates/{one.public_id}/withdraw")
    assert "Withdrawn" in visit(staff, f"/console/influencers/{mina.public_id}/certificates").text


def test_payees_say_where_they_are_taxed_and_see_their_certificates(app: Flask, session: Session) -> None:
    mina = factories.influencer(session)
    factories.certificate(session, influencer=mina, number="CERT-9")
    client = sign_in(app.test_client(), factories.user(session, influencer=mina))
    assert "CERT-9" in visit(client, "/me/payment-details").text
    submit(
        client,
        "/me/payment-details",
        {"route": "receipt", "country": "DE", "dealer_status": "exempt", "bilingual": "y"},
    )
    session.refresh(mina)
    assert (mina.country, mina.dealer_status, mina.bilingual) == ("DE", "exempt", True)
