"""Rows that people enter: typed by one, verified by another, withdrawn with a reason; and when tables run out."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from campaigns.deductions import entering
from campaigns.deductions.entered import tables
from campaigns.deductions.running_out import Gap, first_gap, gaps, payslip_gaps
from campaigns.deductions.tables import shipped
from campaigns.errors import Conflict, Invalid
from tests import factories
from tests.factories import NOW

POINT = "IL.credit_point"
IN_2028 = date(2028, 5, 31)


def test_a_row_counts_only_once_somebody_else_has_verified_it(session: Session):
    row = factories.table_row(session, table=POINT, figures={"value_minor": 25_000})
    assert not any(known.covers(IN_2028) for known in tables(session).rows(POINT))
    with pytest.raises(Conflict, match="somebody else"):
        entering.verify_row(session, row, row.entered_by_user_id, True, NOW)
    entering.verify_row(session, row, factories.user(session).id, True, NOW)
    assert tables(session).row(POINT, IN_2028).values == {"value_minor": 25_000}


def test_where_one_person_is_the_agency_they_verify_their_own_row(session: Session):
    row = factories.table_row(session)
    entering.verify_row(session, row, row.entered_by_user_id, False, NOW)
    assert entering.status_of(row) == "in_force"


def test_a_row_is_verified_once(session: Session):
    row = factories.table_row(session, verified=True)
    with pytest.raises(Conflict, match="before"):
        entering.verify_row(session, row, factories.user(session).id, True, NOW)


def test_a_withdrawn_row_counts_no_longer_and_can_not_be_verified(session: Session):
    row = factories.table_row(session, verified=True)
    entering.withdraw_row(session, row, "a mistyped figure", row.entered_by_user_id, NOW)
    assert not any(known.covers(IN_2028) for known in tables(session).rows(POINT))
    with pytest.raises(Conflict):
        entering.verify_row(session, row, factories.user(session).id, True, NOW)
    with pytest.raises(Conflict):
        entering.withdraw_row(session, row, "again", row.entered_by_user_id, NOW)


def test_a_withdrawal_wants_a_reason(session: Session):
    row = factories.table_row(session)
    with pytest.raises(Invalid, match="reason"):
        entering.withdraw_row(session, row, "  ", row.entered_by_user_id, NOW)


def test_everything_wrong_with_a_row_is_told_at_once(session: Session):
    days = {"from_date": date(2028, 1, 1), "to_date": date(2027, 1, 1)}
    asked = entering.Asked(POINT, source=" ", figures={"value_minor": -1}, **days)
    with pytest.raises(Invalid) as told:
        entering.enter_row(session, asked, shipped().rows(POINT)[0].values, factories.user(session).id, NOW)
    assert set(told.value.errors) == {"to_date", "source", "value_minor"}


def test_a_table_runs_out_on_the_day_after_its_last_row():
    rows = shipped().rows("IL.national_insurance.employee")
    assert first_gap(rows, date(2026, 11, 23)) == date(2027, 1, 1)
    assert first_gap(rows, date(2027, 2, 1)) == date(2027, 2, 1)
    assert first_gap(shipped().rows("IL.vat"), date(2026, 11, 23)) is None


def test_a_row_that_follows_without_a_day_between_closes_the_gap(session: Session):
    year = {"first": date(2027, 1, 1), "last": date(2027, 12, 31)}
    figures = {"steps": [{"upto_minor": 780_000, "rate": "0.0104"}, {"upto_minor": None, "rate": "0.07"}]}
    factories.table_row(session, table="IL.national_insurance.employee", figures=figures, verified=True, **year)
    rows = tables(session).rows("IL.national_insurance.employee")
    assert first_gap(rows, date(2026, 11, 23)) == date(2028, 1, 1)


def test_only_what_runs_out_within_the_days_asked_for_is_told():
    named = [(name, shipped().rows(name)) for name in ("IL.national_insurance.employee", "IL.vat", POINT)]
    near = Gap("IL.national_insurance.employee", date(2027, 1, 1))
    assert gaps(named, date(2026, 11, 2)) == [near]
    assert gaps(named, date(2026, 11, 1)) == []


def test_payslips_that_somebody_is_paid_by_tell_which_of_their_tables_run_out(session: Session):
    assert payslip_gaps(session, date(2026, 11, 23)) == []
    factories.influencer(session, payee={"route": "payslip"})
    found = payslip_gaps(session, date(2026, 11, 23))
    assert Gap("IL.national_insurance.employee", date(2027, 1, 1)) in found
    assert {"IL.exempt_dealer_ceiling", "IL.vat"}.isdisjoint(gap.table for gap in found)
