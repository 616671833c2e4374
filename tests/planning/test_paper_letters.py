"""Letters that bring papers: one for each closing and reader, once, with links that open one paper until they end."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.documents.issue import contents_of, issue
from campaigns.models import Document, DocumentMail, Influencer, Mail, User
from campaigns.planning import paper_letters
from tests import factories
from tests.printed import mail_papers
from tests.whole_campaign import CLOSED_AT, Cast, a_live_campaign, end, pay

SOON = CLOSED_AT + timedelta(minutes=1)


@pytest.fixture
def cast(session: Session) -> Cast:
    """A campaign that was closed, its papers made."""
    cast = a_live_campaign(session)
    factories.user(session, brand=cast.campaign.brand)
    end(session, cast.campaign)
    session.commit()
    return cast


def letters(session: Session) -> dict[str, Mail]:
    return {mail.recipient: mail for mail in session.scalars(select(Mail))}


def links(mail: Mail) -> list[str]:
    return re.findall(r"http://localhost(/papers/link\S+)", mail.body)


def test_a_payee_gets_one_letter_for_a_closing_that_names_all_their_papers(session: Session, cast: Cast):
    mail_papers(session, SOON, files=False)
    noa = session.scalars(select(Document).filter_by(influencer_id=cast.noa.influencer_id)).all()
    to_noa = session.scalars(select(Mail).filter_by(recipient=cast.noa.influencer.email)).all()

    assert {"commission_statement", "payslip"} <= {paper.kind for paper in noa}
    assert len(to_noa) == 1 and len(links(to_noa[0])) == len(noa)
    assert all(paper.number in to_noa[0].body for paper in noa)


def test_everyone_of_the_brand_gets_report_and_bill_in_one_letter_of_their_language(session: Session, cast: Cast):
    mail_papers(session, SOON, files=False)
    users = session.scalars(select(User).filter_by(brand_id=cast.campaign.brand.id)).all()

    assert users
    for user in users:
        assert "FR-2026-000001" in letters(session)[user.email].body
        assert "BB-2026-000001" in letters(session)[user.email].body
        assert letters(session)[user.email].language == user.language


def test_nothing_is_mailed_twice(session: Session, cast: Cast):
    mail_papers(session, SOON, files=False)
    before = len(letters(session))
    mail_papers(session, SOON, files=False)

    assert len(session.scalars(select(Mail)).all()) == before
    assert paper_letters.unmailed(session, SOON) == []


def test_a_paper_is_mailed_when_all_of_its_moment_are_made(session: Session, cast: Cast):
    late = one_more(session, cast)
    mail_papers(session, SOON, files=False)
    assert cast.noa.influencer.email not in letters(session)
    mail_papers(session, SOON)

    assert late.number in letters(session)[cast.noa.influencer.email].body


def test_what_is_made_waits_an_hour_for_the_rest_and_no_longer(session: Session, cast: Cast):
    late = one_more(session, cast)
    mail_papers(session, CLOSED_AT + timedelta(minutes=61), files=False)

    assert late.number not in letters(session)[cast.noa.influencer.email].body


def one_more(session: Session, cast: Cast) -> Document:
    """A second payslip of Noa's of the same moment, whose file is still to be made."""
    first = session.scalars(select(Document).filter_by(kind="payslip")).one()
    facts = contents_of(first)
    return issue(session, "payslip", facts, "he", first.issued_at, 2026, influencer_id=cast.noa.influencer_id)


def test_papers_for_the_agency_alone_are_mailed_to_nobody(session: Session, cast: Cast):
    pay(session)
    mail_papers(session, SOON, files=False)
    batch = session.scalars(select(Document).filter_by(kind="payout_batch")).one()

    assert session.scalars(select(DocumentMail).filter_by(document_id=batch.id)).all() == []


def test_a_payment_is_told_with_its_advice(session: Session, cast: Cast):
    mail_papers(session, SOON, files=False)
    pay(session)
    mail_papers(session, SOON)
    advice = session.scalars(select(Document).filter_by(kind="remittance_advice").order_by(Document.id)).all()[-1]
    mail = session.scalars(select(Mail).where(Mail.body.contains(advice.number))).one()

    assert "שולמו" in mail.subject or "paid" in mail.subject
    assert links(mail) and session.get_one(Influencer, advice.influencer_id).email == mail.recipient
