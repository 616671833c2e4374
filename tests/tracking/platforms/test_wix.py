import json
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from campaigns.errors import Forged, Unreadable
from campaigns.tracking.events import Envelope, OrderSnapshot
from campaigns.tracking.platforms import wix as adapter
from tests.tracking.platforms.event_payloads import (
    price,
    unsigned_token,
    wix_claims,
    wix_documents,
    wix_event,
    wix_line,
    wix_order,
    wix_refund,
)
from tests.tracking.platforms.payloads import without
from tests.tracking.platforms.read_back_payloads import read_back, read_documents

NOW = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)


@cache
def key(number: int = 1, bits: int = 2048) -> RSAPrivateKey:
    return generate_private_key(65537, bits)


def pem(private: RSAPrivateKey) -> str:
    return private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def token(claims: Any, private: Any = None, algorithm: str = "RS256") -> bytes:
    return jwt.encode(claims, private or key(), algorithm=algorithm).encode()


def event(slug: str = "updated", entity: Any = None, **fields: Any) -> Any:
    body = unsigned_token(wix_claims(wix_event(slug, wix_order() if entity is None else entity, **fields)))
    return adapter.read(adapter.envelope({}, body), body, "ILS", "Asia/Jerusalem")


def order(**fields: Any) -> OrderSnapshot:
    found = event("updated", wix_order(**fields)).order
    assert isinstance(found, OrderSnapshot)
    return found


def test_a_line_is_worth_its_total_before_tax() -> None:
    (line,) = order().lines
    assert (line.net_minor, line.tax_minor, line.discount_minor) == (9000, 1620, 1000)
    assert (line.sku, line.title, line.quantity, line.gift_card) == ("CR", "Cream", "2", False)


def test_an_order_keeps_what_it_says_of_itself() -> None:
    found = order()
    assert (found.external_id, found.number, found.source, found.raw_status) == ("o-1", "10042", "WEB", "APPROVED/PAID")
    assert (found.shipping_minor, found.tax_minor, found.total_minor, found.fees_minor) == (2000, 1980, 12980, 0)
    assert (found.codes, found.click_ids) == (("NOA10",), ("k1", "k2"))
    assert (found.customer.external_id, found.customer.email, found.customer.phone) == ("c1", "dana@example.com", "050")
    assert (found.version, found.placed_at) == (NOW + timedelta(minutes=5), NOW)


def test_shipping_with_its_tax_inside_counts_without_it() -> None:
    cost = {"price": price("23.60"), "totalPriceBeforeTax": price("20.00"), "totalPriceAfterTax": price("23.60")}
    summary = {"tax": price("19.80"), "shipping": price("23.60"), "total": price("129.80")}
    found = order(taxIncludedInPrices=True, priceSummary=summary, shippingInfo={"cost": cost})
    assert (found.shipping_minor, found.prices_include_tax) == (2000, True)


def test_a_gift_card_bought_is_marked() -> None:
    assert order(lineItems=[wix_line(itemType={"preset": "GIFT_CARD"})]).lines[0].gift_card


@pytest.mark.parametrize("name", ["totalPriceBeforeTax", "totalPriceAfterTax", "id", "quantity"])
def test_a_line_whose_net_cannot_be_known_is_refused(name: str) -> None:
    with pytest.raises(Unreadable, match=name):
        order(lineItems=[without(wix_line(), name)])


@pytest.mark.parametrize(
    "name", ["id", "createdDate", "currency", "status", "lineItems", "paymentStatus", "priceSummary"]
)
def test_an_order_without_a_required_field_is_refused(name: str) -> None:
    with pytest.raises(Unreadable):
        event("updated", without(wix_order(), name))


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"paymentStatus": "PAID"}, "paid"),
        ({"paymentStatus": "NOT_PAID"}, "pending"),
        ({"paymentStatus": "PARTIALLY_PAID"}, "pending"),
        ({"paymentStatus": "FULLY_REFUNDED"}, "refunded"),
        ({"status": "CANCELED"}, "cancelled"),
        ({"status": "REJECTED"}, "cancelled"),
    ],
)
def test_order_and_payment_say_the_status(fields: dict[str, str], status: str) -> None:
    assert order(**fields).status == status


@pytest.mark.parametrize("slug", ["created", "updated", "approved", "canceled", "payment_status_updated"])
def test_every_event_of_an_order_has_it_in_its_own_place(slug: str) -> None:
    assert event(slug).order.external_id == "o-1"


