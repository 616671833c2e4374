"""Connecting a shop whose orders are read back: its page's own words, in every language."""

import html

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from campaigns.i18n import LANGUAGES
from tests import factories

WORDS = {
    "bigcommerce": ["store/order/*", "x-webhook-secret", "Create API account"],
    "ecwid": ["my.ecwid.com/#develop-apps", "client_secret", "order.deleted", "ec.order.extraFields.click_id"],
    "squarespace": ["webhook_subscriptions", "order.update", "Generate Key"],
}


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("platform", sorted(WORDS))
def test_the_page_names_the_platforms_own_buttons_in_every_language(
    session: Session, client: FlaskClient, platform: str, language: str
) -> None:
    shop = factories.shop(session, platform=platform)
    factories.sign_in(client, factories.user(session, brand=shop.brand, language=language))
    page = html.unescape(factories.visit(client, f"/shops/{shop.public_id}/setup").text)
    assert f'lang="{language}"' in page
    assert f"http://localhost/webhooks/{platform}/{shop.public_id}" in page
    assert [word for word in WORDS[platform] if word not in page] == []
