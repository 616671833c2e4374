"""A second employer in Israel: the full rates, and what certificates change about them."""

from datetime import date

import pytest

from campaigns.errors import MissingTableRow
from tests.deductions.working import earlier, slip


def test_a_second_employer_takes_the_full_rates_from_the_first_shekel():
    # 1,000.00: 47 %, 7 % and 5.17 %; the employer's part keeps its lower step of 4.51 %
    worked = slip(gross_minor=100000, second_employer=True)

    assert worked.amounts == {
        "income_tax": 47000, "national_insurance": 7000, "health_insurance": 5170,
        "employer_national_insurance": 4510,
    }  # fmt: skip


def test_a_second_employer_stops_at_the_ceiling_too():
    # 51,910.00 x 7 % = 3,633.70 and x 5.17 % = 2,683.747
    for gross in (5191000, 5191100, 9000000):
        worked = slip(gross_minor=gross, second_employer=True)
        assert worked.amounts["national_insurance"] == 363370
        assert worked.amounts["health_insurance"] == 268375


def test_a_second_employer_of_2024_is_refused_for_want_of_a_row():
    with pytest.raises(MissingTableRow, match=r"IL\.second_employer has no row for 2024-06-30"):
        slip(on=date(2024, 6, 30), second_employer=True)


def test_a_certificate_replaces_the_flat_rate_as_far_as_it_reaches():
    certificate = ((300000, 1000), (None, 2500))
    worked = slip(gross_minor=500000, second_employer=True, coordination=certificate)

    assert worked.amounts["income_tax"] == 30000 + 50000  # 3,000.00 x 10% + 2,000.00 x 25%
    assert worked.amounts["national_insurance"] == 35000  # 7 % from the first shekel, certificate or not


def test_above_a_certificate_that_ends_the_flat_rate_is_back():
    worked = slip(gross_minor=500000, second_employer=True, coordination=((300000, 1000),))

    assert worked.amounts["income_tax"] == 30000 + 94000  # 3,000.00 x 10% + 2,000.00 x 47%
    assert worked.as_contents()["lines"][0]["formula"] == "3,000.00 × 10% + 2,000.00 × 47%"


def test_a_certificate_also_stands_in_for_form_101():
    assert slip(gross_minor=100000, credit_points=None, coordination=((None, 1400),)).amounts["income_tax"] == 14000


def test_a_certificate_of_no_tax_leaves_none():
    worked = slip(second_employer=True, coordination=((None, 0),))

    assert worked.lines[0].amount_minor == 0
    assert worked.as_contents()["lines"][0]["steps"] == []


def test_a_certificate_lifts_nothing_where_the_ordinary_table_applies():
    assert slip(coordination=((None, 1000),)).amounts == slip().amounts


def test_a_certificates_steps_are_the_months_not_each_payslips():
    certificate = ((300000, 1000),)
    first = slip(gross_minor=250000, second_employer=True, coordination=certificate)
    second = slip(gross_minor=250000, second_employer=True, coordination=certificate, this_month=earlier(first))

    assert first.amounts["income_tax"] == 25000  # 2,500.00 x 10%
    assert second.amounts["income_tax"] == 30000 + 94000 - 25000


def test_an_insurance_coordination_leaves_a_part_of_the_reduced_step_here():
    # 3,000.00 x 1.04 % = 31.20 and 2,000.00 x 7 % = 140.00; 3,000.00 x 3.23 % = 96.90 and 2,000.00 x 5.17 % = 103.40
    worked = slip(gross_minor=500000, second_employer=True, reduced_part_minor=300000)

    assert worked.amounts["national_insurance"] == 3120 + 14000
    assert worked.amounts["health_insurance"] == 9690 + 10340


def test_an_insurance_coordination_of_the_whole_step_makes_contributions_ordinary():
    ordinary, coordinated = slip(), slip(second_employer=True, reduced_part_minor=770300)
    more = slip(second_employer=True, reduced_part_minor=900000)

    for code in ("national_insurance", "health_insurance"):
        assert ordinary.amounts[code] == coordinated.amounts[code] == more.amounts[code]
    assert coordinated.amounts["income_tax"] > ordinary.amounts["income_tax"]


def test_an_insurance_coordination_that_leaves_nothing_here_is_the_full_rate():
    full, coordinated = slip(second_employer=True), slip(second_employer=True, reduced_part_minor=0)

    assert full.amounts == coordinated.amounts


def test_an_insurance_coordination_lifts_nothing_at_the_main_employer():
    assert slip(reduced_part_minor=0).amounts == slip().amounts
