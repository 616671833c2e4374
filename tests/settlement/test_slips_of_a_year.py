"""The sums of a year, months and employment across campaigns and corrections. Three campaigns in two months.

Dan, 2.25 credit points, on the tables of 2026. April: 10,000.00, then 11,000.00; May: 6,000.00. April as one slip of
21,000.00 would be 2,991.50 income tax, 1,010.90 national insurance and 936.26 health insurance; May 600.00 - 544.50 =
55.50, 62.40 and 193.80.
"""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.documents.issue import contents_of
from campaigns.models import Campaign, Payslip
from campaigns.planning import life
from campaigns.settlement.books.check import breaches
from campaigns.settlement.correcting.corrections import affected, issue_correction
from campaigns.settlement.payslips import employment_start
from tests import factories
from tests.settlement.slips import AFTER, NEW, OLD, agency, amounts, dan, income_tax_row, slip

APRIL, MAY = date(2026, 4, 30), date(2026, 5, 31)
IN_APRIL = {"income_tax": 299_150, "national_insurance": 101_090, "health_insurance": 93_626}
IN_MAY = {"income_tax": 5_550, "national_insurance": 6_240, "health_insurance": 19_380}


def three(session: Session, **payee: Any) -> list[Payslip]:
    """Two slips in April, one in May."""
    person = dan(session, **payee)
    return [slip(session, person, gross, on) for gross, on in ((1_000_000, APRIL), (1_100_000, APRIL), (600_000, MAY))]


def of_the_year(row: Payslip) -> dict[str, int]:
    year = contents_of(row.document)["year_to_date"]
    return {name: year[f"{name}_minor"] for name in ("gross", "net", *IN_MAY)}


def test_a_month_in_two_slips_comes_to_what_it_would_in_one(session: Session):
    april, again, may = three(session)
    assert {name: amounts(april, again)[name] for name in IN_APRIL} == IN_APRIL
    assert {name: amounts(may)[name] for name in IN_MAY} == IN_MAY


def test_each_slip_shows_the_year_up_to_itself(session: Session):
    april, again, may = three(session)
    assert of_the_year(april)["gross"] == 1_000_000
    assert of_the_year(again) == {"gross": 2_100_000, "net": 1_606_134, **IN_APRIL}
    both = {name: IN_APRIL[name] + IN_MAY[name] for name in IN_MAY}
    assert of_the_year(may) == {"gross": 2_700_000, "net": 1_606_134 + 568_830, **both}


def test_a_year_begins_anew_and_so_do_the_credits(session: Session):
    person = dan(session)
    slip(session, person, 2_100_000, date(2025, 12, 31))
    january = slip(session, person, 600_000, date(2026, 1, 31))
    assert of_the_year(january) == {"gross": 600_000, "net": 568_830, **IN_MAY}


@pytest.mark.parametrize("in_may", [600_000, 100_000])
def test_the_year_after_corrections_is_what_it_would_have_been(session: Session, in_may: int):
    income_tax_row(session, OLD)
    person = dan(session)
    slips = [slip(session, person, gross, APRIL) for gross in (1_800_000, 300_000)]
    income_tax_row(session, NEW)
    corrections = [issue_correction(session, found.payslip, agency(), AFTER) for found in affected(session, 2026)]
    slips.append(slip(session, person, in_may, MAY))
    other = dan(session)
    straight = [slip(session, other, gross, on) for gross, on in ((1_800_000, APRIL), (300_000, APRIL), (in_may, MAY))]
    assert of_the_year(slips[-1]) == of_the_year(straight[-1])
    assert amounts(*slips, *(row for row in corrections if row)) == amounts(*straight)
    assert breaches(session) == []


def test_the_last_correction_shows_the_year_with_all_of_them(session: Session):
    income_tax_row(session, OLD)
    slips = three(session)
    income_tax_row(session, NEW)
    *_, last = [issue_correction(session, found.payslip, agency(), AFTER) for found in affected(session, 2026)]
    assert last is not None
    both = {name: IN_APRIL[name] + IN_MAY[name] for name in IN_MAY}
    assert of_the_year(last) == {"gross": 2_700_000, "net": 1_606_134 + 568_830, **both}
    assert last.corrects_id == slips[1].id


def test_somebody_else_s_slips_count_for_nobody_but_them(session: Session):
    slip(session, dan(session), 2_100_000, APRIL)
    assert of_the_year(slip(session, dan(session), 600_000, MAY))["gross"] == 600_000


