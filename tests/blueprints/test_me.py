"""An influencer's pages: all terms before the choice, and afterwards every figure, with reasons."""

import re

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from campaigns.models import Campaign, Participation
from campaigns.planning.plans import offer_terms
from tests import factories


def invited(session: Session, client: FlaskClient, language: str = "en") -> Participation:
    """A signed-in influencer with an open invitation."""
    made = factories.participation(session, accepted=False)
    factories.sign_in(client, factories.user(session, influencer=made.influencer, language=language))
    return made


def taking_part(session: Session, client: FlaskClient) -> tuple[Campaign, Participation]:
    """A signed-in influencer in a live campaign."""
    campaign = factories.live_campaign(session)
    mine = factories.participants(session, campaign)[0]
    factories.sign_in(client, factories.user(session, influencer=mine.influencer))
    return campaign, mine


def text_of(page: str) -> str:
    """A page's words without its tags and marks of direction, single-spaced."""
    return " ".join(re.sub(r"<[^>]+>", " ", re.sub("[\u2066-\u2069]", "", page)).split())


def test_terms_come_before_the_choice_with_an_example_in_money(session: Session, client: FlaskClient) -> None:
    """236.00 with VAT, 10 % off: 180.00 before VAT, 15 % of it 27.00; the agency's 3 % is 5.40."""
    mine = invited(session, client)
    page = factories.visit(client, f"/me/invitations/{mine.public_id}").text
    for amount in ("236.00", "212.40", "180.00", "27.00", "5.40", "270.00", "2,700.00"):
        assert amount in page
    assert page.index("2,700.00") < page.index('name="terms_version"')
    for told in ("Commission: 15% of every credited sale.", "There is no upper limit.", "15% of ₪180.00"):
        assert told in text_of(page)


def test_opening_an_invitation_marks_it_as_seen(session: Session, client: FlaskClient) -> None:
    mine = invited(session, client)
    factories.visit(client, f"/me/invitations/{mine.public_id}")
    session.expire_all()
    assert mine.status == "viewed" and mine.viewed_at is not None


def test_accepting_keeps_the_terms_that_were_shown(session: Session, client: FlaskClient) -> None:
    mine = invited(session, client, "ar")
    answer = factories.submit(client, f"/me/invitations/{mine.public_id}/accept", {"terms_version": "1"})
    assert answer.status_code == 302
    session.expire_all()
    assert (mine.status, mine.acceptances[0].language) == ("accepted", "ar")
    assert mine.acceptances[0].sha256 in factories.visit(client, f"/me/campaigns/{mine.public_id}").text


def test_terms_that_changed_meanwhile_are_shown_and_nothing_is_accepted(session: Session, client: FlaskClient) -> None:
    mine = invited(session, client)
    offer_terms(session, mine.campaign, {**factories.TERMS, "influencer_rate_bps": 1200}, factories.NOW)
    answer = factories.submit(client, f"/me/invitations/{mine.public_id}/accept", {"terms_version": "1"})
    assert answer.status_code == 409
    assert "Nothing was accepted" in answer.text and "21.60" in answer.text  # 12 % of 180.00
    session.expire_all()
    assert mine.acceptances == []


def test_declining_needs_no_reason(session: Session, client: FlaskClient) -> None:
    mine = invited(session, client)
    factories.submit(client, f"/me/invitations/{mine.public_id}/decline")
    session.expire_all()
    assert (mine.status, mine.decline_reason) == ("declined", "")


def test_the_own_campaign_page_shows_what_the_books_hold(session: Session, client: FlaskClient) -> None:
    """180.00 sold, 80.00 of it given back: 15 % of 100.00."""
    campaign, mine = taking_part(session, client)
    assert mine.code and mine.link
    factories.order(session, shop=campaign.shop, code=mine.code.code, net_minor=18_000, refunded_minor=8_000)
    words = text_of(factories.visit(client, f"/me/campaigns/{mine.public_id}").text)
    for shown in (mine.code.code, f"/r/{mine.link.slug}", "₪180.00", "₪80.00", "Your commission ₪15.00"):
        assert shown in words


def test_an_order_number_is_masked_for_influencers(session: Session, client: FlaskClient) -> None:
    campaign, mine = taking_part(session, client)
    assert mine.code
    factories.order(session, shop=campaign.shop, code=mine.code.code, external_id="987654")
    page = factories.visit(client, f"/me/campaigns/{mine.public_id}").text
    assert "•••54" in page and "987654" not in page


def test_an_own_purchase_is_listed_with_the_reason_it_earns_nothing(session: Session, client: FlaskClient) -> None:
    campaign, mine = taking_part(session, client)
    assert mine.code
    factories.order(session, shop=campaign.shop, code=mine.code.code, email=mine.influencer.email)
    words = text_of(factories.visit(client, f"/me/campaigns/{mine.public_id}").text)
    assert "Your own purchase: it earns no commission." in words
    assert "Your commission ₪0.00" in words


def test_leaving_wants_a_reason_and_stops_the_code(session: Session, client: FlaskClient) -> None:
    _, mine = taking_part(session, client)
    address = f"/me/campaigns/{mine.public_id}/leave"
    assert factories.submit(client, address).status_code == 422
    factories.submit(client, address, {"reason": "I moved abroad"})
    session.expire_all()
    assert mine.status == "withdrawn" and mine.code and mine.code.ended_at is not None


def test_another_influencers_pages_do_not_exist(session: Session, client: FlaskClient) -> None:
    campaign, _ = taking_part(session, client)
    other = factories.participants(session, campaign)[1]
    for address in (f"/me/campaigns/{other.public_id}", f"/me/invitations/{other.public_id}"):
        assert factories.visit(client, address).status_code == 404


def test_payment_details_are_saved_or_refused_beside_their_field(session: Session, client: FlaskClient) -> None:
    _, mine = taking_part(session, client)
    sent = {"route": "payslip", "id_number": "039337423", "credit_points": "2.25", "bank_code": "12"}
    assert factories.submit(client, "/me/payment-details", {**sent, "id_number": "039337424"}).status_code == 422
    assert factories.submit(client, "/me/payment-details", sent).status_code == 302
    session.expire_all()
    influencer = mine.influencer
    assert (influencer.payee_route, influencer.id_number) == ("payslip", "039337423")
    assert (influencer.credit_points_hundredths, influencer.bank_code) == (225, "12")


def test_every_list_says_what_to_do_while_it_is_empty(session: Session, client: FlaskClient) -> None:
    factories.sign_in(client, factories.user(session, influencer=factories.influencer(session)))
    for address in ("/me", "/me/earnings", "/me/documents"):
        page = factories.visit(client, address)
        assert page.status_code == 200 and 'class="empty"' in page.text
