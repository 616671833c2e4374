"""What of a Shopify order's money is a sale: goods, and nothing beside them; in amounts a person can check."""

from typing import Any

import pytest

from campaigns.errors import Unreadable
from tests.tracking.platforms.payloads import shopify_line, shopify_order, shopify_refund, snapshot, without
from tests.tracking.platforms.telling import left, sale


def order(**fields: Any) -> Any:
    return snapshot("shopify", shopify_order(**fields))


def priced(price: str, quantity: int = 1, tax: str = "0.00", off: str = "0.00", **fields: Any) -> dict[str, Any]:
    amounts = {"tax_lines": [{"price": tax}], "discount_allocations": [{"amount": off}]}
    return shopify_line(price=price, quantity=quantity, **amounts, **fields)


def in_shop(amount: str) -> dict[str, Any]:
    return {"shop_money": {"amount": amount}, "presentment_money": {"amount": "999.00"}}


def test_a_gift_card_bought_is_no_sale_and_giving_it_back_takes_nothing() -> None:
    card = priced("50.00", id=12, gift_card=True)
    back = {"line_item_id": 12, "quantity": 1, "subtotal": 50.0, "total_tax": 0}
    bought = order(line_items=[shopify_line(), card], refunds=[shopify_refund(refund_line_items=[back])])
    assert (left(bought), sale(bought).refunded_minor) == (8475, 0)


def test_a_gift_card_that_pays_lowers_nothing() -> None:
    paid = order(payment_gateway_names=["gift_card", "shopify_payments"], total_outstanding="0.00")
    assert (left(paid), paid.status, paid.total_minor) == (8475, "paid", 12000)


def test_a_tip_and_its_refund_are_no_goods() -> None:
    tip = priced("9.00", id=13, title="Tip", tip_payment_gateway="shopify_payments")
    back = {"line_item_id": 13, "quantity": 1, "subtotal": 9.0, "total_tax": 0, "line_item": tip}
    tipped = order(line_items=[shopify_line(), tip], refunds=[shopify_refund(refund_line_items=[back])])
    assert (sale(tipped).net_minor, sale(tipped).refunded_minor) == (8475, 0)


def test_duties_are_fees_as_they_were_first_charged() -> None:
    dutiable = shopify_line(duties=[{"id": 1, "price": "7.00", "tax_lines": [{"price": "1.26"}]}])
    sets = {"original_total_duties_set": in_shop("7.00"), "current_total_duties_set": in_shop("0.00")}
    charged = order(line_items=[dutiable], **sets)
    assert (left(charged), charged.fees_minor) == (8475, 700)
    assert order(original_total_duties_set=None, current_total_duties_set=in_shop("3.00")).fees_minor == 300


def test_tax_on_top_and_a_tax_exempt_buyer_leave_the_price_as_the_net() -> None:
    on_top = order(taxes_included=False, line_items=[priced("100.00", tax="18.00")], total_tax="18.00")
    exempt = order(tax_exempt=True, line_items=[shopify_line(price="100.00", quantity=1, tax_lines=[])], total_tax="0")
    assert (left(on_top), sale(on_top).base_minor("gross")) == (10000, 11800)
    assert (left(exempt), sale(exempt).base_minor("gross")) == (8200, 8200)  # 18.00 is the line's discount


def test_several_taxes_inside_a_price_are_all_taken_out() -> None:
    line = shopify_line(price="100.00", quantity=1, tax_lines=[{"price": "5.00"}, {"price": "9.98"}])
    assert left(order(line_items=[line], total_tax="14.98")) == 10000 - 1800 - 1498


@pytest.mark.parametrize(
    ("currency", "price", "tax", "off", "total", "net"),
    [
        ("JPY", "5900", "600", "590", "10620", 10610),
        ("JPY", "5900.00", "600.0", "590", "10620", 10610),
        ("KWD", "12.500", "0.125", "1.005", "23.995", 23870),
        ("USD", "59.00", "6.00", "5.90", "106.20", 10610),
    ],
)
def test_amounts_have_the_decimals_of_their_currency(
    currency: str, price: str, tax: str, off: str, total: str, net: int
) -> None:
    body = shopify_order(currency=currency, line_items=[priced(price, 2, tax, off)], shipping_lines=[])
    assert left(snapshot("shopify", body | {"total_tax": tax, "total_price": total})) == net


