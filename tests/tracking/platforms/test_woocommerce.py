from datetime import UTC, datetime
from typing import Any

import pytest

from campaigns.errors import Forged, Unreadable
from campaigns.tracking.platforms import woocommerce
from campaigns.tracking.platforms.signature import sign
from tests.tracking.platforms.payloads import read, snapshot, without, woo_line, woo_order

NOW = datetime(2026, 5, 1, 10, 0, tzinfo=UTC)


def order(**fields: Any) -> Any:
    return snapshot("woocommerce", woo_order(**fields))


@pytest.mark.parametrize("prices_include_tax", [True, False])
def test_a_lines_total_is_its_net_however_prices_are_typed(prices_include_tax: bool) -> None:
    (line,) = order(prices_include_tax=prices_include_tax).lines
    assert (line.net_minor, line.tax_minor, line.discount_minor) == (3600, 648, 400)


def test_an_order_keeps_what_it_says_of_itself() -> None:
    read_order = order(fee_lines=[{"total": "2.25"}, {"total": "-1.00"}])
    assert (read_order.external_id, read_order.number, read_order.source) == ("727", "727", "checkout")
    assert (read_order.shipping_minor, read_order.fees_minor, read_order.total_minor) == (1000, 125, 5248)
    assert (read_order.customer.external_id, read_order.customer.email) == ("26", "dana@example.com")
    assert (read_order.codes, read_order.typed_codes) == (("noa10",), ())


def test_a_guest_has_no_id() -> None:
    assert order(customer_id=0).customer.external_id is None


def test_times_called_gmt_are_utc() -> None:
    read_order = order(date_modified="2026-05-01T12:05:00")
    assert read_order.version == datetime(2026, 5, 1, 9, 5, tzinfo=UTC)
    assert read_order.placed_at == datetime(2026, 5, 1, 9, 0, tzinfo=UTC)


def test_an_old_bodys_times_are_the_shops_local_time() -> None:
    body = without(woo_order(), "date_created_gmt", "date_modified_gmt")
    body |= {"date_created": "2026-05-01T12:00:00", "date_modified": "2026-05-01T12:05:00"}
    assert snapshot("woocommerce", body, zone="Asia/Jerusalem").version == datetime(2026, 5, 1, 9, 5, tzinfo=UTC)
    assert snapshot("woocommerce", body, zone="America/New_York").placed_at == datetime(2026, 5, 1, 16, tzinfo=UTC)


def test_the_legacy_wrapper_and_its_names_are_read() -> None:
    old = without(
        woo_order(), "number", "date_created_gmt", "date_modified_gmt", "shipping_total", "billing", "refunds"
    )
    old |= {"order_number": 727, "created_at": "2026-05-01T09:00:00Z", "updated_at": "2026-05-01T09:05:00Z"}
    old |= {"total_shipping": "10.00", "billing_address": {"email": "dana@example.com"}}
    read_order = snapshot("woocommerce", {"order": old})
    assert (read_order.number, read_order.shipping_minor, read_order.version.minute) == ("727", 1000, 5)
    assert (read_order.customer.email, read_order.refunds_complete) == ("dana@example.com", False)


@pytest.mark.parametrize(
    ("word", "paid_at", "status"),
    [
        ("processing", None, "paid"),
        ("completed", None, "paid"),
        ("wc-completed", None, "paid"),
        ("on-hold", None, "pending"),
        ("pending", None, "pending"),
        ("packing", None, "pending"),
        ("packing", "2026-05-01T09:01:00", "paid"),
        ("on-hold", "2026-05-01T09:01:00", "paid"),
        ("failed", "2026-05-01T09:01:00", "pending"),
        ("refunded", "2026-05-01T09:01:00", "refunded"),
        ("cancelled", "2026-05-01T09:01:00", "cancelled"),
        ("trash", "2026-05-01T09:01:00", "cancelled"),
    ],
)
def test_a_status_of_the_shops_own_is_paid_once_it_has_a_payment_date(
    word: str, paid_at: str | None, status: str
) -> None:
    read_order = order(status=word, date_paid_gmt=paid_at)
    assert (read_order.status, read_order.raw_status) == (status, word.removeprefix("wc-"))


@pytest.mark.parametrize("word", ["draft", "auto-draft", "new", "checkout-draft"])
def test_a_shopper_still_on_the_page_has_no_order_yet(word: str) -> None:
    event = read("woocommerce", "order.updated", woo_order(status=word))
    assert (event.ignored, event.order) == ("not an order yet", None)


def test_refunds_in_an_order_are_whole_sums_and_the_list_is_complete() -> None:
    read_order = order(refunds=[{"id": 9, "total": "-27.00"}, {"id": 8, "total": "-8.10"}])
    assert [(refund.refund_id, refund.unsplit_minor) for refund in read_order.refunds] == [("9", 2700), ("8", 810)]
    assert read_order.refunds_complete and not read_order.refunds[0].lines


