"""From an influencer's list of orders to the posting in three steps; each role reads what is theirs."""

import re

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from campaigns.models import Order, Participation
from campaigns.planning.crediting import credit_by_hand
from tests import factories, whole_campaign
from tests.blueprints.test_me import text_of
from tests.factories import NOW, visit

BUYER = "rivka@buyers.example"


def sold(session: Session) -> tuple[Participation, Participation, Order]:
    """Mina's sale of 200.00, and Noa of the same campaign."""
    campaign = factories.live_campaign(session, accepted=2)
    mina, noa = factories.participants(session, campaign)
    assert mina.code
    order = factories.order(
        session, shop=campaign.shop, code=mina.code.code, external_id="987654", net_minor=20_000, email=BUYER
    )
    return mina, noa, order


@time_machine.travel(NOW, tick=False)
def test_three_clicks_lead_an_influencer_from_the_start_to_the_posting(session: Session, client: FlaskClient) -> None:
    mina, _, order = sold(session)
    factories.sign_in(client, factories.user(session, influencer=mina.influencer))
    campaign = re.search(r'href="(/me/campaigns/[^"]+)"', visit(client, "/me").text)
    assert campaign
    followed = re.search(r'href="(/me/orders/[^"]+)"', visit(client, campaign[1]).text)
    assert followed and followed[1].endswith(order.public_id)
    words = text_of(visit(client, followed[1]).text)
    for shown in (
        "•••54", "Your code", "15% of ₪200.00", "₪30.00", "₪6.00", "Commission: 15% of every credited sale.",
        mina.acceptances[0].sha256, "Earned, not on a statement yet", "-₪30.00",
        "Pending until 24 May 2026",
    ):  # fmt: skip
        assert shown in words, shown


def test_an_influencer_reads_no_buyer_no_number_and_nobody_elses_name(session: Session, client: FlaskClient) -> None:
    mina, noa, order = sold(session)
    assert noa.code
    factories.click(session, participation=noa)
    factories.sign_in(client, factories.user(session, influencer=mina.influencer))
    page = visit(client, f"/me/orders/{order.public_id}").text
    hidden = (BUYER, "987654", order.customer_key, noa.influencer.name, noa.code.code, noa.public_id)
    assert [word for word in hidden if word in page.replace(order.public_id, "")] == []


def test_an_order_of_somebody_else_does_not_exist(session: Session, client: FlaskClient) -> None:
    _, noa, order = sold(session)
    factories.sign_in(client, factories.user(session, influencer=noa.influencer))
    assert visit(client, f"/me/orders/{order.public_id}").status_code == 404
    assert visit(client, "/me/orders/NoSuchOrder234").status_code == 404


def test_one_that_was_taken_away_says_why_and_what_was_taken_back(session: Session, client: FlaskClient) -> None:
    mina, noa, order = sold(session)
    omar = factories.user(session)
    credit_by_hand(session, order, noa, omar.id, "A promise by phone", "http://x", factories.identity_key(), NOW)
    factories.sign_in(client, factories.user(session, influencer=mina.influencer))
    page = visit(client, f"/me/orders/{order.public_id}").text
    words = text_of(page)
    for shown in ("Not yours", "The agency credited it to somebody else.", "A promise by phone", "Nothing is left"):
        assert shown in words
    assert noa.influencer.name not in page


def test_a_brand_reads_the_same_figures_by_name_and_no_buyer(session: Session, client: FlaskClient) -> None:
    mina, _, order = sold(session)
    factories.sign_in(client, factories.user(session, brand=mina.campaign.brand))
    page = visit(client, f"/brand/orders/{order.public_id}").text
    for shown in ("#987654", mina.influencer.name, "₪30.00", "₪6.00", "₪36.00", "Owed by the brand"):
        assert shown in page
    assert [word for word in (BUYER, order.customer_key, mina.influencer.email) if word in page] == []
    assert (
        f'href="/brand/orders/{order.public_id}"' in visit(client, f"/brand/campaigns/{mina.campaign.public_id}").text
    )


def test_another_brands_order_does_not_exist(session: Session, client: FlaskClient) -> None:
    _, _, order = sold(session)
    factories.sign_in(client, factories.user(session, brand=factories.brand(session, name="Cobalt")))
    assert visit(client, f"/brand/orders/{order.public_id}").status_code == 404


def test_staff_read_the_working_on_the_orders_page(session: Session, client: FlaskClient) -> None:
    _, _, order = sold(session)
    factories.sign_in(client, factories.user(session))
    words = text_of(visit(client, f"/console/orders/{order.public_id}").text)
    for shown in ("How it was worked out", "15% of ₪200.00", "The terms that hold for it", "In the books", "Entry 1"):
        assert shown in words


def test_a_paid_commission_names_its_statement_and_payment(session: Session, client: FlaskClient) -> None:
    cast = whole_campaign.a_live_campaign(session)
    whole_campaign.end(session, cast.campaign)
    whole_campaign.pay(session)
    order = session.query(Order).filter_by(external_id=f"{whole_campaign.MINAS}-{cast.campaign.id}").one()
    factories.sign_in(client, factories.user(session, influencer=cast.mina.influencer))
    words = text_of(visit(client, f"/me/orders/{order.public_id}").text)
    assert "CS-2026-000001" in words and "Paid" in words and "BB-2026" not in words


@pytest.mark.parametrize("language", ["he", "ar", "ru"])
def test_the_page_is_whole_in_every_language(session: Session, client: FlaskClient, language: str) -> None:
    mina, _, order = sold(session)
    factories.sign_in(client, factories.user(session, influencer=mina.influencer, language=language))
    page = visit(client, f"/me/orders/{order.public_id}").text
    assert "How it was worked out" not in page and "every credited sale" not in page
    assert ('dir="rtl"' in page[:200]) == (language != "ru")
