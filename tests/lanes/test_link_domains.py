"""A brand's own host: its links are answered there, another brand's are not, and nothing else of ours is."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.fonts import address
from campaigns.models import Brand, Delivery
from tests import factories
from tests.factories import visit
from tests.faults.nodes import node
from tests.lanes.doors import a_link, delivery, post, soon

OWN = {"Host": "go.amber.example"}


@pytest.fixture
def amber(session: Session) -> Brand:
    brand = factories.brand(session, name="Amber Skin")
    brand.link_domain = "go.amber.example"
    return brand


@pytest.fixture
def path(session: Session, amber: Brand) -> str:
    """A link of a campaign of that brand."""
    return a_link(session, shop=factories.shop(session, brand=amber))[0]


def test_a_link_is_answered_on_its_brands_host_and_on_ours(client: FlaskClient, path: str):
    assert visit(client, path, headers=OWN).status_code == 302
    assert visit(client, path, headers={"Host": "GO.amber.example:443"}).status_code == 302
    assert visit(client, path).status_code == 302


def test_another_brands_link_is_not_there_and_the_page_says_so_in_the_visitors_language(
    client: FlaskClient, session: Session, path: str
):
    foreign, _ = a_link(session, shop=factories.shop(session, domain="cobalt.example.com"))
    answer = visit(client, foreign, headers={**OWN, "Accept-Language": "he"})
    assert answer.status_code == 404
    assert 'lang="he" dir="rtl"' in answer.text


def test_a_page_there_leads_to_our_own_host_and_offers_nothing_that_is_not_there(client: FlaskClient, path: str):
    page = visit(client, "/r/nosuch", headers=OWN).text
    led = [
        address for address in re.findall(r'(?:href|action)="([^"]*)"', page) if not address.startswith(("#", "data:"))
    ]
    ours = {"http://localhost/"}
    assert set(led) & ours == ours
    assert all(visit(client, one, headers=OWN, buffered=True).status_code == 200 for one in set(led) - ours)


def test_another_page_of_ours_offers_its_languages_and_leads_home_on_the_host_it_is_on(client: FlaskClient):
    page = visit(client, "/nosuch").text
    assert 'class="button" href="/"' in page and 'name="language"' in page


def test_a_page_there_has_its_style_and_its_font(client: FlaskClient, path: str):
    for asset in ("/static/style.css", address("hebrew")):
        assert visit(client, asset, headers=OWN, buffered=True).status_code == 200


@pytest.mark.parametrize(
    "page", ["/", "/sign-in", "/console/campaigns", "/api/v1/campaigns", "/healthz", "/metrics", "/set-password/x"]
)
def test_nothing_else_of_ours_is_there(client: FlaskClient, path: str, page: str):
    answer = visit(client, page, headers=OWN)
    assert (answer.status_code, answer.text) == (400, "unknown host\n")
    assert "Set-Cookie" not in answer.headers


def test_no_shop_sends_its_messages_there(client: FlaskClient, session: Session, path: str):
    genuine = delivery(factories.shop(session, platform="shopify"))
    refused = post(client, genuine.path, headers=genuine.headers | OWN, data=genuine.body)
    assert refused.status_code == 400
    assert session.scalars(select(Delivery)).all() == []


@pytest.mark.parametrize("host", ["evil.example", "amber.example", "x.go.amber.example", "go.amber.example.evil", ""])
def test_a_host_that_is_nobodys_gets_nothing(client: FlaskClient, path: str, host: str):
    assert visit(client, path, headers={"Host": host}).status_code == 400


def test_a_host_that_was_taken_away_stops_on_every_node_within_seconds(app: Flask, amber: Brand, path: str):
    nodes = [node(app), node(app)]
    assert [visit(one, path, headers=OWN).status_code for one in nodes] == [302, 302]
    amber.link_domain = ""
    assert soon(lambda: [visit(one, path, headers=OWN).status_code for one in nodes] == [400, 400])
    assert visit(nodes[0], path).status_code == 302
