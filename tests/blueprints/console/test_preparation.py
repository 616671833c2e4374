"""Preparing a campaign on the console: plan, vetting, material, training, and asking the brand."""

from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.clock import utc_now
from campaigns.models import AuditEntry, Campaign, CampaignAsset, Mail, TrainingPage, VettingReview
from tests import factories as make
from tests.blueprints.console.test_campaigns import PLAN
from tests.blueprints.test_agreeing import approve
from tests.factories import submit, visit

WISHES = {
    "product": "Amber serum",
    "goals": "a hundred first buyers",
    "brand_values": "honest",
    "category": "skin care",
    "countries": "il, us",
    "ages": "18-24, 65+",
    "women_percent": "70",
    "hashtags": "#glow, AmberSkin",
    "styles": "reviews, humour",
}


def test_what_a_plan_wishes_for_is_kept_tidied(staff: FlaskClient, session: Session) -> None:
    campaign = make.campaign(session)
    submit(staff, f"/console/campaigns/{campaign.public_id}/edit", {**PLAN, **WISHES})
    session.expire_all()
    assert campaign.audience == {"countries": ["IL", "US"], "ages": ["18-24", "65+"], "women_percent": 70}
    assert (campaign.hashtags, campaign.styles) == (["glow", "AmberSkin"], ["reviews", "humour"])


def test_a_wrong_country_is_told_beside_its_field_and_keeps_what_was_typed(
    staff: FlaskClient, session: Session
) -> None:
    campaign = make.campaign(session)
    fields = {**PLAN, **WISHES, "countries": "Israel"}
    answer = submit(staff, f"/console/campaigns/{campaign.public_id}/edit", fields)
    assert answer.status_code == 422
    assert 'id="countries-error1"' in answer.text
    assert 'value="Israel"' in answer.text and "a hundred first buyers" in answer.text


def test_the_preparation_names_each_open_thing_and_where_it_is_done(staff: FlaskClient, session: Session) -> None:
    campaign = make.campaign(session)
    page = visit(staff, f"/console/campaigns/{campaign.public_id}/preparation").text
    assert "Nobody has looked into the product yet." in page
    assert f'href="/console/campaigns/{campaign.public_id}/vetting"' in page
    assert f'href="/shops/{campaign.shop.public_id}/setup"' in page


def test_a_campaigns_page_leads_to_its_next_step(staff: FlaskClient, session: Session) -> None:
    campaign = make.campaign(session, brief="Show your morning.")
    page = visit(staff, f"/console/campaigns/{campaign.public_id}").text
    assert "What comes next" in page and "Product and goals are not both written down." in page


def test_a_review_is_written_down_audited_and_shown(staff: FlaskClient, session: Session) -> None:
    url = f"/console/campaigns/{make.campaign(session).public_id}/vetting"
    fields = {"subject": "product", "source": "test_order", "verdict": "fit", "note": "arrived in two days"}
    submit(staff, url, fields)
    assert session.scalars(select(VettingReview)).one().by is not None
    assert session.scalars(select(AuditEntry).filter_by(action="campaign.vetted")).one().details["verdict"] == "fit"
    assert "arrived in two days" in visit(staff, url).text


def test_a_review_that_fails_keeps_what_was_typed(staff: FlaskClient, session: Session) -> None:
    url = f"/console/campaigns/{make.campaign(session).public_id}/vetting"
    fields = {"subject": "product", "source": "survey", "verdict": "unfit", "link": "https://reviews.example.com/x"}
    answer = submit(staff, url, fields)
    assert answer.status_code == 422
    assert 'id="note-error1"' in answer.text and "https://reviews.example.com/x" in answer.text


def test_a_review_of_an_earlier_campaign_is_shown_as_carried_over(staff: FlaskClient, session: Session) -> None:
    winter = make.campaign(session, name="Winter")
    make.vetted(session, campaign=winter)
    winter_review = session.scalars(select(VettingReview)).one()
    spring = make.campaign(session, shop=winter.shop)
    winter_review.at = utc_now()
    page = visit(staff, f"/console/campaigns/{spring.public_id}/vetting").text
    assert "carried over from “<bdi>Winter</bdi>”" in page


def material_url(campaign: Campaign) -> str:
    return f"/console/campaigns/{campaign.public_id}/material"


