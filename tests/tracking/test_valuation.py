"""What an order is worth, in amounts a person can check."""

from campaigns.commissions.terms import Sale
from campaigns.tracking.valuation import Parts, value


def line(net: int, tax: int = 0, line_id: str = "1", gift_card: bool = False) -> dict:
    return {"line_id": line_id, "net_minor": net, "tax_minor": tax, "gift_card": gift_card}


def refund(*lines: tuple[str, int, int], unsplit: int = 0, include_tax: bool | None = None) -> dict:
    given = [{"line_id": line_id, "amount_minor": amount, "tax_minor": tax} for line_id, amount, tax in lines]
    return {"lines": given, "lines_include_tax": include_tax, "unsplit_minor": unsplit}


def parts(lines: list[dict], refunds: list[dict], status: str = "paid", inside: bool = True, **sums: int) -> Parts:
    whole = {"shipping_minor": 0, "tax_minor": 0, "fees_minor": 0} | sums
    return Parts(status, inside, lines, refunds, **whole)


def test_a_refund_with_tax_inside_gives_back_its_net():
    assert value(parts([line(18000, 3240)], [refund(("1", 10620, 1620))])) == Sale(18000, 3240, 9000, 1620)


def test_a_refund_without_tax_inside_gives_back_what_it_says():
    assert value(parts([line(18000, 3240)], [refund(("1", 9000, 1620))], inside=False)) == Sale(18000, 3240, 9000, 1620)


def test_a_refund_that_states_its_convention_overrules_the_order():
    given = refund(("1", 9000, 1620), include_tax=False)
    assert value(parts([line(18000, 3240)], [given], inside=True)).refunded_minor == 9000


def test_a_gift_card_bought_is_no_sale_and_its_refund_takes_nothing_back():
    lines = [line(3600, line_id="1"), line(5000, line_id="2", gift_card=True)]
    assert value(parts(lines, [refund(("2", 5000, 0))])) == Sale(3600, 0, 0, 0)


def test_shipping_alone_given_back_changes_nothing():
    assert value(parts([line(18000)], [refund()], shipping_minor=2500)) == Sale(18000, 0, 0, 0)


def test_more_given_back_than_was_sold_is_all_of_it():
    assert value(parts([line(5000)], [refund(("1", 9900, 0))])).refunded_minor == 5000


def test_a_refunded_order_has_nothing_left_whatever_its_refunds_say():
    assert value(parts([line(5000, 900)], [], status="refunded")) == Sale(5000, 900, 5000, 900)


def test_an_unsplit_refund_takes_the_items_share_of_the_order():
    # 250.20 of 304.45 are items; 24.30 came back without a split: 24.30 x 250.20 / 304.45 = 19.97
    given = [refund(unsplit=1620), refund(unsplit=810)]
    assert value(parts([line(25020)], given, shipping_minor=5425)).refunded_minor == 1997


def test_an_unsplit_refund_of_everything_in_two_steps_leaves_nothing():
    given = [refund(unsplit=10000), refund(unsplit=20445)]
    assert value(parts([line(25020)], given, shipping_minor=5425)).refunded_minor == 25020
