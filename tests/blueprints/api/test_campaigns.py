"""A campaign over the API, from its plan to its launch."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.clock import iso
from campaigns.models import AuditEntry, Mail, Participation, Shop
from tests import factories
from tests.blueprints.api.calls import Program

TERMS = {
    "influencer_rate_bps": 1500,
    "agency_rate_bps": 300,
    "base": "net",
    "attribution": {"precedence": "coupon", "link_window_days": 30},
    "return_window_days": 14,
}


def plan(place: Shop, **changes: Any) -> dict[str, Any]:
    """A body for POST /campaigns."""
    return {
        "brand": place.brand.public_id,
        "shop": place.public_id,
        "name": "Spring serum",
        "starts_at": "2026-05-01T09:00:00+03:00",
        "ends_at": "2026-05-22T21:00:00+03:00",
        "timezone": "Asia/Jerusalem",
        "landing_url": "https://shop.example.com/serum?ref=x#top",
        "language": "he",
        "brief": "Show how you use it.",
        "coupon": {"percent_off": 10},
        "terms": TERMS,
    } | changes


@pytest.fixture
def shop(session: Session) -> Shop:
    """A shop of a brand."""
    return factories.shop(session)


def test_a_plan_is_a_draft_with_first_terms(agency: Program, shop: Shop):
    made = agency.post("/campaigns", plan(shop), status=201)
    assert (made["status"], made["terms_version"], made["currency"]) == ("draft", 1, "ILS")
    assert (made["starts_at"], made["ends_at"]) == ("2026-05-01T06:00:00Z", "2026-05-22T18:00:00Z")
    assert made["coupon"]["percent_off"] == 10 and made["terms"] == TERMS
    assert agency.get(f"/campaigns/{made['id']}") == made
    assert agency.get("/campaigns")["items"] == [made]


WRONG: dict[str, dict[str, Any]] = {
    "brand": {"brand": "none"},
    "shop": {"shop": "none"},
    "name": {"name": "  "},
    "starts_at": {"starts_at": "2026-05-01T09:00:00"},
    "ends_at": {"ends_at": "2026-05-01T09:00:00+03:00"},
    "timezone": {"timezone": "Mars/Olympus"},
    "language": {"language": "fr"},
    "landing_url": {"landing_url": "https://elsewhere.example.org/"},
    "coupon.percent_off": {"coupon": {"percent_off": 101}},
    "coupon.grace_days": {"coupon": {"grace_days": -1}},
    "terms.influencer_rate_bps": {"terms": {**TERMS, "influencer_rate_bps": 10_001}},
    "terms.base": {"terms": {**TERMS, "base": "profit"}},
    "terms.attribution.precedence": {"terms": {**TERMS, "attribution": {"precedence": "luck"}}},
    "terms.cap": {"terms": {**TERMS, "cap": 3}},
    "timetable": {"timetable": "soon"},
}


def test_a_wrong_field_is_named(agency: Program, shop: Shop):
    for field, change in WRONG.items():
        refused = agency.post("/campaigns", plan(shop, **change), status=422)
        assert list(refused["errors"]) == [field]
    assert agency.get("/campaigns")["items"] == []


def test_a_year_no_campaign_runs_in_is_refused(agency: Program, shop: Shop):
    for moment in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1995-01-01T00:00:00Z"):
        for field in ("starts_at", "ends_at"):
            assert field in agency.post("/campaigns", plan(shop, **{field: moment}), status=422)["errors"]


def test_a_name_no_column_holds_is_refused_by_name(agency: Program, shop: Shop):
    assert list(agency.post("/campaigns", plan(shop, name="A" * 201), status=422)["errors"]) == ["name"]


def test_a_shop_of_another_brand_is_refused(agency: Program, shop: Shop, session: Session):
    other = factories.brand(session, name="Other").public_id
    assert list(agency.post("/campaigns", plan(shop, brand=other), status=422)["errors"]) == ["shop"]


def test_an_invitation_may_change_the_rate_but_not_the_rules(agency: Program, session: Session):
    campaign, noa = factories.campaign(session), factories.influencer(session)
    path, body = f"/campaigns/{campaign.public_id}/participants", {"influencer": noa.public_id}
    refused = agency.post(path, {**body, "terms": {"return_window_days": 0}}, status=422)
    assert list(refused["errors"]) == ["terms.return_window_days"]
    made = agency.post(path, {**body, "terms": {"influencer_rate_bps": 2000}}, status=201)
    assert (made["status"], made["coupon_code"], made["terms"]["influencer_rate_bps"]) == ("invited", None, 2000)
    assert agency.get(path)["items"] == [made]
    agency.post(path, body, status=409)


def test_an_invitation_says_until_when_it_stands(agency: Program, session: Session):
    campaign = factories.campaign(session, invitation_days=6)
    body = {"influencer": factories.influencer(session).public_id}
    made = agency.post(f"/campaigns/{campaign.public_id}/participants", body, status=201)
    row = session.scalars(select(Participation)).one()
    assert row.expires_at is not None and made["expires_at"] == iso(row.expires_at)
    row.expires_at = None
    assert agency.get(f"/campaigns/{campaign.public_id}/participants")["items"][0]["expires_at"] is None


def test_accepting_a_stale_version_is_a_conflict(agency: Program, session: Session):
    invited = factories.participation(session, accepted=False)
    path = f"/participants/{invited.public_id}/accept"
    newer = agency.post(
        f"/campaigns/{invited.campaign.public_id}/terms", {"terms": {**TERMS, "influencer_rate_bps": 1600}}, status=201
    )
    assert newer["terms_version"] == 2
    assert "version 2" in agency.post(path, {"terms_version": 1}, status=409)["detail"]
    accepted = agency.post(path, {"terms_version": 2, "language": "en"})
    assert (accepted["status"], accepted["terms_version"]) == ("accepted", 2)
    assert agency.post(path, {"terms_version": 2}) == accepted


def test_the_same_terms_again_are_no_new_version(agency: Program, session: Session):
    campaign = factories.campaign(session)
    agency.post(f"/campaigns/{campaign.public_id}/terms", {"terms": factories.TERMS}, status=409)


def test_a_decline_is_kept_and_can_not_be_accepted(agency: Program, session: Session):
    invited = factories.participation(session, accepted=False)
    path = f"/participants/{invited.public_id}"
    assert agency.post(f"{path}/decline", {"reason": "no time"})["status"] == "declined"
    agency.post(f"{path}/accept", {"terms_version": 1}, status=409)


def test_influencers_answer_for_themselves_only(program: Callable[..., Program], session: Session):
    mina = factories.participation(session, accepted=False)
    eve = program(factories.user(session, influencer=factories.influencer(session, name="Eve")))
    eve.post(f"/participants/{mina.public_id}/accept", {"terms_version": 1}, status=404)
    own = program(factories.user(session, influencer=mina.influencer))
    assert own.post(f"/participants/{mina.public_id}/accept", {"terms_version": 1})["status"] == "accepted"


def test_twelve_launch_with_codes_and_links_of_their_own(agency: Program, session: Session):
    campaign = factories.campaign(session)
    for _ in range(12):
        factories.participation(session, campaign=campaign)
    launched = agency.post(f"/campaigns/{campaign.public_id}/launch")
    assert launched["status"] == "live"
    people = agency.get(f"/campaigns/{campaign.public_id}/participants")["items"]
    assert {person["status"] for person in people} == {"active"}
    assert len({person["coupon_code"].casefold() for person in people}) == 12
    assert len({person["link"] for person in people if person["link"].startswith("http://localhost/r/")}) == 12


def test_before_its_start_a_launched_campaign_is_ready(agency: Program, session: Session):
    later = factories.NOW + timedelta(days=3)
    campaign = factories.campaign(session, starts_at=later, ends_at=later + timedelta(days=21))
    for _ in range(10):
        factories.participation(session, campaign=campaign)
    assert agency.post(f"/campaigns/{campaign.public_id}/launch", {})["status"] == "ready"


@pytest.mark.parametrize("accepted", [9, 16])
def test_outside_ten_to_fifteen_a_launch_wants_a_reason(agency: Program, session: Session, accepted: int):
    campaign = factories.campaign(session)
    for _ in range(accepted):
        factories.participation(session, campaign=campaign)
    path = f"/campaigns/{campaign.public_id}/launch"
    assert f"{accepted} accepted" in agency.post(path, {}, status=409)["findings"][0]
    assert agency.post(path, {"override_reason": "a trial"})["status"] == "live"
    kept = session.scalars(select(AuditEntry).filter_by(action="campaign.launched")).one()
    assert kept.details["reason"] == "a trial"
    assert "Nobody has looked into the product yet." in kept.details["open"]


def test_a_campaign_is_launched_once(agency: Program, session: Session):
    campaign = factories.live_campaign(session, accepted=1)
    agency.post(f"/campaigns/{campaign.public_id}/launch", {"override_reason": "again"}, status=409)


def test_a_leaked_code_is_replaced_and_its_owner_told(agency: Program, session: Session):
    campaign = factories.live_campaign(session, accepted=1)
    person = agency.get(f"/campaigns/{campaign.public_id}/participants")["items"][0]
    path = f"/participants/{person['id']}/replace-code"
    assert list(agency.post(path, {}, status=422)["errors"]) == ["reason"]
    replaced = agency.post(path, {"reason": "seen on a coupon site"})
    assert replaced["coupon_code"] not in (None, person["coupon_code"]) and replaced["link"] == person["link"]
    assert replaced["coupon_code"] in session.scalars(select(Mail.body).order_by(Mail.id.desc())).first()
