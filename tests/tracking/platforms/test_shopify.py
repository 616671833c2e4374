from datetime import UTC, datetime
from typing import Any

import pytest

from campaigns.errors import Forged, Unreadable
from campaigns.tracking.platforms import shopify
from campaigns.tracking.platforms.signature import sign
from tests.tracking.platforms.payloads import read, shopify_line, shopify_order, shopify_refund, snapshot, without

NOW = datetime(2026, 5, 1, 10, 0, tzinfo=UTC)


def order(**fields: Any) -> Any:
    return snapshot("shopify", shopify_order(**fields))


def test_net_is_the_lines_less_discounts_less_the_tax_inside() -> None:
    (line,) = order().lines
    assert (line.net_minor, line.tax_minor, line.discount_minor) == (8475, 1525, 1800)


def test_tax_on_top_stays_out_of_the_net_by_itself() -> None:
    (line,) = order(taxes_included=False).lines
    assert (line.net_minor, line.tax_minor) == (10000, 1525)


def test_an_order_keeps_what_it_says_of_itself() -> None:
    read_order = order()
    assert (read_order.external_id, read_order.number, read_order.source) == ("5001", "#1001", "web")
    assert (read_order.version, read_order.placed_at) == (datetime(2026, 5, 1, 9, 5, tzinfo=UTC), NOW.replace(hour=9))
    assert (read_order.shipping_minor, read_order.tax_minor, read_order.total_minor) == (2000, 1525, 12000)
    assert (read_order.customer.external_id, read_order.customer.email) == ("77", "dana@example.com")
    assert read_order.customer.phone == "+972501234567"
    assert not read_order.refunds_complete


def test_a_price_with_its_tax_inside_but_not_stated_is_refused() -> None:
    with pytest.raises(Unreadable, match="tax_lines"):
        order(line_items=[without(shopify_line(), "tax_lines")])


def test_a_price_of_an_untaxed_order_needs_no_tax_lines() -> None:
    (line,) = order(line_items=[without(shopify_line(), "tax_lines")], total_tax="0.00").lines
    assert line.net_minor == 10000


def test_a_unit_removed_by_an_edit_is_not_credited() -> None:
    (line,) = order(line_items=[shopify_line(current_quantity=1)]).lines
    # Halves: 84.75 and 15.25 end in half an agora and are rounded away from zero.
    assert (line.quantity, line.net_minor, line.tax_minor, line.discount_minor) == ("1", 4238, 763, 900)


def test_a_line_removed_by_an_edit_counts_nothing() -> None:
    (line,) = order(line_items=[shopify_line(current_quantity=0)]).lines
    assert (line.quantity, line.net_minor, line.tax_minor) == ("0", 0, 0)


def test_a_refunded_unit_stays_in_the_line_and_leaves_by_its_refund_alone() -> None:
    read_order = order(line_items=[shopify_line(current_quantity=1)], refunds=[shopify_refund()])
    assert (read_order.lines[0].quantity, read_order.lines[0].net_minor) == ("2", 8475)
    (given_back,) = read_order.refunds[0].lines
    assert given_back.amount_minor - given_back.tax_minor == 4237


def test_of_a_unit_refunded_and_a_unit_removed_only_the_removed_one_leaves_the_line() -> None:
    line = shopify_line(quantity=4, current_quantity=2)
    (read_line,) = order(line_items=[line], refunds=[shopify_refund()]).lines
    # 4 × 59.00 − 18.00 − 15.25 = 202.75; three quarters are 152.0625.
    assert (read_line.quantity, read_line.net_minor) == ("3", 15206)


def test_a_sender_that_never_lowers_current_quantity_is_not_counted_twice() -> None:
    read_order = order(line_items=[shopify_line(current_quantity=2)], refunds=[shopify_refund()])
    assert read_order.lines[0].net_minor == 8475


def test_a_gift_card_bought_is_flagged_and_a_tip_is_no_line() -> None:
    card = shopify_line(id=12, gift_card=True)
    tip = shopify_line(id=13, tip_payment_gateway=None)
    lines = order(line_items=[shopify_line(), card, tip]).lines
    assert [(line.line_id, line.gift_card) for line in lines] == [("11", False), ("12", True)]


def test_tips_and_duties_are_fees() -> None:
    duties = {"shop_money": {"amount": "3.00", "currency_code": "ILS"}}
    assert order(total_tip_received="5.00", original_total_duties_set=duties).fees_minor == 800


