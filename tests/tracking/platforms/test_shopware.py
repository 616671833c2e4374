import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from campaigns.errors import Forged, Unreadable
from campaigns.tracking.events import OrderSnapshot
from campaigns.tracking.platforms import shopware as adapter
from campaigns.tracking.platforms.registry import PLATFORMS
from campaigns.tracking.platforms.shopware_app import APP_NAME, SHORTEST_SECRET, is_confirmation, proof, register
from campaigns.tracking.platforms.signature import sign_hex
from tests.tracking.platforms.event_payloads import (
    STARTED,
    shopware_event,
    shopware_line,
    shopware_order,
    shopware_payment,
    shopware_promotion,
    shopware_refund,
)
from tests.tracking.platforms.payloads import read
from tests.tracking.platforms.read_back_payloads import read_back, read_documents

PLACED = "checkout.order.placed"
NOW = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
PARTLY = shopware_payment("refunded_partially")


def event(topic: str = PLACED, **fields: Any) -> Any:
    return read("shopware", topic, shopware_event(topic, {"order": shopware_order(**fields)}))


def order(**fields: Any) -> OrderSnapshot:
    found = event(**fields).order
    assert isinstance(found, OrderSnapshot)
    return found


def written(*changes: dict[str, Any]) -> Any:
    return read("shopware", "order.written", shopware_event("order.written", list(changes)))


def change(**fields: Any) -> dict[str, Any]:
    return {"entity": "order", "operation": "update", "primaryKey": "0a1b", "updatedFields": ["stateId"]} | fields


def test_gross_prices_have_their_tax_taken_out_line_by_line() -> None:
    found = order()
    assert [(line.net_minor, line.tax_minor) for line in found.lines] == [(10000, 1800), (-1000, -180)]
    assert (found.shipping_minor, found.tax_minor, found.total_minor) == (500, 1710, 11210)
    assert found.prices_include_tax


@pytest.mark.parametrize("tax_status", ["net", "tax-free"])
def test_net_prices_are_net_already(tax_status: str) -> None:
    tax = 18 if tax_status == "net" else 0
    price = {"netPrice": 105, "totalPrice": 105 + tax, "taxStatus": tax_status}
    line = shopware_line(totalPrice=100, price={"calculatedTaxes": [{"tax": tax}] if tax else []})
    shipping = {"totalPrice": 5, "calculatedTaxes": []}
    found = order(price=price, lineItems=[line], shippingCosts=shipping)
    assert ([item.net_minor for item in found.lines], found.tax_minor) == ([10000], tax * 100)
    assert not found.prices_include_tax


def test_lines_that_miss_the_orders_own_net_are_one_line() -> None:
    price = {"netPrice": 94.99, "totalPrice": 112.1, "taxStatus": "gross"}
    (line,) = order(price=price).lines
    assert (line.line_id, line.net_minor, line.tax_minor) == ("order", 8999, 1621)


def test_what_stands_in_a_container_is_counted_once() -> None:
    inside = shopware_line(id="l3", parentId="l1")
    found = order(lineItems=[shopware_line(), inside, shopware_promotion()])
    assert [line.line_id for line in found.lines] == ["l1", "l2"]


def test_taxes_keyed_by_their_rate_are_taxes_all_the_same() -> None:
    line = shopware_line(price={"calculatedTaxes": {"18": {"tax": 10.5}, "7": {"tax": 7.5}}})
    assert order(lineItems=[line, shopware_promotion()]).lines[0].tax_minor == 1800


def test_codes_are_those_of_promotions_only() -> None:
    automatic = shopware_promotion(id="l3", totalPrice=0, price=None, payload={"code": None})
    goods = shopware_line(payload={"code": "CR", "productNumber": "CR-1"})
    found = order(lineItems=[goods, shopware_promotion(), automatic])
    assert (found.codes, found.lines[0].sku) == (("NOA10",), "CR-1")


