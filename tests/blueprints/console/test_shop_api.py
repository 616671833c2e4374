"""A shop's API on the console: credentials go in and never come out; what the shop answers is said."""

import dataclasses
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import AuditEntry, Delivery, Order, Shop, ShopAlarm
from campaigns.tracking.alarms import API_UNREACHABLE, raise_alarm
from tests import factories as make
from tests.factories import NOW, submit, visit
from tests.fakes.shop_server import serving_shop
from tests.fakes.shopify_admin import TOKEN, ShopifyAdmin
from tests.tracking.asking import joined_shop


@pytest.fixture
def fake(app: Flask) -> Iterator[ShopifyAdmin]:
    """A Shopify on this machine, which the application may ask."""
    app.extensions["settings"] = dataclasses.replace(app.extensions["settings"], private_apis=True)
    with serving_shop(ShopifyAdmin()) as serving:
        yield serving


@pytest.fixture
def shop(session: Session) -> Shop:
    return make.shop(session, platform="shopify", domain="amber.myshopify.com")


def page(shop: Shop, path: str = "") -> str:
    return f"/console/shops/{shop.public_id}{path}"


def actions(session: Session) -> list[str]:
    session.rollback()
    return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_credentials_are_taken_and_never_shown(staff: FlaskClient, session: Session, shop: Shop, fake: ShopifyAdmin):
    answer = submit(staff, page(shop, "/api"), {"api_url": fake.url + "/", "access_token": TOKEN})
    session.refresh(shop)
    assert (answer.status_code, shop.api_url) == (302, fake.url)
    assert shop.api_credentials is not None and TOKEN.encode() not in shop.api_credentials
    shown = visit(staff, page(shop)).text
    assert TOKEN not in shown and "Enter new credentials" in shown
    entry = session.scalars(select(AuditEntry)).one()
    assert entry.action == "shop.api_connected" and TOKEN not in str(entry.details)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"api_url": "https://amber.myshopify.com"}, "Admin API access token"),
        ({"api_url": "", "access_token": "t"}, "Address of the API"),
        ({"api_url": "http://amber.myshopify.com", "access_token": "t"}, "begins with https://"),
        ({"api_url": "https://u:p@amber.myshopify.com", "access_token": "t"}, "not the address of an API"),
        ({"api_url": "https://amber.myshopify.com/?a=1", "access_token": "t"}, "not the address of an API"),
    ],
)
def test_what_can_not_be_right_is_refused_with_its_reason(
    staff: FlaskClient, session: Session, shop: Shop, fields: dict[str, str], said: str
):
    answer = submit(staff, page(shop, "/api"), fields, headers={"Referer": f"http://localhost{page(shop)}"})
    assert said in (answer if answer.status_code == 422 else visit(staff, page(shop))).text
    session.refresh(shop)
    assert shop.api_credentials is None and actions(session) == []


def test_an_address_without_https_gets_it(staff: FlaskClient, session: Session, shop: Shop):
    submit(staff, page(shop, "/api"), {"api_url": "amber.myshopify.com/", "access_token": "t"})
    session.refresh(shop)
    assert shop.api_url == "https://amber.myshopify.com"


def test_the_connection_is_tested_and_an_alarm_ends(
    staff: FlaskClient, session: Session, shop: Shop, fake: ShopifyAdmin
):
    joined = joined_shop(session, fake, "shopify")
    raise_alarm(session, joined.id, API_UNREACHABLE, NOW, reason="gone")
    submit(staff, page(joined, "/api/test"))
    assert "The shop answers." in visit(staff, page(joined)).text
    session.rollback()
    assert session.scalars(select(ShopAlarm)).one().cleared_at is not None


def test_a_connection_that_fails_says_why(staff: FlaskClient, session: Session, shop: Shop, fake: ShopifyAdmin):
    joined = joined_shop(session, fake, "shopify")
    fake.faults = [403]
    submit(staff, page(joined, "/api/test"))
    assert "refuses the credentials" in visit(staff, page(joined)).text


def test_changes_are_asked_for_at_once(staff: FlaskClient, session: Session, fake: ShopifyAdmin):
    joined = joined_shop(session, fake, "shopify")
    fake.add(101, updated_at="2099-01-01T00:00:00Z")
    submit(staff, page(joined, "/pull"))
    assert "Changed orders: 1; news to us: 1." in visit(staff, page(joined)).text
    session.rollback()
    assert session.scalars(select(Order.external_id)).all() == ["101"] and actions(session) == ["shop.pulled"]


def test_a_shop_out_of_reach_stands_on_its_page_until_it_answers(
    staff: FlaskClient, session: Session, fake: ShopifyAdmin
):
    joined = joined_shop(session, fake, "shopify")
    fake.faults = [401]
    submit(staff, page(joined, "/pull"))
    assert visit(staff, page(joined)).text.count("refuses the credentials") == 2  # said once, and standing
    assert "refuses the credentials" in visit(staff, page(joined)).text
    submit(staff, page(joined, "/pull"))
    assert "refuses the credentials" not in visit(staff, page(joined)).text


def test_credentials_are_deleted_and_the_shop_is_asked_no_more(
    staff: FlaskClient, session: Session, fake: ShopifyAdmin
):
    joined = joined_shop(session, fake, "shopify")
    submit(staff, page(joined, "/api/forget"))
    submit(staff, page(joined, "/pull"))
    session.refresh(joined)
    assert joined.api_credentials is None and fake.asked == []
    assert actions(session) == ["shop.api_disconnected"]


def test_what_waited_for_credentials_is_due_when_they_come(staff: FlaskClient, session: Session):
    bare = make.shop(session, platform="bigcommerce")
    body = {"scope": "store/order/created", "data": {"type": "order", "id": 1}, "hash": "h"}
    left = make.delivery(session, shop=bare, topic="store/order/created", body=body)
    left.retry_at = None
    submit(staff, page(bare, "/api"), {"store": "abc", "token": "t"})
    session.rollback()
    waiting = session.scalars(select(Delivery)).one()
    assert (waiting.status, waiting.retry_at is not None) == ("waiting", True)
    assert "Messages that wait until the shop can be asked: <bdi>1</bdi>" in visit(staff, page(bare)).text


def test_a_shop_whose_platform_only_sends_has_no_such_form(staff: FlaskClient, session: Session):
    plain = make.shop(session, platform="standard")
    assert "Asking the shop" not in visit(staff, page(plain)).text
    submit(staff, page(plain, "/api"), {"api_url": "https://a.example"})
    session.refresh(plain)
    assert plain.api_credentials is None
