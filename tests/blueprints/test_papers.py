"""A paper's page and the links of letters: who opens what, until when, and what they say to it."""

import hashlib
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import AuditEntry, Dispute, Document, DocumentAnswer, Influencer, Mail, User
from campaigns.people.paper_links import make_token
from tests import factories
from tests.factories import sign_in, submit, visit
from tests.printed import mail_papers
from tests.whole_campaign import CLOSED_AT, Cast, a_live_campaign, end

SOON = CLOSED_AT + timedelta(minutes=1)


@pytest.fixture
def cast(session: Session):
    """A campaign that was closed; its papers are made and mailed."""
    cast = a_live_campaign(session)
    end(session, cast.campaign)
    mail_papers(session, SOON, files=False)
    with time_machine.travel(SOON, tick=False):
        yield cast


def paper(session: Session, kind: str, influencer: Influencer | None = None) -> Document:
    wanted = select(Document).filter_by(kind=kind)
    return session.scalars(wanted.filter_by(influencer_id=influencer.id) if influencer else wanted).first()


def statement_link(session: Session, cast: Cast) -> str:
    """The link to Mina's statement in her letter."""
    mail = session.scalars(select(Mail).filter_by(recipient=cast.mina.influencer.email)).one()
    number = paper(session, "commission_statement", cast.mina.influencer).number
    return re.search(rf"{number}.*?http://localhost(/papers/link\S+)", mail.body, re.DOTALL).group(1)


def as_mina(session: Session, app: Flask, cast: Cast) -> FlaskClient:
    user = factories.user(session, influencer=cast.mina.influencer)
    return sign_in(app.test_client(), user)


def test_the_link_of_a_letter_opens_its_paper_without_a_sign_in(app: Flask, session: Session, cast: Cast):
    client, mine = app.test_client(), paper(session, "commission_statement", cast.mina.influencer)
    page = visit(client, statement_link(session, cast))
    assert page.status_code == 200 and mine.number in page.text and mine.contents_sha256 in page.text
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/papers/link/[^"]+)"', page.text)]
    answers = [visit(client, link) for link in links]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].data == mine.files[0].body
    assert hashlib.sha256(answers[1].data).hexdigest() == mine.contents_sha256


def test_it_opens_no_other_paper(app: Flask, session: Session, cast: Cast):
    token = parse_qs(urlsplit(statement_link(session, cast)).query)["paper"][0]
    others = paper(session, "commission_statement", cast.noa.influencer).files[0].public_id

    assert visit(app.test_client(), f"/papers/link/files/{others}?paper={token}").status_code == 404
    assert visit(app.test_client(), f"/papers/link?paper={token[:-3]}AAA").status_code == 404
    assert visit(app.test_client(), "/papers/link").status_code == 404


def test_nothing_of_the_link_reaches_another_page_or_the_log(app: Flask, session: Session, cast: Cast, caplog):
    link = statement_link(session, cast)
    answer = visit(app.test_client(), link)

    assert answer.headers["Referrer-Policy"] == "no-referrer" and answer.headers["Cache-Control"] == "no-store"
    assert parse_qs(urlsplit(link).query)["paper"][0] not in caplog.text + urlsplit(link).path
    assert cast.mina.influencer.email not in link


def test_looking_first_does_no_harm(app: Flask, session: Session, cast: Cast):
    link = statement_link(session, cast)

    assert app.test_client().head(link).status_code == 200
    assert [visit(app.test_client(), link).status_code for _ in range(2)] == [200, 200]


def test_after_its_days_the_link_asks_to_sign_in(app: Flask, session: Session, cast: Cast):
    link = statement_link(session, cast)
    with time_machine.travel(SOON + timedelta(days=13, hours=23)):
        assert visit(app.test_client(), link).status_code == 200
    with time_machine.travel(SOON + timedelta(days=14)):
        page = visit(app.test_client(), link)

    assert page.status_code == 410 and "/sign-in" in page.text
    assert paper(session, "commission_statement", cast.mina.influencer).number not in page.text


def test_the_link_of_somebody_switched_off_or_moved_has_ended(app: Flask, session: Session, cast: Cast):
    link, mina = statement_link(session, cast), cast.mina.influencer
    users = session.scalars(select(User).filter_by(influencer_id=mina.id)).all()
    for user in users:
        user.active = False
    assert visit(app.test_client(), link).status_code == 410
    for user in users:
        user.active = True
    assert visit(app.test_client(), link).status_code == 200
    mina.email = "elsewhere@example.com"
    assert visit(app.test_client(), link).status_code == 410


def test_a_brands_link_ends_with_its_reader(app: Flask, session: Session, cast: Cast):
    report = paper(session, "final_report")
    key = app.extensions["settings"].paper_link_key
    token = make_token(key, report, cast.campaign.brand.email, SOON + timedelta(days=1))
    assert visit(app.test_client(), f"/papers/link?paper={token}").status_code == 200
    session.scalars(select(User).filter_by(email=cast.campaign.brand.email)).one().active = False

    assert visit(app.test_client(), f"/papers/link?paper={token}").status_code == 410


def test_a_token_signed_with_another_key_is_no_link(app: Flask, session: Session, cast: Cast):
    mina = cast.mina.influencer
    token = make_token(b"k" * 32, paper(session, "commission_statement", mina), mina.email, SOON + timedelta(days=1))

    assert visit(app.test_client(), f"/papers/link?paper={token}").status_code == 404