def test_shipping_is_the_shops_own_total_before_its_lines() -> None:
    in_set = {"shop_money": {"amount": "0.00", "currency_code": "ILS"}, "presentment_money": {"amount": "9.00"}}
    assert order(total_shipping_price_set=in_set).shipping_minor == 0
    assert order(shipping_lines=[{"price": "20.00", "discounted_price": "12.00"}]).shipping_minor == 1200


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("paid", "paid"),
        ("partially_refunded", "paid"),
        ("refunded", "refunded"),
        ("voided", "cancelled"),
        ("pending", "pending"),
        ("authorized", "pending"),
        ("partially_paid", "pending"),
        ("expired", "pending"),
        (None, "pending"),
    ],
)
def test_only_the_whole_sum_taken_is_paid(word: str | None, status: str) -> None:
    read_order = order(financial_status=word)
    assert (read_order.status, read_order.raw_status) == (status, word or "")


def test_a_cancellation_wins_over_the_financial_status() -> None:
    read_order = order(cancelled_at="2026-05-02T10:00:00Z")
    assert (read_order.status, read_order.raw_status) == ("cancelled", "cancelled")


def test_a_financial_status_we_do_not_know_is_refused() -> None:
    with pytest.raises(Unreadable, match="financial_status"):
        order(financial_status="example string")


def test_a_cancelled_topic_means_what_its_body_says() -> None:
    event = read("shopify", "orders/cancelled", shopify_order())
    assert event.order is not None and event.order.status == "paid"


def test_a_staff_discount_listed_like_a_code_is_a_typed_code() -> None:
    listed = [{"code": "Summer"}, {"code": ""}, {"code": "NOA10"}, {"code": "noa10 "}]
    applications = [{"type": "manual", "title": "Summer"}, {"type": "discount_code", "code": "noa10"}]
    read_order = order(discount_codes=listed, discount_applications=applications)
    assert (read_order.codes, read_order.typed_codes) == (("NOA10",), ("Summer",))


def test_codes_of_a_body_without_applications_are_believed() -> None:
    body = without(shopify_order(), "discount_applications")
    assert (snapshot("shopify", body).codes, snapshot("shopify", body).typed_codes) == (("NOA10",), ())


def test_click_ids_come_from_cart_attributes_first_and_then_the_landing_page() -> None:
    attributes = [{"name": "_aff_click", "value": "k1"}, {"name": "colour", "value": "k9"}, {"name": "click_id"}]
    landing = "/sale?ref=x&click_id=k2&click_id=k1&click_id=no%20good#top"
    read_order = order(note_attributes=attributes, landing_site=landing)
    assert (read_order.click_ids, read_order.landing_url) == (("k1", "k2"), landing)


@pytest.mark.parametrize("junk", [None, "x", 7, {"a": 1}, [None, 3, {"name": [], "value": {}}]])
def test_attributes_filled_with_anything_never_make_an_order_unreadable(junk: object) -> None:
    assert order(note_attributes=junk, landing_site=junk).click_ids == ()


def test_the_shops_test_notification_is_flagged() -> None:
    assert order(test=True).test


def test_a_refund_of_its_own_has_items_and_the_orders_tax_convention() -> None:
    event = read("shopify", "refunds/create", shopify_refund())
    (refund,) = event.refunds
    assert (event.order_id, event.order, refund.refund_id, refund.lines_include_tax) == ("5001", None, "900", None)
    assert [(line.line_id, line.quantity, line.amount_minor, line.tax_minor) for line in refund.lines] == [
        ("11", "1", 5000, 763)
    ]
    assert (refund.money_minor, refund.currency) == (5000, "ILS")


def test_a_refunds_own_shop_money_is_exact_and_names_the_currency() -> None:
    item = shopify_refund()["refund_line_items"][0]
    item["subtotal_set"] = {"shop_money": {"amount": "50.000", "currency_code": "KWD"}}
    item["total_tax_set"] = {"shop_money": {"amount": "7.630", "currency_code": "KWD"}}
    (refund,) = read("shopify", "refunds/create", shopify_refund(refund_line_items=[item])).refunds
    assert (refund.currency, refund.lines[0].amount_minor, refund.lines[0].tax_minor) == ("KWD", 50000, 7630)


def test_what_a_buyer_got_back_in_another_currency_is_not_added_up() -> None:
    moved = [{"kind": "refund", "status": "success", "amount": "12.00", "currency": "EUR"}]
    (refund,) = read("shopify", "refunds/create", shopify_refund(transactions=moved)).refunds
    assert (refund.currency, refund.money_minor) == ("ILS", 0)


def test_a_shipping_refund_gives_no_items_back() -> None:
    adjustments = [{"kind": "shipping_refund", "amount": "-5.00"}, {"kind": "refund_discrepancy", "amount": "1.00"}]
    body = shopify_refund(refund_line_items=[], order_adjustments=adjustments)
    (refund,) = read("shopify", "refunds/create", body).refunds
    assert (refund.lines, refund.shipping_minor) == ((), 500)


