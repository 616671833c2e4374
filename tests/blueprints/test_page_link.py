"""An influencer's link to one page of the shop: pasted, made, copied; a foreign page is refused in their language."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from campaigns.planning.participation import leave
from tests import factories
from tests.factories import NOW, visit


@pytest.fixture
def page(session: Session, client: FlaskClient) -> str:
    """The signed-in influencer's campaign page."""
    mine = factories.participants(session, factories.live_campaign(session, accepted=1))[0]
    factories.sign_in(client, factories.user(session, influencer=mine.influencer))
    return f"/me/campaigns/{mine.public_id}"


def links(shown: str) -> list[str]:
    """The addresses on the page that can be copied."""
    return re.findall(r'<code dir="ltr">(http[^<]*)</code>', shown)


def test_a_page_of_the_shop_becomes_a_link_that_leads_there(client: FlaskClient, page: str):
    pasted = "https://shop.example.com/products/x?variant=1&utm_source=elsewhere"
    plain, made = links(visit(client, page, query_string={"to": pasted}).text)
    assert made == f"{plain}?to=%2Fproducts%2Fx%3Fvariant%3D1"
    followed = visit(client, made.removeprefix("http://localhost"))
    assert followed.location.startswith("https://shop.example.com/products/x?variant=1&utm_source=%40noa")


def test_without_anything_pasted_there_is_only_the_form(client: FlaskClient, page: str):
    shown = visit(client, page).text
    assert 'name="to"' in shown and len(links(shown)) == 1 and 'id="to-error"' not in shown


@pytest.mark.parametrize(
    "pasted", ["https://evil.com/x", "//evil.com", "javascript:alert(1)", "x" * 2000, '"><script>']
)
def test_a_foreign_page_is_refused_beside_the_field(client: FlaskClient, page: str, pasted: str):
    shown = visit(client, page, query_string={"to": pasted}).text
    assert "That is no page of the shop shop.example.com." in shown and 'aria-invalid="true"' in shown
    assert len(links(shown)) == 1 and "<script>" not in shown


@pytest.mark.parametrize(("language", "word"), [("he", "חנות"), ("ar", "المتجر"), ("ru", "магазин")])
def test_the_reason_is_said_in_their_language(client: FlaskClient, session: Session, language: str, word: str):
    mine = factories.participants(session, factories.live_campaign(session, accepted=1))[0]
    factories.sign_in(client, factories.user(session, influencer=mine.influencer, language=language))
    shown = visit(client, f"/me/campaigns/{mine.public_id}", query_string={"to": "https://evil.com"}).text
    assert word in shown.split('id="to-error">')[1].split("<")[0]


def test_whoever_left_makes_no_more_links(client: FlaskClient, session: Session):
    mine = factories.participants(session, factories.live_campaign(session, accepted=1))[0]
    factories.sign_in(client, factories.user(session, influencer=mine.influencer))
    leave(session, mine, "withdrawn", "I am ill", NOW)
    assert 'name="to"' not in visit(client, f"/me/campaigns/{mine.public_id}").text