def test_an_order_keeps_what_it_says_of_itself() -> None:
    found = order()
    assert (found.external_id, found.number, found.raw_status, found.currency) == ("0a1b", "10077", "open", "EUR")
    assert (found.affiliates, found.click_ids) == (("noa", "spring"), ("k1",))
    assert (found.customer.external_id, found.customer.email, found.customer.phone) == ("c1", "dana@example.com", "050")


@pytest.mark.parametrize(
    ("state", "payments", "status"),
    [
        ("open", ["paid"], "paid"),
        ("open", ["failed", "paid"], "paid"),
        ("open", ["open"], "pending"),
        ("in_progress", ["paid_partially"], "pending"),
        ("open", [], "pending"),
        ("open", ["cancelled", "refunded"], "refunded"),
        ("open", ["chargeback"], "refunded"),
        ("cancelled", ["paid"], "cancelled"),
    ],
)
def test_the_strongest_payment_says_the_status(state: str, payments: list[str], status: str) -> None:
    tried = [shopware_payment(payment) for payment in payments]
    assert order(stateMachineState={"technicalName": state}, transactions=tried).status == status


def test_a_payments_new_state_makes_a_newer_order() -> None:
    found = order()
    assert found.version == NOW + timedelta(minutes=5) and found.placed_at == NOW
    assert order(transactions=[]).version == NOW + timedelta(seconds=1)
    assert order(updatedAt="2026-05-01T09:06:00.000+00:00").version == NOW + timedelta(minutes=6)


@pytest.mark.parametrize("name", ["currency", "lineItems", "transactions"])
def test_an_order_without_what_it_cannot_be_read_without_is_looked_up(name: str) -> None:
    missing: dict[str, Any] = {name: None}
    found = event(**missing)
    assert (found.look_up, found.order_id, found.order) == (True, "0a1b", None)
    with pytest.raises(Unreadable, match="without its currency"):
        read_documents("shopware", {"order": {"data": shopware_order(**missing)}})


@pytest.mark.parametrize("missing", [{"stateMachineState": None}, {"transactions": [{"captures": None}]}])
def test_an_order_that_comes_without_its_states_is_looked_up_and_never_taken_for_pending(
    missing: dict[str, Any],
) -> None:
    found = event(**missing)
    assert (found.look_up, found.order_id, found.order) == (True, "0a1b", None)
    with pytest.raises(Unreadable, match="technicalName: missing"):
        read_documents("shopware", {"order": {"data": shopware_order(**missing)}})


def test_an_integrations_key_is_exchanged_for_a_token_that_is_sent() -> None:
    way = adapter.READ_BACK
    assert [name for name, _, secret in way.fields if secret] == ["secret_access_key"]
    assert way.exchange is not None and way.exchange.path == "/api/oauth/token"
    credentials = {"access_key_id": "SWIA1", "secret_access_key": "s1"}
    asked = {"grant_type": "client_credentials", "client_id": "SWIA1", "client_secret": "s1"}
    assert way.exchange.document(credentials) == asked
    assert way.headers(credentials | {"token": "t1"})["Authorization"] == "Bearer t1"


def test_an_unknown_way_of_stating_prices_is_refused() -> None:
    with pytest.raises(Unreadable, match="taxStatus"):
        order(price={"netPrice": 95, "totalPrice": 112.1, "taxStatus": "mixed"})


def test_a_partial_refund_is_looked_up_and_never_guessed() -> None:
    found = event("state_enter.order_transaction.state.refunded_partially", transactions=[PARTLY])
    assert (found.look_up, found.order_id) == (True, "0a1b")
    with pytest.raises(Unreadable, match="refunded in part"):
        read_documents("shopware", {"order": {"data": shopware_order(transactions=[PARTLY])}})


def test_a_partial_refund_is_what_its_captures_have() -> None:
    failed = shopware_refund(id="r2", stateMachineState={"technicalName": "failed"})
    partly = PARTLY | {"captures": [{"refunds": [shopware_refund(), failed]}]}
    found = read_back("shopware", {"order": {"data": shopware_order(transactions=[partly])}})
    assert [(refund.refund_id, refund.unsplit_minor) for refund in found.refunds] == [("r1", 5900)]
    assert found.status == "paid"


