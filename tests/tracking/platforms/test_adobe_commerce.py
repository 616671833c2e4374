import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256

from campaigns.errors import Forged, Unreadable
from campaigns.tracking.events import OrderSnapshot
from campaigns.tracking.platforms import adobe_commerce as adapter
from campaigns.tracking.platforms.adobe_commerce_order import ORDER_FIELDS
from campaigns.tracking.platforms.adobe_commerce_refund import CREDIT_MEMO_FIELDS
from campaigns.tracking.platforms.registry import PLATFORMS
from tests.tracking.platforms.event_payloads import adobe_credit_memo, adobe_event, adobe_item, adobe_order
from tests.tracking.platforms.payloads import read, without
from tests.tracking.platforms.read_back_payloads import read_back, read_documents
from tests.tracking.platforms.test_wix import key, pem

NOW = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
SAVED, MEMO_SAVED = adapter.ORDER_SAVED, adapter.CREDIT_MEMO_SAVED
BODY = json.dumps(adobe_event({})).encode()


def event(topic: str, value: Any) -> Any:
    return read("adobe-commerce", topic, adobe_event(value))


def order(**fields: Any) -> OrderSnapshot:
    found = event(SAVED, adobe_order(**fields)).order
    assert isinstance(found, OrderSnapshot)
    return found


def signature(body: bytes = BODY, private: RSAPrivateKey | None = None) -> str:
    return base64.b64encode((private or key()).sign(body, PKCS1v15(), SHA256())).decode()


def headers(first: str = "AAAA", second: str = "AAAA") -> dict[str, str]:
    return {"x-adobe-digital-signature-1": first, "x-adobe-digital-signature-2": second}


def test_a_line_is_its_row_less_the_discount_without_the_tax_in_it() -> None:
    (line,) = order().lines
    assert (line.net_minor, line.tax_minor, line.discount_minor) == (9000, 1620, 1180)
    assert (line.line_id, line.sku, line.title, line.quantity) == ("11", "CR", "Cream", "2")


def test_an_order_keeps_what_it_says_of_itself() -> None:
    found = order()
    assert (found.external_id, found.number, found.raw_status, found.currency) == ("5", "000000005", "packed", "ILS")
    assert (found.shipping_minor, found.tax_minor, found.total_minor) == (2000, 1980, 12980)
    assert (found.codes, found.click_ids, found.source) == (("NOA10",), ("k1",), "Main / Shop")
    assert (found.customer.external_id, found.customer.email) == ("77", "dana@example.com")
    assert (found.placed_at, found.version) == (NOW, NOW + timedelta(minutes=5))


def test_a_discount_on_shipping_is_off_shipping_and_not_off_the_goods() -> None:
    found = order(base_discount_amount=-16.8, base_shipping_discount_amount=5)
    assert (found.lines[0].net_minor, found.shipping_minor) == (9000, 1500)


def test_a_bundle_whose_children_have_the_discounts_is_one_line() -> None:
    parent = adobe_item(base_discount_amount=0, base_discount_tax_compensation_amount=0, base_tax_amount=0)
    (line,) = order(items=[parent, adobe_item(item_id=12, parent_item_id=11)]).lines
    assert (line.line_id, line.net_minor, line.tax_minor) == ("order", 9000, 1620)


def test_items_without_their_amounts_are_one_line() -> None:
    (line,) = order(items=[{"item_id": 11}]).lines
    assert (line.line_id, line.net_minor, line.tax_minor) == ("order", 9000, 1620)


def test_several_coupons_stand_between_commas() -> None:
    assert order(coupon_code="NOA10,EID,").codes == ("NOA10", "EID")
    assert order(coupon_code=None).codes == ()


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("new", "pending"),
        ("processing", "paid"),
        ("complete", "paid"),
        ("closed", "refunded"),
        ("canceled", "cancelled"),
    ],
)
def test_the_state_says_the_status(state: str, status: str) -> None:
    assert order(state=state).status == status


def test_a_state_nobody_documented_is_refused() -> None:
    with pytest.raises(Unreadable, match="unknown state"):
        order(state="floating")


@pytest.mark.parametrize("name", sorted(ORDER_FIELDS - {"items"}))
def test_an_order_of_which_a_field_was_not_subscribed_to_is_looked_up(name: str) -> None:
    found = event(SAVED, without(adobe_order(), name))
    assert (found.look_up, found.order_id, found.order) == (True, "5", None)


@pytest.mark.parametrize("value", [{}, {"items": [{"item_id": 1}]}, {"entity_id": "../5"}])
def test_an_order_that_cannot_be_named_is_refused(value: Any) -> None:
    with pytest.raises(Unreadable, match="entity_id"):
        event(SAVED, value)


def test_a_credit_memo_gives_back_lines_without_tax() -> None:
    found = event(MEMO_SAVED, adobe_credit_memo())
    (refund,) = found.refunds
    assert [(line.line_id, line.amount_minor, line.tax_minor) for line in refund.lines] == [("11", 4500, 810)]
    assert (found.order_id, refund.refund_id, refund.lines_include_tax) == ("5", "000000009", False)
    assert (refund.shipping_minor, refund.money_minor, refund.unsplit_minor) == (1000, 6310, 0)


