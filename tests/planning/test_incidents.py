"""Incidents: reported, handled, put right or not accepted; nothing of it is money of ours."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.errors import Conflict, Invalid
from campaigns.models import Incident, LedgerTransaction, Talk, User
from campaigns.planning.talking import incidents
from campaigns.planning.talking.conduct import conduct
from campaigns.planning.talking.incidents import Ending, Report
from campaigns.planning.talking.readers import readable
from tests import factories
from tests.planning.talking import LATER, Stage, read, stage

PUT_RIGHT = Ending("put_right", "A new bottle was sent.", "a bottle", "shop", "https://shop.example.com/answer")


def reported(session: Session, here: Stage, by: User | None = None) -> Incident:
    told = Report(here.campaign, "review", "Leaking bottle", "Two buyers complain", "Serum", here.noa.influencer)
    return incidents.report(session, by or here.influencer, told, factories.NOW)[0]


def test_an_incident_is_not_there_for_the_brand_before_it_is_passed_on(session: Session) -> None:
    here = stage(session)
    made = reported(session, here)
    seen = select(Talk.id).where(readable(here.brand), Talk.id == made.talk_id)
    assert session.scalar(seen) is None and read(session, made.talk, "agency") == ["Two buyers complain"]


def test_what_staff_report_both_sides_read_at_once(session: Session) -> None:
    here = stage(session)
    made = reported(session, here, here.staff)
    assert read(session, made.talk, "brand") == read(session, made.talk, "influencer") == ["Two buyers complain"]


def test_it_is_handled_and_put_right_and_its_steps_stay(session: Session) -> None:
    here = stage(session)
    made = reported(session, here)
    incidents.handle(session, made, here.brand, LATER)
    incidents.end(session, made, here.staff, PUT_RIGHT, LATER)
    steps = [(step.status, step.role) for step in made.steps]
    assert steps == [("reported", "influencer"), ("handling", "brand"), ("put_right", "agency")]
    assert (made.compensated_by, made.ended_at) == ("shop", LATER)


def test_what_a_customer_is_given_is_not_in_our_books(session: Session) -> None:
    here = stage(session)
    before = session.scalar(select(func.count()).select_from(LedgerTransaction))
    incidents.end(session, reported(session, here), here.staff, PUT_RIGHT, LATER)
    assert session.scalar(select(func.count()).select_from(LedgerTransaction)) == before


def test_it_ends_once_unless_staff_take_it_up_anew(session: Session) -> None:
    here = stage(session)
    made = reported(session, here)
    incidents.end(session, made, here.staff, PUT_RIGHT, LATER)
    with pytest.raises(Conflict):
        incidents.end(session, made, here.staff, PUT_RIGHT, LATER)
    with pytest.raises(Conflict):
        incidents.handle(session, made, here.brand, LATER)
    incidents.handle(session, made, here.staff, LATER)
    assert (made.status, made.ended_at) == ("handling", None)


@pytest.mark.parametrize(
    ("how", "field"),
    [
        (Ending("put_right", " "), "outcome"),
        (Ending("reported", "done"), "status"),
        (Ending("put_right", "done", "a bottle"), "compensated_by"),
        (Ending("put_right", "done", "", "shop"), "compensated_by"),
        (Ending("put_right", "done", answer_url="javascript:alert(1)"), "answer_url"),
        (Ending("put_right", "done", answer_url="https://[broken"), "answer_url"),
    ],
)
def test_an_end_that_says_too_little_is_refused_by_field(session: Session, how: Ending, field: str) -> None:
    here = stage(session)
    with pytest.raises(Invalid) as refused:
        incidents.end(session, reported(session, here), here.staff, how, LATER)
    assert refused.value.errors.keys() == {field}


def test_a_brands_conduct_counts_its_own_incidents_only(session: Session) -> None:
    here, elsewhere = stage(session), stage(session)
    reported(session, here)
    incidents.end(session, reported(session, here), here.staff, PUT_RIGHT, LATER)
    found = conduct(session, here.campaign.brand_id).incidents
    assert (found["reported"], found["put_right"], found["handling"]) == (1, 1, 0)
    assert conduct(session, elsewhere.campaign.brand_id).is_empty
