"""Payslips: amounts a person can check by hand, a reference set, and what must hold for any month."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.deductions.payroll import PayFacts, Payslip, deductions
from campaigns.errors import Invalid, MissingTableRow

REFERENCE = Path(__file__).parents[2] / "../shared/tax/cases.json"


def facts(**changes) -> PayFacts:
    """A resident employee with 2.75 credit points in June 2026."""
    usual = {"country": "IL", "on": date(2026, 6, 30), "gross_minor": 843050, "credit_points": Decimal("2.75")}
    return PayFacts(**{**usual, **changes})


def amounts(slip: Payslip) -> dict[str, int]:
    return {line.code: line.amount_minor for line in (*slip.lines, *slip.employer_lines)}


def earlier(*slips: Payslip) -> tuple[int, dict[str, int]]:
    """What a third payslip of a month is told about the two before it."""
    codes = amounts(slips[0])
    return sum(slip.gross_minor for slip in slips), {code: sum(amounts(slip)[code] for slip in slips) for code in codes}


def test_every_reference_case_comes_out_to_the_agora():
    if not REFERENCE.exists():
        pytest.skip(f"{REFERENCE} is not on this machine")
    for case in json.loads(REFERENCE.read_text())["cases"]:
        given_ = case["in"] | {"on": date.fromisoformat(case["in"]["on"])}
        points = given_.pop("credit_points", None)
        pay = PayFacts(**given_, credit_points=Decimal(points) if points else None)
        if "refused" in case:
            with pytest.raises(MissingTableRow, match="national_insurance"):
                deductions(pay)
            continue
        slip = deductions(pay)
        assert amounts(slip) | {"net": slip.net_minor} == case["out"] | case["employer"], case["id"]


def test_brackets_less_credit_points():
    # 7,010.00 x 10% = 701.00; 990.00 x 14% = 138.60; 2.25 x 242.00 = 544.50
    slip = deductions(facts(gross_minor=800000, credit_points=Decimal("2.25")))

    assert amounts(slip)["income_tax"] == 70100 + 13860 - 54450


def test_credits_beyond_the_tax_give_nothing_back():
    slip = deductions(facts(gross_minor=100000))

    assert slip.lines[0].amount_minor == 0
    assert slip.as_contents()["lines"][0]["formula"] == "1,000.00 × 10% − 2.75 × 242.00 < 0"


def test_nothing_is_charged_above_the_insurance_ceiling():
    at_ceiling, far_above = (amounts(deductions(facts(gross_minor=minor))) for minor in (5191000, 9000000))

    for code in ("national_insurance", "health_insurance", "employer_national_insurance"):
        assert at_ceiling[code] == far_above[code]


def test_without_form_101_the_flat_rate_is_due_and_insurance_stays_ordinary():
    slip = deductions(facts(gross_minor=500000, credit_points=None))

    assert amounts(slip)["income_tax"] == 235000  # 47 % of 5,000.00
    assert amounts(slip)["national_insurance"] == 5200  # 1.04 % of 5,000.00


def test_a_certificate_replaces_the_flat_rate_as_far_as_it_reaches():
    certificate = ((300000, 1000), (None, 2500))
    slip = deductions(facts(gross_minor=500000, second_employer=True, coordination=certificate))

    assert amounts(slip)["income_tax"] == 30000 + 50000  # 3,000.00 x 10% + 2,000.00 x 25%
    assert amounts(slip)["national_insurance"] == 35000  # 7 % from the first shekel, certificate or not


def test_above_a_certificate_that_ends_the_flat_rate_is_back():
    slip = deductions(facts(gross_minor=500000, second_employer=True, coordination=((300000, 1000),)))

    assert amounts(slip)["income_tax"] == 30000 + 94000  # 3,000.00 x 10% + 2,000.00 x 47%


def test_a_certificate_lifts_nothing_where_the_ordinary_table_applies():
    assert amounts(deductions(facts(coordination=((None, 1000),)))) == amounts(deductions(facts()))


def test_a_second_employer_stops_at_the_ceiling_too():
    slip = deductions(facts(gross_minor=6000000, second_employer=True))

    assert amounts(slip)["national_insurance"] == 363370  # 51,910.00 x 7%


def test_form_101_that_arrives_within_the_month_gives_the_flat_rate_back():
    first = deductions(facts(gross_minor=500000, credit_points=None))
    second = deductions(facts(gross_minor=0, earlier_this_month=earlier(first)))

    assert amounts(second)["income_tax"] == -235000
    assert second.net_minor == 235000


def test_a_second_payslip_shows_the_whole_month_less_what_was_taken():
    first = deductions(facts(gross_minor=700000))
    second = deductions(facts(gross_minor=143050, earlier_this_month=earlier(first)))
    line = second.as_contents()["lines"][0]

    assert line["base_minor"] == 843050
    assert line["formula"] == "7,010.00 × 10% + 1,420.50 × 14% − 2.75 × 242.00 − 34.50"
    assert line["amount_minor"] == 23437 - 3450


def test_contents_are_plain_and_carry_every_step():
    line = deductions(facts()).as_contents()["lines"][0]

    assert line["steps"] == [
        {"part_minor": 701000, "rate": "0.10", "amount": "701.00", "kind": "bracket"},
        {"part_minor": 142050, "rate": "0.14", "amount": "198.87", "kind": "bracket"},
        {"part_minor": 24200, "rate": "2.75", "amount": "-665.50", "kind": "credit"},
    ]
    assert json.loads(json.dumps(deductions(facts()).as_contents())) == deductions(facts()).as_contents()


def test_contents_name_the_dated_rows_they_rest_on():
    tables = deductions(facts(on=date(2025, 1, 31))).as_contents()["tables"]

    assert {row["table"]: row["from"] for row in tables}["IL.health_insurance.employee"] == "2025-01-01"


def test_gross_of_nothing_makes_a_payslip_of_nothing():
    slip = deductions(facts(gross_minor=0))

    assert set(amounts(slip).values()) == {0}
    assert slip.net_minor == slip.employer_cost_minor == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("gross_minor", -1),
        ("credit_points", Decimal("NaN")),
        ("credit_points", Decimal("-1")),
        ("coordination", ((500000, 1000), (300000, 2000))),
        ("coordination", ((None, 1000), (300000, 2000))),
        ("coordination", ((None, 10001),)),
        ("earlier_this_month", (100000, {"income_tax": 0})),
    ],
)
def test_facts_that_cannot_be_are_refused_by_field(field, value):
    with pytest.raises(Invalid) as refusal:
        deductions(facts(**{field: value}))

    assert list(refusal.value.errors) == [field]


def test_a_country_without_tables_is_refused_by_name():
    with pytest.raises(MissingTableRow, match="RU"):
        deductions(facts(country="RU"))


months = st.builds(
    facts,
    on=st.dates(date(2025, 1, 1), date(2026, 12, 31)),
    gross_minor=st.integers(0, 12_000_000),
    credit_points=st.none() | st.decimals(0, 12, places=2),
    second_employer=st.booleans(),
    coordination=st.sampled_from([(), ((None, 1000),), ((400000, 1000), (None, 3100))]),
)


@given(months)
def test_net_is_gross_less_the_lines_and_each_line_is_its_steps_rounded(pay):
    slip = deductions(pay)

    assert slip.net_minor == pay.gross_minor - sum(line.amount_minor for line in slip.lines)
    for line in slip.as_contents()["lines"]:
        exact = max(0, sum(Fraction(step["amount"]) * 100 for step in line["steps"]))
        assert abs(line["amount_minor"] - exact) <= Fraction(1, 2)


@given(months, st.integers(100, 1_000_000))
def test_a_shekel_more_gross_is_always_more_net(pay, more):
    # Rates sum to 59.17 % at most. Below a few agorot the rounding of three lines can outweigh the rise.
    richer = PayFacts(**{**vars(pay), "gross_minor": pay.gross_minor + more})

    assert deductions(richer).net_minor > deductions(pay).net_minor


@given(months, st.lists(st.integers(0, 100), min_size=1, max_size=3))
def test_a_month_in_several_payslips_comes_to_the_same_as_in_one(pay, percents):
    whole = deductions(pay)
    parts = [pay.gross_minor * percent // 300 for percent in percents]
    slips: list[Payslip] = []
    for part in [*parts, pay.gross_minor - sum(parts)]:
        before = earlier(*slips) if slips else None
        slips.append(deductions(PayFacts(**{**vars(pay), "gross_minor": part, "earlier_this_month": before})))

    assert earlier(*slips) == (pay.gross_minor, amounts(whole))
    assert sum(slip.net_minor for slip in slips) == whole.net_minor
