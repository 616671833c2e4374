"""Connecting a shop: the right words for its platform, a recipe that works, and a secret few may see."""

import html
import json
import re
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from campaigns.clock import utc_now
from campaigns.i18n import show_time, speaking
from campaigns.models import Shop
from campaigns.tracking.pings import note_ping
from campaigns.tracking.platforms import standard
from tests import factories
from tests.conftest import missing
from tests.lanes.doors import post
from tests.tracking.platforms.payloads import standard_data

GUIDE = Path(__file__).parents[2] / "docs" / "connecting-a-shop.md"


def owner_of(session: Session, client: FlaskClient, platform: str) -> Shop:
    """A shop whose brand is signed in."""
    shop = factories.shop(session, platform=platform)
    factories.sign_in(client, factories.user(session, brand=shop.brand))
    return shop


@pytest.mark.parametrize(
    ("platform", "words"),
    [
        ("shopify", ["orders/create", "refunds/create", "Send test notification"]),
        ("woocommerce", ["order.restored", "WP REST API Integration v3", "five failures"]),
        ("standard", ["webhook-signature", "openssl dgst -sha256"]),
    ],
)
def test_each_platform_is_told_in_its_own_words(
    session: Session, client: FlaskClient, platform: str, words: list[str]
) -> None:
    shop = owner_of(session, client, platform)
    page = factories.visit(client, f"/shops/{shop.public_id}/setup").text
    assert f"http://localhost/webhooks/{platform}/{shop.public_id}" in page
    assert all(word in page for word in words)


def test_a_ping_is_answered_and_said_on_the_page_with_its_time(session: Session, client: FlaskClient) -> None:
    shop = owner_of(session, client, "woocommerce")
    page = f"/shops/{shop.public_id}/setup"
    assert "We received your ping" not in factories.visit(client, page).text
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = post(client, f"/webhooks/woocommerce/{shop.public_id}", data=b"webhook_id=7", headers=form)
    assert (answer.status_code, answer.json) == (200, {"status": "pong"})
    session.refresh(shop)
    assert shop.pinged_at is not None and utc_now() - shop.pinged_at < timedelta(minutes=1)
    told = factories.visit(client, page).text
    with speaking("en"):
        assert "We received your ping" in told and show_time(shop.pinged_at, shop.timezone) in told
    assert "Not connected yet" in told


def test_pings_are_written_down_once_a_minute(session: Session) -> None:
    shop = factories.shop(session, platform="woocommerce")
    for seconds, noted in ((0, 0), (59, 0), (61, 61)):
        note_ping(session.connection(), shop.id, factories.NOW + timedelta(seconds=seconds))
        session.refresh(shop)
        assert shop.pinged_at == factories.NOW + timedelta(seconds=noted)


def test_only_the_owner_and_the_agency_see_the_secret(session: Session, client: FlaskClient) -> None:
    shop = owner_of(session, client, "standard")
    address = f"/shops/{shop.public_id}/setup"
    assert shop.webhook_secret in html.unescape(factories.visit(client, address).text)
    stranger = factories.brand(session, name="Cobalt")
    factories.sign_in(client, factories.user(session, brand=stranger))
    assert factories.visit(client, address).status_code == 404
    factories.sign_in(client, factories.user(session, influencer=factories.influencer(session)))
    assert factories.visit(client, address).status_code == 404


def test_shopifys_own_secret_is_pasted_and_the_old_one_still_holds(session: Session, client: FlaskClient) -> None:
    shop = owner_of(session, client, "shopify")
    old, address = shop.webhook_secret, f"/shops/{shop.public_id}/setup/secret"
    assert factories.submit(client, address, {"webhook_secret": ""}).status_code == 422
    assert factories.submit(client, address, {"webhook_secret": "shpss_from_shopify"}).status_code == 302
    session.expire_all()
    assert shop.secrets_at(utc_now()) == ["shpss_from_shopify", old]


