"""Ecwid and Squarespace from end to end: a webhook at our door, the worker asks the shop's API, the sale is credited.

Every order is 90.00 net, so 13.50 for the influencer at 15 %. Half of it given back leaves 6.75.
"""

import dataclasses
from collections.abc import Iterator
from contextvars import Context
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.jobs import TIMERS, run_slot
from campaigns.models import Campaign, Delivery, Order, Shop
from campaigns.tracking.alarms import API_UNREACHABLE, open_alarm
from campaigns.tracking.events import READ_BACK
from campaigns.tracking.shop_api import Asking, keep_credentials
from campaigns.tracking.waiting import read_back_waiting
from tests import factories
from tests.factories import NOW
from tests.fakes import ecwid_rest, squarespace_commerce
from tests.fakes.ecwid_rest import Ecwid
from tests.fakes.shop_server import serving_shop
from tests.fakes.squarespace_commerce import Squarespace
from tests.fakes.webhooks import Webhook
from tests.faults.books import posted
from tests.tracking.asking import asking, join, joined_shop

Fake = Ecwid | Squarespace
A_MINUTE = timedelta(minutes=1)
COMMISSION_MINOR, HALF_MINOR = 1350, 675
ORDERS = {"ecwid": ecwid_rest.ORDER, "squarespace": squarespace_commerce.ORDER}
HALF_BACK: dict[str, dict[str, Any]] = {"ecwid": ecwid_rest.HALF_BACK, "squarespace": squarespace_commerce.HALF_BACK}
CANCELLED: dict[str, dict[str, Any]] = {"ecwid": ecwid_rest.CANCELLED, "squarespace": squarespace_commerce.CANCELLED}
PAUSES = {"ecwid": [7.0, 7.0], "squarespace": [0.5, 1.0]}


@pytest.fixture(params=[Ecwid, Squarespace], ids=["ecwid", "squarespace"])
def fake(request: pytest.FixtureRequest) -> Iterator[Fake]:
    with serving_shop(request.param()) as serving, time_machine.travel(NOW, tick=False):
        yield serving


@pytest.fixture
def place(session: Session, fake: Fake) -> Shop:
    """The fake's shop in the middle of a campaign, with one sale by a participant's code."""
    shop = joined_shop(session, fake, fake.platform, currency="USD")
    campaign: Campaign = factories.live_campaign(session, accepted=1, shop=shop)
    (person,) = factories.participants(session, campaign)
    assert person.code is not None
    fake.sell(person.code.code)
    session.commit()
    return shop


def post(app: Flask, session: Session, shop: Shop, sent: Webhook) -> int:
    """The status our door answers with."""
    path = f"/webhooks/{shop.platform}/{shop.public_id}{sent.query}"
    session.commit()
    return Context().run(app.test_client().post, path, data=sent.body, headers=sent.headers).status_code


def announce(app: Flask, session: Session, shop: Shop, fake: Fake, number: int = 1) -> None:
    assert post(app, session, shop, fake.webhook(shop.webhook_secret, number, NOW)) == 200


def work(session: Session, minutes: int = 0, way: Asking | None = None) -> None:
    """One round of the worker's, so many minutes later."""
    read_back_waiting(session, way or asking(), NOW + minutes * A_MINUTE)


def earned(session: Session) -> int:
    session.rollback()
    return -posted(session, "influencer_pending")


def announced(session: Session) -> Delivery:
    session.rollback()
    return session.scalars(select(Delivery).where(Delivery.topic != READ_BACK)).one()


def test_a_webhook_waits_until_the_worker_has_read_the_order_and_the_sale_is_credited(
    app: Flask, session: Session, fake: Fake, place: Shop
) -> None:
    settings = dataclasses.replace(app.extensions["settings"], private_apis=True)
    announce(app, session, place, fake)
    assert (announced(session).status, fake.asked, earned(session)) == ("waiting", [], 0)
    (timer,) = [one for one in TIMERS if one.name == "read-back"]
    assert run_slot(session, timer, settings, "a", NOW)
    order = session.scalars(select(Order)).one()
    assert (order.external_id, order.net_minor, order.currency) == (ORDERS[place.platform], 9000, "USD")
    assert (announced(session).status, earned(session)) == ("processed", COMMISSION_MINOR)


def test_too_many_requests_are_repeated_after_the_pause_the_shop_asks_for_or_a_growing_one(
    app: Flask, session: Session, fake: Fake, place: Shop
) -> None:
    pauses: list[float] = []
    announce(app, session, place, fake)
    fake.over_the_limit = 2
    work(session, way=asking(sleep=pauses.append, patience=30.0))
    assert (pauses, len(fake.asked)) == (PAUSES[place.platform], 3)
    assert earned(session) == COMMISSION_MINOR


