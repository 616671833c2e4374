"""Payloads of Shopware, Stripe and Adobe against numbers computed apart from this code.

They are not ours to copy, so they stay beside the project and these tests run where they are present.
"""

import json
from typing import Any

import pytest

from campaigns.errors import Unreadable
from campaigns.tracking.events import READ_BACK, Envelope, ShopEvent
from campaigns.tracking.platforms.registry import PLATFORMS
from tests.tracking.platforms.test_golden import EXPECTED, ROWS, WEBHOOKS, totals

FIXTURES = WEBHOOKS / "fixtures"
PLACED = "checkout.order.placed"

pytestmark = pytest.mark.skipif(not FIXTURES.exists(), reason=f"{FIXTURES} is not present")


def rows(platform: str) -> list[Any]:
    chosen = [row for row in ROWS if row["file"].startswith(platform)]
    missing = pytest.mark.skip(reason=f"{EXPECTED} is not present")
    return [pytest.param(row, id=row["file"]) for row in chosen] or [pytest.param({}, marks=missing)]


def fixture(name: str) -> Any:
    return json.loads((FIXTURES / name).read_text())


def read(platform: str, topic: str, payload: Any) -> ShopEvent:
    return PLATFORMS[platform].read(Envelope(topic, "d1"), json.dumps(payload).encode(), "USD", "Asia/Jerusalem")


@pytest.mark.parametrize("row", rows("shopware"))
def test_a_shopware_order_is_the_expected_one_or_looked_up_for_its_currency(row: dict[str, Any]) -> None:
    found = read("shopware", PLACED, {"data": {"event": PLACED, "payload": {"order": fixture(row["file"])}}})
    assert (found.order_id, found.look_up) == (row["id"], row["currency"] is None)
    if found.order is not None:
        assert totals(found.order) == {name: row[name] for name in ("net", "tax", "shipping", "total")}
        assert (found.order.number, found.order.currency) == (row["name"], row["currency"])
        assert (found.order.raw_status, list(found.order.codes)) == (row["status"], row["codes"])


@pytest.mark.parametrize("row", rows("shopware"))
def test_a_shopware_order_completed_by_looking_it_up_is_the_expected_one(row: dict[str, Any]) -> None:
    document = fixture(row["file"])
    document |= {name: document[name] or [] for name in ("lineItems", "transactions")}
    document |= {"currency": document["currency"] or {"isoCode": "EUR"}}
    found = read("shopware", READ_BACK, {"order": {"data": document}}).order
    assert found is not None
    assert totals(found) == {name: row[name] for name in ("net", "tax", "shipping", "total")}


def test_a_shopware_product_is_not_an_order() -> None:
    body = fixture("shopware/webhook-product-written-envelope.json")
    envelope = PLATFORMS["shopware"].envelope({}, json.dumps(body).encode())
    assert (envelope.topic, envelope.delivery_id) == ("product.written", body["source"]["eventId"])
    assert read("shopware", envelope.topic, body).ignored == "unknown topic"
    assert read("shopware", "order.written", body).ignored == "nothing of an order was written"


@pytest.mark.parametrize(
    ("file", "topic", "why"),
    [
        ("checkout-session", "checkout.session.completed", "not an order yet"),
        ("refund", "refund.created", "not from a checkout"),
        ("charge", "charge.refunded", "not from a checkout"),
        ("coupon", "coupon.created", "unknown topic"),
    ],
)
def test_stripes_generated_objects_are_no_sale(file: str, topic: str, why: str) -> None:
    thing = fixture(f"stripe/fixture-{file}.json")
    event = fixture("stripe/fixture-event.json") | {"type": topic, "data": {"object": thing}}
    assert read("stripe", topic, event).ignored == why


def test_a_session_of_stripes_that_was_never_priced_is_refused_by_its_amounts() -> None:
    session = fixture("stripe/fixture-checkout-session.json") | {"status": "complete"}
    event = fixture("stripe/fixture-event.json") | {"data": {"object": session}}
    with pytest.raises(Unreadable, match="currency"):
        read("stripe", "checkout.session.completed", event)


def test_adobes_envelope_is_opened_and_a_product_in_it_is_no_order() -> None:
    body = fixture("magento/io-events-envelope-product.json")
    assert read("adobe-commerce", "observer.catalog_product_save_after", body).ignored == "unknown topic"
    found = read("adobe-commerce", "observer.sales_order_save_commit_after", body)
    assert (found.look_up, found.order_id) == (True, body["event"]["data"]["value"]["entity_id"])


def test_adobes_shortest_order_cannot_even_be_named() -> None:
    event = {"event": {"data": {"value": fixture("magento/starter-kit-order-minimal.json")}}}
    with pytest.raises(Unreadable, match="entity_id"):
        read("adobe-commerce", "observer.sales_order_save_commit_after", event)


@pytest.mark.parametrize(
    ("file", "topic"),
    [
        ("sales-order-save-commit-after", "observer.sales_order_save_commit_after"),
        ("creditmemo-save-after", "observer.sales_order_creditmemo_save_after"),
    ],
)
def test_adobes_names_of_types_in_place_of_values_are_never_a_sale(file: str, topic: str) -> None:
    value = fixture(f"magento/{file}-field-types.json")
    try:
        found = read("adobe-commerce", topic, {"event": {"data": {"value": value}}})
    except Unreadable:
        return
    assert found.look_up
