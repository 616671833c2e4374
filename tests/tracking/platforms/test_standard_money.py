"""What of a Standard order's money is a sale, in amounts a person can check.

The one line of `standard` is 180.00 less 20.00 with 24.41 tax inside: 135.59 net; shipping is 25.00.
"""

from typing import Any

import pytest

from campaigns.errors import Unreadable
from tests.tracking.platforms.payloads import read, snapshot, standard, standard_line
from tests.tracking.platforms.telling import left, sale


def order(**fields: Any) -> Any:
    return snapshot("standard", standard(**fields))


def refund(*lines: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"id": "r1", "created_at": "2026-05-09T10:00:00Z", "lines": list(lines)} | fields


def back(total: str, tax: str, quantity: int = 1) -> dict[str, Any]:
    return {"line_id": "1", "quantity": quantity, "total": total, "tax": tax}


def test_an_order_edited_is_sent_as_it_is_now() -> None:
    added = standard_line(id="2", total="118.00", discount="0.00", tax="18.00")
    assert left(order(lines=[standard_line(), added])) == 23559
    assert left(order(lines=[added])) == 10000
    assert left(order(lines=[], total="0.00", shipping="0.00", tax="0.00")) == 0


def test_a_refund_takes_its_items_and_never_its_shipping() -> None:
    assert left(order(refunds=[refund(back("80.00", "12.20"), shipping="25.00")])) == 13559 - 6780
    assert left(order(refunds=[refund(shipping="25.00")])) == 13559


def test_a_gift_card_bought_is_no_sale_and_giving_it_back_takes_nothing() -> None:
    card = standard_line(id="1", total="50.00", discount="0.00", tax="0.00", gift_card=True)
    goods = standard_line(id="2")
    read_order = order(lines=[card, goods], refunds=[refund(back("50.00", "0.00"))])
    assert (left(read_order), sale(read_order).refunded_minor) == (13559, 0)


def test_duties_tips_and_discounts_on_the_whole_are_fees() -> None:
    read_order = order(fees="-7.50")
    assert (left(read_order), read_order.fees_minor) == (13559, -750)


@pytest.mark.parametrize(
    ("currency", "total", "tax", "net"), [("JPY", "6490", "590", 5900), ("KWD", "12.345", "0.345", 12000)]
)
def test_amounts_have_the_decimals_of_their_currency(currency: str, total: str, tax: str, net: int) -> None:
    line = standard_line(total=total, discount="0", tax=tax)
    assert left(order(currency=currency, lines=[line], shipping="0", tax=tax, total=total)) == net


def test_a_tax_exempt_sale_has_the_same_net_either_way() -> None:
    line = standard_line(total="100.00", discount="0.00", tax="0.00")
    assert left(order(lines=[line])) == left(order(lines=[line], prices_include_tax=False)) == 10000


def test_every_code_is_kept_in_the_order_sent() -> None:
    assert order(coupon_codes=["FREESHIP", " noa10", "NOA10", ""]).codes == ("FREESHIP", " noa10")


@pytest.mark.parametrize("source", ["pos", "subscription", "draft"])
def test_the_door_an_order_came_through_is_kept_as_sent(source: str) -> None:
    assert order(source=source, customer=None, landing_url=None).source == source


def test_a_cancelled_order_may_be_told_without_its_goods_and_no_other() -> None:
    told = order(status="cancelled", lines=None)
    assert (told.status, told.lines) == ("cancelled", ())
    for status in ("paid", "pending", "refunded"):
        with pytest.raises(Unreadable, match=r"data\.lines: missing"):
            order(status=status, lines=None)


def test_strangers_are_kept_with_the_reason() -> None:
    assert read("standard", "cart.new", {"type": "cart.new", "data": {}}).ignored == "unknown topic"
