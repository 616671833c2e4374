"""A refund in detail: what was given back of items, of tax and of shipping, each by itself."""

from typing import Any

import pytest

from campaigns.errors import Unreadable
from campaigns.tracking.events import Refund, RefundLine
from tests.fakes.woocommerce_rest import woo_refund
from tests.tracking.platforms.payloads import snapshot, without, woo_order


def refund(**fields: Any) -> Refund:
    (found,) = snapshot("woocommerce", woo_order(refunds=[woo_refund(**fields)])).refunds
    return found


def test_items_tax_and_shipping_are_told_apart() -> None:
    found = refund()  # 18.00 of soap, 3.24 tax, 5.00 shipping
    assert found.lines == (RefundLine("3", "1", 1800, 324),)
    assert (found.shipping_minor, found.unsplit_minor, found.money_minor) == (500, 0, 2624)
    assert (found.refund_id, found.lines_include_tax) == ("900", False)


def test_a_sum_typed_by_hand_stays_unsplit() -> None:
    found = refund(amount="12.00", line_items=[], shipping_lines=[])
    assert (found.lines, found.unsplit_minor, found.money_minor) == ((), 1200, 1200)


def test_what_was_given_beyond_the_lines_is_unsplit_and_the_lines_stand() -> None:
    found = refund(amount="30.00")
    assert (found.lines[0].amount_minor, found.unsplit_minor) == (1800, 376)


def test_items_given_back_count_though_less_money_went() -> None:
    found = refund(amount="1.00")
    assert (found.lines[0].amount_minor, found.unsplit_minor, found.money_minor) == (1800, 0, 100)


def test_a_rounding_of_theirs_is_no_sum_of_its_own() -> None:
    found = refund(amount="26.25")
    assert found.unsplit_minor == 0


def test_a_fee_given_back_is_neither_items_nor_unsplit() -> None:
    found = refund(amount="28.24", fee_lines=[{"id": 53, "total": "-2.00", "total_tax": "0.00"}])
    assert (found.lines[0].amount_minor, found.shipping_minor, found.unsplit_minor) == (1800, 500, 0)


def test_an_amount_off_a_line_without_a_unit_of_it_is_read() -> None:
    line = woo_refund()["line_items"][0] | {"quantity": 0, "total": "-4.00", "total_tax": "-0.72"}
    found = refund(amount="4.72", line_items=[line], shipping_lines=[])
    assert (found.lines, found.unsplit_minor) == ((RefundLine("3", "0", 400, 72),), 0)


def test_a_hidden_meta_field_costs_the_lines_name_only() -> None:
    line = without(woo_refund()["line_items"][0], "meta_data")
    assert refund(line_items=[line]).lines == (RefundLine("51", "1", 1800, 324),)


@pytest.mark.parametrize("broken", [{"amount": "-1"}, {"amount": "x"}, {"line_items": [{"id": 1, "total": "x"}]}])
def test_what_can_not_be_read_is_refused(broken: dict[str, Any]) -> None:
    with pytest.raises(Unreadable):
        refund(**broken)


def test_the_sum_in_an_order_is_read_as_before() -> None:
    (found,) = snapshot("woocommerce", woo_order(refunds=[{"id": 9, "total": "-27.00"}])).refunds
    assert (found.unsplit_minor, found.lines) == (2700, ())
