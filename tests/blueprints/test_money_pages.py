"""Holds, disputes and wallets in the browser: each role does its part, and reads no more than is theirs."""

import re

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import AuditEntry, Brand, Dispute, Mail, Order, Participation
from campaigns.settlement.books.check import breaches
from campaigns.settlement.disputing.holds import hold, open_hold
from campaigns.settlement.wallets import wallets
from tests import factories
from tests.settlement.owed import end, mina_at, sell
from tests.settlement.test_wallets import in_debt_with_credit


def staff(session: Session, client: FlaskClient) -> FlaskClient:
    return factories.sign_in(client, factories.user(session))


def as_influencer(session: Session, client: FlaskClient, mina: Participation) -> FlaskClient:
    return factories.sign_in(client, factories.user(session, influencer=mina.influencer))


def as_brand(session: Session, client: FlaskClient, brand: Brand) -> FlaskClient:
    return factories.sign_in(client, factories.user(session, brand=brand))


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def a_sale(session: Session) -> tuple[Participation, Order]:
    mina = mina_at(session)
    return mina, sell(session, mina)


def letters(session: Session) -> list[str]:
    session.expire_all()
    return list(session.scalars(select(Mail.subject).order_by(Mail.id)))


def test_staff_hold_an_order_and_the_influencer_reads_why(session: Session, client: FlaskClient) -> None:
    mina, order = a_sale(session)
    mina.influencer.language = "en"
    staff(session, client)
    answer = factories.submit(client, f"/console/orders/{order.public_id}/hold", {"reason": "her sister bought it"})
    assert answer.status_code == 302
    assert letters(session)[-1] == "A commission of yours is held"
    assert "her sister bought it" in factories.visit(client, f"/console/orders/{order.public_id}").text
    page = factories.visit(as_influencer(session, client, mina), f"/me/campaigns/{mina.public_id}").text
    assert "her sister bought it" in page and "Held" in text_of(page)
    assert session.scalars(select(AuditEntry.action).order_by(AuditEntry.id.desc())).first() == "commission.held"


def test_a_hold_without_a_reason_is_refused_where_the_button_was(session: Session, client: FlaskClient) -> None:
    _, order = a_sale(session)
    staff(session, client)
    factories.submit(client, f"/console/orders/{order.public_id}/hold", {"reason": " "})
    session.expire_all()
    assert open_hold(session, order) is None


def test_letting_go_takes_a_reason_too(session: Session, client: FlaskClient) -> None:
    mina, order = a_sale(session)
    hold(session, order, "a doubt", None, factories.NOW)
    staff(session, client)
    factories.submit(client, f"/console/orders/{order.public_id}/release", {"reason": "it is gone"})
    session.expire_all()
    assert open_hold(session, order) is None


def test_the_brand_sees_that_it_is_held(session: Session, client: FlaskClient) -> None:
    mina, order = a_sale(session)
    hold(session, order, "between us", None, factories.NOW)
    page = factories.visit(
        as_brand(session, client, mina.campaign.brand), f"/brand/campaigns/{mina.campaign.public_id}"
    ).text
    assert "Held" in text_of(page) and "between us" not in page


def test_an_influencer_asks_and_staff_resolve(session: Session, client: FlaskClient) -> None:
    """5.00 at the agency's expense; the order is let go."""
    mina, order = a_sale(session)
    as_influencer(session, client, mina)
    asked = factories.submit(client, f"/disputes/new?order={order.public_id}", {"message": "It was two."})
    place = asked.headers["Location"]
    assert "It was two." in factories.visit(client, place).text
    staff(session, client)
    assert "Not resolved: 1" in text_of(factories.visit(client, "/disputes").text)
    end_of_it = {"outcome": "partner", "resolution": "It was.", "amount": "5.00", "place": "due"}
    assert factories.submit(client, f"{place}/resolve", end_of_it).status_code == 302
    session.expire_all()
    dispute = session.scalars(select(Dispute)).one()
    assert (dispute.outcome, dispute.compensation_minor) == ("partner", 500)
    assert open_hold(session, order) is None and breaches(session) == []


def test_the_brand_reads_the_end_without_the_amount(session: Session, client: FlaskClient) -> None:
    mina, order = a_sale(session)
    as_influencer(session, client, mina)
    place = factories.submit(client, f"/disputes/new?order={order.public_id}", {"message": "It was two."}).headers[
        "Location"
    ]
    end_of_it = {"outcome": "partner", "resolution": "It was.", "amount": "5.00", "place": "due"}
    factories.submit(staff(session, client), f"{place}/resolve", end_of_it)
    page = text_of(factories.visit(as_brand(session, client, mina.campaign.brand), place).text)
    assert "The influencer was found right" in page and "5.00" not in page
    assert "Compensation" in text_of(factories.visit(as_influencer(session, client, mina), place).text)


