from datetime import UTC, datetime
from typing import Any

import pytest

from campaigns.errors import Forged, Unreadable
from campaigns.tracking.events import READ_BACK
from campaigns.tracking.platforms import squarespace as adapter
from campaigns.tracking.platforms.signature import sign_hex
from tests.tracking.platforms.payloads import read, without
from tests.tracking.platforms.read_back_payloads import (
    ASKED_AT,
    dollars,
    read_back,
    squarespace_item,
    squarespace_order,
)

NOW = datetime(2026, 5, 1, 10, 0, tzinfo=UTC)


def order(**fields: Any) -> Any:
    return read_back("squarespace", {"order": squarespace_order(**fields)})


@pytest.mark.parametrize("topic", ["order.create", "order.update"])
def test_a_webhook_of_an_order_asks_for_it(topic: str) -> None:
    event = read("squarespace", topic, {"topic": topic, "data": {"orderId": "585d"}})
    assert (event.order_id, event.look_up, event.order) == ("585d", True, None)
    with pytest.raises(Unreadable, match=r"^data\.orderId: "):
        read("squarespace", topic, {"topic": topic, "data": {"orderId": "a/b"}})


def test_other_topics_are_kept_with_the_reason() -> None:
    assert read("squarespace", "extension.uninstall", {}).ignored == "not about an order"
    assert read("squarespace", "inventory.update", {}).ignored == "unknown topic"


def test_an_envelope_has_the_notifications_id_and_time_and_never_passes_for_our_own_reading() -> None:
    found = adapter.envelope({}, b'{"topic": "order.create", "id": "n1", "createdOn": "2026-05-01T10:00+00:00"}')
    assert (found.topic, found.delivery_id, found.occurred_at) == ("order.create", "n1", NOW)
    assert adapter.envelope({}, b'{"topic": "%s", "order": {}}' % READ_BACK.encode()).topic == ""


@pytest.mark.parametrize("secret", ["", "nothex", "0", "f3f9b"])
def test_a_secret_that_is_no_hexadecimal_signs_nothing(secret: str) -> None:
    adapter.verify([secret, "F3F9"], {"squarespace-signature": sign_hex(b"\xf3\xf9", b"{}").decode()}, b"{}", NOW)
    for key in (b"", secret.encode()):
        with pytest.raises(Forged):
            adapter.verify([secret], {"squarespace-signature": sign_hex(key, b"{}").decode()}, b"{}", NOW)


def test_net_is_the_price_less_the_discount_and_the_tax_is_shared_with_shipping() -> None:
    found = order()
    (line,) = found.lines
    assert (line.net_minor, line.tax_minor, line.discount_minor, line.quantity) == (9000, 900, 1000, "2")
    assert (found.shipping_minor, found.tax_minor, found.total_minor, found.currency) == (1000, 1000, 11000, "USD")


def test_tax_inside_the_prices_is_taken_out_of_goods_and_shipping() -> None:
    prices = {"lineItems": [squarespace_item(unitPricePaid=dollars("60.00"))], "shippingTotal": dollars("11.00")}
    found = order(**prices, priceTaxInterpretation="INCLUSIVE", taxTotal=dollars("11.00"), grandTotal=dollars("121.00"))
    assert [(line.net_minor, line.tax_minor) for line in found.lines] == [(10000, 1000)]
    assert (found.shipping_minor, found.prices_include_tax) == (1000, True)


def test_the_discount_is_spread_over_the_lines_by_price() -> None:
    items = [squarespace_item(id="a", quantity=1), squarespace_item(id="b", quantity=2)]
    found = order(lineItems=items, taxTotal=dollars("0.00"))
    assert [(line.net_minor, line.discount_minor) for line in found.lines] == [(4667, 333), (9333, 667)]


def test_totals_kept_together_under_shorter_names_are_read_too() -> None:
    nested = {"shipping": dollars("10.00"), "taxTotal": dollars("10.00"), "grandTotal": dollars("120.00")}
    flat = without(squarespace_order(), "shippingTotal", "taxTotal", "grandTotal", "discountTotal", "refundedTotal")
    found = read_back("squarespace", {"order": flat | {"totals": nested}})
    assert (found.shipping_minor, found.tax_minor, found.total_minor) == (1000, 1000, 12000)
    assert [line.net_minor for line in found.lines] == [10000]