def test_a_paper_never_mailed_to_them_has_no_link_though_the_key_is_right(app: Flask, session: Session, cast: Cast):
    key = app.extensions["settings"].paper_link_key
    theirs = paper(session, "commission_statement", cast.noa.influencer)
    token = make_token(key, theirs, cast.mina.influencer.email, SOON + timedelta(days=1))

    assert visit(app.test_client(), f"/papers/link?paper={token}").status_code == 410


def test_the_snapshot_is_the_frozen_contents_byte_by_byte(app: Flask, session: Session, cast: Cast):
    mine = paper(session, "commission_statement", cast.mina.influencer)
    answer = visit(as_mina(session, app, cast), f"/papers/{mine.public_id}/snapshot")

    assert hashlib.sha256(answer.data).hexdigest() == mine.contents_sha256
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{mine.number}.json"'


def test_accepting_is_said_once_and_staff_see_it(app: Flask, session: Session, cast: Cast, client: FlaskClient):
    mina, mine = as_mina(session, app, cast), paper(session, "commission_statement", cast.mina.influencer)
    for _ in range(2):
        assert submit(mina, f"/papers/{mine.public_id}/acknowledge").status_code == 302
    staff = sign_in(client, factories.user(session))

    assert len(session.scalars(select(DocumentAnswer)).all()) == 1
    assert "accepted" in visit(staff, f"/console/campaigns/{cast.campaign.public_id}/close").text
    assert "accepted" in visit(staff, f"/papers/{mine.public_id}").text
    assert "document.acknowledged" in session.scalars(select(AuditEntry.action)).all()


def test_disputing_a_statement_opens_the_one_dispute(app: Flask, session: Session, cast: Cast):
    mina, mine = as_mina(session, app, cast), paper(session, "commission_statement", cast.mina.influencer)
    answer = submit(mina, f"/papers/{mine.public_id}/dispute", {"reason": "an order is missing"})
    dispute = session.scalars(select(Dispute)).one()
    assert dispute.public_id in answer.headers["Location"] and dispute.statement_id is not None
    again = submit(mina, f"/papers/{mine.public_id}/dispute", {"reason": "really"})

    assert again.status_code == 409 and len(session.scalars(select(Dispute)).all()) == 1
    assert [one.answer for one in session.scalars(select(DocumentAnswer))] == ["disputed"]


def test_a_disputed_statement_that_is_asked_about_already_keeps_no_second_doubt(
    app: Flask, session: Session, cast: Cast
):
    mina, mine = as_mina(session, app, cast), paper(session, "commission_statement", cast.mina.influencer)
    submit(mina, f"/disputes/new?statement={mine.public_id}", {"message": "an order is missing"})
    refused = submit(mina, f"/papers/{mine.public_id}/dispute", {"reason": "an order is missing"})

    assert refused.status_code == 409
    assert session.scalars(select(DocumentAnswer)).all() == []


def test_a_brand_says_what_is_wrong_with_its_bill_and_staff_are_written_to(app: Flask, session: Session, cast: Cast):
    omar, bill = factories.user(session), paper(session, "brand_bill")
    brand = sign_in(app.test_client(), factories.user(session, brand=cast.campaign.brand))
    assert submit(brand, f"/papers/{bill.public_id}/dispute", {"reason": " "}).status_code == 422
    assert submit(brand, f"/papers/{bill.public_id}/dispute", {"reason": "the VAT is not ours"}).status_code == 302
    mail = session.scalars(select(Mail).filter_by(recipient=omar.email)).one()

    assert "the VAT is not ours" in mail.body and bill.number in mail.subject
    assert session.scalars(select(Dispute)).all() == []


def test_staff_answer_no_paper(app: Flask, session: Session, cast: Cast, client: FlaskClient):
    staff, bill = sign_in(client, factories.user(session)), paper(session, "brand_bill")

    assert submit(staff, f"/papers/{bill.public_id}/acknowledge").status_code == 404


def test_a_brand_lists_its_papers_and_no_payees(app: Flask, session: Session, cast: Cast):
    brand = sign_in(app.test_client(), factories.user(session, brand=cast.campaign.brand))
    page = visit(brand, "/papers").text

    assert "FR-2026-000001" in page and "BB-2026-000001" in page
    assert "CS-2026" not in page and "PS-2026" not in page


def test_the_campaigns_page_says_how_many_papers_are_ready_and_looks_again(
    app: Flask, session: Session, client: FlaskClient
):
    campaign = a_live_campaign(session).campaign
    staff = sign_in(client, factories.user(session))
    submit(staff, f"/console/campaigns/{campaign.public_id}/close", {"on": "2026-11-20", "reason": "the test ends it"})
    count = len(session.scalars(select(Document).filter_by(campaign_id=campaign.id)).all())
    waiting = visit(staff, f"/console/campaigns/{campaign.public_id}/close")
    assert f"0 of {count} papers ready" in waiting.text and 'data-live="3"' in waiting.text
    mail_papers(session)
    done = visit(staff, f"/console/campaigns/{campaign.public_id}/close")

    assert "papers ready" not in done.text and "data-live" not in done.text
