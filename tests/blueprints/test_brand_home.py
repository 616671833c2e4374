"""A brand's front door: what waits, what sells for what cost, and what is over."""

from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from campaigns.settlement.figures import Figures
from campaigns.settlement.returns import as_times, sales_per_cost_bps
from tests import factories, whole_campaign
from tests.blueprints.test_me import text_of
from tests.planning.talking import Stage, passed, stage
from tests.settlement.owed import sell


@pytest.fixture
def here(session: Session) -> Stage:
    return stage(session)


def door(client: FlaskClient, here: Stage) -> str:
    with time_machine.travel(factories.NOW + timedelta(hours=1), tick=False):
        return factories.visit(factories.sign_in(client, here.brand), "/brand").text


def test_a_running_campaign_shows_sales_cost_and_return(session: Session, client: FlaskClient, here: Stage) -> None:
    """100.00 cost 18.00: 5.6 times."""
    sell(session, here.noa, net_minor=10_000)
    words = text_of(door(client, here))
    assert "Sales so far ₪100.00" in words and "Your total cost ₪18.00" in words
    assert "5.6× of sales for each ₪1.00 of cost" in words and "Sales today ₪100.00 1 order" in words


def test_each_influencers_sales_are_there_who_sells_most_first(
    session: Session, client: FlaskClient, here: Stage
) -> None:
    sell(session, here.tal, net_minor=20_000)
    sell(session, here.noa, net_minor=10_000)
    words = text_of(door(client, here))
    assert words.index("Noa 2 ₪200.00 1 ₪36.00 5.6×") < words.index("Noa 1 ₪100.00 1 ₪18.00 5.6×")


def test_what_is_given_back_leaves_sales_and_nothing_to_pay_has_no_return() -> None:
    kept = Figures(sales_minor=11_000, refunded_minor=1_000, commission_minor=2_500, agency_fee_minor=500)
    assert sales_per_cost_bps(kept) == 33_333 and as_times(33_333) == "3.3×"
    assert sales_per_cost_bps(Figures(sales_minor=11_000)) is None


def test_messages_and_incidents_wait_with_their_doors(session: Session, client: FlaskClient, here: Stage) -> None:
    passed(session, here)
    factories.sign_in(client, here.staff)
    told = {"kind": "customer", "subject": "Angry buyer", "message": "so angry"}
    factories.submit(client, f"/talks/incidents/new?campaign={here.campaign.public_id}", told)
    words = text_of(door(client, here))
    assert "2 Messages to read" in words and "An incident to handle Angry buyer" in words


def test_a_shop_that_nothing_came_from_waits_to_be_connected(
    session: Session, client: FlaskClient, here: Stage
) -> None:
    assert "Nothing has come from your shop yet" in text_of(door(client, here))
    factories.delivery(session, shop=here.campaign.shop)
    assert "Nothing has come from your shop yet" not in text_of(door(client, here))


def test_an_open_bill_waits_and_the_campaign_is_among_those_before(session: Session, client: FlaskClient) -> None:
    done = whole_campaign.a_live_campaign(session)
    whole_campaign.end(session, done.campaign)
    office = factories.user(session, brand=done.campaign.brand)
    with time_machine.travel(whole_campaign.CLOSED_AT + timedelta(hours=1), tick=False):
        words = text_of(factories.visit(factories.sign_in(client, office), "/brand").text)
    assert "A bill to pay" in words and "A report to approve" in words and "Newest papers" in words
    assert done.campaign.name in words[words.index("Before") :]


def test_nothing_of_another_brand_is_at_the_door(session: Session, client: FlaskClient, here: Stage) -> None:
    stranger = factories.user(session, brand=factories.brand(session, name="Cobalt"))
    page = factories.visit(factories.sign_in(client, stranger), "/brand").text
    assert here.campaign.name not in page and "No campaigns yet" in page


def test_a_plan_waits_once_the_agency_invites(session: Session, client: FlaskClient) -> None:
    draft = factories.campaign(session)
    factories.sign_in(client, factories.user(session, brand=draft.brand))
    assert "A plan to approve" not in factories.visit(client, "/brand").text
    factories.participation(session, campaign=draft, accepted=False)
    assert "A plan to approve" in factories.visit(client, "/brand").text
