"""Whose sale it is, as staff and influencers see it: suggestions, crediting by hand, and what each side reads of it."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import Campaign, Mail, Order, Participation
from campaigns.planning.crediting import credit_by_hand
from campaigns.tracking.decisions import current_decision
from tests import factories
from tests.factories import NOW, submit, visit

REASON = "the post of 9 May was shared"


@pytest.fixture
def campaign(session: Session) -> Campaign:
    return factories.live_campaign(session, accepted=2)


@pytest.fixture
def staff(client: FlaskClient, session: Session) -> FlaskClient:
    return factories.sign_in(client, factories.user(session, email="omar@example.com"))


def words(client: FlaskClient, address: str) -> str:
    """A page's words, single-spaced, without the marks that isolate a word's direction."""
    answer = visit(client, address)
    assert answer.status_code == 200
    plain = unescape(re.sub(r"<[^>]+>", " ", answer.text))
    return " ".join(re.sub("[\u2066-\u2069]", "", plain).split())


def code_of(person: Participation) -> str:
    assert person.code
    return person.code.code


def sold(session: Session, campaign: Campaign, code: str = "", **facts: object) -> Order:
    return factories.order(session, shop=campaign.shop, code=code, external_id="987654", **facts)


def moved(session: Session, campaign: Campaign) -> tuple[Participation, Participation]:
    """Mina's order, given to Noa by staff; returns both, reading English."""
    mina, noa = factories.participants(session, campaign)
    by, key = factories.user(session).id, factories.identity_key()
    credit_by_hand(session, sold(session, campaign, code_of(mina)), noa, by, REASON, "http://localhost", key, NOW)
    return mina, noa


def page_of(client: FlaskClient, session: Session, who: Participation) -> str:
    factories.sign_in(client, factories.user(session, influencer=who.influencer))
    return words(client, f"/me/campaigns/{who.public_id}")


def test_the_queue_suggests_whose_a_mistyped_code_is(staff: FlaskClient, session: Session, campaign: Campaign):
    mina = factories.participants(session, campaign)[0]
    typed = code_of(mina)[:-1] + "0"
    sold(session, campaign, typed)
    page = words(staff, "/console/unattributed")
    assert f"The code {typed} is one slip away from their code {code_of(mina)}." in page
    assert f"Credit to {mina.influencer.name}" in page


def test_an_order_without_a_guess_shows_none(staff: FlaskClient, session: Session, campaign: Campaign):
    order = sold(session, campaign, "SPRING")
    for address in ("/console/unattributed", f"/console/orders/{order.public_id}"):
        assert "Whose it may be" not in words(staff, address)


def test_one_click_chooses_the_influencer_and_leaves_the_reason_to_staff(
    staff: FlaskClient, session: Session, campaign: Campaign
):
    mina = factories.participants(session, campaign)[0]
    order = sold(session, campaign, code_of(mina)[:-1] + "0")
    address = f"/console/orders/{order.public_id}?credit={mina.public_id}"
    assert address.replace("&", "&amp;") + "#assign" in visit(staff, f"/console/orders/{order.public_id}").text
    page = visit(staff, address).text
    assert re.search(rf'<option selected value="{mina.public_id}">', page)
    assert submit(staff, address, {"participation": mina.public_id, "reason": ""}).status_code == 422


def test_a_choice_that_is_nobody_chooses_nobody(staff: FlaskClient, session: Session, campaign: Campaign):
    order = sold(session, campaign, "SPRING")
    assert '<option selected value="' not in visit(staff, f"/console/orders/{order.public_id}?credit=nobody").text


def test_crediting_on_the_page_writes_to_both(staff: FlaskClient, session: Session, campaign: Campaign):
    mina, noa = factories.participants(session, campaign)
    order = sold(session, campaign, code_of(mina))
    submit(staff, f"/console/orders/{order.public_id}", {"participation": noa.public_id, "reason": REASON})
    session.expire_all()
    assert {mail.recipient for mail in session.scalars(select(Mail))} == {mina.influencer.email, noa.influencer.email}
    decision = current_decision(session, order.id)
    assert decision is not None and decision.participation_id == noa.id


