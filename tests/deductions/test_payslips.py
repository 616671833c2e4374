"""Payslips of Israel: amounts a person can check by hand, a reference set, and what must hold for any month."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.deductions.facts import Earlier, Facts
from campaigns.deductions.worked_out import WorkedOut
from campaigns.errors import Invalid, MissingTableRow
from tests.deductions.working import earlier, facts, slip

REFERENCE = Path(__file__).parents[2] / "../shared/tax/cases.json"
INSURANCE = ("national_insurance", "health_insurance", "employer_national_insurance")


def test_every_reference_case_comes_out_to_the_agora():
    if not REFERENCE.exists():
        pytest.skip(f"{REFERENCE} is not on this machine")
    for case in json.loads(REFERENCE.read_text())["cases"]:
        points = case["in"].get("credit_points")
        pay = Facts(
            on=date.fromisoformat(case["in"]["on"]),
            gross_minor=case["in"]["gross_minor"],
            credit_points=Decimal(points) if points else None,
            second_employer=case["in"].get("second_employer", False),
        )
        if "refused" in case:
            with pytest.raises(MissingTableRow, match="national_insurance"):
                slip(pay)
            continue
        assert slip(pay).amounts | {"net": slip(pay).net_minor} == case["out"] | case["employer"], case["id"]


def test_brackets_less_credit_points():
    # 7,010.00 x 10% = 701.00; 990.00 x 14% = 138.60; 2.25 x 242.00 = 544.50
    worked = slip(gross_minor=800000, credit_points=Decimal("2.25"))

    assert worked.amounts["income_tax"] == 70100 + 13860 - 54450


def test_credits_beyond_the_tax_give_nothing_back():
    worked = slip(gross_minor=100000)

    assert worked.lines[0].amount_minor == 0
    assert worked.as_contents()["lines"][0]["formula"] == "1,000.00 × 10% − 2.75 × 242.00 < 0"


def test_nothing_is_charged_above_the_insurance_ceiling():
    below, at, above = (slip(gross_minor=5191000 + step).amounts for step in (-100, 0, 100))

    for code in INSURANCE:
        assert below[code] < at[code] == above[code]


def test_without_form_101_the_flat_rate_is_due_and_insurance_stays_ordinary():
    worked = slip(gross_minor=500000, credit_points=None)

    assert worked.amounts["income_tax"] == 235000  # 47 % of 5,000.00
    assert worked.amounts["national_insurance"] == 5200  # 1.04 % of 5,000.00


@pytest.mark.parametrize(("on", "health"), [(date(2025, 1, 31), 28984), (date(2025, 2, 1), 28993)])
def test_the_last_day_of_january_2025_still_has_the_old_health_rate(on: date, health: int):
    # 7,522.00 x 3.23% = 242.9606; 908.50 x 5.16% = 46.8786 and x 5.17% = 46.96945
    assert slip(on=on).amounts["health_insurance"] == health


def test_the_year_changes_between_new_years_eve_and_new_year():
    # 21,000.00 less 2.25 points: the 2026 row has its third and fourth steps elsewhere, which saves 313.50
    nets = [slip(on=day, gross_minor=2100000).amounts["income_tax"] for day in (date(2025, 12, 31), date(2026, 1, 1))]

    assert nets[0] - nets[1] == 31350


@pytest.mark.parametrize("changes", [{}, {"credit_points": None}, {"cumulative": True}])
def test_a_payslip_of_2027_is_refused_naming_the_row_to_enter(changes):
    with pytest.raises(MissingTableRow) as refusal:
        slip(on=date(2027, 1, 31), **changes)

    assert refusal.value.table in {"IL.national_insurance.employee", "IL.second_employer"}
    assert "2027-01-31" in str(refusal.value)
    assert "enter one (" in str(refusal.value)


def test_form_101_that_arrives_within_the_month_gives_the_flat_rate_back():
    first = slip(gross_minor=500000, credit_points=None)
    second = slip(gross_minor=0, this_month=earlier(first))

    assert second.amounts["income_tax"] == -235000
    assert second.net_minor == 235000


def test_a_second_payslip_shows_the_whole_month_less_what_was_taken():
    second = slip(gross_minor=143050, this_month=earlier(slip(gross_minor=700000)))
    line = second.as_contents()["lines"][0]

    assert line["base_minor"] == 843050
    assert line["formula"] == "7,010.00 × 10% + 1,420.50 × 14% − 2.75 × 242.00 − 34.50"
    assert line["amount_minor"] == 23437 - 3450


def test_contents_are_plain_and_carry_every_step():
    line = slip().as_contents()["lines"][0]

    assert line["steps"] == [
        {"part_minor": 701000, "rate": "0.10", "amount": "701.00", "kind": "bracket"},
        {"part_minor": 142050, "rate": "0.14", "amount": "198.87", "kind": "bracket"},
        {"part_minor": 24200, "rate": "2.75", "amount": "-665.50", "kind": "credit"},
    ]
    assert json.loads(json.dumps(slip().as_contents())) == slip().as_contents()


def test_contents_name_the_scheme_and_the_dated_rows_they_rest_on():
    contents = slip(on=date(2025, 1, 31)).as_contents()

    assert (contents["scheme"], contents["scheme_version"]) == ("IL.employee", 1)
    assert {row["table"]: row["from"] for row in contents["tables"]}["IL.health_insurance.employee"] == "2025-01-01"


def test_gross_of_nothing_makes_a_payslip_of_nothing():
    worked = slip(gross_minor=0)

    assert set(worked.amounts.values()) == {0}
    assert worked.net_minor == worked.employer_cost_minor == 0


def test_a_pension_is_in_the_scheme_and_not_on_the_payslip():
    assert set(slip().amounts) == {"income_tax", *INSURANCE}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("gross_minor", -1),
        ("credit_points", Decimal("NaN")),
        ("credit_points", Decimal("-1")),
        ("coordination", ((500000, 1000), (300000, 2000))),
        ("coordination", ((None, 1000), (300000, 2000))),
        ("coordination", ((None, 10001),)),
        ("reduced_part_minor", -1),
        ("months_worked", 13),
        ("dealer", "sole trader"),
        ("withholding_rate_bps", 10001),
        ("currency", "USD"),
        ("on", date(2023, 12, 31)),
        ("others", {"children": Decimal(2)}),
        ("this_month", Earlier(100000, {"income_tax": 0})),
        ("this_month", Earlier(-1, {})),
    ],
)
def test_facts_that_cannot_be_are_refused_by_field(field, value):
    with pytest.raises(Invalid) as refusal:
        slip(facts(**{field: value}))

    assert list(refusal.value.errors) == [field]


months = st.builds(
    facts,
    on=st.dates(date(2025, 1, 1), date(2026, 12, 31)),
    gross_minor=st.integers(0, 12_000_000),
    credit_points=st.none() | st.decimals(0, 12, places=2),
    second_employer=st.booleans(),
    coordination=st.sampled_from([(), ((None, 1000),), ((400000, 1000), (None, 3100))]),
    reduced_part_minor=st.sampled_from([None, 0, 300000, 10**9]),
)


@given(months)
def test_net_is_gross_less_the_lines_and_each_line_is_its_steps_rounded(pay: Facts):
    worked = slip(pay)

    assert worked.net_minor == pay.gross_minor - sum(line.amount_minor for line in worked.lines)
    for line in worked.as_contents()["lines"]:
        exact = max(0, sum(Fraction(step["amount"]) * 100 for step in line["steps"]))
        assert abs(line["amount_minor"] - exact) <= Fraction(1, 2)


@given(months, st.integers(100, 1_000_000))
def test_a_shekel_more_gross_is_always_more_net(pay: Facts, more: int):
    # Rates sum to 59.17 % at most. Below a few agorot the rounding of three lines can outweigh the rise.
    richer = Facts(**{**vars(pay), "gross_minor": pay.gross_minor + more})

    assert slip(richer).net_minor > slip(pay).net_minor


@given(months, st.lists(st.integers(0, 100), min_size=1, max_size=3))
def test_a_month_in_several_payslips_comes_to_the_same_as_in_one(pay: Facts, percents: list[int]):
    whole = slip(pay)
    parts = [pay.gross_minor * percent // 300 for percent in percents]
    slips: list[WorkedOut] = []
    for part in [*parts, pay.gross_minor - sum(parts)]:
        before = earlier(*slips) if slips else None
        slips.append(slip(Facts(**{**vars(pay), "gross_minor": part, "this_month": before})))

    assert earlier(*slips) == Earlier(pay.gross_minor, whole.amounts)
    assert sum(one.net_minor for one in slips) == whole.net_minor
