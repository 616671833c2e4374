"""From an influencer's list of calls to the posting in three steps; each role reads what is theirs, none the caller."""

import re

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import Contact, Hold, Mail, Participation
from tests import factories
from tests.blueprints.test_me import text_of
from tests.factories import NOW, submit, visit
from tests.tracking.test_contacts import LEADS, code_of

CALLER = "dana@callers.example"


@pytest.fixture
def mina(session: Session) -> Participation:
    """Paid 1.00 a lead and 5.00 more for a call of 15 seconds."""
    campaign = factories.live_campaign(session, accepted=2, terms={**factories.TERMS, "leads": LEADS})
    return factories.participants(session, campaign)[0]


@pytest.fixture
def call(session: Session, mina: Participation) -> Contact:
    told = {"code": code_of(mina), "external_id": "call-987654", "email": CALLER, "seconds": 20}
    return factories.contact(session, shop=mina.campaign.shop, **told)


def sign_in(client: FlaskClient, session: Session, role: str, mina: Participation, **more) -> FlaskClient:
    owner = {"brand": {"brand": mina.campaign.brand}, "influencer": {"influencer": mina.influencer}}.get(role, {})
    return factories.sign_in(client, factories.user(session, **owner, **more))


@time_machine.travel(NOW, tick=False)
def test_three_clicks_lead_an_influencer_from_the_start_to_the_posting(session: Session, client, mina, call) -> None:
    sign_in(client, session, "influencer", mina)
    campaign = re.search(r'href="(/me/campaigns/[^"]+)"', visit(client, "/me").text)
    assert campaign
    followed = re.search(r'href="(/me/contacts/[^"]+)"', visit(client, campaign[1]).text)
    assert followed and followed[1].endswith(call.public_id)
    words = text_of(visit(client, followed[1]).text)
    for shown in (
        "•••54", "Your code", "The terms ask for 15 s", "Length of the call 20 s", "The call was long enough",
        "For being qualified ₪5.00", "₪6.00", "₪0.50", mina.acceptances[0].sha256, "What the contact earns",
        "Earned, not on a statement yet", "-₪6.00", "Approved",
    ):  # fmt: skip
        assert shown in words, shown


@pytest.mark.parametrize("role", ["influencer", "brand", "agency"])
def test_nobody_reads_of_the_caller(session: Session, client: FlaskClient, mina, call, role: str) -> None:
    sign_in(client, session, role, mina)
    room = {"influencer": "me", "brand": "brand", "agency": "console"}[role]
    page = visit(client, f"/{room}/contacts/{call.public_id}")
    assert page.status_code == 200
    hidden = [CALLER, call.customer_key, *(["987654"] if role == "influencer" else [])]
    assert [word for word in hidden if word in page.text.replace(call.public_id, "")] == []


def test_a_contact_of_somebody_else_does_not_exist(session: Session, client: FlaskClient, mina, call) -> None:
    noa = factories.participants(session, mina.campaign)[1]
    sign_in(client, session, "influencer", noa)
    assert visit(client, f"/me/contacts/{call.public_id}").status_code == 404
    factories.sign_in(client, factories.user(session, brand=factories.brand(session, name="Cobalt")))
    assert visit(client, f"/brand/contacts/{call.public_id}").status_code == 404


def test_a_brand_reads_the_same_figures_by_name(session: Session, client: FlaskClient, mina, call) -> None:
    sign_in(client, session, "brand", mina)
    assert (
        f'href="/brand/contacts/{call.public_id}"'
        in visit(client, f"/brand/campaigns/{mina.campaign.public_id}/contacts").text
    )
    words = text_of(visit(client, f"/brand/contacts/{call.public_id}").text)
    for shown in ("call-987654", mina.influencer.name, "₪6.00", "₪0.50", "₪6.50", "Owed by the brand", "15 s"):
        assert shown in words, shown


def test_staff_read_the_working_and_the_measure_on_the_contacts_page(session, client, mina, call) -> None:
    sign_in(client, session, "agency", mina)
    words = text_of(visit(client, f"/console/contacts/{call.public_id}").text)
    for shown in ("How it was worked out", "For being qualified", "The terms that hold for it", "Entry 1", "15 s"):
        assert shown in words, shown


def test_staff_hold_a_premium_and_let_it_go_and_the_influencer_is_told(session, client, mina, call) -> None:
    sign_in(client, session, "agency", mina)
    address = f"/console/contacts/{call.public_id}"
    submit(client, f"{address}/hold", {"reason": " "})
    assert session.scalars(select(Hold)).all() == []
    submit(client, f"{address}/hold", {"reason": "her friend called"})
    assert "The commission is held" in text_of(visit(client, address).text)
    assert "Held" in text_of(visit(client, f"/console/campaigns/{mina.campaign.public_id}/contacts").text)
    submit(client, f"{address}/release", {"reason": "it was no friend"})
    held = session.scalars(select(Hold)).one()
    assert (held.contact_id, held.order_id, held.release_reason) == (call.id, None, "it was no friend")
    letters = session.scalars(select(Mail).order_by(Mail.id)).all()
    assert [mail.recipient for mail in letters] == [mina.influencer.email] * 2
    assert all(f"/me/contacts/{call.public_id}" in mail.body and "•••54" in mail.body for mail in letters)


def test_an_influencer_asks_about_a_call_and_it_is_held_meanwhile(session, client, mina, call) -> None:
    sign_in(client, session, "influencer", mina)
    submit(client, f"/disputes/new?contact={call.public_id}", {"message": "It was a deal."})
    words = text_of(visit(client, f"/me/contacts/{call.public_id}").text)
    assert "It is in dispute." in words and "A question about it" in words
    assert "987654" not in text_of(visit(client, "/disputes").text)
    assert "It is in dispute." in text_of(visit(client, f"/me/campaigns/{mina.public_id}").text)


@pytest.mark.parametrize("language", ["he", "ar", "ru"])
def test_the_page_is_whole_in_every_language(session, client, mina, call, language: str) -> None:
    sign_in(client, session, "influencer", mina, language=language)
    page = visit(client, f"/me/contacts/{call.public_id}").text
    assert "How far it came" not in page and "The terms ask for" not in page
    assert ('dir="rtl"' in page[:200]) == (language != "ru")
