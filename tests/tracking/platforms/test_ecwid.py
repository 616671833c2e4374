import json
from datetime import UTC, datetime
from typing import Any

import pytest

from campaigns.errors import Forged, Unreadable
from campaigns.tracking.events import READ_BACK
from campaigns.tracking.platforms import ecwid as adapter
from campaigns.tracking.platforms.signature import sign
from tests.tracking.platforms.payloads import read, without
from tests.tracking.platforms.read_back_payloads import ASKED_AT, ecwid_item, ecwid_order, read_back, read_documents

NOW = datetime(2026, 5, 1, 10, 0, tzinfo=UTC)


def order(**fields: Any) -> Any:
    return read_back("ecwid", {"order": ecwid_order(**fields)})


def webhook(event_type: str = "order.updated", **fields: Any) -> dict[str, Any]:
    body = {"eventId": "e1", "eventCreated": 1777629600, "storeId": 1003, "entityId": 103, "eventType": event_type}
    return body | fields


def holds(body: Any, secret: str = "key") -> bool:
    headers = {"x-ecwid-webhook-signature": sign(b"key", b"1777629600.e1").decode()}
    try:
        adapter.verify([secret], headers, json.dumps(body).encode(), NOW)
    except Forged:
        return False
    return True


def test_the_signature_covers_time_and_id_of_the_event_and_nothing_else() -> None:
    assert holds(webhook()) and holds(webhook(entityId=999, eventType="order.deleted"))
    for changed in (webhook(eventId="e2"), webhook(eventCreated=1777629601), webhook(eventCreated="17.7")):
        assert not holds(changed)
    assert not holds(webhook(), "other") and not holds(webhook(), "") and not holds([])


def test_a_body_written_around_a_signature_seen_before_never_passes_for_our_own_reading() -> None:
    forged = webhook(READ_BACK, order=ecwid_order())
    assert holds(forged)
    found = adapter.envelope({}, json.dumps(forged).encode())
    assert found.topic == "" and read("ecwid", found.topic, forged).order is None


@pytest.mark.parametrize("event_type", ["order.created", "order.updated", "order.deleted"])
def test_whatever_is_said_of_an_order_it_is_looked_up(event_type: str) -> None:
    said = webhook(event_type, data={"newPaymentStatus": "PAID"}, order=ecwid_order())
    event = read("ecwid", event_type, said)
    assert (event.order_id, event.look_up, event.order, event.deleted) == ("103", True, None, False)


def test_the_id_of_a_store_of_today_is_preferred_to_the_number() -> None:
    assert read("ecwid", "order.updated", webhook(data={"orderId": "XJ12H"})).order_id == "XJ12H"
    with pytest.raises(Unreadable, match=r"^data\.orderId: "):
        read("ecwid", "order.updated", webhook(data={"orderId": "../profile"}))


@pytest.mark.parametrize(
    ("event_type", "reason"),
    [("unfinished_order.created", "not an order yet"), ("product.updated", "unknown topic"), ("", "unknown topic")],
)
def test_other_events_are_kept_with_the_reason(event_type: str, reason: str) -> None:
    assert read("ecwid", event_type, webhook(event_type, entityId=-1)).ignored == reason


def test_an_envelope_has_the_events_id_and_time() -> None:
    found = adapter.envelope({}, json.dumps(webhook()).encode())
    assert (found.topic, found.delivery_id, found.occurred_at) == ("order.updated", "e1", NOW)
    assert adapter.envelope({}, b'{"eventCreated": 99999999999999}').occurred_at is None


def test_goods_are_the_subtotal_less_both_discounts_with_tax_on_top() -> None:
    found = order()
    (line,) = found.lines
    assert (line.net_minor, line.tax_minor, line.discount_minor, line.quantity) == (9000, 1620, 1000, "2")
    assert (found.shipping_minor, found.fees_minor, found.tax_minor, found.total_minor) == (1000, 200, 1800, 12000)


def test_tax_inside_the_prices_is_taken_out_of_them() -> None:
    item = ecwid_item(price=59, couponAmount=0, taxes=[{"taxOnDiscountedSubtotal": 18}])
    shipping = {"shippingRate": 11.8, "shippingRateWithoutTax": 10}
    fields = {"pricesIncludeTax": True, "items": [item], "subtotal": 118, "couponDiscount": 0, "tax": 19.8}
    found = order(**fields, shippingOption=shipping, handlingFee=None, total=129.8)
    assert [(line.net_minor, line.tax_minor) for line in found.lines] == [(10000, 1800)]
    assert (found.shipping_minor, found.fees_minor, found.prices_include_tax) == (1000, 0, True)


def test_an_orders_discount_is_spread_over_the_lines_by_what_they_cost() -> None:
    items = [ecwid_item(id=1, price=20, couponAmount=0), ecwid_item(id=2, price=10, couponAmount=0)]
    found = order(items=items, subtotal=60, discount=10, couponDiscount=0)
    assert [line.net_minor for line in found.lines] == [3333, 1667]


def test_a_discount_that_one_item_states_lowers_that_item_only() -> None:
    cheaper = ecwid_item(id=2, couponAmount=0, discounts=[{"total": 20}])
    found = order(items=[ecwid_item(couponAmount=0), cheaper], subtotal=200, discount=20, couponDiscount=0)
    assert [(line.net_minor, line.discount_minor) for line in found.lines] == [(10000, 0), (8000, 2000)]


def test_a_line_without_a_list_of_taxes_has_its_tax() -> None:
    (line,) = order(items=[without(ecwid_item(), "taxes")]).lines
    assert line.tax_minor == 1800


def test_surcharges_are_fees() -> None:
    assert order(customSurcharges=[{"total": 1.18, "totalWithoutTax": 1}, {"total": 2}]).fees_minor == 500


