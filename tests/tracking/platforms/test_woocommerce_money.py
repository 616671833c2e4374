"""What of a WooCommerce order's money is a sale, and what it says of where it came from; amounts checkable by hand.

The one line of `woo_order` is 36.00 of soap after a 4.00 coupon, with 6.48 tax on it; shipping is 10.00.
"""

import json
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.errors import Unreadable
from campaigns.models import Order
from campaigns.tracking.events import Envelope
from tests import factories
from tests.tracking.platforms.payloads import read, snapshot, without, woo_line, woo_order
from tests.tracking.platforms.telling import left, sale

SESSION = "_wc_order_attribution_"


def order(**fields: Any) -> Any:
    return snapshot("woocommerce", woo_order(**fields))


def visited(**marks: str) -> Any:
    return order(meta_data=[{"id": 1, "key": SESSION + name, "value": value} for name, value in marks.items()])


def test_a_fee_is_no_goods_and_neither_is_one_below_zero() -> None:
    read_order = order(fee_lines=[{"total": "5.00"}, {"total": "-3.60", "name": "Loyalty"}], total="53.88")
    assert (left(read_order), read_order.fees_minor) == (3600, 140)


def test_a_gift_card_that_pays_lowers_the_total_alone() -> None:
    read_order = order(gift_cards=[{"code": "GIFT", "amount": "50.00"}], total="2.48")
    assert (left(read_order), read_order.total_minor, read_order.codes) == (3600, 248, ("noa10",))


def test_a_gift_card_bought_is_no_sale_and_an_unsplit_refund_is_shared_with_it() -> None:
    card = woo_line(id=4, total="64.00", subtotal="64.00", total_tax="0", meta_data=[{"key": "pw_gift_card_to"}])
    sums = {"shipping_total": "0.00", "total_tax": "0.00", "total": "100.00"}
    soap = woo_line(total_tax="0")
    read_order = order(line_items=[soap, card], refunds=[{"id": 9, "total": "-50.00"}], **sums)
    # Half of 100.00 came back, so half of the 36.00 of soap did.
    assert (sale(read_order).net_minor, left(read_order)) == (3600, 1800)


def test_taxes_in_the_typed_prices_and_a_vat_exempt_buyer_leave_the_net_alone() -> None:
    exempt = woo_line(total_tax="0.00")
    read_order = order(prices_include_tax=True, line_items=[exempt], total_tax="0.00", total="46.00")
    assert (left(read_order), sale(read_order).base_minor("gross")) == (3600, 3600)
    assert (left(order(prices_include_tax=True)), sale(order()).base_minor("gross")) == (3600, 4248)


@pytest.mark.parametrize(
    ("currency", "total", "tax", "net"),
    [("JPY", "5900", "590", 5900), ("JPY", "5899.5", "590", 5900), ("KWD", "12.345", "0.617", 12345)],
)
def test_amounts_have_the_decimals_of_their_currency(currency: str, total: str, tax: str, net: int) -> None:
    line = woo_line(subtotal=total, total=total, total_tax=tax)
    read_order = order(currency=currency, line_items=[line], shipping_total="0", total_tax=tax, total=total)
    assert left(read_order) == net


def test_every_coupon_is_a_code_a_free_shipping_one_too() -> None:
    coupons = [{"code": "noa10", "discount": "4.00"}, {"code": "freeship", "discount": "0.00"}, {"code": ""}]
    read_order = order(coupon_lines=coupons, shipping_total="0.00", total="42.48")
    assert (read_order.codes, left(read_order)) == (("noa10", "freeship"), 3600)


def test_half_a_unit_is_sold_and_said_so() -> None:
    (line,) = order(line_items=[woo_line(quantity="0.5", total="9.00", subtotal="10.00")]).lines
    assert (line.quantity, line.net_minor, line.discount_minor) == ("0.5", 900, 100)


def test_a_full_refund_in_two_sums_leaves_nothing_and_one_half_leaves_half() -> None:
    halves = [{"id": 8, "total": "-26.24"}, {"id": 9, "total": "-26.24"}]
    assert left(order(refunds=halves)) == 0
    assert left(order(refunds=halves[:1])) == 1800


