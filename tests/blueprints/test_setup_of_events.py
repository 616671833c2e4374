"""What the set-up pages give to paste is what the adapters need: every event, field and name."""

import html
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from campaigns.i18n import LANGUAGES
from campaigns.tracking.platforms import adobe_commerce, salla, shopware, stripe
from campaigns.tracking.platforms.adobe_commerce_order import ORDER_FIELDS
from campaigns.tracking.platforms.adobe_commerce_refund import CREDIT_MEMO_FIELDS, ITEM_FIELDS
from campaigns.tracking.platforms.shopware_app import APP_NAME
from tests import factories

WORDS = {
    "stripe": ["client_reference_id", "Create restricted key", "promotion code"],
    "shopware": ["manifest.xml", "Upload extension"],
    "salla": ["Signature", "order.payment.updated"],
    "wix": ["Get public key", "wix.ecom.v1.order_transactions_refund_completed"],
    "adobe-commerce": ["x-adobe-public-key2-path", "Client ID"],
}


def page(session: Session, client: FlaskClient, platform: str, language: str = "en") -> str:
    shop = factories.shop(session, platform=platform)
    factories.sign_in(client, factories.user(session, brand=shop.brand, language=language))
    text = html.unescape(factories.visit(client, f"/shops/{shop.public_id}/setup").text)
    assert f"http://localhost/webhooks/{platform}/{shop.public_id}" in text
    return text


@pytest.mark.parametrize("language", sorted(LANGUAGES))
@pytest.mark.parametrize("platform", sorted(WORDS))
def test_the_page_names_the_platforms_own_buttons_in_every_language(
    session: Session, client: FlaskClient, platform: str, language: str
) -> None:
    text = page(session, client, platform, language)
    assert [word for word in WORDS[platform] if word not in text] == []


def test_the_events_told_are_events_that_are_read(session: Session, client: FlaskClient) -> None:
    told = set(re.findall(r">((?:checkout|refund|charge|invoice)\.[a-z_.]+)<", page(session, client, "stripe")))
    wanted = stripe.SESSION_TOPICS | stripe.DISPUTE_TOPICS
    assert wanted < told <= wanted | stripe.REFUND_TOPICS | {"invoice.paid"}
    told = set(re.findall(r">(order\.[a-z_.]+)<", page(session, client, "salla")))
    assert told == salla.ORDER_EVENTS | {"order.deleted"}


def test_shopwares_manifest_has_the_apps_name_and_events_that_are_read(session: Session, client: FlaskClient) -> None:
    text = page(session, client, "shopware")
    events = re.findall(r'event="([^"]+)"', text)
    assert f"<name>{APP_NAME}</name>" in text and len(events) == 6
    assert all(event == shopware.PLACED or event.startswith(shopware.STATES) for event in events)


def test_adobes_subscriptions_name_every_field_that_is_needed(session: Session, client: FlaskClient) -> None:
    text = page(session, client, "adobe-commerce")
    commands = dict(re.findall(r"events:subscribe (\S+) --fields=([^\s<]+)", text))
    order, memo = (
        set(commands[name].split(",")) for name in (adobe_commerce.ORDER_SAVED, adobe_commerce.CREDIT_MEMO_SAVED)
    )
    assert ORDER_FIELDS - {"items"} <= order
    assert (CREDIT_MEMO_FIELDS - {"items"}) | {f"items[].{name}" for name in ITEM_FIELDS} <= memo
