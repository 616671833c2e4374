"""Suppliers in Israel: VAT on top, tax withheld at source off, for a commission of 8,430.50."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.deductions.facts import Facts
from campaigns.deductions.tables import VERIFIED, Row, shipped
from campaigns.errors import MissingTableRow
from tests.deductions.working import paid

MAY = date(2026, 5, 31)
TABLE = "IL.supplier_withholding"
VERIFIED_RATES = Row(
    TABLE, date(2026, 1, 1), None, "an accountant", VERIFIED, {"with_books_rate": "0.20", "without_books_rate": "0.30"}
)


@pytest.mark.parametrize(
    ("dealer", "rate_bps", "net"),
    [
        ("licensed", 0, 994799),  # 8,430.50 + 18 %
        ("company", 0, 994799),
        ("licensed", 500, 952647),  # less 421.525, whose half stays with the payee
        ("licensed", 2000, 826189),
        ("licensed", 3000, 741884),
        ("exempt", 0, 843050),
        ("exempt", 3000, 590135),
        ("", 3000, 590135),
    ],
)
def test_a_certificates_rate_is_taken_off_the_amount_before_vat(dealer, rate_bps, net):
    worked = paid("IL.supplier", 843050, MAY, dealer=dealer, withholding_agent=True, withholding_rate_bps=rate_bps)

    assert worked.net_minor == net


@pytest.mark.parametrize(("keeps_books", "net"), [(True, 826189), (False, 741884)])
def test_without_a_certificate_the_verified_rates_are_due(keeps_books, net):
    tables = shipped().with_entered([VERIFIED_RATES])
    worked = paid(
        "IL.supplier", 843050, MAY, tables, dealer="licensed", withholding_agent=True, keeps_books=keeps_books
    )

    assert worked.net_minor == net
    assert TABLE in [row.table for row in worked.tables]


def test_without_a_certificate_nothing_is_guessed():
    with pytest.raises(MissingTableRow, match="with_books_rate, without_books_rate") as refusal:
        paid("IL.supplier", 843050, MAY, dealer="licensed", withholding_agent=True)

    assert refusal.value.table == TABLE


def test_who_is_no_withholding_agent_withholds_nothing_whatever_the_certificate_says():
    worked = paid("IL.supplier", 843050, MAY, dealer="exempt", withholding_rate_bps=3000)

    assert worked.lines == worked.additions == ()
    assert worked.net_minor == worked.employer_cost_minor == 843050


def test_vat_is_that_of_the_day():
    rates = [paid("IL.supplier", 10000, day, dealer="licensed") for day in (date(2024, 12, 31), date(2025, 1, 1))]

    assert [worked.additions[0].amount_minor for worked in rates] == [1700, 1800]


def test_contents_show_what_is_added_and_what_is_taken():
    contents = paid(
        "IL.supplier", 843050, MAY, dealer="licensed", withholding_agent=True, withholding_rate_bps=500
    ).as_contents()

    assert [(line["code"], line["formula"]) for line in contents["additions"]] == [("vat", "8,430.50 × 18%")]
    assert [(line["code"], line["formula"]) for line in contents["lines"]] == [("withholding", "8,430.50 × 5%")]


suppliers = st.builds(
    Facts,
    on=st.dates(date(2025, 1, 1), date(2026, 12, 31)),
    gross_minor=st.integers(0, 12_000_000),
    dealer=st.sampled_from(["", "exempt", "licensed", "company"]),
    withholding_agent=st.booleans(),
    withholding_rate_bps=st.integers(0, 10_000),
)


@given(suppliers)
def test_net_and_what_was_withheld_are_the_amount_and_its_vat(pay: Facts):
    worked = paid("IL.supplier", **vars(pay))

    added = sum(line.amount_minor for line in worked.additions)
    assert worked.net_minor + sum(line.amount_minor for line in worked.lines) == pay.gross_minor + added
    assert 0 <= worked.net_minor - added <= pay.gross_minor