def test_an_order_written_as_text_is_read_too() -> None:
    place = {"createdEvent": {"entityAsJson": json.dumps(wix_order())}}
    assert event("created", **place).order.number == "10042"
    body = {"actionEvent": {"bodyAsJson": json.dumps({"order": wix_order()})}}
    assert event("approved", **body).order.number == "10042"


def test_a_checkout_that_was_not_decided_is_no_order_yet() -> None:
    assert event("created", wix_order(status="INITIALIZED")).ignored == "not an order yet"


def test_transactions_and_partial_refunds_are_looked_up() -> None:
    for found in (
        event("refund_completed", {}, kind="wix.ecom.v1.order_transactions"),
        event("updated", wix_order(paymentStatus="PARTIALLY_REFUNDED")),
    ):
        assert (found.look_up, found.order_id, found.order) == (True, "o-1", None)


def test_refunds_read_back_are_what_really_went_back() -> None:
    failed = {"amount": price("1.00"), "refundStatus": "FAILED"}
    refund = wix_refund(transactions=[*wix_refund()["transactions"], failed])
    found = read_back("wix", wix_documents(refund, paymentStatus="PARTIALLY_REFUNDED"))
    assert [(refund.refund_id, refund.unsplit_minor) for refund in found.refunds] == [("r1", 5310)]
    assert found.status == "paid"


def test_a_document_without_its_order_is_refused() -> None:
    with pytest.raises(Unreadable):
        read_documents("wix", {"order": {}, "transactions": {}})


@pytest.mark.parametrize("kind", ["wix.ecom.v1.cart", "", "wix.stores.v2.order"])
def test_other_events_are_ignored(kind: str) -> None:
    assert event("created", kind=kind).ignored == "unknown topic"


@pytest.mark.parametrize("body", [b"", b"a.b", b"a.!.c", b"a.e30.c", b"{}", unsigned_token({"data": "[]"})])
def test_a_body_that_holds_no_event_is_refused_and_has_an_envelope(body: bytes) -> None:
    assert adapter.envelope({}, body).topic == ""
    with pytest.raises(Unreadable):
        adapter.read(Envelope("wix.ecom.v1.order_created", "d"), body, "ILS", "UTC")


def test_an_envelope_has_the_events_type_id_and_time() -> None:
    found = adapter.envelope({}, unsigned_token(wix_claims(wix_event("updated", {}))))
    assert (found.topic, found.delivery_id) == ("wix.ecom.v1.order_updated", "evt-1")
    assert found.occurred_at == NOW + timedelta(minutes=5, seconds=1)
    assert adapter.envelope({}, unsigned_token(wix_claims(wix_event("updated", {}), "read-back"))).topic == ""


def test_a_token_by_one_of_the_shops_keys_is_believed_line_ends_or_not() -> None:
    for secret in (pem(key()), pem(key()).replace("\n", ""), pem(key()).replace("\n", "\\n"), pem(key(2)) + pem(key())):
        adapter.verify([pem(key(2)), secret], {}, token({"data": "{}"}) + b"\n", NOW)


@pytest.mark.parametrize("secret", ["", "secret", "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----"])
def test_a_secret_that_is_no_key_signs_nothing(secret: str) -> None:
    for body in (token({}), jwt.encode({}, "s" * 40, "HS256").encode(), b""):
        with pytest.raises(Forged):
            adapter.verify([secret], {}, body, NOW)


def test_only_rs256_by_a_known_key_is_believed() -> None:
    bodies = [token({}, key(2)), token({}, algorithm="PS256"), jwt.encode({}, "", "none").encode(), unsigned_token({})]
    for body in bodies:
        with pytest.raises(Forged):
            adapter.verify([pem(key())], {}, body, NOW)


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_a_key_too_short_to_be_trusted_signs_nothing() -> None:
    with pytest.raises(Forged):
        adapter.verify([pem(key(1, 1024))], {}, token({}, key(1, 1024)), NOW)


@pytest.mark.parametrize(("expires", "held"), [(NOW + timedelta(seconds=1), True), (NOW, False)])
def test_a_token_is_believed_until_it_expires_by_our_clock(expires: datetime, held: bool) -> None:
    body = token({"exp": int(expires.timestamp())})
    if held:
        adapter.verify([pem(key())], {}, body, NOW)
        return
    with pytest.raises(Forged):
        adapter.verify([pem(key())], {}, body, NOW)


def test_claims_nobody_documented_refuse_nothing() -> None:
    ahead = int(NOW.timestamp()) + 10**8
    adapter.verify([pem(key())], {}, token({"aud": "app", "iss": "wix.com", "iat": ahead, "nbf": ahead}), NOW)
