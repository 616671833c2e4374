"""Converting by a rate: exact through major units, rounded once, whatever decimals the currencies have."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.commissions.exchange import convert_sale, converted, format_rate, parse_rate
from campaigns.commissions.sale import Sale, SoldLine
from campaigns.errors import Unreadable
from campaigns.money import parse_minor

CURRENCIES = st.sampled_from(["JPY", "ILS", "USD", "KWD"])
RATES = st.integers(1, 10**9)


@pytest.mark.parametrize(
    ("amount", "pair", "rate", "worth"),
    [
        (10_000, ("USD", "ILS"), 3_652_100, 36_521),  # 100.00 dollars
        (1_000, ("JPY", "ILS"), 24_500, 2_450),  # 1,000 yen, which have no decimals
        (1_250, ("KWD", "ILS"), 12_000_000, 1_500),  # 1.250 dinars, which have three
        (36_521, ("ILS", "JPY"), 40_000_000, 14_608),  # 365.21 shekels are 14,608.4 yen
        (1, ("USD", "ILS"), 3_500_000, 4),  # 3.5 agorot: half away from zero
        (-1, ("USD", "ILS"), 3_500_000, -4),
    ],
)
def test_an_amount_is_worth_what_a_pencil_says(amount: int, pair: tuple[str, str], rate: int, worth: int):
    assert converted(amount, *pair, rate) == worth


ROW = re.compile(r"^\| ([\d.,]+) ([A-Z]{3})[^|]*\| ([\d.]+) \| ([\d.]+) ([A-Z]{3})", re.MULTILINE)


def test_the_documented_amounts_come_out():
    rows = ROW.findall((Path(__file__).parents[2] / "docs/billing.md").read_text(encoding="utf-8"))
    assert len(rows) == 4
    for amount, one, rate, worth, other in rows:
        minor = parse_minor(amount.replace(",", ""), one)
        assert converted(minor, one, other, parse_rate(rate)) == parse_minor(worth, other)


@given(st.integers(-(10**12), 10**12), CURRENCIES, CURRENCIES, RATES)
def test_what_is_taken_back_is_what_was_given(amount: int, one: str, other: str, rate: int):
    assert converted(-amount, one, other, rate) == -converted(amount, one, other, rate)


def test_each_figure_of_a_sale_is_rounded_by_itself():
    sale = convert_sale(Sale(10_001, 1_801, 3_333, 600), "USD", "ILS", 3_500_000)
    assert sale == Sale(35_004, 6_304, 11_666, 2_100)


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=6), CURRENCIES, RATES)
def test_the_lines_of_a_converted_sale_sum_to_it(nets: list[int], currency: str, rate: int):
    lines = tuple(SoldLine("", str(number), net, 0) for number, net in enumerate(nets))
    sale = convert_sale(Sale(sum(nets), 0, 0, 0, lines), "USD", "EUR", rate)
    assert sale is not None and sum(line.net_minor for line in sale.lines) == sale.net_minor


def test_a_sale_in_the_campaigns_currency_stays_and_one_without_a_rate_is_nothing():
    sale = Sale(10_000, 0, 0, 0)
    assert convert_sale(sale, "ILS", "ILS", None) is sale
    assert convert_sale(sale, "USD", "ILS", None) is None


@pytest.mark.parametrize("text", ["0", "-1", "3.6521001", "1e3", "٣", "", "3,6,5", "99999999"])
def test_what_is_no_rate_is_refused(text: str):
    with pytest.raises(Unreadable):
        parse_rate(text)


@given(RATES)
def test_a_rate_is_read_as_it_is_written(rate: int):
    assert parse_rate(format_rate(rate)) == rate
