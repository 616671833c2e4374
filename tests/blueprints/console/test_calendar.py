"""The calendar's page."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import factories as make
from tests.factories import visit


@pytest.mark.parametrize("view", ["month", "quarter"])
def test_campaigns_and_busy_people_stand_in_their_time(staff: FlaskClient, session: Session, view: str):
    make.participation(session, influencer=make.influencer(session, name="Mina"))
    page = visit(staff, f"/console/calendar?view={view}&on=2026-05-31").text
    assert "Spring serum" in page and "Mina" in page
    assert "Mina" not in visit(staff, f"/console/calendar?view={view}&on=2027-05-31").text


def test_a_time_without_campaigns_says_so(staff: FlaskClient, session: Session):
    assert "No campaigns in this time" in visit(staff, "/console/calendar").text


@pytest.mark.parametrize("day", ["never", "2026-02-31", "9999-12-31"])
def test_a_day_that_can_not_be_read_is_refused(staff: FlaskClient, day: str):
    assert visit(staff, f"/console/calendar?on={day}").status_code == 400


def test_the_calendars_first_and_last_years_have_no_way_beyond(staff: FlaskClient, session: Session):
    assert "Earlier" not in visit(staff, "/console/calendar?on=2000-01-10").text
    assert "Later" not in visit(staff, "/console/calendar?on=2199-12-10").text
