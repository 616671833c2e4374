"""Shopware tells an order's id: an integration's key brings a token, the token the order, the order its commission."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import AttributionDecision, Delivery, Order, Participation, Shop
from campaigns.settlement.books.check import breaches
from campaigns.settlement.figures import figures_of
from campaigns.tracking.alarms import API_UNREACHABLE, open_alarm
from campaigns.tracking.shop_api import keep_credentials
from campaigns.tracking.waiting import STEPS, read_back_waiting
from tests import factories
from tests.factories import NOW
from tests.fakes.shop_server import serving_shop
from tests.fakes.shopware_admin import KEY_ID, SECRET, ShopwareAdmin
from tests.tracking.asking import asking, join, joined_shop
from tests.tracking.platforms.event_payloads import shopware_event, shopware_order, shopware_promotion

LATER = NOW + STEPS[0]
CREDENTIALS = {"access_key_id": KEY_ID, "secret_access_key": SECRET}
PLACED = "2026-05-20T09:00:00.000+00:00"


@pytest.fixture
def fake() -> Iterator[ShopwareAdmin]:
    with serving_shop(ShopwareAdmin()) as serving:
        yield serving


@pytest.fixture
def shop(session: Session, fake: ShopwareAdmin) -> Shop:
    return joined_shop(session, fake, "shopware", currency="EUR")


def numbered(number: int) -> str:
    return f"{number:032x}"


def written(session: Session, shop: Shop, *numbers: int) -> None:
    """Webhooks that say of orders that something was written, and nothing else."""
    for number in numbers:
        change = {
            "entity": "order",
            "operation": "update",
            "primaryKey": numbered(number),
            "updatedFields": ["stateId"],
        }
        body = shopware_event("order.written", [change])
        told = factories.delivery(session, shop=shop, topic="order.written", body=body)
        assert told.status == "waiting"
    session.commit()


def has(fake: ShopwareAdmin, *numbers: int, **fields: Any) -> None:
    for number in numbers:
        fake.orders[numbered(number)] = shopware_order(id=numbered(number)) | fields


def reasons(session: Session) -> set[tuple[str, str]]:
    session.rollback()
    return {(one.status, one.reason) for one in session.scalars(select(Delivery).filter_by(topic="order.written"))}


def known(session: Session) -> int:
    session.rollback()
    return len(session.scalars(select(Order.id)).all())


def test_an_order_written_about_by_its_id_is_read_back_and_earns_its_commission(session: Session, fake: ShopwareAdmin):
    place = factories.shop(session, platform="shopware", currency="EUR")
    campaign = factories.live_campaign(session, shop=place)
    noa: Participation = factories.participants(session, campaign)[0]
    join(session, place, fake)
    assert noa.code
    has(fake, 1, orderDateTime=PLACED, lineItems=[*shopware_order()["lineItems"][:1], promotion(noa.code.code)])
    written(session, place, 1)
    read_back_waiting(session, asking(), NOW)
    assert reasons(session) == {("processed", "")}
    decision = session.scalars(select(AttributionDecision).join(Order)).one()
    assert (decision.reason, decision.participation_id) == ("coupon", noa.id)
    # 100.00 of cream less 10.00 for the code: 15 % of 90.00 are 13.50, 3 % are 2.70.
    earned = figures_of(session, campaign.id)[noa.id]
    assert (earned.commission_minor, earned.agency_fee_minor) == (1350, 270)
    assert breaches(session) == []


def promotion(code: str) -> dict[str, Any]:
    return shopware_promotion(payload={"code": code})


def test_one_token_opens_the_shop_for_all_orders_of_a_run(session: Session, fake: ShopwareAdmin, shop: Shop):
    has(fake, *range(50))
    written(session, shop, *range(50))
    read_back_waiting(session, asking(), NOW)
    assert (known(session), fake.exchanged, len(fake.asked)) == (50, 1, 51)


def test_the_next_run_asks_for_a_token_of_its_own(session: Session, fake: ShopwareAdmin, shop: Shop):
    has(fake, 1, 2)
    for number in (1, 2):
        written(session, shop, number)
        read_back_waiting(session, asking(), NOW)
    assert (known(session), fake.exchanged) == (2, 2)


def test_a_token_that_ends_in_the_middle_is_followed_by_a_new_one(session: Session, fake: ShopwareAdmin, shop: Shop):
    has(fake, 1, 2, 3, 4, 5)
    fake.life = 2
    written(session, shop, 1, 2, 3, 4, 5)
    read_back_waiting(session, asking(), NOW)
    assert (known(session), fake.exchanged) == (5, 3)
    assert open_alarm(session, shop.id, API_UNREACHABLE) is None


def test_a_new_token_that_opens_nothing_is_not_asked_for_again(session: Session, fake: ShopwareAdmin, shop: Shop):
    has(fake, 1, 2)
    fake.life = 0
    written(session, shop, 1, 2)
    read_back_waiting(session, asking(), NOW)
    assert (known(session), fake.exchanged, len(fake.asked)) == (0, 1, 2)
    refused = "the shop's API refuses the credentials, or they may not read orders"
    assert ("waiting", refused) in reasons(session)


@pytest.mark.parametrize(
    ("key", "secret"), [(KEY_ID, "of another"), ("SWIAOFANOTHERINTEGRATION00", SECRET), ("my key", SECRET)]
)
def test_refused_credentials_are_said_and_tried_once_a_run(
    session: Session, fake: ShopwareAdmin, shop: Shop, key: str, secret: str
):
    keep_credentials(shop, asking().sealing_key, fake.url, {"access_key_id": key, "secret_access_key": secret})
    written(session, shop, 1, 2)
    read_back_waiting(session, asking(), NOW)
    refused = "the shop's API refuses the credentials; they must be entered anew"
    assert reasons(session) == {("waiting", refused), ("waiting", "")} and fake.exchanged == 1
    alarm = open_alarm(session, shop.id, API_UNREACHABLE)
    assert alarm is not None and alarm.facts["reason"] == refused


def test_a_role_that_may_not_read_orders_is_said(session: Session, fake: ShopwareAdmin, shop: Shop):
    has(fake, 1)
    fake.may_read = False
    written(session, shop, 1)
    read_back_waiting(session, asking(), NOW)
    refused = "the shop's API refuses the credentials, or they may not read orders"
    assert reasons(session) == {("waiting", refused)} and fake.exchanged == 1


def test_credentials_of_the_former_kind_are_to_be_entered_anew_and_the_orders_wait(
    session: Session, fake: ShopwareAdmin, shop: Shop
):
    keep_credentials(shop, asking().sealing_key, fake.url, {"token": "pasted once"})
    has(fake, 1)
    written(session, shop, 1)
    read_back_waiting(session, asking(), NOW)
    former = "the platform wants other credentials than those kept; they must be entered anew"
    assert reasons(session) == {("waiting", former)} and fake.asked == []
    join(session, shop, fake)
    read_back_waiting(session, asking(), LATER)
    assert known(session) == 1 and open_alarm(session, shop.id, API_UNREACHABLE) is None


@pytest.mark.parametrize("fault", [500, (429, "900"), "hang", "cut", "drip", "huge", "bomb", "redirect", "html"])
def test_a_token_endpoint_that_goes_wrong_leaves_the_orders_waiting(
    session: Session, fake: ShopwareAdmin, shop: Shop, fault: Any
):
    has(fake, 1)
    written(session, shop, 1)
    fake.faults = [fault]
    read_back_waiting(session, asking(), NOW)
    ((status, reason),) = reasons(session)
    assert status == "waiting" and reason and len(fake.asked) == 1
    read_back_waiting(session, asking(), LATER)
    assert known(session) == 1


def test_a_token_is_not_asked_for_at_an_address_of_our_own_network(session: Session, fake: ShopwareAdmin, shop: Shop):
    written(session, shop, 1)
    read_back_waiting(session, asking(private=False), NOW)
    ((_, reason),) = reasons(session)
    assert "begins with https://" in reason and fake.asked == []
    keep_credentials(shop, asking().sealing_key, "https://metadata.example", CREDENTIALS)
    session.commit()
    read_back_waiting(session, asking(private=False, resolve=lambda host, port: ["169.254.169.254"]), LATER)
    assert reasons(session) == {("waiting", "metadata.example is not on the open internet")}


def test_neither_the_secret_nor_a_token_is_in_any_log_or_reason(
    session: Session, fake: ShopwareAdmin, shop: Shop, caplog: pytest.LogCaptureFixture
):
    caplog.set_level(logging.DEBUG)
    has(fake, 1, 2)
    fake.life = 1
    written(session, shop, 1, 2, 3)
    told = asking()
    read_back_waiting(session, told, NOW)
    fake.secret = "another since"  # noqa: S105 - of the fake
    written(session, shop, 4)
    read_back_waiting(session, asking(), NOW)
    everything = caplog.text + repr(reasons(session)) + repr(told)
    assert "not read back" in caplog.text and len(fake.tokens) == 3
    assert [word for word in (SECRET, *fake.tokens) if word in everything] == []
