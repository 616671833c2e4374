"""The data of the first start: the pages shown first, the password, money on its way, and no empty console page."""

from collections import Counter

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.demo.people import AGENCY_EMAIL, PASSWORD, logins
from campaigns.models import Brand, Campaign, Dispute, Finding, Hold, Participation, PayoutLine, User
from campaigns.people.passwords import password_errors, verify_password
from campaigns.settlement.wallets.wallets import brand_wallets
from tests.factories import sign_in, visit

PAGES = (
    "campaigns", "unattributed", "deliveries", "documents", "payouts", "route-rules", "rates", "brands", "shops",
    "influencers", "team",
)  # fmt: skip


def test_the_first_start_has_money_on_its_way_and_questions_asked(session: Session) -> None:
    lines = Counter(session.scalars(select(PayoutLine.status)))
    assert (lines["failed"], lines["prepared"]) == (1, 1) and lines["paid"] >= 9
    assert sorted(session.scalars(select(Dispute.status))) == ["answered", "resolved"]
    assert session.scalars(select(Dispute.compensation_minor).filter_by(status="resolved")).one() == 5_000
    holds = session.scalars(select(Hold).filter_by(released_at=None)).all()
    assert sorted((one.order_id is None, one.contact_id is None) for one in holds) == [(False, True), (True, False)]
    assert Counter(session.scalars(select(Finding.status))) == {"open": 2, "waived": 1}
    assert sum(one.credit_minor for one in brand_wallets(session, session.scalars(select(Brand.id)).one())) == 4_000


def test_no_page_of_the_console_is_empty_at_the_first_start(app: Flask, session: Session) -> None:
    staff = session.scalars(select(User).filter_by(email=AGENCY_EMAIL)).one()
    client = sign_in(app.test_client(), staff)
    live = session.scalars(select(Campaign.public_id).filter_by(status="live")).one()
    pages = [f"/console/{name}" for name in PAGES]
    pages += [f"/console/campaigns/{live}/{name}" for name in ("orders", "contacts", "reconciliation")]
    closed = session.scalars(select(Campaign.public_id).filter_by(status="closed")).one()
    pages += [f"/console/campaigns/{closed}/{name}" for name in ("bills", "follow-up", "close")]
    pages += ["/disputes", "/console/wallets"]
    answers = {page: visit(client, page) for page in pages}
    assert {page: answer.status_code for page, answer in answers.items() if answer.status_code != 200} == {}
    assert [page for page, answer in answers.items() if 'class="empty"' in answer.text] == []


def test_the_demo_influencer_has_an_invitation_to_decide(session: Session) -> None:
    noa = session.scalars(select(User).filter_by(email="noa@demo.test")).one()
    mine = session.scalars(select(Participation).filter_by(influencer_id=noa.influencer_id)).all()
    assert sorted(each.status for each in mine) == ["active", "completed", "invited"]


def test_the_demo_password_that_is_shown_lets_everyone_in(session: Session) -> None:
    assert password_errors(PASSWORD) == []
    for _, email, _ in logins(session):
        user = session.scalars(select(User).filter_by(email=email)).one()
        assert verify_password(user.password_hash, PASSWORD)


def test_the_pages_that_are_shown_first_are_there_for_all_four_audiences(app: Flask, session: Session) -> None:
    shown = logins(session)
    assert [who for who, _, _ in shown] == ["Agency", "Brand", "Influencer", "Shop owner"]
    for _, email, page in shown:
        user = session.scalars(select(User).filter_by(email=email)).one()
        assert visit(sign_in(app.test_client(), user), page).status_code == 200, page