def test_a_shipping_refund_may_stand_in_its_own_lines() -> None:
    money = {"shop_money": {"amount": "5.00", "currency_code": "ILS"}}
    body = shopify_refund(refund_line_items=[], refund_shipping_lines=[{"subtotal_amount_set": money}])
    (refund,) = read("shopify", "refunds/create", body).refunds
    assert refund.shipping_minor == 500


def test_an_old_refund_without_amounts_takes_its_part_of_the_line() -> None:
    line = {"id": 11, "price": "59.00", "quantity": 2, "discount_allocations": [{"amount": "18.00"}]}
    item = {"line_item_id": 11, "quantity": 1, "line_item": line}
    (refund,) = read("shopify", "refunds/create", shopify_refund(refund_line_items=[item])).refunds
    assert (refund.lines[0].amount_minor, refund.lines[0].tax_minor) == (5000, 0)


def test_only_refunds_that_went_through_are_money_moved() -> None:
    moved = [
        {"kind": "refund", "status": "failure", "amount": "50.00"},
        {"kind": "sale", "status": "success", "amount": "50.00"},
        {"kind": "refund", "status": "success", "amount": "20.00"},
    ]
    (refund,) = read("shopify", "refunds/create", shopify_refund(transactions=moved)).refunds
    assert refund.money_minor == 2000


def test_a_deletion_is_a_bare_id() -> None:
    event = read("shopify", "orders/delete", {"id": 820982911946154508})
    assert (event.deleted, event.order_id) == (True, "820982911946154508")


def test_an_order_sent_again_as_its_own_deletion_is_refused() -> None:
    with pytest.raises(Unreadable, match="deletion"):
        read("shopify", "orders/delete", shopify_order())


@pytest.mark.parametrize(
    "topic", ["orders/edited", "order_transactions/create", "app/uninstalled", "shop/redact", "x", ""]
)
def test_other_topics_are_ignored_whatever_they_carry(topic: str) -> None:
    event = read("shopify", topic, ["anything"])
    assert event.ignored and event.order is None and not event.deleted


@pytest.mark.parametrize(("currency", "price", "minor"), [("JPY", "5900", 11800), ("KWD", "1.250", 2500)])
def test_a_currency_has_its_own_decimals(currency: str, price: str, minor: int) -> None:
    line = shopify_line(price=price, tax_lines=[], discount_allocations=[])
    body = shopify_order(currency=currency, line_items=[line], shipping_lines=[], total_tax="0", total_price=price)
    assert snapshot("shopify", body).lines[0].net_minor == minor


def test_both_families_of_headers_are_understood() -> None:
    for family in ("x-shopify-", "shopify-"):
        headers = {f"{family}topic": "orders/paid", f"{family}webhook-id": "w1", f"{family}api-version": "2026-07"}
        headers |= {
            f"{family}triggered-at": "2026-05-01T10:00:00.5Z",
            f"{family}hmac-sha256": sign(b"s", b"{}").decode(),
        }
        shopify.verify(["old", "s"], headers, b"{}", NOW)
        found = shopify.envelope(headers, b"{}")
        assert (found.topic, found.delivery_id, found.version) == ("orders/paid", "w1", "2026-07")
        assert found.occurred_at == NOW.replace(microsecond=500_000)


def test_headers_that_are_missing_or_odd_leave_an_envelope_all_the_same() -> None:
    found = shopify.envelope({"x-shopify-triggered-at": "yesterday"}, b"{}")
    assert (found.topic, found.occurred_at, found.delivery_id[:11]) == ("", None, "sha256:7cf4")


@pytest.mark.parametrize("secrets", [[], [""], ["other"], ["", "other"]])
def test_nobody_signs_without_the_shops_secret(secrets: list[str]) -> None:
    for key in (b"", b"s"):
        headers = {"x-shopify-hmac-sha256": sign(key, b"{}").decode()}
        with pytest.raises(Forged):
            shopify.verify(secrets, headers, b"{}", NOW)


def test_a_refund_amount_made_from_a_binary_fraction_is_rounded_to_the_cent() -> None:
    item = {"line_item_id": 11, "quantity": 1, "subtotal": 0.1 + 0.2, "total_tax": 0}
    (refund,) = read("shopify", "refunds/create", shopify_refund(refund_line_items=[item])).refunds
    assert refund.lines[0].amount_minor == 30


def test_a_fragment_of_the_landing_page_is_no_query() -> None:
    assert order(landing_site="/sale?ref=x#top?click_id=k1").click_ids == ()
    assert order(landing_site="/sale#top?click_id=k1").click_ids == ()