@pytest.mark.parametrize("name", ["discountTotal", "shippingTotal", "taxTotal", "refundedTotal"])
def test_a_sum_in_another_currency_is_refused(name: str) -> None:
    with pytest.raises(Unreadable, match=rf"^order\.{name}\.currency: "):
        order(**{name: {"currency": "EUR", "value": "1.00"}})


@pytest.mark.parametrize(
    ("fulfilment", "payment", "status"),
    [
        ("PENDING", None, "paid"),
        ("FULFILLED", "PAID", "paid"),
        ("FULFILLED", "PARTIALLY_REFUNDED", "paid"),
        ("PENDING", "NOT_CHARGED", "pending"),
        ("PENDING", "PARTIALLY_PAID", "pending"),
        ("FULFILLED", "REFUNDED", "refunded"),
        ("CANCELED", "PAID", "cancelled"),
    ],
)
def test_the_status_is_the_payments_unless_cancelled(fulfilment: str, payment: str | None, status: str) -> None:
    found = order(fulfillmentStatus=fulfilment, paymentState=payment, refundedTotal=dollars("1.00"))
    assert (found.status, found.raw_status) == (status, fulfilment)


@pytest.mark.parametrize("name", ["fulfillmentStatus", "paymentState", "priceTaxInterpretation"])
def test_a_word_never_seen_is_refused(name: str) -> None:
    with pytest.raises(Unreadable, match=rf"^order\.{name}: an unknown"):
        order(**{name: "SURPRISE"})


def test_what_was_refunded_is_one_sum_without_a_split() -> None:
    found = order(refundedTotal=dollars("22.00"))
    (refund,) = found.refunds
    assert (refund.unsplit_minor, refund.money_minor, refund.lines, refund.created_at) == (2200, 2200, (), None)
    assert found.refunds_complete and order().refunds == ()


def test_an_order_refunded_in_part_is_refused_where_nothing_says_how_much() -> None:
    with pytest.raises(Unreadable, match=r"^order\.paymentState: refunded in part, and how much isn't said$"):
        order(paymentState="PARTIALLY_REFUNDED")
    assert order(paymentState="PARTIALLY_REFUNDED", fulfillmentStatus="CANCELED").refunds == ()


def test_a_test_order_and_a_gift_card_are_marked() -> None:
    found = order(testmode=True, lineItems=[squarespace_item(lineItemType="GIFT_CARD")])
    assert found.test and found.lines[0].gift_card
    assert not order().test and not order().lines[0].gift_card


def test_evidence_is_every_promo_code_and_a_click_id_of_the_checkout_form() -> None:
    discounts = [{"promoCode": "NOA10"}, {"promoCode": None}, {"promoCode": "FREESHIP"}]
    found = order(discountLines=discounts, formSubmission=[{"label": "click_id", "value": "k1"}, {"label": 7}])
    assert (found.codes, found.click_ids) == (("NOA10", "FREESHIP"), ("k1",))


def test_an_order_keeps_what_it_says_of_itself() -> None:
    found = order()
    assert (found.external_id, found.number, found.source) == ("65aa", "3", "web")
    assert found.version.isoformat() == "2026-05-01T09:05:00.123000+00:00"
    assert (found.customer.external_id, found.customer.email, found.customer.phone) == ("c9", "dana@example.com", "050")
    assert order(modifiedOn=None).version == ASKED_AT


@pytest.mark.parametrize("name", ["id", "createdOn", "fulfillmentStatus"])
def test_an_order_without_a_required_field_is_refused_by_its_name(name: str) -> None:
    with pytest.raises(Unreadable, match=rf"^order\.{name}: "):
        read_back("squarespace", {"order": without(squarespace_order(), name)})


def test_the_api_is_asked_for_the_order_with_the_key() -> None:
    way = adapter.READ_BACK
    assert way.base + way.documents["order"].format(order="65aa") == (
        "https://api.squarespace.com/1.0/commerce/orders/65aa"
    )
    assert way.headers({"token": "k"}) == {"Authorization": "Bearer k"}