def test_a_cancelled_credit_memo_gives_nothing_back() -> None:
    (refund,) = event(MEMO_SAVED, adobe_credit_memo(state=3)).refunds
    assert (refund.lines, refund.money_minor, refund.shipping_minor) == ((), 0, 0)


@pytest.mark.parametrize("name", [*sorted(CREDIT_MEMO_FIELDS - {"order_id"}), "base_row_total"])
def test_a_credit_memo_of_which_a_field_was_not_subscribed_to_is_looked_up(name: str) -> None:
    memo = without(adobe_credit_memo(), name)
    if name == "base_row_total":
        memo = adobe_credit_memo(items=[without(adobe_credit_memo()["items"][0], name)])
    found = event(MEMO_SAVED, memo)
    assert (found.look_up, found.order_id, found.refunds) == (True, "5", ())


def test_an_order_read_back_has_its_credit_memos() -> None:
    found = read_back("adobe-commerce", {"order": adobe_order(), "credit_memos": {"items": [adobe_credit_memo()]}})
    assert [refund.refund_id for refund in found.refunds] == ["000000009"]
    nothing = without(adobe_order(), "coupon_code")
    assert read_back("adobe-commerce", {"order": nothing, "credit_memos": {"items": []}}).codes == ()
    with pytest.raises(Unreadable):
        read_documents("adobe-commerce", {"order": {}})


def test_both_envelopes_of_adobes_are_read() -> None:
    cloud_event = {"specversion": "1.0", "type": SAVED, "data": {"value": adobe_order()}}
    found = read("adobe-commerce", SAVED, cloud_event).order
    assert found is not None and found.external_id == "5"


@pytest.mark.parametrize("topic", ["observer.catalog_product_save_after", ""])
def test_other_topics_are_ignored_whatever_they_carry(topic: str) -> None:
    assert read("adobe-commerce", topic, 7).ignored == "unknown topic"


@pytest.mark.parametrize("sent", [headers(signature()), headers(second=signature()), headers(signature(), "???")])
def test_either_signature_by_any_key_suffices(sent: dict[str, str]) -> None:
    adapter.verify(["client-1\n" + pem(key(2)) + pem(key())], sent, BODY, NOW)


@pytest.mark.parametrize("sent", [{}, headers(), headers(signature(private=key(2))), headers(signature(b"{}"))])
def test_no_genuine_signature_is_forged(sent: dict[str, str]) -> None:
    with pytest.raises(Forged):
        adapter.verify(["client-1\n" + pem(key())], sent, BODY, NOW)


@pytest.mark.parametrize("words", ["", "client-2", "client-1x"])
def test_an_event_that_adobe_signed_for_somebody_else_is_forged(words: str) -> None:
    with pytest.raises(Forged):
        adapter.verify([words + pem(key())], headers(signature()), BODY, NOW)


@pytest.mark.parametrize("recipient", [None, ["client-1"], {}, "client-1, client-2"])
def test_an_event_that_names_no_client_is_forged(recipient: Any) -> None:
    body = json.dumps({"event": {}, "recipient_client_id": recipient}).encode()
    with pytest.raises(Forged):
        adapter.verify(["client-1" + pem(key())], headers(signature(body)), body, NOW)


def test_two_recipients_must_both_be_the_shop() -> None:
    body = json.dumps({"recipient_client_id": "client-1", "recipientclientid": "client-2"}).encode()
    with pytest.raises(Forged):
        adapter.verify(["client-1" + pem(key())], headers(signature(body)), body, NOW)
    adapter.verify(["client-1 client-2" + pem(key())], headers(signature(body)), body, NOW)


def test_an_envelope_has_the_events_code_and_id() -> None:
    sent = {"x-adobe-event-code": "com.adobe.commerce." + SAVED, "x-adobe-event-id": "e1"}
    found = adapter.envelope(sent, BODY)
    assert (found.topic, found.delivery_id) == (SAVED, "e1")
    signed = json.dumps({"type": "com.adobe.commerce.shop." + MEMO_SAVED}).encode()
    assert adapter.envelope(sent, signed).topic == MEMO_SAVED
    assert adapter.envelope({"x-adobe-event-code": "read-back"}, BODY).topic == ""


@pytest.mark.parametrize(
    ("query", "answer"),
    [(b"challenge=8ec8-d794", "8ec8-d794"), (b"", None), (b"challenge=", None), (b"challenge=%3Cp%3E", None)],
)
def test_a_registrations_question_is_answered_with_itself(query: bytes, answer: str | None) -> None:
    handshake = PLATFORMS["adobe-commerce"].handshake
    assert (
        handshake is not None and handshake([], {}, query, "https://agency.example/webhooks/adobe-commerce/x") == answer
    )