def test_a_half_yen_is_refused() -> None:
    body = shopify_order(currency="JPY", line_items=[priced("59.5")], shipping_lines=[], total_tax="0")
    with pytest.raises(Unreadable, match=r"line_items\[0\].price"):
        snapshot("shopify", body | {"total_price": "59"})


def test_what_the_buyer_saw_in_another_currency_is_passed_over() -> None:
    line = shopify_line(price_set=in_shop("59.00"), discount_allocations=[{"amount": "18.00", "amount_set": {}}])
    read = order(line_items=[line], presentment_currency="EUR", total_shipping_price_set=in_shop("20.00"))
    assert (read.currency, left(read), read.shipping_minor) == ("ILS", 8475, 2000)


def test_every_code_is_kept_a_shipping_one_too_and_it_lowers_no_goods() -> None:
    listed = [{"code": "NOA10", "type": "percentage"}, {"code": "FREESHIP", "type": "shipping", "amount": "20.00"}]
    applications = [
        {"type": "discount_code", "code": "NOA10", "target_type": "line_item"},
        {"type": "discount_code", "code": "FREESHIP", "target_type": "shipping_line"},
    ]
    shipping = [{"price": "20.00", "discounted_price": "0.00"}]
    read = order(discount_codes=listed, discount_applications=applications, shipping_lines=shipping)
    assert (read.codes, read.typed_codes, left(read), read.shipping_minor) == (("NOA10", "FREESHIP"), (), 8475, 0)


def test_an_automatic_discount_lowers_the_net_and_is_nobodys_code() -> None:
    applications = [{"type": "automatic", "title": "Spring"}, {"type": "script", "title": "NOA10"}]
    read = order(discount_codes=[], discount_applications=applications)
    assert (read.codes, read.typed_codes, left(read)) == ((), (), 8475)


@pytest.mark.parametrize("source", ["shopify_draft_order", "1354745", "pos"])
def test_a_code_that_staff_or_an_app_set_is_a_typed_one(source: str) -> None:
    applications = [{"type": "manual", "title": "NOA10", "target_type": "line_item"}]
    read = order(source_name=source, discount_applications=applications)
    assert (read.codes, read.typed_codes, read.source) == ((), ("NOA10",), source)


def test_a_sale_at_the_till_has_no_buyer() -> None:
    nobody = {"customer": None, "email": "", "phone": None, "landing_site": None}
    read = order(source_name="pos", **nobody)
    assert (read.source, left(read)) == ("pos", 8475)
    assert (read.customer.external_id, read.customer.email, read.landing_url) == (None, None, None)


@pytest.mark.parametrize("source", ["subscription_contract", "subscription_contract_checkout_one"])
def test_a_renewal_says_so_and_a_first_order_with_a_plan_does_not(source: str) -> None:
    line = shopify_line(selling_plan_allocation={"selling_plan": {"id": 1, "name": "Every month"}})
    assert order(source_name=source, line_items=[line]).source == source
    assert order(line_items=[line]).source == "web"


def test_the_landing_page_and_its_ref_are_kept_as_sent() -> None:
    read = order(landing_site="/serum?ref=noa&click_id=k1", landing_site_ref="noa")
    assert (read.landing_url, read.affiliates, read.click_ids) == ("/serum?ref=noa&click_id=k1", ("noa",), ("k1",))
    assert order(landing_site_ref=None).affiliates == order(landing_site_ref={"a": 1}).affiliates == ()


def test_an_order_without_its_lines_is_refused_and_not_worth_nothing() -> None:
    with pytest.raises(Unreadable, match="line_items: missing"):
        snapshot("shopify", without(shopify_order(), "line_items"))
