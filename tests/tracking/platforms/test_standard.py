from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook

from campaigns.errors import Forged, Unreadable
from campaigns.tracking.platforms import standard as adapter
from campaigns.tracking.platforms.registry import PLATFORMS
from campaigns.tracking.platforms.signature import sign
from tests.tracking.platforms.payloads import read, snapshot, standard, standard_data, standard_line, without

NOW = datetime(2026, 5, 1, 10, 0, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))


def order(**fields: Any) -> Any:
    return snapshot("standard", standard(**fields))


def signed(key: bytes, body: bytes, stamp: str = STAMP) -> dict[str, str]:
    signature = sign(key, f"m1.{stamp}.".encode() + body).decode()
    return {"webhook-id": "m1", "webhook-timestamp": stamp, "webhook-signature": f"v1,{signature}"}


def test_net_is_the_total_less_discount_less_the_tax_inside() -> None:
    (line,) = order().lines
    assert (line.net_minor, line.tax_minor, line.discount_minor, line.category) == (13559, 2441, 2000, "skin")


def test_tax_on_top_stays_out_of_the_net_and_may_be_left_out() -> None:
    (line,) = order(prices_include_tax=False, lines=[without(standard_line(), "tax", "discount")]).lines
    assert (line.net_minor, line.tax_minor) == (18000, 0)


@pytest.mark.parametrize("name", ["total", "tax", "id", "quantity"])
def test_a_line_whose_net_cannot_be_known_is_refused(name: str) -> None:
    with pytest.raises(Unreadable, match=rf"^data\.lines\[0\]\.{name}: "):
        order(lines=[without(standard_line(), name)])


@pytest.mark.parametrize("name", ["id", "placed_at", "status", "currency", "prices_include_tax", "total"])
def test_an_order_without_a_required_field_is_refused_by_its_name(name: str) -> None:
    body = standard()
    del body["data"][name]
    with pytest.raises(Unreadable, match=rf"^data\.{name}: "):
        read("standard", "order.updated", body)


def test_an_order_keeps_what_it_says_of_itself() -> None:
    read_order = order(source="pos", fees="3.00")
    assert (read_order.external_id, read_order.number, read_order.source) == ("SO-1", "#1", "pos")
    assert (read_order.version, read_order.placed_at) == (NOW, NOW - timedelta(minutes=2))
    assert (read_order.shipping_minor, read_order.tax_minor, read_order.total_minor) == (2500, 2441, 18500)
    assert (read_order.fees_minor, read_order.codes, read_order.click_ids) == (300, ("NOA10",), ("k1", "k2"))
    assert (read_order.customer.external_id, read_order.customer.email) == ("c1", "dana@example.com")


def test_an_order_without_a_version_has_the_events_time() -> None:
    body = standard()
    del body["data"]["version"]
    assert snapshot("standard", body).version == NOW + timedelta(seconds=1)


@pytest.mark.parametrize(("event_type", "status"), [("order.cancelled", "cancelled"), ("order.paid", "paid")])
def test_a_type_says_the_status_only_where_the_data_does_not(event_type: str, status: str) -> None:
    body = standard(event_type, status=None)
    event = read("standard", event_type, body)
    assert event.order is not None and event.order.status == status
    stated = read("standard", event_type, standard(event_type, status="pending"))
    assert stated.order is not None and stated.order.status == "pending"


def test_a_refund_inside_an_order_follows_the_orders_convention() -> None:
    line = {"line_id": "1", "quantity": 1, "total": "80.00", "tax": "12.20"}
    refund = {"id": "r1", "created_at": "2026-05-09T10:00:00Z", "lines": [line], "shipping": "5.00"}
    (found,) = order(refunds=[refund]).refunds
    (given_back,) = found.lines
    assert (given_back.amount_minor, given_back.tax_minor, found.lines_include_tax) == (8000, 1220, True)
    assert (found.shipping_minor, found.money_minor, found.currency) == (500, 8500, "ILS")


def test_a_new_refund_needs_only_the_order_id() -> None:
    line = {"line_id": "1", "quantity": 1, "total": "80.00", "tax": "12.20"}
    body = {"type": "refund.created", "data": {"id": "SO-1", "refunds": [{"id": "r1", "lines": [line]}]}}
    event = read("standard", "refund.created", body, currency="USD")
    (refund,) = event.refunds
    assert (event.order_id, event.order, refund.refund_id) == ("SO-1", None, "r1")
    assert (refund.currency, refund.lines_include_tax, refund.created_at) == ("USD", None, None)


def test_a_new_refund_in_its_own_currency_has_that_currencys_decimals() -> None:
    line = {"line_id": "1", "quantity": 1, "total": "80", "tax": "12"}
    body = {
        "type": "refund.created",
        "data": {"id": "1", "currency": "JPY", "refunds": [{"id": "r1", "lines": [line]}]},
    }
    (refund,) = read("standard", "refund.created", body).refunds
    assert (refund.currency, refund.lines[0].amount_minor) == ("JPY", 80)


