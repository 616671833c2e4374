"""An order changed after it was placed: what the sale is then, in amounts a person can check.

The one line of `shopify_order` is two creams: 100.00 gross, 15.25 of it tax, 84.75 net. One of them given back is
50.00 gross with 7.63 tax: 42.37 net.
"""

from typing import Any

from tests.tracking.platforms.payloads import shopify_line, shopify_order, shopify_refund, snapshot
from tests.tracking.platforms.telling import left, sale


def order(**fields: Any) -> Any:
    return snapshot("shopify", shopify_order(**fields))


def soap(**fields: Any) -> dict[str, Any]:
    """One soap at 23.60 with 3.60 tax inside: 20.00 net."""
    one = {"id": 12, "title": "Soap", "quantity": 1, "price": "23.60", "tax_lines": [{"price": "3.60"}]}
    return shopify_line(**(one | {"discount_allocations": []} | fields))


def both(**fields: Any) -> Any:
    return order(**({"total_tax": "18.85", "line_items": [shopify_line(), soap()]} | fields))


def test_a_line_added_by_an_edit_is_part_of_the_sale() -> None:
    assert left(both(line_items=[shopify_line(current_quantity=2), soap(current_quantity=1)])) == 10475


def test_a_line_removed_without_a_refund_lowers_the_net() -> None:
    assert left(both(line_items=[shopify_line(current_quantity=2), soap(current_quantity=0)])) == 8475


def test_a_line_removed_with_a_refund_is_taken_off_once() -> None:
    gone = {"line_item_id": 12, "quantity": 1, "subtotal": 23.6, "total_tax": 3.6, "restock_type": "cancel"}
    removed = both(
        line_items=[shopify_line(current_quantity=2), soap(current_quantity=0)],
        refunds=[shopify_refund(refund_line_items=[gone], transactions=[])],
    )
    assert (sale(removed).net_minor, sale(removed).refunded_minor, left(removed)) == (10475, 2000, 8475)


def test_a_line_removed_before_payment_is_not_there_when_the_rest_is_paid() -> None:
    lines = [shopify_line(current_quantity=0), soap(current_quantity=1)]
    unpaid = both(line_items=lines, financial_status="pending")
    assert (unpaid.status, left(unpaid), left(both(line_items=lines))) == ("pending", 2000, 2000)


def test_an_order_edited_down_to_nothing_is_a_sale_of_nothing() -> None:
    empty = both(
        line_items=[shopify_line(current_quantity=0), soap(current_quantity=0)],
        current_total_price="0.00",
        current_subtotal_price="0.00",
    )
    assert (left(empty), empty.status, empty.total_minor) == (0, "paid", 12000)


def test_an_order_edited_down_to_nothing_and_refunded_is_the_same_nothing() -> None:
    item = {"line_item_id": 11, "quantity": 2, "subtotal": 100.0, "total_tax": 15.25}
    refund = shopify_refund(refund_line_items=[item])
    assert left(order(line_items=[shopify_line(current_quantity=0)], refunds=[refund])) == 0


def test_goods_cancelled_before_they_left_are_given_back_like_others() -> None:
    amounts = []
    for kind in ("cancel", "return", "no_restock", "legacy_restock"):
        item = {"line_item_id": 11, "quantity": 1, "subtotal": 50.0, "total_tax": 7.63, "restock_type": kind}
        line = shopify_line(current_quantity=1)
        amounts.append(left(order(line_items=[line], refunds=[shopify_refund(refund_line_items=[item])])))
    assert amounts == [4238] * 4  # 84.75 - 42.37


def test_money_given_back_for_no_item_leaves_the_sale_whole() -> None:
    nothing = {"line_item_id": 11, "quantity": 1, "subtotal": 0, "total_tax": 0}
    for items in ([], [nothing]):
        assert left(order(refunds=[shopify_refund(refund_line_items=items)])) == 8475


def test_shipping_alone_given_back_leaves_the_sale_whole() -> None:
    back = {"kind": "shipping_refund", "amount": "-20.00", "tax_amount": "0.00"}
    told = order(refunds=[shopify_refund(refund_line_items=[], order_adjustments=[back])])
    assert (left(told), told.refunds[0].shipping_minor) == (8475, 2000)


def test_an_old_refund_without_subtotal_has_its_part_of_the_lines_price_and_tax() -> None:
    discounts = [{"amount": "18.00"}]
    line = {"price": "59.00", "quantity": 2, "tax_lines": [{"price": "15.25"}], "discount_allocations": discounts}
    refund = shopify_refund(refund_line_items=[{"line_item_id": 11, "quantity": 1, "line_item": line}])
    # 59.00 - 9.00 is 50.00 gross; half of 15.25 is 7.63.
    assert left(order(refunds=[refund])) == 8475 - (5000 - 763)
    on_top = sale(order(refunds=[refund], taxes_included=False))
    assert (on_top.refunded_minor, on_top.refunded_tax_minor) == (5000, 763)
