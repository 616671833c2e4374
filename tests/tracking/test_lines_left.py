"""What is left of each line: what names a line is taken from it, everything else from all, and the sums agree."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from campaigns.commissions.terms import SoldLine
from campaigns.tracking.lines_left import lines_left
from campaigns.tracking.valuation import Parts, value


def line(line_id: str, net: int, tax: int = 0, gift_card: bool = False) -> dict[str, Any]:
    return {"line_id": line_id, "category": f"category {line_id}", "sku": f"SKU-{line_id}", "net_minor": net,
            "tax_minor": tax, "gift_card": gift_card}  # fmt: skip


def refund(*lines: tuple[str, int, int], unsplit: int = 0, include_tax: bool | None = None) -> dict[str, Any]:
    given_back = [{"line_id": line_id, "amount_minor": amount, "tax_minor": tax} for line_id, amount, tax in lines]
    return {"lines": given_back, "lines_include_tax": include_tax, "unsplit_minor": unsplit}


def left(lines: list[dict[str, Any]], refunds: list[dict[str, Any]], status: str = "paid", inside: bool = True) -> Any:
    sale = value(Parts(status, inside, lines, refunds, 1000, 0, 0))
    return lines_left(lines, refunds, inside, sale)


def nets(*arguments: Any, **options: Any) -> list[int]:
    return [one.net_minor for one in left(*arguments, **options)]


def test_a_line_keeps_its_category_and_sku_and_loses_what_was_given_back_of_it():
    found = left([line("1", 10000, 1800), line("2", 5000, 900)], [refund(("1", 5900, 900))])
    assert found == (SoldLine("category 1", "SKU-1", 5000, 900), SoldLine("category 2", "SKU-2", 5000, 900))


def test_a_refund_without_tax_inside_takes_what_it_says():
    lines = [line("1", 10000, 1800), line("2", 5000)]
    assert nets(lines, [refund(("1", 5000, 900))], inside=False) == [5000, 5000]
    assert nets(lines, [refund(("1", 5000, 900), include_tax=False)]) == [5000, 5000]


def test_a_gift_card_bought_is_no_line_of_the_sale():
    assert nets([line("1", 3000), line("2", 5000, gift_card=True)], [refund(("2", 5000, 0))]) == [3000]
    assert left([line("2", 5000, gift_card=True)], []) == ()


def test_a_refund_of_a_line_nobody_knows_is_taken_from_all_of_them():
    assert nets([line("1", 3000), line("2", 1000)], [refund(("custom", 400, 0))]) == [2700, 900]


def test_more_given_back_of_a_line_than_it_was_is_taken_from_the_others():
    assert nets([line("1", 3000), line("2", 1000)], [refund(("2", 1500, 0))]) == [2500, 0]


def test_a_line_below_zero_is_a_discount_on_the_others():
    assert nets([line("1", 3000), line("2", 1000), line("discount", -400)], []) == [2700, 900, 0]


def test_a_sum_given_back_by_mistake_and_taken_again_is_shared_by_what_the_lines_were_sold_for():
    taken_again = refund(("1", 300, 0), ("2", 100, 0), ("correction", -200, 0))
    assert nets([line("1", 300), line("2", 100)], [taken_again]) == [150, 50]


def test_nothing_is_left_of_a_refunded_order():
    assert nets([line("1", 3000), line("2", 1000)], [], status="refunded") == [0, 0]


amounts = st.integers(-300, 100_000)
ids = st.sampled_from(["1", "2", "3", "?"])
some_lines = st.lists(st.builds(line, ids, amounts, st.integers(0, 20_000), st.booleans()), max_size=5)
some_refunds = st.lists(
    st.builds(
        lambda lines, unsplit, inside: refund(*lines, unsplit=unsplit, include_tax=inside),
        st.lists(st.tuples(ids, st.integers(-100, 50_000), st.integers(0, 9_000)), max_size=3),
        st.integers(0, 50_000),
        st.none() | st.booleans(),
    ),
    max_size=3,
)


@given(some_lines, some_refunds, st.booleans(), st.sampled_from(["paid", "refunded"]))
def test_the_lines_sum_to_what_is_left_of_the_sale_to_the_unit(lines, refunds, inside, status):
    sale = value(Parts(status, inside, lines, refunds, 1000, 500, 0))
    found = lines_left(lines, refunds, inside, sale)
    assert sum(one.net_minor for one in found) == max(0, sale.net_minor - sale.refunded_minor)
    assert sum(one.net_tax_minor for one in found) == max(0, sale.net_tax_minor - sale.refunded_tax_minor)
    assert all(one.net_minor >= 0 and one.net_tax_minor >= 0 for one in found)