def test_a_resolution_that_can_not_be_is_said_beside_its_field(session: Session, client: FlaskClient) -> None:
    mina, order = a_sale(session)
    place = factories.submit(
        as_influencer(session, client, mina), f"/disputes/new?order={order.public_id}", {"message": "Why?"}
    ).headers["Location"]
    wrong = {"outcome": "agency", "resolution": "No.", "amount": "5.00", "place": "due"}
    answer = factories.submit(staff(session, client), f"{place}/resolve", wrong)
    assert answer.status_code == 422 and "only where the partner is found right" in answer.text


def test_the_same_question_twice_is_refused_on_its_page(session: Session, client: FlaskClient) -> None:
    mina, order = a_sale(session)
    as_influencer(session, client, mina)
    url = f"/disputes/new?order={order.public_id}"
    assert factories.submit(client, url, {"message": "Why?"}).status_code == 302
    again = factories.submit(client, url, {"message": "Why?"})
    assert again.status_code == 409 and "asked about this already" in again.text


def test_nobody_asks_about_what_is_not_theirs(session: Session, client: FlaskClient) -> None:
    mina, order = a_sale(session)
    stranger = factories.user(session, influencer=factories.influencer(session, name="Eve"))
    factories.sign_in(client, stranger)
    for url in (f"/disputes/new?order={order.public_id}", f"/disputes/new?effort={mina.public_id}"):
        assert factories.visit(client, url).status_code == 404
    factories.submit(as_influencer(session, client, mina), f"/disputes/new?order={order.public_id}", {"message": "?"})
    dispute = session.scalars(select(Dispute)).one()
    assert factories.visit(factories.sign_in(client, stranger), f"/disputes/{dispute.public_id}").status_code == 404


def test_a_campaign_without_commission_offers_a_review(session: Session, client: FlaskClient) -> None:
    mina = mina_at(session)
    as_influencer(session, client, mina)
    assert "Ask for a review" in factories.visit(client, f"/me/campaigns/{mina.public_id}").text
    url = f"/disputes/new?effort={mina.public_id}"
    asked = factories.submit(client, url, {"message": "Nine stories."})
    page = text_of(factories.visit(staff(session, client), asked.headers["Location"]).text)
    assert "Effort without commission" in page and "Nine stories." in page


def test_everybody_has_a_wallet_of_their_own(session: Session, client: FlaskClient) -> None:
    """15.00 on the way to her; the brand owes 18.00, on no bill yet."""
    mina, _ = a_sale(session)
    hers = text_of(factories.visit(as_influencer(session, client, mina), "/me/wallet").text)
    assert "On the way ₪15.00" in hers and "Order •••00" in hers
    theirs = text_of(factories.visit(as_brand(session, client, mina.campaign.brand), "/brand/wallet").text)
    assert "Not billed yet ₪18.00" in theirs
    everybody = text_of(factories.visit(staff(session, client), "/console/wallets").text)
    assert "15.00" in everybody and "18.00" in everybody


def test_an_empty_wallet_says_so(session: Session, client: FlaskClient) -> None:
    eve = factories.influencer(session, name="Eve")
    factories.sign_in(client, factories.user(session, influencer=eve))
    assert "Nothing in the wallet yet" in factories.visit(client, "/me/wallet").text


def test_staff_see_who_owes_and_offset_it(session: Session, client: FlaskClient) -> None:
    """15.00 owed to Amber, 20.00 credit: 15.00 are offset."""
    mina, owed = in_debt_with_credit(session)
    staff(session, client)
    assert "Influencers who owe" in factories.visit(client, "/console/wallets").text
    url = f"/console/wallets/influencer/{mina.public_id}/offset"
    too_much = factories.submit(client, url, {"against": owed.document.public_id, "amount": "15.01"})
    assert too_much.status_code == 409 and "at most" in too_much.text
    assert factories.submit(client, url, {"against": owed.document.public_id, "amount": "15"}).status_code == 302
    session.expire_all()
    assert wallets.in_debt(session) == [] and breaches(session) == []
    assert "ON-2026-000001" in factories.visit(client, f"/console/wallets/influencers/{mina.public_id}").text


def test_staff_give_credit_with_a_reason(session: Session, client: FlaskClient) -> None:
    mina, _ = a_sale(session)
    staff(session, client)
    url = f"/console/wallets/brand/{mina.campaign.brand.public_id}/credit"
    assert factories.submit(client, url, {"currency": "ILS", "amount": "7.00", "reason": ""}).status_code == 422
    given = {"currency": "ILS", "amount": "7.00", "reason": "a late report"}
    assert factories.submit(client, url, given).status_code == 302
    page = text_of(factories.visit(as_brand(session, client, mina.campaign.brand), "/brand/wallet").text)
    assert "Credit ₪7.00" in page and "a late report" in page


def test_staff_state_what_came_after_the_closing(session: Session, client: FlaskClient) -> None:
    mina = mina_at(session)
    end(session, mina.campaign)
    sell(session, mina)
    staff(session, client)
    url = f"/console/campaigns/{mina.campaign.public_id}/follow-up"
    assert "15.00" in factories.visit(client, url).text
    assert factories.submit(client, url, {"participant": mina.public_id}).status_code == 302
    assert "Nothing is open" in factories.visit(client, url).text
