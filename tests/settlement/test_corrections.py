"""Correction runs. In early 2026 payslips were run on the steps of 2025; the law of spring set others from January on.

Dan earns 21,000.00 a month with 2.25 credit points (544.50). On the old steps his income tax is
701.00 + 427.00 + 1,218.00 + 1,503.50 - 544.50 = 3,305.00; on the new ones 701.00 + 427.00 + 1,788.00 + 620.00 - 544.50
= 2,991.50: he gets 313.50 back for every month. National insurance and health insurance are those of 2026 either way:
80.11 + 7 % of 13,297.00 = 1,010.90 and 248.81 + 5.17 % of 13,297.00 = 936.26.
"""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from campaigns.commissions.ledger import balance
from campaigns.deductions import entering
from campaigns.documents.issue import contents_of
from campaigns.errors import Conflict
from campaigns.models import Document, Payslip
from campaigns.settlement.books.check import breaches
from campaigns.settlement.correcting.corrections import affected, issue_correction
from campaigns.settlement.correcting.recomputing import FACTS_NOT_KEPT
from campaigns.settlement.paying.dues import dues
from tests import factories, paying
from tests.settlement.slips import AFTER, NEW, OLD, agency, amounts, dan, income_tax_row, slip
from tests.settlement.test_books import without_triggers

JANUARY, FEBRUARY, APRIL = date(2026, 1, 31), date(2026, 2, 28), date(2026, 4, 30)
BEFORE_THE_LAW, SINCE = 1_574_784, 1_606_134


def correct(session: Session, *slips: Payslip) -> list[Payslip | None]:
    return [issue_correction(session, one, agency(), AFTER) for one in slips]


def test_the_first_months_of_2026_get_back_what_the_late_law_took_less(session: Session):
    income_tax_row(session, OLD)
    person = dan(session)
    slips = [slip(session, person, 2_100_000, on) for on in (JANUARY, FEBRUARY, date(2026, 3, 31), APRIL)]
    assert [one.net_minor for one in slips] == [BEFORE_THE_LAW] * 4
    assert affected(session, 2026) == []
    income_tax_row(session, NEW)
    found = affected(session, 2026)
    assert [(one.payslip, one.net_difference_minor) for one in found] == [(one, 31_350) for one in slips]
    assert [one.differences for one in found] == [
        {"income_tax": -31_350, "national_insurance": 0, "health_insurance": 0, "employer_national_insurance": 0}
    ] * 4
    assert [one.net_minor for one in correct(session, *slips) if one] == [31_350] * 4
    assert affected(session, 2026) == []


def test_slip_and_correction_together_are_what_a_slip_of_today_would_be(session: Session):
    """2025's row through and through is 15,733.54, as it was run; 2026's is 16,061.34: 313.50 of it is income tax."""
    income_tax_row(session, OLD)
    one = slip(session, dan(session), 2_100_000, JANUARY)
    income_tax_row(session, NEW)
    (correction,) = correct(session, one)
    assert correction is not None
    fresh = slip(session, dan(session), 2_100_000, JANUARY)
    assert amounts(one, correction) == amounts(fresh)
    assert amounts(fresh) == {
        "income_tax": 299_150,
        "national_insurance": 101_090,
        "health_insurance": 93_626,
        "employer_national_insurance": 135_798,
        "net": SINCE,
    }


def test_a_slip_run_on_all_of_2025_s_tables_is_corrected_in_every_line(session: Session):
    """1,021.69, 939.77 and 1,363.57 on 2025's tables: 15,733.54 net, and 16,061.34 as it is right."""
    in_2025 = {
        "IL.national_insurance.employee": ("0.0104", "0.07"),
        "IL.health_insurance.employee": ("0.0323", "0.0517"),
        "IL.national_insurance.employer": ("0.0451", "0.076"),
    }
    rows = [income_tax_row(session, OLD)]
    for table, (low, high) in in_2025.items():
        steps = [(752_200, low), (5_069_500, high), (None, "0")]
        figures = {"steps": [{"upto_minor": upto, "rate": rate} for upto, rate in steps]}
        rows.append(factories.table_row(
            session, table=table, figures=figures, first=date(2026, 1, 1), last=date(2026, 4, 30), verified=True
        ))  # fmt: skip
    one = slip(session, dan(session), 2_100_000, JANUARY)
    assert one.net_minor == 1_573_354
    for row in rows:
        entering.withdraw_row(session, row, "last year's figures", row.entered_by_user_id, AFTER)
    (correction,) = correct(session, one)
    assert correction is not None and correction.amounts == {
        "income_tax": 299_150 - 330_500,
        "national_insurance": 101_090 - 102_169,
        "health_insurance": 93_626 - 93_977,
        "employer_national_insurance": 135_798 - 136_357,
    }
    assert (one.net_minor + correction.net_minor, correction.net_minor) == (SINCE, 32_780)
    assert breaches(session) == []


