"""Payments to Russia, the United States and the European Union: the same engine, other data."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.deductions.worked_out import WorkedOut
from campaigns.errors import Invalid, MissingTableRow
from tests.deductions.working import earlier, paid

APRIL = date(2026, 4, 30)


def gph(rubles: int, *before: WorkedOut, **changes) -> WorkedOut:
    """A payment under a Russian contract, after others of the year."""
    year = earlier(*before) if before else None
    return paid("RU.gph", rubles * 100, APRIL, currency="RUB", this_year=year, **changes)


@pytest.mark.parametrize(
    ("rubles", "tax"),
    [
        (2_400_000, 312_000),  # 13 %
        (3_000_000, 402_000),  # and 15 % of 600,000
        (6_000_000, 882_000),  # 312,000 + 15 % of 2,600,000 + 18 % of 1,000,000
        (60_000_000, 312_000 + 390_000 + 2_700_000 + 6_000_000 + 2_200_000),
    ],
)
def test_ndfl_has_its_steps_on_the_income_of_the_year(rubles, tax):
    assert gph(rubles).amounts["ndfl"] == tax * 100


def test_a_payment_that_crosses_a_step_pays_only_its_own_part_of_it():
    first = gph(2_300_000)
    second = gph(200_000, first)

    assert second.amounts["ndfl"] == (100_000 * 13 + 100_000 * 15)  # rates of rubles, in kopecks
    assert second.as_contents()["lines"][0]["base_minor"] == 250_000_000


def test_ndfl_is_in_whole_rubles():
    worked = paid("RU.gph", 10010, APRIL, currency="RUB")  # 13 % of 100.10 is 13.013

    assert worked.amounts["ndfl"] == 1300


def test_a_non_resident_pays_thirty_percent_of_everything():
    assert gph(3_000_000, resident=False).amounts["ndfl"] == 90_000_000


def test_the_payers_contributions_fall_above_the_base_of_the_year():
    # 30 % of 2,979,000 and 15.1 % of 21,000
    worked = gph(3_000_000)

    assert worked.amounts["contributions"] == 89_370_000 + 317_100
    assert worked.net_minor == 300_000_000 - 40_200_000
    assert worked.employer_cost_minor == 300_000_000 + worked.amounts["contributions"]


@given(st.lists(st.integers(0, 4_000_000), min_size=1, max_size=5))
def test_a_year_in_several_payments_comes_to_the_same_as_in_one(parts):
    slips: list[WorkedOut] = []
    for part in parts:
        slips.append(gph(part, *slips))

    assert earlier(*slips).taken == gph(sum(parts)).amounts


def test_contributions_of_a_year_without_a_row_are_refused():
    with pytest.raises(MissingTableRow, match=r"RU\.contributions\.payer has no row for 2025-04-30"):
        paid("RU.gph", 100, date(2025, 4, 30), currency="RUB")


def test_an_amount_in_other_money_than_the_tables_is_refused():
    with pytest.raises(Invalid, match="RUB"):
        paid("RU.gph", 100, APRIL, currency="USD")


def test_the_self_employed_of_russia_get_everything_and_owe_a_receipt():
    worked = paid("RU.npd", 1000000, APRIL, currency="RUB")

    assert worked.net_minor == 1000000
    assert worked.needs == ("The receipt of the self-employed (chek) for this payment",)
    assert worked.as_contents()["information"][0]["amount_minor"] == 60000  # the payee's own 6 %


def test_a_receipt_that_is_there_is_not_asked_for():
    assert paid("RU.npd", 1000000, APRIL, currency="RUB", receipt=True).needs == ()


@pytest.mark.parametrize(("on", "threshold"), [(date(2025, 12, 31), 60000), (date(2026, 1, 1), 200000)])
def test_a_contractor_of_the_united_states_is_told_the_years_threshold(on, threshold):
    first = paid("US.contractor", 50000, on, currency="USD")
    second = paid("US.contractor", 70000, on, currency="USD", this_year=earlier(first))

    (told,) = second.information
    assert (told.base_minor, told.amount_minor) == (120000, threshold)
    assert second.net_minor == 70000


def test_a_year_without_a_threshold_is_said_and_stops_no_payment():
    worked = paid("US.contractor", 70000, date(2027, 1, 31), currency="USD")
    (told,) = worked.as_contents()["information"]

    assert worked.net_minor == 70000
    assert told["amount_minor"] is None
    assert told["missing"]["facts"]["table"] == "US.1099_nec"


@pytest.mark.parametrize("currency", ["EUR", "USD", "JPY"])
def test_a_freelancer_of_the_union_gets_the_whole_amount_in_any_money(currency):
    worked = paid("EU.freelancer", 843050, APRIL, currency=currency)

    assert worked.net_minor == worked.employer_cost_minor == 843050
    assert worked.all_lines == worked.tables == ()