def test_a_shop_is_connected_when_its_first_order_is_read(session: Session, client: FlaskClient) -> None:
    shop = owner_of(session, client, "standard")
    address = f"/shops/{shop.public_id}/setup"
    assert "Not connected yet" in factories.visit(client, address).text
    factories.delivery(session, shop=shop, body={"type": "order.paid"})
    page = factories.visit(client, address).text
    assert "Not connected yet" in page and "Messages came that we could not read." in page
    factories.delivery(session, shop=shop, body={"type": "order.paid", "data": standard_data(test=True)})
    shop.refused_deliveries = 3
    page = factories.visit(client, address).text
    assert "Connected" in page and "Not connected yet" not in page and "a test, credited to nobody" in page
    assert "Refused so far: <bdi>3</bdi>" in page


def test_the_last_deliveries_say_how_each_was_read(session: Session, client: FlaskClient) -> None:
    shop = owner_of(session, client, "standard")
    factories.delivery(session, shop=shop, body={"type": "order.paid", "data": standard_data()})
    factories.delivery(session, shop=shop, body=b"{")
    page = factories.visit(client, f"/shops/{shop.public_id}/setup").text
    assert "Order <bdi>#1</bdi>" in page and "<bdi>NOA10</bdi>" in page and "₪135.59" in page
    assert "the body is not a JSON document" in page


def test_live_codes_are_listed_and_downloaded(session: Session, client: FlaskClient) -> None:
    campaign = factories.live_campaign(session)
    factories.sign_in(client, factories.user(session, brand=campaign.brand))
    lines = factories.visit(client, f"/shops/{campaign.shop.public_id}/codes.csv").text.splitlines()
    code = factories.participants(session, campaign)[0].code
    assert code
    assert f"{code.code},10,2026-05-01T06:00:00Z,2026-05-22T18:00:00Z" in lines and len(lines) == 13
    assert code.code in factories.visit(client, f"/shops/{campaign.shop.public_id}/setup").text


def test_the_terminal_recipe_sends_an_order_we_take_and_credit_to_nobody(
    session: Session, client: FlaskClient, tmp_path: Path
) -> None:
    """The page's own lines are run, with a curl that writes down what it was given."""
    if not shutil.which("openssl"):
        missing("openssl")
    shop = owner_of(session, client, "standard")
    page = factories.visit(client, f"/shops/{shop.public_id}/setup").text
    recipe = html.unescape(re.search(r'<code dir="ltr">(SECRET=.*?)</code>', page, re.DOTALL)[1])  # type: ignore[index]
    (tmp_path / "curl").write_text('#!/bin/bash\nprintf "%s\\0" "$@"\n')
    (tmp_path / "curl").chmod(0o755)
    script = f'PATH="{tmp_path}:$PATH"\n' + recipe.replace("whsec_…", shop.webhook_secret)
    sent = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True).stdout.split("\0")
    headers = dict(sent[place + 1].split(": ", 1) for place, word in enumerate(sent) if word == "-H")
    body = sent[sent.index("--data-binary") + 1]
    path = f"/webhooks/standard/{shop.public_id}"
    session.commit()
    answer = client.post(path, data=body, headers=headers)
    assert (answer.status_code, answer.json) == (200, {"status": "processed"})
    assert json.loads(body)["data"]["test"] is True


def test_the_guides_python_sample_signs_what_we_verify() -> None:
    sample = re.search(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    assert sample
    names: dict[str, object] = {}
    exec(sample[1], names)  # noqa: S102 - our own page
    secret, body = "whsec_" + "c2VjcmV0IG9mIHRoaXJ0eS10d28gYnl0ZXM=", b'{"type": "order.paid"}'
    headers = names["signed_headers"](secret, body)  # type: ignore[operator]
    standard.verify([secret], headers, body, utc_now())
    assert headers["content-type"] == "application/json"