def test_a_refund_that_is_deleted_in_the_shop_is_taken_back(session: Session) -> None:
    shop = factories.shop(session, platform="woocommerce")
    for minute, refunds in enumerate(([], [{"id": 8, "total": "-26.24"}], [])):
        body = woo_order(refunds=refunds, date_modified_gmt=f"2026-05-01T09:0{minute}:00")
        envelope = Envelope("order.updated", f"d{minute}")
        factories.deliver(session, shop, envelope, json.dumps(body).encode())
        kept = session.scalars(select(Order)).one()
        assert kept.refunded_minor == (1800 if refunds else 0)


@pytest.mark.parametrize("door", ["subscription", "checkout", "admin"])
def test_a_renewal_is_a_subscriptions_whichever_door_it_came_through(door: str) -> None:
    renewal = [{"id": 1, "key": "_subscription_renewal", "value": "611"}]
    assert order(created_via=door, meta_data=renewal).source == "subscription"
    switched = [{"id": 1, "key": "_subscription_switch", "value": "611"}]
    assert order(created_via=door, meta_data=switched).source == door


def test_the_first_page_is_kept_with_its_query() -> None:
    entry = "https://shop.example/serum?utm_medium=influencer&click_id=k2"
    read_order = visited(session_entry=entry, utm_source="@noa", utm_medium="influencer", utm_campaign="c1")
    assert (read_order.landing_url, read_order.click_ids, read_order.affiliates) == (entry, ("k2",), ())


def test_where_the_first_page_is_not_kept_our_own_marks_stand_for_it() -> None:
    read_order = visited(utm_source="@noa", utm_medium="influencer", utm_campaign="c1", utm_content="k3")
    assert read_order.landing_url == "?utm_source=%40noa&utm_medium=influencer&utm_campaign=c1"
    assert read_order.click_ids == ("k3",)


@pytest.mark.parametrize(
    "marks",
    [
        {"utm_source": "@noa", "utm_medium": "cpc", "utm_campaign": "c1"},
        {"utm_source": "@noa", "utm_medium": "influencer"},
        {"source_type": "organic", "referrer": "https://shop.example/?click_id=k9"},
    ],
)
def test_nobody_elses_marks_are_taken_for_ours(marks: dict[str, str]) -> None:
    read_order = visited(**marks)
    assert (read_order.landing_url, read_order.click_ids) == (None, ())


def test_our_own_key_comes_before_what_the_visit_says() -> None:
    meta = [{"key": SESSION + "utm_content", "value": "k2"}, {"key": "_aff_click", "value": "k1"}]
    assert order(meta_data=meta).click_ids == ("k1", "k2")


def test_the_first_rest_versions_local_times_and_the_legacy_wrap_are_read_alike() -> None:
    first = without(woo_order(), "date_created_gmt", "date_modified_gmt", "refunds", "meta_data")
    first |= {"date_created": "2026-05-01T12:00:00", "date_modified": "2026-05-01T12:05:00"}
    legacy = without(woo_order(), "date_created_gmt", "date_modified_gmt", "shipping_total", "refunds", "coupon_lines")
    legacy |= {"created_at": "2026-05-01T09:00:00Z", "updated_at": "2026-05-01T09:05:00Z", "total_shipping": "10.00"}
    legacy |= {"coupon_lines": [{"id": 1, "code": "noa10", "amount": "4.00"}]}
    newest, *older = (snapshot("woocommerce", body) for body in (woo_order(), first, {"order": legacy}))
    for one in older:
        assert (one.version, one.placed_at, left(one)) == (newest.version, newest.placed_at, 3600)
        assert (one.codes, one.shipping_minor) == (newest.codes, newest.shipping_minor)
        assert not one.refunds_complete


def test_an_order_without_its_lines_is_refused_and_not_worth_nothing() -> None:
    with pytest.raises(Unreadable, match="line_items: missing"):
        read("woocommerce", "order.updated", without(woo_order(), "line_items"))
