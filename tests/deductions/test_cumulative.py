"""Income tax withheld on the year so far: the table and the credits times the months, less what was taken."""

from datetime import date
from decimal import Decimal

import pytest

from campaigns.deductions.facts import Earlier
from campaigns.errors import Invalid
from tests.deductions.working import earlier, slip

POINTS = Decimal("2.25")


def tax(on: date, gross_minor: int, **changes):
    return slip(on=on, gross_minor=gross_minor, credit_points=POINTS, cumulative=True, **changes)


def test_the_first_month_of_the_year_is_as_any_month():
    monthly = slip(on=date(2026, 1, 31), gross_minor=2000000, credit_points=POINTS)

    assert tax(date(2026, 1, 31), 2000000).amounts == monthly.amounts


def test_a_month_after_one_without_pay_uses_the_steps_of_both():
    # 20,000.00 in February after nothing in January: 14,020.00 x 10% + 5,980.00 x 14% - 4.5 x 242.00
    line = tax(date(2026, 2, 28), 2000000).as_contents()["lines"][0]

    assert line["amount_minor"] == 140200 + 83720 - 108900
    assert line["formula"] == "14,020.00 × 10% + 5,980.00 × 14% − 4.50 × 242.00"


def test_the_year_so_far_gives_back_what_a_rich_month_took_too_much():
    # January 20,000.00: 701.00 + 427.00 + 1,788.00 + 310.00 - 544.50 = 2,681.50; February nothing
    january = tax(date(2026, 1, 31), 2000000)
    february = tax(date(2026, 2, 28), 0, this_year=earlier(january))

    assert january.amounts["income_tax"] == 268150
    assert february.amounts["income_tax"] == 115020 - 268150
    assert february.amounts["national_insurance"] == 0


def test_twelve_even_months_come_to_twelve_times_the_months_tax():
    slips = []
    for month in range(1, 13):
        before = earlier(*slips) if slips else None
        slips.append(tax(date(2026, month, 28), 1200000, this_year=before))

    monthly = slip(on=date(2026, 1, 28), gross_minor=1200000, credit_points=POINTS)
    assert [one.amounts["income_tax"] for one in slips] == [monthly.amounts["income_tax"]] * 12


def test_who_began_in_june_has_the_steps_of_the_months_since():
    june = tax(date(2026, 6, 30), 1000000, months_worked=1)
    january = tax(date(2026, 1, 31), 1000000)

    assert june.amounts["income_tax"] == january.amounts["income_tax"]


def test_two_payslips_of_a_month_are_one_in_the_year():
    first = tax(date(2026, 2, 10), 1200000)
    second = tax(date(2026, 2, 28), 800000, this_month=earlier(first), this_year=earlier(first))

    both = first.amounts["income_tax"] + second.amounts["income_tax"]
    assert both == tax(date(2026, 2, 28), 2000000).amounts["income_tax"]


def test_a_month_without_its_year_is_refused():
    with pytest.raises(Invalid, match="this_year"):
        tax(date(2026, 2, 28), 0, this_month=Earlier(0, {}))
