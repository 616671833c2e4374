"""A campaign's steps and what each asks for."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from campaigns.errors import Conflict, Invalid
from campaigns.jobs import move_campaigns
from campaigns.planning import life, plans
from campaigns.planning.participation import accept, decline, invite, mark_viewed
from tests.conftest import settings_for
from tests.factories import (
    BEFORE,
    END,
    NOW,
    START,
    TERMS,
    campaign,
    influencer,
    live_campaign,
    participants,
    participation,
)


def recruited(session: Session, count: int):
    draft = campaign(session)
    for _ in range(count):
        participation(session, campaign=draft, influencer=influencer(session))
    return draft


@pytest.mark.parametrize("count", [10, 15])
def test_ten_to_fifteen_launch_without_a_reason(session: Session, count: int):
    assert life.launch(session, recruited(session, count), NOW).status == "live"


@pytest.mark.parametrize("count", [9, 16])
def test_outside_ten_to_fifteen_a_written_reason_is_needed_and_kept(session: Session, count: int):
    draft = recruited(session, count)
    with pytest.raises(Conflict) as caught:
        life.launch(session, draft, NOW, "  ")
    assert caught.value.findings == [f"{count} accepted; a campaign has 10 to 15"]
    assert life.launch(session, draft, NOW, "a pilot").launch_reason == "a pilot"


def test_nobody_accepted_is_no_campaign_whatever_the_reason(session: Session):
    with pytest.raises(Conflict, match="nobody"):
        life.launch(session, campaign(session), NOW, "because")


def test_the_clock_starts_and_ends_a_campaign(session: Session, tmp_path):
    draft = life.launch(session, recruited(session, 10), BEFORE)
    settings = settings_for("sqlite:///unused.db", tmp_path)
    seen = [draft.status]
    for moment in (START - timedelta(seconds=1), START, END - timedelta(seconds=1), END):
        move_campaigns(session, settings, moment)
        seen.append(draft.status)
    assert seen == ["ready", "ready", "live", "live", "ended"]


def test_grace_days_keep_a_campaign_open_after_its_end(session: Session):
    live = live_campaign(session, accepted=10, grace_days=3)
    assert not life.advance(session, live, END + timedelta(days=2))
    assert life.advance(session, live, END + timedelta(days=3)) and live.status == "ended"
    assert participants(session, live)[0].code.valid_to == END + timedelta(days=3)


def test_acceptance_is_proof_of_what_was_read(session: Session):
    draft = campaign(session)
    mina = invite(session, draft, influencer(session), BEFORE, {"influencer_rate_bps": 2000})
    mark_viewed(session, mina, BEFORE)
    soon = BEFORE + timedelta(days=2)
    proof = accept(session, mina, 1, "ar", soon, None)
    assert (proof.terms_version, proof.language, proof.accepted_at) == (1, "ar", soon)
    assert proof.terms["influencer_rate_bps"] == 2000 and len(proof.sha256) == 64
    assert proof.sha256 != draft.terms.sha256  # the own rate is part of what was accepted


def test_accepting_twice_is_accepting_once(session: Session):
    mina = participation(session)
    assert accept(session, mina, 1, "he", NOW, None).id == mina.acceptances[0].id
    assert len(mina.acceptances) == 1


def test_who_declined_cannot_accept(session: Session):
    mina = participation(session, accepted=False)
    decline(session, mina, "no time", NOW)
    with pytest.raises(Conflict, match="declined"):
        accept(session, mina, 1, "he", NOW, None)


def test_who_accepts_after_the_launch_starts_at_once(session: Session):
    live = live_campaign(session, accepted=10)
    late = participation(session, campaign=live, influencer=influencer(session), now=NOW)
    assert late.status == "active" and late.code is not None


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"ends_at": START}, "ends_at"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"landing_url": "https://elsewhere.example.org/"}, "landing_url"),
        ({"landing_url": "javascript:alert(1)"}, "landing_url"),
        ({"landing_url": "https://user:secret@shop.example.com/"}, "landing_url"),
        ({"coupon_percent_off": 101}, "coupon.percent_off"),
        ({"terms": {**TERMS, "lottery": []}}, "terms.lottery"),
    ],
)
def test_a_plan_that_can_not_be_is_refused_by_field(session: Session, facts, field):
    with pytest.raises(Invalid) as caught:
        campaign(session, **facts)
    assert list(caught.value.errors) == [field]


def test_the_same_terms_are_no_new_version(session: Session):
    draft = campaign(session)
    with pytest.raises(Conflict, match="in force"):
        plans.offer_terms(session, draft, dict(TERMS), NOW)


def test_new_terms_that_someones_own_terms_can_not_stand_beside_are_refused_naming_them(session: Session):
    draft = campaign(session)
    noa = influencer(session, name="Noa Levi")
    participation(session, campaign=draft, influencer=noa, overrides={"influencer_rate_bps": 9_000})
    with pytest.raises(Invalid) as refused:
        plans.offer_terms(session, draft, {**draft.terms.body, "agency_rate_bps": 1_500}, NOW)
    assert refused.value.errors["terms"] == ["don't fit Noa Levi's own terms"]
    assert draft.terms.version == 1