def test_a_change_by_id_is_looked_up_and_a_deletion_is_one() -> None:
    found = written(change(entity="order_line_item", primaryKey="l1"), change(), change(updatedFields=["price"]))
    assert (found.look_up, found.order_id) == (True, "0a1b")
    deleted = written(change(operation="delete"))
    assert (deleted.deleted, deleted.order_id, deleted.look_up) == (True, "0a1b", False)


def test_changes_of_other_things_are_ignored_and_of_two_orders_refused() -> None:
    assert written(change(entity="order_line_item")).ignored == "nothing of an order was written"
    with pytest.raises(Unreadable, match="several orders"):
        written(change(), change(primaryKey="0a1c"))


@pytest.mark.parametrize("order_id", ["../user", "..", "a/b"])
def test_an_id_that_leads_elsewhere_is_refused(order_id: str) -> None:
    with pytest.raises(Unreadable, match="not an order's id"):
        written(change(primaryKey=order_id))


@pytest.mark.parametrize("topic", ["product.written", "", "state_enter.order_delivery.state.shipped"])
def test_other_topics_are_ignored_whatever_they_carry(topic: str) -> None:
    assert read("shopware", topic, 7).ignored == "unknown topic"


def test_while_a_secret_is_changed_either_signature_suffices() -> None:
    new, old = (sign_hex(secret, b"{}").decode() for secret in (b"new", b"old"))
    headers = {"shopware-shop-signature": new, "shopware-shop-signature-previous": old}
    for known in ("new", "old"):
        adapter.verify([known], headers, b"{}", NOW)
    for forged in ({}, {"shopware-shop-signature": old}):
        with pytest.raises(Forged):
            adapter.verify(["new"], forged, b"{}", NOW)


def test_an_envelope_has_the_event_its_id_and_time() -> None:
    found = adapter.envelope({}, json.dumps(shopware_event(PLACED, {})).encode())
    assert (found.topic, found.delivery_id, found.occurred_at) == (PLACED, "e1", datetime.fromtimestamp(STARTED, UTC))


def test_a_registration_is_answered_with_the_proof_and_the_secret() -> None:
    query = urlencode({"shop-id": "s1", "shop-url": "https://shop.example", "timestamp": "1"}).encode()
    headers = {"shopware-app-signature": sign_hex(b"a" * 64, query).decode()}
    answer = register(["b" * 64, "a" * 64], headers, query, "https://agency.example/webhooks/shopware/x")
    expected = sign_hex(b"a" * 64, f"s1https://shop.example{APP_NAME}".encode()).decode()
    assert (answer["proof"], answer["secret"]) == (expected, "a" * 64)
    assert answer["confirmation_url"].endswith("/webhooks/shopware/x")


@pytest.mark.parametrize("query", [b"shop-id=s1", b"shop-id=s1&shop-url=https://evil.example", b""])
def test_a_registration_that_is_not_signed_or_not_whole_is_forged(query: bytes) -> None:
    sent = sign_hex(b"a", b"shop-id=s1").decode()
    with pytest.raises(Forged):
        register(["a", ""], {"shopware-app-signature": sent}, query, "https://agency.example/")


def test_a_confirmation_is_known_by_its_keys_and_nothing_else_is() -> None:
    body = {"apiKey": "k", "secretKey": "s", "shopId": "s1", "shopUrl": "https://shop.example", "timestamp": "1"}
    assert is_confirmation({}, json.dumps(body).encode())
    assert not is_confirmation({}, json.dumps(shopware_event(PLACED, {}) | body).encode())
    assert not is_confirmation({}, b"[]") and PLATFORMS["shopware"].is_ping is is_confirmation


def test_a_new_secret_is_as_long_as_shopware_wants_it() -> None:
    secret = PLATFORMS["shopware"].new_secret()
    assert len(secret) == SHORTEST_SECRET and proof(secret, "a", "b") != proof(secret, "a", "c")