def test_a_refund_that_adds_money_is_refused() -> None:
    with pytest.raises(Unreadable, match=r"refunds\[0\]"):
        order(refunds=[{"id": 9, "total": "27.00"}])


def test_unrounded_tax_and_totals_are_rounded_half_away_from_zero() -> None:
    (line,) = order(line_items=[woo_line(total="35.995", total_tax="0.62125", subtotal="40")]).lines
    assert (line.net_minor, line.tax_minor, line.discount_minor) == (3600, 62, 400)


def test_fractions_numbers_and_strings_are_all_read() -> None:
    loose = woo_line(id="3", sku=123, quantity=1.5, total=36, subtotal=40.5, total_tax=6.48)
    (line,) = order(line_items=[loose], total=52.48).lines
    assert (line.line_id, line.sku, line.quantity, line.net_minor, line.discount_minor) == (
        "3",
        "123",
        "1.5",
        3600,
        450,
    )


def test_a_gift_card_sold_is_flagged_by_its_plugins_mark() -> None:
    marked = woo_line(meta_data=[{"key": "wc_gc_giftcard_amount", "value": "50"}])
    assert [line.gift_card for line in order(line_items=[marked, woo_line()]).lines] == [True, False]


def test_click_ids_come_from_meta_fields_and_the_session_entry() -> None:
    entry = "https://shop.example/?utm_source=i&click_id=k2"
    meta = [{"key": "_wc_order_attribution_session_entry", "value": entry}, {"key": "_click_id", "value": "k1"}]
    read_order = order(meta_data=meta)
    assert (read_order.click_ids, read_order.landing_url) == (("k1", "k2"), entry)


def test_a_list_that_php_wrote_as_an_object_is_still_a_list() -> None:
    assert order(meta_data={"0": {"key": "click_id", "value": "k1"}, "2": {"key": "x"}}).click_ids == ("k1",)


@pytest.mark.parametrize("junk", [None, 7, "x", [1, None], [{"key": ["a"], "value": {"b": 1}}]])
def test_meta_fields_filled_with_anything_never_make_an_order_unreadable(junk: object) -> None:
    assert order(meta_data=junk, line_items=[woo_line(meta_data=junk)]).click_ids == ()


def test_a_deletion_is_a_bare_id_and_a_restoration_a_whole_order() -> None:
    event = read("woocommerce", "order.deleted", {"id": 727})
    assert (event.deleted, event.order_id) == (True, "727")
    restored = read("woocommerce", "order.restored", woo_order())
    assert restored.order is not None and not restored.deleted


def test_an_order_sent_again_as_its_own_deletion_is_refused() -> None:
    with pytest.raises(Unreadable, match="deletion"):
        read("woocommerce", "order.deleted", {"order": woo_order()})


@pytest.mark.parametrize("topic", ["coupon.created", "product.updated", "action.woocommerce_x", ""])
def test_other_topics_are_ignored_whatever_they_carry(topic: str) -> None:
    assert read("woocommerce", topic, None).ignored == "unknown topic"


def test_two_orders_of_one_second_are_two_deliveries_and_a_repeat_is_one() -> None:
    headers = {"x-wc-webhook-topic": "order.updated", "x-wc-webhook-delivery-id": "same"}
    first, other = woocommerce.envelope(headers, b'{"id":1}'), woocommerce.envelope(headers, b'{"id":2}')
    again = woocommerce.envelope(headers | {"x-wc-webhook-delivery-id": "later"}, b'{"id":1}')
    assert first.delivery_id != other.delivery_id
    assert first == again


def test_a_second_deletion_after_a_restoration_is_another_delivery() -> None:
    headers = {"x-wc-webhook-topic": "order.deleted", "x-wc-webhook-delivery-id": "a"}
    first = woocommerce.envelope(headers, b'{"id":1}')
    second = woocommerce.envelope(headers | {"x-wc-webhook-delivery-id": "b"}, b'{"id":1}')
    assert first.delivery_id != second.delivery_id


def test_the_unsigned_ping_is_known_and_nothing_else_is_a_ping() -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    assert woocommerce.is_ping(form, b"webhook_id=42")
    assert not woocommerce.is_ping(form, b"webhook_id=42&order=1")
    assert not woocommerce.is_ping(form, b'{"id":1}')
    assert not woocommerce.is_ping({"x-wc-webhook-signature": "x"}, b"webhook_id=42")


def test_a_ping_is_not_a_signed_delivery() -> None:
    with pytest.raises(Forged):
        woocommerce.verify(["s"], {}, b"webhook_id=42", NOW)


def test_a_secret_of_any_characters_is_the_key_as_typed() -> None:
    headers = {"x-wc-webhook-signature": sign("a&b<ç>'\"".encode(), b"{}").decode() + "\n"}
    woocommerce.verify(["a&b<ç>'\""], headers, b"{}", NOW)
    with pytest.raises(Forged):
        woocommerce.verify(["a&amp;b&lt;ç&gt;&#039;&quot;"], headers, b"{}", NOW)
