"""Brands, shops, influencers and the team."""

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import AuditEntry, Brand, Influencer, Mail, Shop, User
from tests import factories as make
from tests.factories import submit

MINA = {
    "name": "Mina",
    "email": "mina@example.com",
    "language": "ar",
    "niches": "skin care, food",
    "accounts-0-network": "instagram",
    "accounts-0-handle": "@mina",
    "accounts-0-followers": "12000",
    "route": "payslip",
    "id_number": "39337423",
    "credit_points": "2.25",
    "coordination-0-upto_minor": "50,000.50",
    "coordination-0-rate_bps": "10",
}


def test_a_new_brand_is_sent_its_sign_in(staff: FlaskClient, session: Session) -> None:
    submit(staff, "/console/brands/new", {"name": "Amber", "email": "hello@amber.example"})
    assert session.scalars(select(Brand)).one().name == "Amber"
    assert "http://localhost/set-password/" in session.scalars(select(Mail)).one().body


def test_a_new_shop_leads_to_its_set_up(staff: FlaskClient, session: Session) -> None:
    brand = make.brand(session)
    fields = {"brand": brand.public_id, "platform": "woocommerce", "name": "Amber", "domain": "https://amber.example/"}
    answer = submit(staff, "/console/shops/new", {**fields, "currency": "ils", "timezone": "Asia/Jerusalem"})
    shop = session.scalars(select(Shop)).one()
    assert (shop.domain, shop.currency) == ("amber.example", "ILS")
    assert shop.public_id in answer.location


def test_a_changed_secret_leaves_the_old_one_for_a_day(staff: FlaskClient, session: Session) -> None:
    shop = make.shop(session)
    old = shop.webhook_secret
    submit(staff, f"/console/shops/{shop.public_id}/secret")
    session.expire_all()
    assert (shop.webhook_secret != old, shop.previous_secret) == (True, old)
    assert session.scalars(select(AuditEntry.action)).all() == ["secret.rotated"]


def test_an_influencer_is_kept_with_all_that_a_payslip_needs(staff: FlaskClient, session: Session) -> None:
    submit(staff, "/console/influencers/new", MINA)
    mina = session.scalars(select(Influencer)).one()
    assert (mina.niches, mina.followers, mina.id_number) == (["skin care", "food"], 12_000, "039337423")
    assert mina.credit_points_hundredths == 225
    assert mina.coordination == [{"upto_minor": 5_000_050, "rate_bps": 1000}]


def test_a_wrong_identity_number_is_refused_beside_its_field(staff: FlaskClient, session: Session) -> None:
    answer = submit(staff, "/console/influencers/new", {**MINA, "id_number": "39337424"})
    assert answer.status_code == 422
    assert 'id="id_number-error1"' in answer.text
    assert session.scalar(select(Influencer)) is None


def test_a_record_saved_unchanged_stays_as_it_was(staff: FlaskClient, session: Session) -> None:
    submit(staff, "/console/influencers/new", MINA)
    mina = session.scalars(select(Influencer)).one()
    submit(staff, f"/console/influencers/{mina.public_id}", {**MINA, "name": "Mina Aziz"})
    session.expire_all()
    assert (mina.name, mina.credit_points_hundredths, len(mina.accounts)) == ("Mina Aziz", 225, 1)


def test_staff_are_invited_once(staff: FlaskClient, session: Session) -> None:
    answers = [submit(staff, "/console/team", {"email": "eve@example.com", "language": "ru"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 422]
    assert session.scalars(select(User).filter_by(email="eve@example.com")).one().role == "agency"
    assert session.scalars(select(Mail)).one().language == "ru"