def test_a_limit_that_lasts_holds_the_delivery_for_a_minute_and_loses_nothing(
    app: Flask, session: Session, fake: Fake, place: Shop
) -> None:
    announce(app, session, place, fake)
    fake.over_the_limit = 99
    work(session)
    assert (announced(session).status, announced(session).retry_at) == ("waiting", NOW + A_MINUTE)
    assert announced(session).reason == "127.0.0.1 answered with error 429"
    fake.over_the_limit = 0
    work(session, minutes=1)
    assert (announced(session).status, earned(session)) == ("processed", COMMISSION_MINOR)


@pytest.mark.parametrize("lacking", ["secret", "scope"])
def test_refused_credentials_are_told_clearly_and_the_sale_is_credited_once_they_are_right(
    app: Flask, session: Session, fake: Fake, place: Shop, lacking: str
) -> None:
    scopes = set(fake.scopes)
    if lacking == "scope":
        fake.scopes.clear()
    else:
        keep_credentials(place, asking().sealing_key, fake.url, {"store": ecwid_rest.STORE, "token": "old"})
    announce(app, session, place, fake)
    work(session)
    said = "the shop's API refuses the credentials, or they may not read orders"
    alarm = open_alarm(session, place.id, API_UNREACHABLE)
    assert announced(session).reason == said and alarm is not None and alarm.facts["reason"] == said
    fake.scopes = scopes
    join(session, place, fake)
    work(session, minutes=1)
    assert open_alarm(session, place.id, API_UNREACHABLE) is None and earned(session) == COMMISSION_MINOR


def test_an_order_that_is_gone_is_given_up_by_its_name_and_a_sale_known_before_stands(
    app: Flask, session: Session, fake: Fake, place: Shop
) -> None:
    """That it is missing in the shop is for the comparison of orders to find, and for people to decide."""
    announce(app, session, place, fake)
    work(session)
    fake.orders.clear()
    announce(app, session, place, fake, number=2)
    for minutes in (0, 1, 6, 36, 156, 516):
        work(session, minutes)
    session.rollback()
    outcomes = session.execute(select(Delivery.status, Delivery.reason).order_by(Delivery.id)).all()
    assert outcomes[-1] == ("failed", f"the shop has no order {ORDERS[place.platform]}")
    assert open_alarm(session, place.id, API_UNREACHABLE) is None and earned(session) == COMMISSION_MINOR


def test_what_is_read_later_takes_the_place_of_what_was_read_before(
    app: Flask, session: Session, fake: Fake, place: Shop
) -> None:
    told = []
    for number, change in enumerate([{}, HALF_BACK[place.platform], CANCELLED[place.platform]]):
        fake.alter(300 + number, change)
        announce(app, session, place, fake, number)
        work(session)
        told.append(earned(session))
    assert told == [COMMISSION_MINOR, HALF_MINOR, 0]
    assert session.scalars(select(Order.status)).all() == ["cancelled"]


def test_a_refund_in_part_without_a_sum_is_refused_and_the_sale_stands_until_there_is_one(
    app: Flask, session: Session, fake: Fake, place: Shop
) -> None:
    told, said = [], {"ecwid": "paymentStatus", "squarespace": "paymentState"}[place.platform]
    for number, change in enumerate([{}, {said: "PARTIALLY_REFUNDED"}, HALF_BACK[place.platform]]):
        fake.alter(300 + number, change)
        announce(app, session, place, fake, number)
        work(session)
        told.append(earned(session))
    assert told == [COMMISSION_MINOR, COMMISSION_MINOR, HALF_MINOR]
    reasons = session.scalars(select(Delivery.reason).filter_by(status="failed")).all()
    assert reasons == [f"order.{said}: refunded in part, and how much isn't said"]


def test_the_same_webhook_twice_is_one_delivery_and_one_question_also_after_the_answer(
    app: Flask, session: Session, fake: Fake, place: Shop
) -> None:
    for _ in range(2):
        announce(app, session, place, fake)
        announce(app, session, place, fake)
        work(session)
    assert (announced(session).status, len(fake.asked), earned(session)) == ("processed", 1, COMMISSION_MINOR)


def test_a_forged_webhook_is_refused_and_asks_for_nothing(
    app: Flask, session: Session, fake: Fake, place: Shop
) -> None:
    assert post(app, session, place, fake.webhook("00ff" * 8, 1, NOW)) == 401
    work(session)
    assert session.scalars(select(Delivery.id)).all() == [] and fake.asked == []
    assert session.scalars(select(Shop.refused_deliveries)).one() == 1


@pytest.mark.parametrize("fake", [Squarespace], indirect=True)
def test_squarespace_is_told_who_asks_for_it_answers_nobody_else(
    app: Flask, session: Session, fake: Squarespace, place: Shop
) -> None:
    announce(app, session, place, fake)
    work(session)
    assert fake.agents == ["campaigns"]
    key = {"authorization": f"Bearer {squarespace_commerce.KEY}"}
    assert [fake.answer(f"/1.0/commerce/orders/{squarespace_commerce.ORDER}", {}, key).status, len(fake.asked)] == [
        400,
        1,
    ]
