from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from campaigns.errors import Forged, Unreadable
from campaigns.tracking.events import OrderSnapshot
from campaigns.tracking.platforms import salla as adapter
from campaigns.tracking.platforms.signature import sign_hex
from tests.tracking.platforms.event_payloads import riyals, salla_event, salla_order
from tests.tracking.platforms.payloads import read, without

NOW = datetime(2026, 5, 1, 9, 5, tzinfo=UTC)


def event(topic: str = "order.updated", **fields: Any) -> Any:
    return read("salla", topic, salla_event(topic, salla_order(**fields)))


def order(topic: str = "order.updated", **fields: Any) -> OrderSnapshot:
    found = event(topic, **fields).order
    assert isinstance(found, OrderSnapshot)
    return found


def amounts(**fields: Any) -> dict[str, Any]:
    changed: dict[str, Any] = salla_order()["amounts"] | fields
    return changed


def test_goods_are_the_subtotal_less_discounts_and_bear_their_part_of_the_tax() -> None:
    found = order()
    (line,) = found.lines
    assert (line.net_minor, line.tax_minor, line.discount_minor) == (9000, 1350, 1000)
    assert (found.shipping_minor, found.fees_minor, found.tax_minor, found.total_minor) == (2000, 1000, 1800, 13800)


def test_amounts_may_be_plain_and_fees_left_out() -> None:
    plain = {"sub_total": riyals(100), "shipping_cost": riyals("0"), "tax": riyals(13.5), "discounts": riyals(10)}
    found = order(amounts=plain | {"total": riyals(103.5)})
    assert (found.lines[0].net_minor, found.lines[0].tax_minor, found.fees_minor) == (9000, 1350, 0)


@pytest.mark.parametrize("changed", [{"total": riyals(138.01)}, {"discounts": []}, {"discounts": riyals(150)}])
def test_amounts_that_do_not_add_up_are_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(Unreadable, match="do not add up"):
        order(amounts=amounts(**changed))


@pytest.mark.parametrize("name", ["sub_total", "shipping_cost", "tax", "total"])
def test_an_order_without_a_required_amount_is_refused_by_its_name(name: str) -> None:
    with pytest.raises(Unreadable, match=rf"^data\.amounts\.{name}"):
        order(amounts=without(amounts(), name))


def test_an_amount_in_another_currency_is_refused() -> None:
    with pytest.raises(Unreadable, match=r"total\.currency: not the order's"):
        order(amounts=amounts(total={"amount": 138, "currency": "AED"}))


def test_a_discount_on_shipping_is_refused() -> None:
    with pytest.raises(Unreadable, match="discounted_shipping"):
        order(amounts=amounts(discounts=[{"code": "SHIP", "discount": "10.00", "discounted_shipping": 20}]))


@pytest.mark.parametrize("name", ["id", "reference_id", "currency", "date", "status", "amounts"])
def test_an_order_without_a_required_field_is_refused(name: str) -> None:
    with pytest.raises(Unreadable):
        read("salla", "order.created", salla_event("order.created", without(salla_order(), name)))


@pytest.mark.parametrize(
    ("slug", "status"),
    [
        ("payment_pending", "pending"),
        ("under_review", "pending"),
        ("in_progress", "paid"),
        ("delivered", "paid"),
        ("canceled", "cancelled"),
        ("restored", "refunded"),
    ],
)
def test_the_slug_says_the_status(slug: str, status: str) -> None:
    assert (order(status={"slug": slug}).status, order(status={"slug": slug}).raw_status) == (status, slug)


def test_a_status_nobody_documented_is_refused() -> None:
    with pytest.raises(Unreadable, match="unknown status"):
        order(status={"slug": "in_orbit"})


def test_an_order_whose_payment_is_awaited_is_pending() -> None:
    assert order(is_pending_payment=True).status == "pending"


def test_a_cancellation_is_one_whatever_the_slug_still_says() -> None:
    assert order("order.cancelled").status == "cancelled"


def test_a_refund_is_believed_only_where_everything_went_back() -> None:
    assert order("order.refunded", status={"slug": "restored"}).status == "refunded"
    with pytest.raises(Unreadable, match="refunded in part"):
        order("order.refunded")


def test_an_order_keeps_what_it_says_of_itself() -> None:
    found = order()
    assert (found.external_id, found.number, found.currency) == ("2116149737", "41027662", "SAR")
    assert (found.codes, found.source) == (("NOA10",), "store")
    assert (found.customer.email, found.customer.phone) == ("dana@example.com", "+966501234567")


def test_codes_of_discounts_and_coupons_all_count() -> None:
    discounts = [{"code": "EID", "discount": "10.00"}]
    found = order(coupon_code=None, coupon={"code": "NOA10"}, amounts=amounts(discounts=discounts))
    assert found.codes == ("NOA10", "EID")


def test_times_are_in_the_zone_beside_them() -> None:
    found = order()
    assert (found.placed_at, found.version) == (NOW - timedelta(minutes=5), NOW)
    changed = order(updated_at={"date": "2026-05-01 12:06:00", "timezone": "Asia/Riyadh"})
    assert changed.version == NOW + timedelta(minutes=1)


def test_a_time_spelled_out_is_read_too() -> None:
    body = salla_event("order.created", salla_order(), "Fri May 01 2026 12:05:00 GMT+0300 (AST)")
    found = read("salla", "order.created", body).order
    assert found is not None and found.version == NOW


@pytest.mark.parametrize("sent", ["", "Fri Mai 01 2026 12:05:00 GMT+0300", "yesterday", None])
def test_a_message_without_a_readable_time_is_refused(sent: Any) -> None:
    with pytest.raises(Unreadable, match="created_at"):
        read("salla", "order.created", salla_event("order.created", salla_order(), sent))


def test_a_deletion_is_one() -> None:
    found = event("order.deleted")
    assert (found.deleted, found.order_id, found.order) == (True, "2116149737", None)


@pytest.mark.parametrize("topic", ["order.shipped", "read-back", ""])
def test_other_topics_are_ignored_whatever_they_carry(topic: str) -> None:
    assert read("salla", topic, {"event": topic, "data": 7}).ignored == "unknown topic"


def test_either_the_signature_or_the_token_proves_the_sender() -> None:
    adapter.verify(["old", "s1"], {"x-salla-signature": sign_hex(b"s1", b"{}").decode()}, b"{}", NOW)
    adapter.verify(["old", "s1"], {"authorization": "s1"}, b"{}", NOW)
    for headers in ({}, {"authorization": "Bearer s1"}, {"authorization": "s"}, {"x-salla-signature": "s1"}):
        with pytest.raises(Forged):
            adapter.verify(["s1"], headers, b"{}", NOW)


def test_a_wrong_signature_is_not_mended_by_a_token() -> None:
    with pytest.raises(Forged):
        adapter.verify(["s1"], {"x-salla-signature": "", "authorization": "s1"}, b"{}", NOW)


def test_no_secret_is_no_token() -> None:
    for secrets in ([], [""]):
        with pytest.raises(Forged):
            adapter.verify(secrets, {"authorization": ""}, b"{}", NOW)


def test_an_envelope_has_the_event_and_is_known_by_its_bytes() -> None:
    first, second = (
        adapter.envelope({}, body) for body in (b'{"event": "order.created"}', b'{"event":"order.created"}')
    )
    assert (first.topic, second.topic) == ("order.created", "order.created")
    assert first.delivery_id != second.delivery_id