@pytest.mark.parametrize("data", [{}, {"id": "1"}, {"id": "1", "refunds": []}, {"refunds": [{"id": "r"}]}])
def test_a_new_refund_without_order_or_refund_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        read("standard", "refund.created", {"type": "refund.created", "data": data})


@pytest.mark.parametrize("event_type", ["lead.lost", "order.shipped", "x"])
def test_other_types_are_ignored_whatever_they_carry(event_type: str) -> None:
    assert read("standard", event_type, {"type": event_type, "data": 7}).ignored


def test_the_type_that_counts_is_the_signed_one() -> None:
    event = read("standard", "order.cancelled", standard("order.updated"))
    assert (event.topic, event.order is not None) == ("order.updated", True)


@pytest.mark.parametrize("codes", ["NOA10", {"code": "NOA10"}, 7])
def test_codes_that_are_no_list_are_refused(codes: object) -> None:
    with pytest.raises(Unreadable, match="coupon_codes"):
        order(coupon_codes=codes)


def test_the_test_flag_is_read() -> None:
    assert order(test=True).test and not snapshot("standard", {"type": "order.updated", "data": standard_data()}).test


@pytest.mark.parametrize(("seconds", "held"), [(300, True), (-300, True), (301, False), (-301, False)])
def test_a_message_is_believed_five_minutes_either_way(seconds: int, held: bool) -> None:
    headers, then = signed(b"key", b"{}"), NOW + timedelta(seconds=seconds)
    if held:
        adapter.verify(["key"], headers, b"{}", then)
        return
    with pytest.raises(Forged, match="five minutes"):
        adapter.verify(["key"], headers, b"{}", then)


@pytest.mark.parametrize("stamp", ["", "soon", "-1", "1e9", "١٧٧٧٦٢٩٢٠٠", "9" * 30])
def test_a_time_that_is_no_number_of_seconds_is_forged(stamp: str) -> None:
    with pytest.raises(Forged):
        adapter.verify(["key"], signed(b"key", b"{}", stamp), b"{}", NOW)


def test_one_good_signature_among_others_is_enough_but_only_as_v1() -> None:
    headers = signed(b"key", b"{}")
    good = headers["webhook-signature"]
    adapter.verify(["old", "key"], headers | {"webhook-signature": f"v1a,xx v1, v1,bm8= {good}"}, b"{}", NOW)
    with pytest.raises(Forged):
        adapter.verify(["key"], headers | {"webhook-signature": good.replace("v1,", "v2,")}, b"{}", NOW)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_???", "other"])
def test_a_secret_that_is_none_signs_nothing(secret: str) -> None:
    for key in (b"", b"key"):
        with pytest.raises(Forged):
            adapter.verify([secret], signed(key, b"{}"), b"{}", NOW)


def test_a_new_secret_works_with_the_published_library() -> None:
    secret = PLATFORMS["standard"].new_secret()
    body = '{"note": "שלום"}'
    signature = Webhook(secret).sign("m1", NOW, body)
    headers = {"webhook-id": "m1", "webhook-timestamp": STAMP, "webhook-signature": signature}
    adapter.verify([secret], headers, body.encode(), NOW)
    assert len(secret) == len("whsec_") + 44 and secret != PLATFORMS["standard"].new_secret()


def test_an_envelope_has_the_signed_type_and_time() -> None:
    body = b'{"type": "order.paid", "timestamp": "2026-05-01T10:00:00Z"}'
    found = adapter.envelope({"webhook-id": " m1 "}, body)
    assert (found.topic, found.delivery_id, found.occurred_at) == ("order.paid", "m1", NOW)


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b'{"type": []}', b'{"type": "a\\u0000b"}'])
def test_an_envelope_of_an_unreadable_body_is_empty_and_no_error(body: bytes) -> None:
    assert adapter.envelope({"webhook-id": "m1"}, body).topic == ""


def refunded(**fields: Any) -> Any:
    line = {"line_id": "1", "quantity": 1, "total": "80.00"} | fields.pop("line", {})
    data = {"id": "SO-1", "refunds": [{"id": "r1", "lines": [line]}]} | fields
    return read("standard", "refund.created", {"type": "refund.created", "data": data}).refunds[0]


def test_a_refund_with_tax_on_top_moves_that_tax_too() -> None:
    refund = refunded(prices_include_tax=False, line={"tax": "14.40"})
    assert (refund.lines[0].amount_minor, refund.lines[0].tax_minor, refund.money_minor) == (8000, 1440, 9440)
    assert refunded(prices_include_tax=False).money_minor == 8000


@pytest.mark.parametrize("fields", [{}, {"prices_include_tax": True}])
def test_a_refund_that_may_have_tax_inside_must_state_it(fields: dict[str, Any]) -> None:
    with pytest.raises(Unreadable, match=r"lines\[0\]\.tax: "):
        refunded(**fields)


def test_a_refund_line_discounted_below_zero_is_refused() -> None:
    assert refunded(line={"tax": "0", "discount": "80.00"}).lines[0].amount_minor == 0
    with pytest.raises(Unreadable, match="discount"):
        refunded(line={"tax": "0", "discount": "80.01"})
