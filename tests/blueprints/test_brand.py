"""A brand's pages: what was sold, what it costs, and nothing that is not a brand's business."""

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from campaigns.models import Campaign, Participation
from tests import factories
from tests.blueprints.test_me import text_of


def selling(session: Session, client: FlaskClient) -> tuple[Campaign, Participation]:
    """The brand of a live campaign, signed in, and one of its influencers with an order of 100.00."""
    campaign = factories.live_campaign(session)
    person = factories.participants(session, campaign)[0]
    person.influencer.bank_account, person.influencer.id_number = "7654321", "039337423"
    assert person.code
    factories.order(session, shop=campaign.shop, code=person.code.code, net_minor=10_000, external_id="5001")
    factories.sign_in(client, factories.user(session, brand=campaign.brand))
    return campaign, person


def test_the_cost_is_both_shares_and_nothing_else(session: Session, client: FlaskClient) -> None:
    """15 % and 3 % of 100.00."""
    campaign, _ = selling(session, client)
    words = text_of(factories.visit(client, f"/brand/campaigns/{campaign.public_id}").text)
    assert "Your total cost ₪18.00 nothing else is ever charged" in words
    assert "Set-up, advertising, monthly fees ₪0.00" in words


def test_a_brand_sees_its_order_by_number_and_whose_sale_it_is(session: Session, client: FlaskClient) -> None:
    campaign, person = selling(session, client)
    page = factories.visit(client, f"/brand/campaigns/{campaign.public_id}").text
    assert "#5001" in page and person.influencer.name in page


def test_a_brand_sees_no_bank_identity_address_or_buyer(session: Session, client: FlaskClient) -> None:
    campaign, person = selling(session, client)
    page = factories.visit(client, f"/brand/campaigns/{campaign.public_id}").text
    for secret in ("7654321", "039337423", person.influencer.email, "buyer@example.com"):
        assert secret not in page


def test_who_has_not_accepted_is_not_shown_to_the_brand(session: Session, client: FlaskClient) -> None:
    campaign, _ = selling(session, client)
    asked = factories.influencer(session, name="Undecided Ula")
    factories.participation(session, campaign=campaign, influencer=asked, accepted=False)
    assert "Undecided Ula" not in factories.visit(client, f"/brand/campaigns/{campaign.public_id}").text


def test_the_list_sums_each_campaign(session: Session, client: FlaskClient) -> None:
    selling(session, client)
    words = text_of(factories.visit(client, "/brand").text)
    assert "Spring serum" in words and "₪100.00" in words and "₪18.00" in words


def test_another_brands_campaign_does_not_exist(session: Session, client: FlaskClient) -> None:
    campaign, _ = selling(session, client)
    stranger = factories.brand(session, name="Cobalt")
    factories.sign_in(client, factories.user(session, brand=stranger))
    assert factories.visit(client, f"/brand/campaigns/{campaign.public_id}").status_code == 404
    assert 'class="empty"' in factories.visit(client, "/brand").text
    assert 'class="empty"' in factories.visit(client, "/brand/shops").text
