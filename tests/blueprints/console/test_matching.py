"""The matching page: the slider, the proposal, inviting it, and the waiting list."""

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.clock import utc_now
from campaigns.models import Campaign, Candidate
from campaigns.planning import participation as planning
from campaigns.planning.matching import reserves
from tests import factories as make
from tests.factories import submit, visit


def planned(session: Session, people: int = 4) -> tuple[Campaign, str]:
    """A campaign to come, and the address of its matching."""
    soon = utc_now() + timedelta(days=30)
    campaign = make.campaign(session, category="skin care", starts_at=soon, ends_at=soon + timedelta(days=20))
    for number in range(people):
        make.influencer(session, name=f"Noa {number}", language="en")
    return campaign, f"/console/campaigns/{campaign.public_id}/matching"


def propose(staff: FlaskClient, page: str, **fields: object) -> int:
    return submit(staff, page, {"count": "2", "reserves": "1", "weight": "50", **fields}).status_code


def test_everybody_is_ranked_with_reasons_and_the_slider_works_without_a_script(staff: FlaskClient, session: Session):
    _, page = planned(session)
    text = visit(staff, f"{page}?weight=100").text
    assert 'type="range" name="weight" min="0" max="100" step="5" value="100"' in text
    assert "Works in this very field: \u2068skin care\u2069." in text
    assert text.count("Was never invited.") == 4


def test_without_anybody_on_record_the_page_says_what_to_do(staff: FlaskClient, session: Session):
    assert "Add an influencer" in visit(staff, planned(session, people=0)[1]).text


def test_a_proposal_is_saved_and_shown_and_nobody_is_told(staff: FlaskClient, session: Session):
    campaign, page = planned(session)
    assert propose(staff, page) == 302
    assert [one.reserve for one in reserves.standing(session, campaign)] == [False, False, True]
    assert "Invite all" in visit(staff, page).text
    assert make.participants(session, campaign) == []


def test_a_refused_wish_keeps_what_was_typed(staff: FlaskClient, session: Session):
    campaign, page = planned(session)
    picked = session.scalars(select(make.Influencer.public_id)).all()
    answer = submit(staff, page, {"count": "1", "reserves": "7", "weight": "80", "picked": picked})
    assert answer.status_code == 422
    assert answer.text.count(" checked>") == 4 and 'value="7"' in answer.text and 'value="80"' in answer.text
    assert reserves.standing(session, campaign) == []


def test_all_proposed_are_invited(staff: FlaskClient, session: Session):
    campaign, page = planned(session)
    propose(staff, page)
    submit(staff, f"{page}/invite")
    session.expire_all()
    assert [one.status for one in make.participants(session, campaign)] == ["invited", "invited"]


def test_a_failure_is_told_by_name(staff: FlaskClient, session: Session):
    campaign, page = planned(session)
    propose(staff, page)
    first = reserves.standing(session, campaign)[0].influencer
    planning.invite(session, campaign, first, utc_now())
    submit(staff, f"{page}/invite")
    assert f"{first.name} could not be invited: already" in visit(staff, page).text


def test_somebody_is_replaced_and_somebody_taken_off(staff: FlaskClient, session: Session):
    campaign, page = planned(session)
    propose(staff, page)
    first, second, _ = (one.public_id for one in reserves.standing(session, campaign))
    submit(staff, f"/console/candidates/{first}/replace")
    submit(staff, f"/console/candidates/{second}/drop")
    assert [(one.place, one.reserve) for one in reserves.standing(session, campaign)] == [(1, False)]


def test_the_next_of_the_waiting_list_is_invited_by_a_button(staff: FlaskClient, session: Session):
    campaign, page = planned(session)
    propose(staff, page)
    submit(staff, f"{page}/invite")
    assert "Invite the next: " in visit(staff, page).text
    submit(staff, f"{page}/next")
    assert session.scalars(select(Candidate.status)).all() == ["invited"] * 3
    assert len(make.participants(session, campaign)) == 3


def test_who_declined_is_invited_again_from_their_page(staff: FlaskClient, session: Session):
    campaign, _ = planned(session)
    mina = planning.invite(session, campaign, make.influencer(session), utc_now())
    planning.decline(session, mina, "no time", utc_now())
    page = f"/console/participations/{mina.public_id}"
    assert "Invite again" in visit(staff, page).text
    submit(staff, f"{page}/invite-again")
    session.expire_all()
    assert mina.status == "invited"


def test_somebody_is_given_more_time(staff: FlaskClient, session: Session):
    campaign, _ = planned(session)
    mina = planning.invite(session, campaign, make.influencer(session), utc_now() - timedelta(days=3))
    until = mina.expires_at
    submit(staff, f"/console/participations/{mina.public_id}/extend")
    session.expire_all()
    assert mina.expires_at > until
