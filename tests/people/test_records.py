"""Brands, influencers and the sign-ins that act for them."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from campaigns.errors import Conflict, Invalid
from campaigns.people import passwords, records
from tests import factories
from tests.factories import NOW, PASSWORD


def refused(session: Session, **payee: Any) -> dict[str, list[str]]:
    """The reasons for which an influencer with this payee isn't taken."""
    with pytest.raises(Invalid) as caught:
        records.create_influencer(session, "Mina", "mina@example.com", NOW, payee=payee)
    return caught.value.errors


def test_an_address_is_one_in_any_case(session: Session):
    omar = records.create_user(session, "  Omar@Example.COM", "agency", NOW)
    assert omar.email == "omar@example.com"
    assert records.find_user(session, "OMAR@example.com") is omar


def test_an_invited_sign_in_is_given_its_password_once(session: Session):
    brand = factories.brand(session, email="eve@example.com")
    user = records.create_user(session, "eve@example.com", "brand", NOW, PASSWORD)
    assert user.brand is brand
    assert passwords.verify_password(user.password_hash, PASSWORD)
    with pytest.raises(Conflict):
        records.create_user(session, "eve@example.com", "brand", NOW, "another good sentence")


def test_a_brands_address_is_not_taken_over_by_another_role(session: Session):
    factories.brand(session, email="eve@example.com")
    with pytest.raises(Conflict):
        records.create_user(session, "eve@example.com", "agency", NOW, PASSWORD)


@pytest.mark.parametrize("taken_by", ["agency", "brand"])
def test_one_address_signs_in_for_one_thing(session: Session, taken_by: str):
    records.create_user(session, "eve@example.com", taken_by, NOW)
    with pytest.raises(Invalid) as caught:
        records.create_brand(session, "Glow", "Eve@example.com", "", "", NOW)
    assert list(caught.value.errors) == ["email"]


def test_every_wrong_field_is_named_at_once(session: Session):
    with pytest.raises(Invalid) as caught:
        records.create_influencer(
            session, " ", "nowhere", NOW, "fr", [""], [{"network": "x", "handle": "y", "followers": -1}]
        )
    assert sorted(caught.value.errors) == ["accounts", "email", "language", "name", "niches"]


@pytest.mark.parametrize("name", ["Mina\r\nBcc: eve@example.com", "Mina\x00", "Mina\ud800", "x" * 201])
def test_a_name_no_header_or_database_takes_is_refused(session: Session, name: str):
    with pytest.raises(Invalid):
        records.create_influencer(session, name, "mina@example.com", NOW)


def test_an_influencer_comes_with_an_invited_sign_in_in_their_language(session: Session):
    mina = records.create_influencer(session, "Mina", "mina@example.com", NOW, "ar")
    user = records.find_user(session, "mina@example.com")
    assert user is not None
    assert (user.influencer, user.role, user.password_hash, user.language) == (mina, "influencer", None, "ar")


def test_payee_details_are_read_exactly(session: Session):
    payee = {
        "route": "payslip",
        "id_number": "39337423",
        "credit_points": "2.25",
        "second_employer": True,
        "coordination": [{"upto_minor": 500_000, "rate_bps": 1_000}, {"upto_minor": None, "rate_bps": 4_700}],
        "withholding_rate_bps": 0,
        "employment_start": "2026-02-03",
        "bank": {"code": "12", "branch": "345", "account": "123456"},
    }
    mina = records.create_influencer(session, "Mina", "mina@example.com", NOW, payee=payee)
    assert (mina.id_number, mina.credit_points_hundredths, mina.bank_account) == ("039337423", 225, "123456")
    assert mina.coordination == payee["coordination"]
    assert mina.employment_start is not None and mina.employment_start.month == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [("route", "cash"), ("id_number", "039337424"), ("credit_points", "2.255"), ("credit_points", 2.25)]
    + [("credit_points", "-1"), ("credit_points", "NaN"), ("withholding_rate_bps", 10_001), ("second_employer", "yes")]
    + [("coordination", [{"upto_minor": None, "rate_bps": 1}, {"upto_minor": 5, "rate_bps": 1}])]
    + [("coordination", [{"upto_minor": 9, "rate_bps": 1}, {"upto_minor": 9, "rate_bps": 1}])]
    + [("employment_start", "3/2/2026"), ("bank_code", "1x"), ("swift", "ABC")],
)
def test_a_payee_field_that_cannot_be_read_is_refused_by_name(session: Session, field: str, value: object):
    assert list(refused(session, **{field: value})) == [f"payee.{field}"]


def test_a_company_number_is_for_invoices(session: Session):
    mina = records.create_influencer(
        session, "Mina", "mina@example.com", NOW, payee={"route": "invoice", "id_number": "516179157"}
    )
    assert mina.id_number == "516179157"


def test_a_change_touches_only_what_was_sent(session: Session):
    mina = factories.influencer(session, payee={"credit_points": "2.25", "bank_account": "123"})
    records.update_influencer(session, mina, NOW, payee={"bank_account": "456"})
    assert (mina.bank_account, mina.credit_points_hundredths, mina.payee_route) == ("456", 225, "invoice")


def test_a_refused_change_changes_nothing(session: Session):
    mina = factories.influencer(session, name="Mina")
    with pytest.raises(Invalid):
        records.update_influencer(session, mina, NOW, name="Noa", payee={"route": "cash"})
    assert mina.name == "Mina"