def test_a_file_is_told_by_its_bytes_and_not_by_its_name(staff: FlaskClient, session: Session) -> None:
    url = material_url(make.campaign(session))
    page = submit(staff, url, {"title": "Prices", "file": (BytesIO(b"<script>"), "prices.pdf")})
    assert page.status_code == 422 and 'id="file-error1"' in page.text
    submit(staff, url, {"title": "Prices", "file": (BytesIO(b"%PDF-1.7 %%EOF"), "prices.exe")})
    assert session.scalars(select(CampaignAsset)).one().media_type == "application/pdf"


def test_words_and_links_are_material_too_and_can_be_taken_away(staff: FlaskClient, session: Session) -> None:
    url = material_url(make.campaign(session))
    submit(staff, url, {"title": "Say", "text": "My morning begins with this."})
    submit(staff, url, {"title": "Film", "link": "https://film.example.com/1"})
    words, film = session.scalars(select(CampaignAsset).order_by(CampaignAsset.id)).all()
    submit(staff, f"/console/material/{words.public_id}/withdraw")
    page = visit(staff, url).text
    assert (words.kind, film.kind) == ("text", "link")
    assert "https://film.example.com/1" in page and "My morning" not in page


def test_a_link_that_runs_a_script_is_refused(staff: FlaskClient, session: Session) -> None:
    answer = submit(staff, material_url(make.campaign(session)), {"title": "Film", "link": "javascript:alert(1)"})
    assert answer.status_code == 422
    assert session.scalar(select(CampaignAsset)) is None


def test_a_training_page_is_written_worded_anew_and_taken_away(staff: FlaskClient, session: Session) -> None:
    fields = {"campaign": "", "kind": "lesson", "language": "en", "title": "Codes", "text": "Say it.", "position": "1"}
    submit(staff, "/console/training", fields)
    page = session.scalars(select(TrainingPage)).one()
    submit(staff, f"/console/training/{page.public_id}", {**fields, "title": "Codes and links"})
    session.expire_all()
    assert page.title == "Codes and links" and page.campaign is None
    submit(staff, f"/console/training/{page.public_id}/withdraw")
    assert visit(staff, f"/console/training/{page.public_id}").status_code == 404


def test_an_empty_training_page_is_refused_beside_its_text(staff: FlaskClient) -> None:
    fields = {"campaign": "", "kind": "question", "language": "he", "title": "Is it vegan?"}
    answer = submit(staff, "/console/training", fields)
    assert answer.status_code == 422
    assert 'id="text-error1"' in answer.text and "Is it vegan?" in answer.text


def test_asking_the_brand_writes_to_it_with_the_way_in(staff: FlaskClient, session: Session) -> None:
    campaign = make.campaign(session)
    submit(staff, f"/console/campaigns/{campaign.public_id}/ask-brand")
    letter = session.scalars(select(Mail).filter_by(recipient=campaign.brand.email)).one()
    assert campaign.name in letter.subject and "/set-password/" in letter.body
    assert session.scalars(select(AuditEntry).filter_by(action="brand.asked")).one().details == {"people": 1}


def test_a_launch_with_everything_in_place_wants_no_reason(staff: FlaskClient, session: Session) -> None:
    campaign = whole(session)
    submit(staff, f"/console/campaigns/{campaign.public_id}/launch")
    entry = session.scalars(select(AuditEntry).filter_by(action="campaign.launched")).one()
    assert entry.details == {"reason": "", "open": []}


def test_a_launch_with_something_open_wants_a_reason(staff: FlaskClient, session: Session) -> None:
    campaign = whole(session)
    campaign.brief = ""
    url = f"/console/campaigns/{campaign.public_id}/launch"
    assert submit(staff, url).status_code == 422
    submit(staff, url, {"reason": "told on the phone"})
    session.expire_all()
    assert campaign.launch_reason == "told on the phone"


def whole(session: Session) -> Campaign:
    """A campaign with everything the checklist asks for; the plan was approved as it stands."""
    wishes: dict[str, Any] = {
        "brief": "Your morning.",
        "product": "Serum",
        "goals": "first buyers",
        "brand_values": "honest",
    }
    campaign = make.campaign(session, **wishes)
    for _ in range(10):
        make.participation(session, campaign=campaign)
    for subject in ("business", "product"):
        make.vetted(session, campaign=campaign, subject=subject)
    make.asset(session, campaign=campaign)
    make.delivery(session, shop=campaign.shop)
    make.order(session, shop=campaign.shop, test=True)
    for subject in ("plan", "roster"):
        approve(session, campaign, subject)
    return campaign