def test_employment_begins_with_the_first_campaign(session: Session):
    *_, may = three(session)
    about = contents_of(may.document)
    assert (about["employee"]["employment_start"], about["employee"]["seniority_months"]) == ("2026-05-01", 0)
    assert about["facts"]["months_worked"] == 1


def test_a_campaign_that_begins_at_midnight_begins_on_the_day_it_is_where_it_runs(session: Session):
    person = dan(session)
    midnight = datetime(2026, 4, 30, 21, 0, tzinfo=UTC)  # the first of May in Jerusalem
    factories.participation(session, campaign=factories.campaign(session, starts_at=midnight), influencer=person)
    (campaign,) = session.scalars(select(Campaign))
    life.launch(session, campaign, factories.BEFORE, "one is enough for this test")
    assert employment_start(session, person, MAY) == date(2026, 5, 1)


def test_employment_that_is_on_record_is_counted_from_its_month(session: Session):
    *_, may = three(session, employment_start="2026-02-15")
    about = contents_of(may.document)
    assert (about["employee"]["employment_start"], about["employee"]["seniority_months"]) == ("2026-02-15", 3)
    assert about["facts"]["months_worked"] == 4


def test_a_correction_counts_no_month_and_changes_no_fact_of_the_slip(session: Session):
    income_tax_row(session, OLD)
    one = slip(session, dan(session, employment_start="2026-02-15"), 2_100_000, APRIL)
    income_tax_row(session, NEW)
    correction = issue_correction(session, one, agency(), AFTER)
    assert correction is not None
    before, after = contents_of(one.document), contents_of(correction.document)
    assert (after["facts"], after["employee"]) == (before["facts"], before["employee"])


def test_what_became_of_the_payee_since_changes_no_correction(session: Session):
    income_tax_row(session, OLD)
    person = dan(session)
    one = slip(session, person, 2_100_000, APRIL)
    income_tax_row(session, NEW)
    person.credit_points_hundredths, person.second_employer = None, True
    correction = issue_correction(session, one, agency(), AFTER)
    assert correction is not None and correction.net_minor == 31_350


def test_a_coordination_counts_on_its_days_and_is_kept_with_the_slip(session: Session):
    """10 % of 5,000.00 and 47 % of 1,000.00 while it holds; 47 % of 6,000.00 after it."""
    person = dan(session, second_employer=True, credit_points=None)
    days = {"from_date": date(2026, 1, 1), "to_date": APRIL}
    steps = [{"upto_minor": 500_000, "rate_bps": 1_000}, {"upto_minor": None, "rate_bps": 4_700}]
    factories.certificate(session, influencer=person, kind="coordination", rate_bps=None, steps=steps, **days)
    april, may = (slip(session, person, 600_000, on) for on in (APRIL, MAY))
    assert (april.income_tax_minor, may.income_tax_minor) == (50_000 + 47_000, 282_000)
    assert contents_of(april.document)["facts"]["coordination"] == [[500_000, 1_000], [None, 4_700]]
    assert affected(session, 2026) == []


def test_an_insurance_coordination_charges_its_part_at_the_reduced_rate(session: Session):
    """1.04 % of 2,000.00 and 7 % of 4,000.00 in place of 7 % of all."""
    person = dan(session, second_employer=True, credit_points=None)
    steps = [{"upto_minor": 200_000, "rate_bps": 0}]
    factories.certificate(session, influencer=person, kind="insurance_coordination", rate_bps=None, steps=steps)
    assert slip(session, person, 600_000, APRIL).national_insurance_minor == 2_080 + 28_000


def test_who_is_withheld_on_the_year_pays_what_two_even_months_would_cost(session: Session):
    """April 6,000.00: 55.50. With 21,000.00 in May two months of 13,500.00: 2 x (1,816.00 - 544.50) = 2,543.00."""
    person = dan(session, cumulative=True, employment_start="2026-04-01")
    april = slip(session, person, 600_000, APRIL)
    may = slip(session, person, 2_100_000, MAY)
    assert (amounts(april)["income_tax"], amounts(may)["income_tax"]) == (5_550, 254_300 - 5_550)
    assert amounts(may)["national_insurance"] == IN_APRIL["national_insurance"]  # is of the month in any case
    assert breaches(session) == []