def test_the_order_names_both_it_was_touched_by_and_why_one_won(
    staff: FlaskClient, session: Session, campaign: Campaign
):
    mina, noa = factories.participants(session, campaign)
    order = sold(session, campaign, code_of(mina), typed_codes=(code_of(noa),))
    page = words(staff, f"/console/orders/{order.public_id}")
    assert f"Code {code_of(mina)} : in force · {mina.influencer.name}" in page
    assert f"Code {code_of(noa)} : in force · {noa.influencer.name} · put in by the shop's staff" in page
    assert "Decided by: the first code counts" in page


@pytest.mark.parametrize(
    ("carried", "shown"),
    [
        ("landing_url", "Landing address with {slug} : in force"),
        ("affiliates", "Affiliate field with {slug} : in force"),
    ],
)
def test_names_in_text_are_shown_as_evidence(
    staff: FlaskClient, session: Session, campaign: Campaign, carried: str, shown: str
):
    mina = factories.participants(session, campaign)[0]
    assert mina.link
    slug = mina.link.slug
    order = sold(session, campaign, **{carried: f"/?ref={slug}" if carried == "landing_url" else (slug,)})
    assert shown.format(slug=slug) in words(staff, f"/console/orders/{order.public_id}")


def test_who_got_an_order_by_hand_reads_so_with_the_reason(client: FlaskClient, session: Session, campaign: Campaign):
    mina, noa = moved(session, campaign)
    page = page_of(client, session, noa)
    assert f"Assigned by the agency Because: {REASON}" in page
    assert mina.influencer.name not in page and "987654" not in page and "•••54" in page
    assert "Credited to somebody else by the agency" not in page


def test_who_lost_an_order_reads_it_once_with_reason_and_date(
    client: FlaskClient, session: Session, campaign: Campaign
):
    mina, noa = moved(session, campaign)
    page = page_of(client, session, mina)
    assert "Credited to somebody else by the agency" in page and f"Because: {REASON}" in page
    assert "decided 10 May 2026, 15:00" in page  # noon in UTC, in Jerusalem
    assert page.count("•••54") == 1
    for hidden in (noa.influencer.name, code_of(noa), "987654", "buyer@example.com"):
        assert hidden not in page


def test_without_such_orders_the_list_is_not_there(client: FlaskClient, session: Session, campaign: Campaign):
    page = page_of(client, session, factories.participants(session, campaign)[0])
    assert "Credited to somebody else" not in page


def test_an_influencer_whose_code_was_passed_over_by_hand_is_told_who_decided(
    client: FlaskClient, session: Session, campaign: Campaign
):
    mina, noa = factories.participants(session, campaign)
    order = sold(session, campaign, code_of(mina), placed_at=factories.START.replace(day=30, month=4))
    by, key = factories.user(session).id, factories.identity_key()
    credit_by_hand(session, order, noa, by, REASON, "http://localhost", key, NOW)
    assert "The agency credited it to somebody else." in page_of(client, session, mina)


def test_another_influencer_sees_nothing_of_either(client: FlaskClient, session: Session, campaign: Campaign):
    mina, _ = moved(session, campaign)
    eve = factories.participation(session, influencer=factories.influencer(session, name="Eve"))
    assert REASON not in page_of(client, session, eve)
    assert visit(client, f"/me/campaigns/{mina.public_id}").status_code == 404


def test_a_lock_is_offered_in_the_form_and_read_before_the_choice(
    staff: FlaskClient, session: Session, campaign: Campaign
):
    draft = factories.campaign(session, shop=campaign.shop)
    fields = {
        "influencer_rate_bps": "15", "agency_rate_bps": "3", "base": "net", "precedence": "coupon",
        "link_window_days": "30", "return_window_days": "14", "customer_lock_days": "60",
    }  # fmt: skip
    submit(staff, f"/console/campaigns/{draft.public_id}/terms", fields)
    session.expire_all()
    assert draft.terms.body["attribution"]["customer_lock_days"] == 60
    told = "For 60 days after such an order the same buyer's next ones"
    assert told in words(staff, f"/console/campaigns/{draft.public_id}")
    mine = factories.participation(session, campaign=draft, accepted=False)
    factories.sign_in(staff, factories.user(session, influencer=mine.influencer))
    assert told in words(staff, f"/me/invitations/{mine.public_id}")


def test_terms_without_a_lock_say_nothing_of_it(staff: FlaskClient, session: Session, campaign: Campaign):
    assert "customer_lock_days" not in campaign.terms.body["attribution"]
    assert "after such an order" not in words(staff, f"/console/campaigns/{campaign.public_id}")