def test_a_correction_names_the_slip_and_says_what_was_and_what_is(session: Session):
    income_tax_row(session, OLD)
    one = slip(session, dan(session), 2_100_000, JANUARY)
    income_tax_row(session, NEW)
    (correction,) = correct(session, one)
    assert correction is not None
    paper = correction.document
    contents = contents_of(paper)
    assert (paper.kind, paper.corrects_id, correction.corrects_id) == ("payslip_correction", one.document_id, one.id)
    assert paper.number == "PC-2026-000001" and contents["corrects"]["number"] == one.document.number
    tax = contents["lines"][0]
    assert (tax["was_minor"], tax["is_minor"], tax["difference_minor"]) == (330_500, 299_150, -31_350)
    assert contents["net"] == {"was_minor": BEFORE_THE_LAW, "is_minor": SINCE, "difference_minor": 31_350}
    assert contents["year_to_date"]["net_minor"] == SINCE


def test_the_difference_is_due_with_the_next_payout_and_the_tax_account_owes_less(session: Session):
    income_tax_row(session, OLD)
    person = dan(session, bank_code="12", bank_branch="345", bank_account="67890")
    one = slip(session, person, 2_100_000, JANUARY)
    paying.pay_out(session, "ILS", agency(), AFTER.date(), AFTER)
    owed = balance(session, "withheld_tax", 0, "ILS")
    income_tax_row(session, NEW)
    correct(session, one)
    assert balance(session, "withheld_tax", 0, "ILS") == owed + 31_350
    (due,) = dues(session, "ILS")
    assert due.payable_minor == 31_350
    paying.pay_out(session, "ILS", agency(), AFTER.date(), AFTER + timedelta(days=1))
    assert (dues(session, "ILS"), breaches(session)) == ([], [])


def test_a_correction_to_their_loss_is_set_off_against_what_they_earn_next(session: Session):
    income_tax_row(session, NEW)
    person, brand = dan(session), factories.brand(session)
    one = slip(session, person, 2_100_000, JANUARY, brand)
    paying.pay_out(session, "ILS", agency(), AFTER.date(), AFTER)
    income_tax_row(session, OLD)
    (correction,) = correct(session, one)
    assert correction is not None and correction.net_minor == -31_350
    (due,) = dues(session, "ILS")
    assert (due.payable_minor, due.owed_minor) == (0, 31_350)
    later = slip(session, person, 600_000, date(2026, 6, 30), brand)
    (due,) = dues(session, "ILS")
    assert due.payable_minor == later.net_minor - 31_350


def test_a_correction_is_corrected_in_its_turn(session: Session):
    income_tax_row(session, OLD)
    one = slip(session, dan(session), 2_100_000, JANUARY)
    newest = income_tax_row(session, NEW)
    (first,) = correct(session, one)
    entering.withdraw_row(session, newest, "the law was repealed", newest.entered_by_user_id, AFTER)
    (second,) = correct(session, one)
    assert first is not None and second is not None
    assert (first.net_minor, second.net_minor) == (31_350, -31_350)
    contents = contents_of(second.document)
    assert contents["earlier_corrections"] == [first.document.number]
    assert contents["net"] == {"was_minor": SINCE, "is_minor": BEFORE_THE_LAW, "difference_minor": -31_350}
    income_tax_row(session, NEW)
    (third,) = correct(session, one)
    assert third is not None and amounts(one, first, second, third)["net"] == SINCE
    assert correct(session, one) == [None]
    assert breaches(session) == []


def test_two_slips_of_a_month_are_corrected_in_order_each_on_the_whole_month(session: Session):
    """10,000.00 and 11,000.00: the first is below the new bounds, so all of the 313.50 is the second one's."""
    income_tax_row(session, OLD)
    person = dan(session)
    one, two = (slip(session, person, gross, JANUARY) for gross in (1_000_000, 1_100_000))
    assert amounts(one, two)["net"] == BEFORE_THE_LAW
    income_tax_row(session, NEW)
    assert [(found.payslip, found.net_difference_minor) for found in affected(session, 2026)] == [(two, 31_350)]
    _, correction = correct(session, one, two)
    assert correction is not None and amounts(one, two, correction)["net"] == SINCE


def test_both_slips_of_a_month_can_differ_and_their_sum_is_right_in_whatever_order_they_are_corrected(session: Session):
    """18,000.00 and 3,000.00: 11 % of 1,850.00 is the first one's, and 11 % of 1,000.00 the second one's."""
    income_tax_row(session, OLD)
    person = dan(session)
    one, two = (slip(session, person, gross, JANUARY) for gross in (1_800_000, 300_000))
    income_tax_row(session, NEW)
    assert [found.net_difference_minor for found in affected(session, 2026)] == [20_350, 11_000]
    corrections = [row for row in correct(session, two, one) if row]
    assert [row.net_minor for row in corrections] == [11_000, 20_350]
    assert amounts(one, two, *corrections)["net"] == SINCE
    assert affected(session, 2026) == []


