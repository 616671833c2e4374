"""The pages of deduction tables: a row typed in percent and shekels, verified by another, and what runs out."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import AuditEntry, TableRow
from campaigns.planning import life
from tests import factories, whole_campaign
from tests.factories import sign_in, submit, visit

INSURANCE = "/console/tables/IL.national_insurance.employee"
IN_2027 = {
    "from_date": "2027-01-01", "to_date": "2027-12-31", "source": "Bituah Leumi, 2027", "published_on": "2026-12-20",
    "steps-0-upto": "7,850", "steps-0-rate": "1.04", "steps-1-upto": "52,000.50", "steps-1-rate": "7 %",
    "steps-2-rate": "0",
}  # fmt: skip


def refused(answer: object) -> str:
    assert answer.status_code == 422  # type: ignore[attr-defined]
    return answer.text  # type: ignore[attr-defined, no-any-return]


def test_steps_typed_in_percent_and_shekels_become_a_row(staff: FlaskClient, session: Session) -> None:
    assert submit(staff, INSURANCE, IN_2027).status_code == 302
    row = session.scalars(select(TableRow)).one()
    assert row.figures["steps"] == [
        {"upto_minor": 785_000, "rate": "0.0104"},
        {"upto_minor": 5_200_050, "rate": "0.07"},
        {"upto_minor": None, "rate": "0"},
    ]
    assert (row.to_date, row.published_on) == (date(2027, 12, 31), date(2026, 12, 20))
    assert session.scalars(select(AuditEntry.action)).all() == ["table_row.entered"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"steps-1-upto": "7,000"}, "the upper bound must be higher than the one before"),
        ({"steps-1-rate": "700"}, "must be from 0% to 100%"),
        ({"steps-1-rate": "seven"}, "A percentage is a number such as 15 or 12.5."),
        ({"steps-0-upto": "1,0x"}, "An amount is a number such as 5000 or 5000.50."),
        ({"to_date": "2026-01-01"}, "must not be before the first day"),
        ({"source": ""}, "This field is required."),
    ],
)
def test_what_is_typed_survives_its_refusal(staff: FlaskClient, changes: dict[str, str], told: str) -> None:
    page = refused(submit(staff, INSURANCE, IN_2027 | changes))
    assert told in page
    assert all(f'value="{typed}"' in page for typed in (IN_2027 | changes).values() if typed)


def test_amounts_and_rates_have_fields_of_their_own(staff: FlaskClient, session: Session) -> None:
    wage = {"from_date": "2027-04-01", "source": "the order", "month_minor": "6,600", "hour_minor": "36.26"}
    submit(staff, "/console/tables/IL.minimum_wage", wage)
    submit(staff, "/console/tables/IL.vat", {"from_date": "2027-01-01", "source": "the order", "rate": "19"})
    figures = session.scalars(select(TableRow.figures).order_by(TableRow.id)).all()
    assert figures == [{"month_minor": 660_000, "hour_minor": 3_626}, {"rate": "0.19"}]


def test_whoever_entered_a_row_is_asked_for_a_colleague(app: Flask, staff: FlaskClient, session: Session) -> None:
    submit(staff, INSURANCE, IN_2027)
    row = session.scalars(select(TableRow)).one()
    assert "Somebody else of the agency must verify it" in visit(staff, INSURANCE).text
    submit(staff, f"/console/tables/rows/{row.public_id}/verify")
    session.refresh(row)
    assert row.verified_at is None
    dana = sign_in(app.test_client(), factories.user(session, email="dana@example.com"))
    submit(dana, f"/console/tables/rows/{row.public_id}/verify")
    session.refresh(row)
    assert row.verified_at is not None
    assert "Verified by" in visit(staff, INSURANCE).text


def test_a_row_is_withdrawn_with_a_reason_that_the_page_then_shows(staff: FlaskClient, session: Session) -> None:
    row = factories.table_row(session, verified=True)
    address = f"/console/tables/rows/{row.public_id}/withdraw"
    submit(staff, address, {"reason": ""})
    session.refresh(row)
    assert row.withdrawn_at is None
    submit(staff, address, {"reason": "a digit too many"})
    assert "a digit too many" in visit(staff, "/console/tables/IL.credit_point").text


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (date(2026, 11, 23), "No row from"),
        (date(2026, 12, 10), "No row for a day of the next month:"),
        (date(2027, 1, 1), "No row for today:"),
    ],
)
def test_the_list_tells_what_has_no_row_soon_and_what_has_none(
    client: FlaskClient, session: Session, day: date, told: str
) -> None:
    with time_machine.travel(datetime(day.year, day.month, day.day, 8, tzinfo=UTC)):
        staff = sign_in(client, factories.user(session))
        assert told in visit(staff, "/console/tables").text


def test_a_table_nobody_knows_is_not_found(staff: FlaskClient) -> None:
    assert visit(staff, "/console/tables/IL.hearth_tax").status_code == 404


def test_a_payslip_that_is_refused_leads_to_the_table_that_lacks_a_row(staff: FlaskClient, session: Session) -> None:
    cast = whole_campaign.a_live_campaign(session)
    session.commit()
    with time_machine.travel(datetime(2027, 4, 30, tzinfo=UTC)):
        late = sign_in(staff, factories.user(session))
        life.advance(session, cast.campaign, datetime(2027, 4, 30, tzinfo=UTC))
        address = f"/console/campaigns/{cast.campaign.public_id}/close"
        page = submit(late, address, {"on": "2027-04-30", "reason": "long over"}).text
    assert "long over" in page and "has no row for" in page
    assert 'href="/console/tables/IL.' in page and "Enter the row that is missing" in page


def test_the_first_page_warns_of_payslips_tables_that_run_out(client: FlaskClient, session: Session) -> None:
    factories.influencer(session, payee={"route": "payslip"})
    with time_machine.travel(datetime(2026, 11, 23, tzinfo=UTC)):
        page = visit(sign_in(client, factories.user(session)), "/console").text
    assert "National insurance: employee" in page and f"{INSURANCE}#enter" in page
