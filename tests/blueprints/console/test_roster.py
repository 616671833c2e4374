"""Inviting several, and one participant's page."""

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import AuditEntry, Mail
from tests import factories as make
from tests.factories import submit, visit


def test_several_are_invited_at_once_one_with_a_share_of_their_own(staff: FlaskClient, session: Session) -> None:
    campaign, mina, noa = make.campaign(session), make.influencer(session), make.influencer(session)
    fields = {"influencer": [mina.public_id, noa.public_id], f"rate-{noa.public_id}": "18"}
    submit(staff, f"/console/campaigns/{campaign.public_id}/invite", fields)
    session.expire_all()
    roster = make.participants(session, campaign)
    assert [one.overrides for one in roster] == [{}, {"influencer_rate_bps": 1800}]
    assert campaign.status == "recruiting"


def test_an_invitation_brings_a_first_password_and_the_share_offered(staff: FlaskClient, session: Session) -> None:
    campaign, mina = make.campaign(session), make.influencer(session, language="en")
    submit(staff, f"/console/campaigns/{campaign.public_id}/invite", {"influencer": [mina.public_id]})
    letter = session.scalars(select(Mail)).one()
    assert letter.recipient == mina.email
    assert "http://localhost/set-password/" in letter.body
    assert "15%" in letter.body


def test_a_share_that_can_not_be_read_invites_nobody(staff: FlaskClient, session: Session) -> None:
    campaign, mina = make.campaign(session), make.influencer(session)
    fields = {"influencer": [mina.public_id], f"rate-{mina.public_id}": "a lot"}
    submit(staff, f"/console/campaigns/{campaign.public_id}/invite", fields)
    assert make.participants(session, campaign) == []


def test_those_invited_least_stand_first_and_odd_audiences_are_marked(staff: FlaskClient, session: Session) -> None:
    make.participation(session, influencer=make.influencer(session, name="Often asked"))
    make.influencer(session, name="Zoe the newcomer", followers=900)
    campaign = make.campaign(session)
    page = visit(staff, f"/console/campaigns/{campaign.public_id}/invite").text
    assert page.index("Zoe the newcomer") < page.index("Often asked")
    assert page.count("pill warn") == 1


def test_the_page_of_a_participant_shows_the_proof_of_consent(staff: FlaskClient, session: Session) -> None:
    mina = make.participation(session)
    page = visit(staff, f"/console/participations/{mina.public_id}").text
    assert mina.acceptances[0].sha256 in page


def test_a_leaked_code_is_replaced_and_the_new_one_sent(staff: FlaskClient, session: Session) -> None:
    mina = make.participants(session, make.live_campaign(session, accepted=1))[0]
    leaked = mina.code
    submit(staff, f"/console/participations/{mina.public_id}/replace-code")
    session.expire_all()
    assert leaked.ended_at is not None
    assert mina.code.code in session.scalars(select(Mail)).one().body


def test_removing_wants_a_reason_and_is_on_record(staff: FlaskClient, session: Session) -> None:
    mina = make.participants(session, make.live_campaign(session, accepted=1))[0]
    url = f"/console/participations/{mina.public_id}/remove"
    submit(staff, url, {"reason": " "})
    session.expire_all()
    assert mina.status == "active"
    submit(staff, url, {"reason": "posted off brief"})
    session.expire_all()
    entry = session.scalars(select(AuditEntry).filter_by(action="participation.removed")).one()
    assert (mina.status, entry.details["reason"]) == ("removed", "posted off brief")


def test_a_declined_invitation_is_not_sent_again(staff: FlaskClient, session: Session) -> None:
    mina = make.participation(session, accepted=False)
    mina.status = "declined"
    answer = submit(staff, f"/console/participations/{mina.public_id}/resend")
    assert answer.status_code == 303
    assert session.scalar(select(Mail)) is None