def test_what_a_later_slip_of_the_month_gave_back_already_is_not_given_twice(session: Session):
    income_tax_row(session, OLD)
    person = dan(session)
    one = slip(session, person, 2_100_000, JANUARY)
    income_tax_row(session, NEW)
    two = slip(session, person, 100_000, JANUARY)
    whole = slip(session, dan(session), 2_200_000, JANUARY)
    assert amounts(one, two) == amounts(whole)
    assert affected(session, 2026) == []
    assert correct(session, one, two) == [None, None]


def test_a_slip_after_a_correction_of_its_month_takes_it_into_account(session: Session):
    income_tax_row(session, OLD)
    person = dan(session)
    one = slip(session, person, 2_100_000, JANUARY)
    income_tax_row(session, NEW)
    (correction,) = correct(session, one)
    two = slip(session, person, 100_000, JANUARY)
    assert correction is not None
    assert amounts(one, correction, two) == amounts(slip(session, dan(session), 2_200_000, JANUARY))
    assert affected(session, 2026) == []


def test_a_row_that_says_the_same_leaves_every_slip_alone(session: Session):
    one = slip(session, dan(session), 2_100_000, JANUARY)
    income_tax_row(session, NEW)
    assert affected(session, 2026) == [] and correct(session, one) == [None]
    assert session.scalars(select(Document.number).filter_by(kind="payslip_correction")).all() == []


def test_slips_outside_the_row_s_days_are_left_alone(session: Session):
    income_tax_row(session, OLD)
    person = dan(session)
    slips = [slip(session, person, 2_100_000, on) for on in (JANUARY, FEBRUARY)]
    income_tax_row(session, NEW, date(2026, 2, 1))
    assert [found.payslip for found in affected(session, 2026)] == [slips[1]]


def test_what_changed_since_somebody_looked_is_not_issued(session: Session):
    income_tax_row(session, OLD)
    one = slip(session, dan(session), 2_100_000, JANUARY)
    income_tax_row(session, NEW)
    with pytest.raises(Conflict, match="look again"):
        issue_correction(session, one, agency(), AFTER, {"income_tax": -1})
    assert issue_correction(session, one, agency(), AFTER, {"income_tax": -31_350}) is not None


def test_a_day_that_has_lost_its_row_is_told_and_not_guessed(session: Session):
    year = {"first": date(2027, 1, 1), "last": date(2027, 12, 31)}
    rows = []
    for table, low in (("employee", "0.0104"), ("employer", "0.0451")):
        steps = [{"upto_minor": 770_300, "rate": low}, {"upto_minor": None, "rate": "0.07"}]
        name = f"IL.national_insurance.{table}"
        rows.append(factories.table_row(session, table=name, figures={"steps": steps}, verified=True, **year))
    health = [{"upto_minor": 770_300, "rate": "0.0323"}, {"upto_minor": None, "rate": "0.0517"}]
    named = {"table": "IL.health_insurance.employee", "figures": {"steps": health}}
    factories.table_row(session, verified=True, **named, **year)
    one = slip(session, dan(session), 600_000, date(2027, 1, 31))
    entering.withdraw_row(session, rows[0], "not the official figures", rows[0].entered_by_user_id, AFTER)
    (found,) = affected(session, 2027)
    assert "IL.national_insurance.employee" in found.problem and not found.differs
    assert [paper.number for paper in entering.papers_made_with(session, rows[0])] == [one.document.number]
    assert correct(session, one) == [None]


@pytest.mark.parametrize(("second_employer", "told"), [(True, FACTS_NOT_KEPT), (False, "")])
def test_a_slip_from_before_facts_were_kept_is_left_to_a_person_where_a_certificate_may_have_counted(
    session: Session, second_employer: bool, told: str
):
    income_tax_row(session, OLD)
    one = slip(session, dan(session, second_employer=second_employer), 2_100_000, JANUARY)
    session.commit()
    without_triggers(session)
    contents = contents_of(one.document)
    contents["facts"] = {name: contents["facts"][name] for name in ("credit_points", "second_employer", "no_form_101")}
    session.execute(update(Document).where(Document.id == one.document_id).values(contents=json.dumps(contents)))
    session.refresh(one.document)
    income_tax_row(session, NEW)
    (found,) = affected(session, 2026)
    assert (found.problem, found.net_difference_minor) == (told, 0 if told else 31_350)
