"""A Shopware shop's integration on the console: its key is tried by a token, and what is wrong with it is said."""

import dataclasses
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import AuditEntry, Delivery, Shop
from campaigns.tracking.platforms.shopware import READ_BACK
from campaigns.tracking.shop_api import api_of, keep_credentials
from campaigns.tracking.waiting import read_back_waiting
from tests import factories as make
from tests.factories import NOW, submit, visit
from tests.fakes.shop_server import serving_shop
from tests.fakes.shopware_admin import KEY_ID, SECRET, ShopwareAdmin
from tests.tracking.asking import asking, joined_shop
from tests.tracking.platforms.event_payloads import shopware_event

REFUSED = "refuses the credentials; they must be entered anew"
FORMER = "wants other credentials than those kept"


@pytest.fixture
def fake(app: Flask) -> Iterator[ShopwareAdmin]:
    """A Shopware on this machine, which the application may ask."""
    app.extensions["settings"] = dataclasses.replace(app.extensions["settings"], private_apis=True)
    with serving_shop(ShopwareAdmin()) as serving:
        yield serving


def page(shop: Shop, path: str = "") -> str:
    return f"/console/shops/{shop.public_id}{path}"


def tried(staff: FlaskClient, shop: Shop) -> str:
    submit(staff, page(shop, "/api/test"))
    return visit(staff, page(shop)).text


def test_the_form_asks_for_an_integrations_key_and_keeps_it_sealed(
    staff: FlaskClient, session: Session, fake: ShopwareAdmin
):
    shop = make.shop(session, platform="shopware")
    asked = visit(staff, page(shop)).text
    assert "Access key ID" in asked and 'type="password"' in asked.split("Secret access key")[1]
    given = {"api_url": fake.url, "access_key_id": KEY_ID, "secret_access_key": SECRET}
    assert submit(staff, page(shop, "/api"), given).status_code == 302
    session.refresh(shop)
    opened = api_of(shop, asking().sealing_key).credentials
    assert opened == {"access_key_id": KEY_ID, "secret_access_key": SECRET}
    assert SECRET not in visit(staff, page(shop)).text
    assert SECRET not in str(session.scalars(select(AuditEntry)).one().details)


def test_trying_the_key_goes_as_far_as_an_order_that_is_not_there(
    staff: FlaskClient, session: Session, fake: ShopwareAdmin
):
    shop = joined_shop(session, fake, "shopware")
    assert "The shop answers." in tried(staff, shop)
    fake.may_read = False
    assert "they may not read orders" in tried(staff, shop)


def test_a_refused_key_and_one_of_the_former_kind_are_told_apart(
    staff: FlaskClient, session: Session, fake: ShopwareAdmin
):
    shop = joined_shop(session, fake, "shopware")
    fake.secret = "made anew in the shop"  # noqa: S105 - of the fake
    assert REFUSED in tried(staff, shop)
    keep_credentials(shop, asking().sealing_key, fake.url, {"token": "pasted once"})
    session.commit()
    assert FORMER in tried(staff, shop)


def test_the_set_up_page_names_all_that_an_order_is_read_from(client: FlaskClient, session: Session):
    shop = make.shop(session, platform="shopware")
    make.sign_in(client, make.user(session, brand=shop.brand))
    told = visit(client, f"/shops/{shop.public_id}/setup").text
    assert "Access key ID" in told and "Secret access key" in told
    (listed,) = [line for line in told.splitlines() if "order_transaction_capture_refund" in line]
    entities = {"captures": "order_transaction_capture", "refunds": "order_transaction_capture_refund"}
    entities |= {"lineItems": "order_line_item", "orderCustomer": "order_customer", "billingAddress": "order_address"}
    entities |= {
        "transactions": "order_transaction",
        "stateMachineState": "state_machine_state",
        "currency": "currency",
    }
    asked = {step for step in re.findall(r"%5B(\w+)%5D", READ_BACK.documents["order"]) if step != "associations"}
    assert asked == set(entities)
    assert set(re.findall(r"[a-z_]+", listed.split("ltr")[1].split("</code>")[0])) == {"order", *entities.values()}


@pytest.mark.parametrize(("credentials", "said"), [({"secret_access_key": "wrong"}, REFUSED), (None, FORMER)])
def test_an_order_that_waits_for_a_key_says_why_on_its_delivery_and_its_shop(
    staff: FlaskClient, session: Session, fake: ShopwareAdmin, credentials: dict[str, str] | None, said: str
):
    shop = joined_shop(session, fake, "shopware")
    kept = {"token": "pasted once"} if credentials is None else {"access_key_id": KEY_ID, **credentials}
    keep_credentials(shop, asking().sealing_key, fake.url, kept)
    change = {"entity": "order", "operation": "update", "primaryKey": "0a1b", "updatedFields": ["stateId"]}
    left = make.delivery(session, shop=shop, topic="order.written", body=shopware_event("order.written", [change]))
    session.commit()
    read_back_waiting(session, asking(), NOW)
    shown = session.scalars(select(Delivery.public_id).filter_by(id=left.id)).one()
    assert said in visit(staff, f"/console/deliveries/{shown}").text
    assert said in visit(staff, page(shop)).text
