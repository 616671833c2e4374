"""Closing and papers."""

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.documents.issue import keep_files
from campaigns.models import Campaign, Document, Mail
from tests import factories as make
from tests.factories import submit, visit
from tests.printed import mail_papers


def sold(session: Session) -> Campaign:
    """A campaign with one participant who sold for 100."""
    campaign = make.live_campaign(session, accepted=1)
    code = make.participants(session, campaign)[0].code.code
    make.order(session, shop=campaign.shop, code=code, net_minor=10_000)
    return campaign


def test_closing_issues_papers_and_everyone_is_written_to_with_theirs(staff: FlaskClient, session: Session) -> None:
    campaign = sold(session)
    submit(staff, f"/console/campaigns/{campaign.public_id}/close", {"on": "2026-11-20"})
    session.expire_all()
    kinds = set(session.scalars(select(Document.kind)))
    assert campaign.status == "closed"
    assert {"brand_bill", "commission_statement", "final_report"} <= kinds
    assert session.scalars(select(Mail)).all() == []
    mail_papers(session)
    bodies = [mail.body for mail in session.scalars(select(Mail))]
    assert sorted("15.00" in body for body in bodies) == [False, True]
    assert sorted("18.54" in body for body in bodies) == [False, True]  # 15.00, 3.00, and 18 % of the latter


def test_closing_over_open_findings_wants_a_reason(staff: FlaskClient, session: Session) -> None:
    campaign = sold(session)
    make.delivery(session, shop=campaign.shop, body=b"not json")
    url = f"/console/campaigns/{campaign.public_id}/close"
    assert submit(staff, url, {"on": "2026-11-20"}).status_code == 422
    submit(staff, url, {"on": "2026-11-20", "reason": "a test message of the shop"})
    session.expire_all()
    assert (campaign.status, campaign.close_reason) == ("closed", "a test message of the shop")


def test_a_paper_is_downloaded_by_its_owner_and_by_nobody_else(staff: FlaskClient, session: Session) -> None:
    campaign = sold(session)
    submit(staff, f"/console/campaigns/{campaign.public_id}/close", {"on": "2026-11-20"})
    statement = session.scalars(select(Document).filter_by(kind="commission_statement")).one()
    keep_files(session, statement.id, [("application/pdf", b"%PDF-")], make.seal_key(), make.NOW)
    url = f"/documents/{statement.files[0].public_id}"
    answer = visit(staff, url)
    assert answer.data == b"%PDF-"
    assert answer.headers["Content-Disposition"] == f'inline; filename="{statement.number}.pdf"'
    eve = make.sign_in(staff.application.test_client(), make.user(session, influencer=make.influencer(session)))
    assert visit(eve, url).status_code == 404
