"""A brand reads plan, people and report, and decides; staff are told; the influencer finds brief and material."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.commissions.terms import fingerprint
from campaigns.models import BrandDecision, Campaign, Mail
from campaigns.planning.launching import decisions
from campaigns.planning.launching.agreed import plan_contents, proposed, roster_contents
from campaigns.settlement.reported import report_contents
from tests import factories as make
from tests import whole_campaign
from tests.factories import submit, visit


def approve(session: Session, campaign: Campaign, subject: str) -> None:
    """The brand approves what there is now."""
    contents = {
        "plan": lambda: plan_contents(campaign),
        "roster": lambda: roster_contents(proposed(session, campaign)),
    }[subject]()
    user = make.user(session, brand=campaign.brand)
    decisions.decide(session, campaign, subject, "approved", contents, fingerprint(contents), "", user.id, make.BEFORE)


def plan_url(campaign: Campaign) -> str:
    return f"/brand/campaigns/{campaign.public_id}/plan"


def read_hash(page: str, subject: str) -> str:
    found = re.search(rf'name="{subject}-read"[^>]*value="([0-9a-f]+)"', page)
    assert found is not None
    return found.group(1)


@pytest.fixture
def campaign(session: Session) -> Campaign:
    return make.participation(
        session, campaign=make.campaign(session, goals="first buyers", brief="Mornings.")
    ).campaign


@pytest.fixture
def brand(client: FlaskClient, session: Session, campaign: Campaign) -> FlaskClient:
    make.user(session)
    return make.sign_in(client, make.user(session, brand=campaign.brand))


def test_the_brand_reads_plan_and_people_and_nothing_of_their_pay(
    brand: FlaskClient, session: Session, campaign: Campaign
) -> None:
    person = make.participants(session, campaign)[0].influencer
    person.bank_account, person.email = "4123456", "noa.secret@example.com"
    page = visit(brand, plan_url(campaign)).text
    assert "first buyers" in page and "Mornings." in page and person.accounts[0]["handle"] in page
    assert "4123456" not in page and "noa.secret" not in page


def test_an_approval_is_kept_and_told_to_staff(brand: FlaskClient, session: Session, campaign: Campaign) -> None:
    page = visit(brand, plan_url(campaign)).text
    submit(brand, plan_url(campaign) + "/plan", {"decision": "approved", "plan-read": read_hash(page, "plan")})
    made = session.scalars(select(BrandDecision)).one()
    assert (made.subject, made.decision) == ("plan", "approved")
    assert "approved the plan" in session.scalars(select(Mail)).all()[-1].subject
    assert "You approved it on" in visit(brand, plan_url(campaign)).text


def test_pressed_twice_an_approval_is_one_and_staff_get_one_letter(
    brand: FlaskClient, session: Session, campaign: Campaign
) -> None:
    fields = {"decision": "approved", "roster-read": read_hash(visit(brand, plan_url(campaign)).text, "roster")}
    for _ in range(2):
        assert submit(brand, plan_url(campaign) + "/roster", fields).status_code == 302
    assert len(session.scalars(select(BrandDecision)).all()) == 1
    assert len([one for one in session.scalars(select(Mail)) if "influencers" in one.subject]) == 1


def test_a_wish_without_words_is_refused_and_one_with_words_reaches_staff(
    brand: FlaskClient, session: Session, campaign: Campaign
) -> None:
    read = read_hash(visit(brand, plan_url(campaign)).text, "plan")
    fields = {"decision": "change_asked", "plan-read": read}
    assert submit(brand, plan_url(campaign) + "/plan", fields).status_code == 422
    submit(brand, plan_url(campaign) + "/plan", {**fields, "plan-note": "Not in Passover week."})
    assert "Not in Passover week." in session.scalars(select(Mail)).all()[-1].body


def test_a_plan_that_changed_while_it_was_read_is_not_approved(
    brand: FlaskClient, session: Session, campaign: Campaign
) -> None:
    read = read_hash(visit(brand, plan_url(campaign)).text, "plan")
    campaign.goals = "something else"
    answer = submit(brand, plan_url(campaign) + "/plan", {"decision": "approved", "plan-read": read})
    assert answer.status_code == 409
    assert session.scalar(select(BrandDecision)) is None


def test_a_change_after_the_approval_is_told_to_the_brand(
    brand: FlaskClient, session: Session, campaign: Campaign
) -> None:
    approve(session, campaign, "plan")
    campaign.goals = "stock sold"
    page = visit(brand, plan_url(campaign)).text
    assert "Changed since approved" in page and "Changed since: Goals" in page


def test_the_report_is_decided_on_once_the_campaign_has_ended(session: Session, client: FlaskClient) -> None:
    cast = whole_campaign.a_live_campaign(session)
    assert report_contents(session, cast.campaign) is None
    whole_campaign.end(session, cast.campaign)
    closed = report_contents(session, cast.campaign)
    assert closed is not None and closed["report"]
    brand = make.sign_in(client, make.user(session, brand=cast.campaign.brand))
    page = visit(brand, plan_url(cast.campaign)).text
    assert f'You approve the final report <bdi dir="ltr">{closed["report"]}</bdi>' in page


def test_an_influencer_reads_the_brief_without_the_goals(session: Session, client: FlaskClient) -> None:
    wishes: dict[str, Any] = {"goals": "secret goals", "hashtags": ["glow"], "disclosure": "Advertising"}
    mine = make.participation(session, campaign=make.campaign(session, **wishes))
    make.sign_in(client, make.user(session, influencer=mine.influencer))
    page = visit(client, f"/me/campaigns/{mine.public_id}").text
    assert "#glow" in page and "Advertising" in page and "secret goals" not in page


def test_material_is_for_those_who_take_part_and_saved_by_a_name_of_ours(session: Session, client: FlaskClient) -> None:
    mine = make.participation(session)
    asset = make.asset(session, campaign=mine.campaign)
    make.sign_in(client, make.user(session, influencer=mine.influencer))
    assert "First words" in visit(client, f"/me/campaigns/{mine.public_id}/material").text
    file = visit(client, f"/material/{asset.public_id}")
    assert file.headers["Content-Disposition"] == f'attachment; filename="material-{asset.public_id}.pdf"'
    assert (file.headers["X-Content-Type-Options"], file.headers["Cache-Control"]) == ("nosniff", "private, no-store")


@pytest.mark.parametrize("status", ["invited", "declined", "withdrawn", "removed"])
def test_who_does_not_take_part_gets_no_file(session: Session, client: FlaskClient, status: str) -> None:
    mine = make.participation(session)
    asset = make.asset(session, campaign=mine.campaign)
    mine.status = status
    make.sign_in(client, make.user(session, influencer=mine.influencer))
    assert visit(client, f"/material/{asset.public_id}").status_code == 404
    assert "First words" not in visit(client, f"/me/campaigns/{mine.public_id}/material").text


def test_training_is_read_in_ones_own_language_and_of_ones_own_campaigns(session: Session, client: FlaskClient) -> None:
    mine = make.participation(session)
    other = make.campaign(session, shop=make.shop(session, domain="other.example.com"))
    make.training_page(session, title="For all")
    make.training_page(session, title="Mine only", campaign=mine.campaign)
    make.training_page(session, title="Not mine", campaign=other)
    make.training_page(session, title="על קודים", language="he")
    make.sign_in(client, make.user(session, influencer=mine.influencer, language="en"))
    page = visit(client, "/me/training").text
    assert "For all" in page and "Mine only" in page
    assert "Not mine" not in page and "על קודים" not in page


def test_a_training_page_brings_no_markup_along(session: Session, client: FlaskClient) -> None:
    mine = make.participation(session)
    make.training_page(session, title="<b>bold</b>")
    make.sign_in(client, make.user(session, influencer=mine.influencer))
    page = visit(client, "/me/training").text
    assert "&lt;b&gt;bold" in page and "<b>bold" not in page
