"""Leads and calls on pages: what staff do with them, and what influencers and brands read of them."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import Contact, Mail, Participation
from tests import factories
from tests.blueprints.test_crediting_pages import words
from tests.factories import NOW, submit, visit
from tests.tracking.test_contacts import DAY, LEADS, code_of

REASON = "a friend of hers called"


@pytest.fixture
def mina(session: Session) -> Participation:
    campaign = factories.live_campaign(session, accepted=2, terms={**factories.TERMS, "leads": LEADS})
    return factories.participants(session, campaign)[0]


@pytest.fixture
def staff(client: FlaskClient, session: Session) -> FlaskClient:
    return factories.sign_in(client, factories.user(session, email="omar@example.com"))


def call(session: Session, mina: Participation, number: str = "call-987654", **facts) -> Contact:
    told = {"code": code_of(mina), "external_id": number, "email": "dana@example.com", "seconds": 20, **facts}
    return factories.contact(session, shop=mina.campaign.shop, **told)


def list_address(mina: Participation, query: str = "") -> str:
    return f"/console/campaigns/{mina.campaign.public_id}/contacts{query}"


def own_page(client: FlaskClient, session: Session, mina: Participation) -> str:
    factories.sign_in(client, factories.user(session, influencer=mina.influencer))
    return words(client, f"/me/campaigns/{mina.public_id}")


def test_an_empty_list_says_where_contacts_come_from(staff: FlaskClient, mina: Participation):
    assert "No leads and no calls yet" in words(staff, list_address(mina))


def test_contacts_are_filtered_by_status_reason_and_influencer(staff: FlaskClient, session: Session, mina):
    call(session, mina, "c-first")
    call(session, mina, "c-again", happened_at=NOW + DAY)
    call(session, mina, "c-gone", status="rejected", email="tal@example.com")
    for query, shown in (
        ("?status=rejected", "c-gone"),
        ("?reason=refused_repeated", "c-again"),
        (f"?participant={mina.public_id}&status=created", "c-first"),
    ):
        page = visit(staff, list_address(mina, query)).text
        assert [name for name in ("c-first", "c-again", "c-gone") if f">{name}<" in page] == [shown]
    assert "No contact fits" in words(staff, list_address(mina, "?status=closed"))


def test_a_contact_s_page_shows_evidence_proof_and_books_and_nothing_of_the_person(
    staff: FlaskClient, session: Session, mina: Participation
):
    found = call(session, mina, phone="050-1112223", proof={"recording_id": "rec_9", "dialled": "+97231234567"})
    page = words(staff, f"/console/contacts/{found.public_id}")
    for fact in (f"Code {code_of(mina)} : in force", "rec_9", "20 s", "Owed by the brand", "₪6.00"):
        assert fact in page
    for secret in ("dana", "1112223", "97231234567"):
        assert secret not in page


def test_a_repeated_contact_leads_to_the_first(staff: FlaskClient, session: Session, mina: Participation):
    first = call(session, mina, "c1")
    again = call(session, mina, "c2", happened_at=NOW + DAY)
    page = visit(staff, f"/console/contacts/{again.public_id}").text
    assert f"/console/contacts/{first.public_id}" in page


def test_staff_reject_a_fake_with_a_reason(staff: FlaskClient, session: Session, mina: Participation):
    found = call(session, mina)
    address = f"/console/contacts/{found.public_id}"
    assert submit(staff, f"{address}/reject", {"why": ""}).status_code == 422
    submit(staff, f"{address}/reject", {"why": REASON})
    session.expire_all()
    assert (found.reason, found.participation_id) == ("refused_by_hand", None)
    assert [mail.recipient for mail in session.scalars(select(Mail))] == [mina.influencer.email]
    assert "What it was before" in words(staff, address)


def test_staff_accept_a_contact_for_somebody(staff: FlaskClient, session: Session, mina: Participation):
    found = call(session, mina, code="")
    fields = {"participation": mina.public_id, "reason": "the recording names her"}
    address = f"/console/contacts/{found.public_id}/accept"
    assert submit(staff, address, {**fields, "reason": ""}).status_code == 422
    submit(staff, address, fields)
    session.expire_all()
    assert (found.reason, found.participation_id) == ("manual", mina.id)


def test_an_influencer_sees_their_contacts_and_why_others_are_not_theirs(
    client: FlaskClient, session: Session, mina: Participation
):
    call(session, mina, "call-987654")
    call(session, mina, "call-987677", happened_at=NOW + DAY)
    page = own_page(client, session, mina)
    for fact in ("Your leads and calls", "•••54", "Qualified", "20 s", "₪6.00", "•••77", "each person counts once"):
        assert fact in page
    assert "987654" not in page and "dana" not in page


def test_before_the_first_contact_an_influencer_paid_for_contacts_is_told_so(client, session: Session, mina):
    assert "No leads and no calls yet" in own_page(client, session, mina)


def test_where_nothing_is_paid_for_contacts_a_page_does_not_speak_of_them(client: FlaskClient, session: Session):
    person = factories.participants(session, factories.live_campaign(session, accepted=1))[0]
    assert "Leads and calls" not in own_page(client, session, person)


def test_a_brand_sees_what_each_contact_costs_and_nothing_of_the_person(
    client: FlaskClient, session: Session, mina: Participation
):
    call(session, mina)
    factories.sign_in(client, factories.user(session, brand=mina.campaign.brand))
    page = words(client, f"/brand/campaigns/{mina.campaign.public_id}/contacts")
    assert "₪6.50" in page and mina.influencer.name in page and "dana" not in page
    assert "Leads and calls 1" in words(client, f"/brand/campaigns/{mina.campaign.public_id}")


def test_a_brand_without_contacts_is_told_what_to_do(client: FlaskClient, session: Session, mina: Participation):
    factories.sign_in(client, factories.user(session, brand=mina.campaign.brand))
    assert "Is the shop connected?" in words(client, f"/brand/campaigns/{mina.campaign.public_id}/contacts")


@pytest.mark.parametrize("role", ["brand", "influencer"])
def test_staff_s_pages_of_contacts_are_nobody_else_s(client: FlaskClient, session: Session, mina, role: str):
    found = call(session, mina)
    owner = {"brand": {"brand": mina.campaign.brand}, "influencer": {"influencer": mina.influencer}}[role]
    factories.sign_in(client, factories.user(session, **owner))
    for address in (list_address(mina), f"/console/contacts/{found.public_id}"):
        assert visit(client, address).status_code == 404
