"""Every row of the registry has a set-up page that says where to send, and whose the secret is."""

import html

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from campaigns.tracking.platforms.registry import PLATFORMS
from tests import factories


@pytest.mark.parametrize("code", PLATFORMS)
def test_a_page_says_where_to_send_and_whose_the_secret_is(session: Session, client: FlaskClient, code: str) -> None:
    shop = factories.shop(session, platform=code)
    factories.sign_in(client, factories.user(session, brand=shop.brand))
    page = html.unescape(factories.visit(client, f"/shops/{shop.public_id}/setup").text)
    row = PLATFORMS[code]
    assert f"http://localhost/webhooks/{code}/{shop.public_id}" in page
    asked = f"the secret <bdi>{row.label}</bdi> signs with" in page
    shown = shop.webhook_secret in page and "Change the secret" in page
    assert (asked, shown) == (row.own_secret, not row.own_secret)


@pytest.mark.parametrize("code", [code for code, row in PLATFORMS.items() if row.own_secret])
def test_a_secret_that_only_the_platform_makes_can_not_be_left_empty(
    session: Session, client: FlaskClient, code: str
) -> None:
    shop = factories.shop(session, platform=code)
    factories.sign_in(client, factories.user(session, brand=shop.brand))
    refused = factories.submit(client, f"/shops/{shop.public_id}/setup/secret", {"webhook_secret": ""})
    assert refused.status_code == 422
    assert f"Paste the secret that {PLATFORMS[code].label} shows you." in html.unescape(refused.text)