def test_the_currency_is_the_shops_and_so_are_its_decimals() -> None:
    found = read_back("ecwid", {"order": ecwid_order()}, currency="JPY")
    assert (found.currency, found.total_minor) == ("JPY", 120)


@pytest.mark.parametrize(
    ("payment", "fulfilment", "status"),
    [
        ("AWAITING_PAYMENT", "AWAITING_PROCESSING", "pending"),
        ("PAID", "DELIVERED", "paid"),
        ("PARTIALLY_REFUNDED", "DELIVERED", "paid"),
        ("REFUNDED", "DELIVERED", "refunded"),
        ("CANCELLED", "PROCESSING", "cancelled"),
        ("PAID", "RETURNED", "refunded"),
        ("PAID", "WILL_NOT_DELIVER", "cancelled"),
        ("AWAITING_PAYMENT", "RETURNED", "pending"),
        ("CUSTOM_PAYMENT_STATUS_1", "DELIVERED", "pending"),
    ],
)
def test_the_status_is_the_payments_unless_the_goods_are_back(payment: str, fulfilment: str, status: str) -> None:
    found = order(paymentStatus=payment, fulfillmentStatus=fulfilment, refundedAmount=1)
    assert (found.status, found.raw_status) == (status, f"{payment}/{fulfilment}")


def test_a_cart_that_was_left_is_no_order_yet_and_an_unknown_payment_is_refused() -> None:
    left = {"order": ecwid_order(paymentStatus="INCOMPLETE")}
    assert read_documents("ecwid", left).ignored == "not an order yet"
    with pytest.raises(Unreadable, match="paymentStatus"):
        order(paymentStatus="LOST")


def test_refunds_are_told_apart_by_their_place_and_the_rest_is_kept() -> None:
    refunds = [{"date": "2026-05-09 10:00:00 +0000", "amount": 3.5}, {"amount": 1}]
    found = order(refunds=refunds, refundedAmount=6)
    assert [(each.refund_id, each.unsplit_minor) for each in found.refunds] == [
        ("1", 350),
        ("2", 100),
        ("refunded-amount", 150),
    ]
    assert (found.refunds[0].created_at, found.refunds_complete) == (datetime(2026, 5, 9, 10, 0, tzinfo=UTC), True)


def test_an_order_refunded_in_part_is_refused_where_nothing_says_how_much() -> None:
    for told in ({"refundedAmount": 6}, {"refunds": [{"amount": 6}]}):
        assert [each.unsplit_minor for each in order(paymentStatus="PARTIALLY_REFUNDED", **told).refunds] == [600]
    with pytest.raises(Unreadable, match=r"^order\.paymentStatus: refunded in part, and how much isn't said$"):
        order(paymentStatus="PARTIALLY_REFUNDED", refunds=[{"amount": 0}])
    assert order(paymentStatus="PARTIALLY_REFUNDED", fulfillmentStatus="RETURNED").status == "refunded"


def test_evidence_is_the_coupon_the_affiliate_and_the_click() -> None:
    found = order()
    assert (found.codes, found.affiliates, found.click_ids, found.landing_url) == (("NOA10",), ("noa",), ("k1",), None)


def test_an_address_is_evidence_only_where_it_is_one_of_ours() -> None:
    ours = "https://shop.example/?click_id=k2"
    found = order(refererUrl="https://shop.example/p", globalReferer=ours, orderExtraFields=None)
    assert (found.landing_url, found.click_ids) == (ours, ("k2",))
    assert order(globalReferer="https://shop.example/?ref=NOA10").landing_url == "https://shop.example/?ref=NOA10"
    assert order(globalReferer="https://news.example/").landing_url is None


@pytest.mark.parametrize("nonsense", [7, "x", [], {"code": 7}, {"code": "a\0"}])
def test_evidence_never_makes_an_order_unreadable(nonsense: Any) -> None:
    found = order(affiliateId=nonsense, globalReferer=nonsense, refererUrl=nonsense, orderExtraFields=nonsense)
    assert (found.landing_url, found.click_ids) == (None, ())


def test_an_order_keeps_what_it_says_of_itself() -> None:
    found = order()
    assert (found.external_id, found.number) == ("XJ12H", "XJ12H")
    assert found.placed_at.isoformat() == "2026-05-01T09:00:00+00:00"
    assert found.version.isoformat() == "2026-05-01T09:05:00+00:00"
    assert (found.customer.external_id, found.customer.email, found.customer.phone) == ("9", "d@example.com", "050")


def test_an_order_of_an_old_store_is_known_by_its_number_and_written_dates() -> None:
    dates = {"createDate": "2026-05-01 09:00:00 +0000", "updateDate": None}
    old = without(ecwid_order(**dates), "id", "createTimestamp", "updateTimestamp")
    found = read_back("ecwid", {"order": old})
    assert (found.external_id, found.placed_at.hour, found.version) == ("516", 9, ASKED_AT)


@pytest.mark.parametrize("name", ["total", "subtotal", "paymentStatus", "createTimestamp"])
def test_an_order_without_a_required_field_is_refused_by_its_name(name: str) -> None:
    with pytest.raises(Unreadable, match=rf"^order\.{name}: "):
        read_back("ecwid", {"order": without(ecwid_order(), name)})


def test_the_api_is_asked_for_the_order_with_the_token() -> None:
    way = adapter.READ_BACK
    path = way.documents["order"].format(store="1003", order="XJ12H")
    assert way.base + path == "https://app.ecwid.com/api/v3/1003/orders/XJ12H"
    assert way.headers({"store": "1003", "token": "secret_x"}) == {"Authorization": "Bearer secret_x"}
