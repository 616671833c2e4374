"""The page that holds a campaign against the shop's own list, and what the brand reads of it."""

import io
import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import AuditEntry, Campaign, Finding
from campaigns.tracking.shop_api import keep_credentials
from tests import factories
from tests.factories import submit, visit
from tests.settlement.exports import shopify, shopify_csv, standard


@pytest.fixture
def campaign(session: Session) -> Campaign:
    return factories.live_campaign(session, accepted=1)


def page(campaign: Campaign, rest: str = "") -> str:
    return f"/console/campaigns/{campaign.public_id}/reconciliation{rest}"


def upload(staff: FlaskClient, campaign: Campaign, body: bytes) -> Any:
    return submit(staff, page(campaign), {"file": (io.BytesIO(body), "orders.csv")})


def findings(session: Session) -> list[Finding]:
    session.rollback()
    return list(session.scalars(select(Finding).order_by(Finding.id)))


def test_a_file_is_compared_and_what_differs_is_shown(staff: FlaskClient, session: Session, campaign: Campaign):
    assert "No export has been compared yet" in visit(staff, page(campaign)).text
    assert upload(staff, campaign, shopify_csv(shopify(1001))).status_code == 302
    text = visit(staff, page(campaign)).text
    assert "#1001" in text and "shop&#39;s export, not here" in text and "dana@example.com" not in text
    assert "to be decided" in visit(staff, f"/console/campaigns/{campaign.public_id}/close").text


def test_rows_that_can_not_be_read_are_listed(staff: FlaskClient, session: Session, campaign: Campaign):
    answer = upload(staff, campaign, shopify_csv(shopify(1001, total="a lot")))
    assert answer.status_code == 422
    assert all(word in answer.text for word in ("Row 2", "Total", "not an amount in"))
    assert upload(staff, campaign, b"hello").status_code == 422
    assert submit(staff, page(campaign), {}).status_code == 422
    assert findings(session) == []


def test_a_long_file_is_taken_from_staff_and_from_no_stranger(staff: FlaskClient, session: Session, campaign: Campaign):
    staff.application.config["MAX_CONTENT_LENGTH"] = 2_000  # of other bodies
    long = shopify_csv(*(shopify(number) for number in range(1001, 1021)))
    assert upload(staff.application.test_client(), campaign, long).status_code == 413
    assert upload(staff, campaign, long).status_code == 302


def test_each_finding_is_decided_and_noted(staff: FlaskClient, session: Session, campaign: Campaign):
    upload(staff, campaign, json.dumps([standard(1), standard(2), standard(3)]).encode())
    urls = [f"/console/findings/{finding.public_id}" for finding in findings(session)]
    submit(staff, urls[0], {"action": "accept"})
    submit(staff, urls[1], {"action": "waive", "reason": "a gift"})
    submit(staff, urls[2], {"action": "dispute", "reason": "never paid"})
    assert [finding.status for finding in findings(session)] == ["accepted", "waived", "disputed"]
    noted = set(session.scalars(select(AuditEntry.action)))
    assert {"campaign.reconciled", "finding.accepted", "finding.waived", "finding.disputed"} <= noted
    assert "never paid" in visit(staff, page(campaign)).text


def test_a_refusal_is_said_on_the_page(staff: FlaskClient, session: Session, campaign: Campaign):
    upload(staff, campaign, shopify_csv(shopify(1001, total="105.00")))
    (finding,) = findings(session)
    answer = submit(staff, f"/console/findings/{finding.public_id}", {"action": "accept"}, follow_redirects=True)
    assert "add up to its total" in answer.text and "upload the orders as JSON" in answer.text
    submit(staff, f"/console/findings/{finding.public_id}", {"action": "waive"})
    assert [one.status for one in findings(session)] == ["open"]


def test_all_of_a_kind_are_decided_with_one_reason(staff: FlaskClient, session: Session, campaign: Campaign):
    factories.order(session, shop=campaign.shop, external_id="9")
    upload(staff, campaign, json.dumps([standard(1), standard(2)]).encode())
    submit(staff, page(campaign, "/all"), {"kind": "missing_here", "action": "waive", "reason": "gifts"})
    kinds = {(finding.kind, finding.status) for finding in findings(session)}
    assert kinds == {("missing_here", "waived"), ("missing_there", "open")}


def test_the_list_is_filtered(staff: FlaskClient, session: Session, campaign: Campaign):
    factories.order(session, shop=campaign.shop, external_id="9")
    upload(staff, campaign, json.dumps([standard(1)]).encode())
    text = visit(staff, page(campaign, "?kind=missing_there")).text
    assert "<bdi>#9</bdi>" in text and "<bdi>#1</bdi>" not in text
    assert "Nothing of that kind" in visit(staff, page(campaign, "?status=disputed")).text


def test_looking_again_closes_what_the_shop_has_told_since(staff: FlaskClient, session: Session, campaign: Campaign):
    upload(staff, campaign, json.dumps([standard(1)]).encode())
    factories.order(session, shop=campaign.shop, external_id="1")
    submit(staff, page(campaign, "/agreed"))
    assert [one.status for one in findings(session)] == ["accepted"]


def test_the_worker_is_asked_to_pull_from_where_the_campaign_began(staff: FlaskClient, session: Session):
    shop = factories.shop(session, platform="woocommerce")
    campaign = factories.live_campaign(session, accepted=1, shop=shop)
    submit(staff, page(campaign, "/pull"))
    session.refresh(shop)
    assert shop.pulled_to is None
    keys = {"consumer_key": "k", "consumer_secret": "s"}
    keep_credentials(shop, staff.application.extensions["settings"].sealing_key, "https://shop.example.com", keys)
    shop.pulled_to = factories.NOW
    submit(staff, page(campaign, "/pull"))
    session.refresh(shop)
    assert shop.pulled_to == campaign.starts_at


def test_the_brand_reads_what_differs_and_nothing_of_buyers(client: FlaskClient, session: Session, campaign: Campaign):
    factories.finding(session, campaign=campaign)
    brand = factories.sign_in(client, factories.user(session, brand=campaign.brand))
    text = visit(brand, f"/brand/campaigns/{campaign.public_id}").text
    assert "#9001" in text and "example.com" not in text.split("Your shop")[1].split("</table>")[0]
    assert visit(brand, page(campaign)).status_code == 404
