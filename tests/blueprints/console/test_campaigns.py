"""Planning pages: the list, a new campaign, its page, its changes, launch and calling off."""

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import AuditEntry, Campaign, Mail
from campaigns.planning.life import ROSTER
from tests import factories as make
from tests.factories import submit, visit

PLAN = {
    "name": "Spring serum",
    "starts_at": "2026-12-01T09:00",
    "ends_at": "2026-12-22T20:00",
    "landing_url": "https://shop.example.com/serum",
    "language": "he",
    "percent_off": "10",
    "grace_days": "0",
    "influencer_rate_bps": "12.5",
    "agency_rate_bps": "3",
    "base": "net",
    "precedence": "coupon",
    "link_window_days": "30",
    "return_window_days": "14",
}


def test_an_empty_console_leads_to_the_first_brand(staff: FlaskClient) -> None:
    page = visit(staff, "/console/campaigns").text
    assert 'href="/console/brands/new"' in page


def test_another_role_finds_no_console(client: FlaskClient, session: Session) -> None:
    make.sign_in(client, make.user(session, brand=make.brand(session)))
    assert visit(client, "/console/campaigns").status_code == 404


def test_a_new_campaign_is_a_draft_with_its_rates_and_times_in_the_shops_zone(
    staff: FlaskClient, session: Session
) -> None:
    shop = make.shop(session)
    answer = submit(staff, "/console/campaigns/new", {**PLAN, "shop": shop.public_id})
    campaign = session.scalars(select(Campaign)).one()
    assert answer.location == f"/console/campaigns/{campaign.public_id}"
    assert campaign.terms.body["influencer_rate_bps"] == 1250
    assert campaign.starts_at.isoformat() == "2026-12-01T07:00:00+00:00"


def test_a_link_that_leaves_the_shop_is_refused_beside_its_field(staff: FlaskClient, session: Session) -> None:
    shop = make.shop(session)
    fields = {**PLAN, "shop": shop.public_id, "landing_url": "https://elsewhere.example/serum"}
    answer = submit(staff, "/console/campaigns/new", fields)
    assert answer.status_code == 422
    assert 'id="landing_url-error1"' in answer.text
    assert session.scalar(select(Campaign)) is None


def test_the_page_of_a_campaign_shows_the_books_figures(staff: FlaskClient, session: Session) -> None:
    campaign = make.live_campaign(session, accepted=10)
    mina = make.participants(session, campaign)[0]
    make.order(session, shop=campaign.shop, code=mina.code.code, net_minor=20_000)
    page = visit(staff, f"/console/campaigns/{campaign.public_id}").text
    assert "₪200.00" in page
    assert "₪30.00" in page
    assert "₪6.00" in page


def test_the_plan_changes_until_the_launch_and_not_after(staff: FlaskClient, session: Session) -> None:
    draft, live = make.campaign(session), make.live_campaign(session, accepted=1)
    for campaign in (draft, live):
        submit(staff, f"/console/campaigns/{campaign.public_id}/edit", {**PLAN, "name": "Renamed"})
    session.expire_all()
    assert (draft.name, live.name) == ("Renamed", "Spring serum")


def test_new_terms_are_a_new_version(staff: FlaskClient, session: Session) -> None:
    campaign = make.campaign(session)
    submit(staff, f"/console/campaigns/{campaign.public_id}/terms", {**PLAN, "influencer_rate_bps": "20"})
    session.expire_all()
    assert [(terms.version, terms.body["influencer_rate_bps"]) for terms in campaign.terms_versions] == [
        (1, 1500),
        (2, 2000),
    ]


def test_a_launch_with_too_few_wants_a_reason_and_keeps_it(staff: FlaskClient, session: Session) -> None:
    campaign = make.participation(session).campaign
    url = f"/console/campaigns/{campaign.public_id}/launch"
    assert submit(staff, url).status_code == 422
    submit(staff, url, {"reason": "a pilot with one"})
    session.expire_all()
    entry = session.scalars(select(AuditEntry).filter_by(action="campaign.launched")).one()
    assert campaign.launched_at is not None
    assert entry.details["reason"] == "a pilot with one"
    assert "There is no brief yet." in entry.details["open"]


def test_a_launch_sends_everyone_their_code_in_their_language(staff: FlaskClient, session: Session) -> None:
    campaign = make.campaign(session)
    for _ in range(ROSTER.start):
        make.participation(session, campaign=campaign)
    submit(staff, f"/console/campaigns/{campaign.public_id}/launch", {"reason": "the brand knows"})
    session.expire_all()
    letters = {mail.recipient: mail for mail in session.scalars(select(Mail))}
    people = make.participants(session, campaign)
    assert len(letters) == 10 == len(people)
    assert all(one.code.code in letters[one.influencer.email].body for one in people)
    assert {mail.language for mail in letters.values()} == {"he"}


def test_calling_off_asks_first(staff: FlaskClient, session: Session) -> None:
    campaign = make.campaign(session)
    visit(staff, f"/console/campaigns/{campaign.public_id}/cancel")
    session.expire_all()
    assert campaign.status == "draft"
    submit(staff, f"/console/campaigns/{campaign.public_id}/cancel")
    session.expire_all()
    assert campaign.status == "cancelled"
