"""The data of the first start: whoever signs in finds something in every room that is theirs."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.clock import utc_now
from campaigns.demo.people import AGENCY_EMAIL, BRAND_EMAIL, INFLUENCER_EMAIL
from campaigns.models import (
    AffiliateLink,
    Campaign,
    Candidate,
    CodeSuspicion,
    CouponCode,
    FollowerCount,
    ImportRun,
    Incident,
    Influencer,
    Participation,
    ShopCode,
    StudioSlot,
    TrainingPage,
    User,
)
from campaigns.people import notices
from campaigns.planning import studios
from campaigns.planning.launching import vetting
from campaigns.planning.launching.facts import standings
from campaigns.planning.talking.unread import unread, waiting_for_staff
from tests.factories import sign_in, visit


def by_status(session: Session) -> dict[str, Campaign]:
    """The campaigns of the first start."""
    return {one.status: one for one in session.scalars(select(Campaign))}


def user(session: Session, email: str) -> User:
    return session.scalars(select(User).filter_by(email=email)).one()


def looked_at(client: FlaskClient, pages: list[str]) -> dict[str, Any]:
    """What is wrong with pages: an answer that is none, or the words for nothing there."""
    answers = {page: visit(client, page) for page in pages}
    return {
        page: answer.status_code
        for page, answer in answers.items()
        if answer.status_code != 200 or 'class="empty"' in answer.text
    }


def of_one(session: Session, column: Any, **facts: Any) -> Any:
    return session.scalars(select(column).filter_by(**facts).limit(1)).one()


def test_staff_find_something_in_every_new_room(app: Flask, session: Session) -> None:
    known = by_status(session)
    live, recruiting = known["live"].public_id, known["recruiting"].public_id
    pages = ["/talks", "/talks/incidents", "/notices", "/console/studios", "/console/training"]
    pages += ["/console/influencers/imports", "/console/codes-to-look-at", f"/campaigns/{live}/codes"]
    pages += [f"/console/campaigns/{live}/{room}" for room in ("material", "vetting", "preparation")]
    pages += [f"/console/campaigns/{recruiting}/{room}" for room in ("matching", "vetting", "preparation")]
    assert looked_at(sign_in(app.test_client(), user(session, AGENCY_EMAIL)), pages) == {}


def test_the_influencer_finds_something_in_every_new_room(app: Flask, session: Session) -> None:
    live = by_status(session)["live"]
    noa = user(session, INFLUENCER_EMAIL)
    mine = of_one(session, Participation.public_id, campaign_id=live.id, influencer_id=noa.influencer_id)
    rooms = ("material", "studio", "links", "leaderboard", "share", "orders")
    pages = ["/talks", "/talks/incidents", "/notices", "/me/training", "/me/profile"]
    pages += [f"/me/campaigns/{mine}/{room}" for room in rooms]
    assert looked_at(sign_in(app.test_client(), noa), pages) == {}


def test_the_brand_finds_something_in_every_new_room(app: Flask, session: Session) -> None:
    known = by_status(session)
    pages = ["/talks", "/talks/incidents", "/notices", f"/campaigns/{known['live'].public_id}/codes"]
    pages += [f"/brand/campaigns/{one.public_id}/plan" for one in known.values()]
    assert looked_at(sign_in(app.test_client(), user(session, BRAND_EMAIL)), pages) == {}


def test_everyone_has_something_unread_and_staff_something_to_pass_on(session: Session) -> None:
    people = [user(session, email) for email in (AGENCY_EMAIL, BRAND_EMAIL, INFLUENCER_EMAIL)]
    assert all(unread(session, one) and notices.unread(session, one) for one in people)
    assert "בקבוק גדול יותר" in [talk.subject for talk in waiting_for_staff(session)]
    assert sorted(session.scalars(select(Incident.status))) == ["handling", "put_right", "reported"]


def test_a_plan_is_approved_and_another_waits_for_the_brand(session: Session) -> None:
    known = by_status(session)
    states = {status: standings(session, campaign)["plan"].state for status, campaign in known.items()}
    assert states == {"closed": "approved", "live": "approved", "recruiting": "none"}
    found = vetting.verdicts(session, known["live"], utc_now())
    assert {subject: one.review.verdict for subject, one in found.items()} == {"business": "fit", "product": "fit"}
    kinds = session.scalars(select(TrainingPage.kind).filter_by(campaign_id=known["live"].id))
    assert set(kinds) == {"question", "objection"}


def test_studios_have_a_booked_hour_and_several_free(session: Session) -> None:
    live, now = by_status(session)["live"], utc_now()
    noa = of_one(
        session, Participation, campaign_id=live.id, influencer_id=user(session, INFLUENCER_EMAIL).influencer_id
    )
    assert [one.starts_at > now for one in studios.booked_by(session, noa)] == [True]
    assert len(studios.free_slots(session, now)) >= 10
    assert session.scalar(select(func.count(StudioSlot.id)).where(StudioSlot.called_off_at.is_not(None))) == 1


def test_codes_stand_in_every_state_a_person_can_say(session: Session) -> None:
    live = by_status(session)["live"]
    mine = select(ShopCode.state).join(CouponCode).join(Participation).where(Participation.campaign_id == live.id)
    states = sorted(session.scalars(mine))
    assert (states.count("waiting"), states.count("to_end"), states.count("created")) == (2, 1, 10)
    own = session.scalars(select(AffiliateLink.clicks).where(AffiliateLink.page != "")).all()
    assert len(own) == 3 and min(own) > 0
    assert session.scalars(select(CodeSuspicion.kind)).all() == ["same_buyer"]


def test_the_roster_has_grown_and_five_wish_to_be_seen(session: Session) -> None:
    recruiting = by_status(session)["recruiting"]
    wishes = session.scalars(select(Influencer.email).filter_by(leaderboard=True))
    assert len(wishes.all()) == 5
    noa = user(session, INFLUENCER_EMAIL).influencer_id
    grown = session.scalars(select(FollowerCount.followers).filter_by(influencer_id=noa, network="instagram"))
    assert grown.all() == [13_984, 15_640, 17_112, 18_400]
    assert sorted(session.scalars(select(ImportRun.status))) == ["previewed", "taken"]
    places = select(Candidate.reserve).filter_by(campaign_id=recruiting.id, status="proposed")
    assert sorted(session.scalars(places)) == [False, False, True, True]
