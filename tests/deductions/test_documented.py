"""docs/deductions.md says what is shipped, and its examples are what the engine makes of them."""

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from campaigns.deductions.schemes import schemes
from campaigns.deductions.tables import shipped
from campaigns.money import format_minor, parse_minor
from tests.deductions.working import paid, slip

PAGE = (Path(__file__).parents[2] / "docs" / "deductions.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("|")]


def test_every_shipped_table_is_listed_with_its_confidence():
    listed = {row[0].strip("`"): row[2] for row in ROWS if re.fullmatch(r"`[A-Z]{2}\.[a-z0-9_.]+`", row[0]) and row[3:]}

    assert list(listed) != []
    assert set(listed) == set(shipped().names())
    for table, said in listed.items():
        words = set(re.findall(r"medium-high|high|medium|low", said))
        assert words == {row.confidence for row in shipped().rows(table)}, table


def test_every_shipped_scheme_is_listed():
    listed = {row[0].strip("`") for row in ROWS if len(row) == 2 and row[0].startswith("`")}

    assert {one.code for one in schemes()} <= listed


def test_the_payslip_of_the_page_is_what_comes_out():
    worked = slip()
    (_, said, amount) = next(row for row in ROWS if row[0] == "income tax")

    for line in (*worked.lines, *worked.employer_lines):
        (row,) = [row for row in ROWS if row[0].lower() == line.label.lower() and len(row) == 3]
        assert row[1:] == [line.as_contents("ILS")["formula"], format_minor(line.amount_minor, "ILS")]
    assert f"**{format_minor(worked.net_minor, 'ILS')}**" in PAGE
    assert (said, amount) == ("7,010.00 × 10% + 1,420.50 × 14% − 2.75 × 242.00", "234.37")


@pytest.mark.parametrize("row", [row for row in ROWS if "dealer," in row[0]], ids=lambda row: row[0])
def test_the_invoices_of_the_page_are_what_comes_out(row):
    dealer, percent = re.fullmatch(r"(\w+) dealer, (\d+) %", row[0]).groups()
    worked = paid(
        "IL.supplier", 843050, date(2026, 5, 31), dealer=dealer, withholding_agent=True,
        withholding_rate_bps=int(Decimal(percent) * 100),
    )  # fmt: skip
    vat, withheld, net = (parse_minor(amount.replace(",", ""), "ILS") for amount in row[1:])

    assert sum(line.amount_minor for line in worked.additions) == vat
    assert (worked.lines[0].amount_minor, worked.net_minor) == (withheld, net)
