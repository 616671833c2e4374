"""Reading back: a delivery that names an order waits until the shop's API has told of it."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.db import db
from campaigns.models import Delivery, Order, Shop, ShopAlarm
from campaigns.tracking import inbox
from campaigns.tracking.alarms import API_UNREACHABLE, open_alarm
from campaigns.tracking.events import READ_BACK, Envelope
from campaigns.tracking.waiting import STEPS, read_back_waiting, waits
from tests import factories
from tests.factories import NOW, identity_key
from tests.fakes.bigcommerce_v2 import BigCommerce
from tests.fakes.shop_server import serving_shop
from tests.tracking.asking import asking, join, joined_shop
from tests.tracking.platforms.read_back_payloads import bigcommerce

A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def fake() -> Iterator[BigCommerce]:
    with serving_shop(BigCommerce()) as serving:
        serving.orders["218"] = bigcommerce()
        yield serving


@pytest.fixture
def place(session: Session, fake: BigCommerce) -> Shop:
    return joined_shop(session, fake, "bigcommerce")


def announce(session: Session, shop: Shop, order: int = 218, number: int = 1, at: datetime = NOW) -> None:
    """A genuine webhook that names an order, as the inbox keeps it."""
    body = {"scope": "store/order/updated", "data": {"type": "order", "id": order}, "hash": f"h{number}"}
    envelope = Envelope("store/order/updated", f"h{number}", occurred_at=at)
    told = inbox.arrival(shop, envelope, json.dumps(body).encode(), at)
    assert inbox.keep(session.connection(), [told], identity_key(), at) == ["waiting"]
    session.commit()


def states(session: Session) -> list[tuple[str, str]]:
    """(topic, status) of what the inbox holds, oldest first."""
    session.rollback()
    return [(one.topic, one.status) for one in session.scalars(select(Delivery).order_by(Delivery.id))]


def waiting(session: Session) -> Delivery:
    session.rollback()
    return session.scalars(select(Delivery).filter_by(topic="store/order/updated")).one()


def test_an_announced_order_is_read_back_and_kept_as_a_delivery(session: Session, fake: BigCommerce, place: Shop):
    announce(session, place)
    read_back_waiting(session, asking(), NOW)
    assert states(session) == [("store/order/updated", "processed"), (READ_BACK, "processed")]
    order = session.scalars(select(Order)).one()
    assert (order.external_id, order.net_minor, order.codes) == ("218", 10000, ["NOA10"])
    document = session.scalars(select(Delivery).filter_by(topic=READ_BACK)).one()
    assert (document.origin, document.order_external_id) == ("read_back", "218")
    assert len(fake.asked) == 4 and not waits(session, NOW)


def test_ten_announcements_of_one_order_are_answered_by_one_reading(session: Session, fake: BigCommerce, place: Shop):
    for number in range(10):
        announce(session, place, number=number)
    read_back_waiting(session, asking(), NOW)
    assert [status for _, status in states(session)] == ["processed"] * 11
    assert len(fake.asked) == 4


def test_the_same_document_read_again_is_no_second_delivery(session: Session, fake: BigCommerce, place: Shop):
    for number in (1, 2):
        announce(session, place, number=number)
        read_back_waiting(session, asking(), NOW)
    assert [topic for topic, _ in states(session)].count(READ_BACK) == 1


def test_an_order_without_codes_answers_nothing_there_and_is_read(session: Session, fake: BigCommerce, place: Shop):
    fake.orders["218"]["coupons"] = []
    announce(session, place)
    read_back_waiting(session, asking(), NOW)
    assert session.scalars(select(Order)).one().codes == []


@pytest.mark.parametrize("fault", [500, 401, "hang", "cut", "html", "redirect", (429, "900")])
def test_what_could_not_be_read_back_waits_with_the_reason_and_an_alarm(
    session: Session, fake: BigCommerce, place: Shop, fault: Any
):
    announce(session, place)
    fake.faults = [fault] * 20
    read_back_waiting(session, asking(), NOW)
    left = waiting(session)
    assert (left.status, left.attempts, left.retry_at) == ("waiting", 2, NOW + A_MINUTE) and left.reason
    assert open_alarm(session, place.id, API_UNREACHABLE) is not None
    fake.faults = []
    read_back_waiting(session, asking(), NOW + A_MINUTE)
    assert waiting(session).status == "processed"
    assert session.scalars(select(ShopAlarm)).one().cleared_at == NOW + A_MINUTE


def test_the_tries_grow_rarer_and_end_after_a_week(session: Session, fake: BigCommerce, place: Shop):
    announce(session, place)
    fake.faults = [401] * 100
    times, now = [], NOW
    while now is not None and len(times) < 50:
        read_back_waiting(session, asking(), now)
        times.append(now)
        left = waiting(session)
        now = left.retry_at
    gaps = [after - before for before, after in zip(times, times[1:], strict=False)]
    assert gaps == [*STEPS, *[timedelta(days=1)] * 6]
    assert left.status == "failed" and "refuses the credentials" in left.reason


def test_an_order_that_is_not_there_is_given_up_sooner_and_raises_no_alarm(
    session: Session, fake: BigCommerce, place: Shop
):
    announce(session, place, order=999)
    now = NOW
    for _ in range(6):
        read_back_waiting(session, asking(), now)
        now = waiting(session).retry_at or now
    assert (waiting(session).status, waiting(session).reason) == ("failed", "the shop has no order 999")
    assert open_alarm(session, place.id, API_UNREACHABLE) is None


def test_an_order_the_shop_can_not_tell_of_keeps_no_others_waiting(session: Session, fake: BigCommerce, place: Shop):
    fake.orders["219"] = bigcommerce(id=219)
    announce(session, place, order=217, number=1)
    announce(session, place, order=219, number=2)
    fake.faults = [401]
    read_back_waiting(session, asking(), NOW)
    assert session.scalar(select(Order.id)) is None
    fake.orders["217"] = {"order": "no JSON object"}
    read_back_waiting(session, asking(), NOW + A_MINUTE)
    assert session.scalars(select(Order.external_id)).all() == ["219"]


def test_one_shop_out_of_reach_keeps_no_other_waiting(session: Session, fake: BigCommerce, place: Shop):
    with serving_shop(BigCommerce(faults=[500] * 50)) as broken:
        other = joined_shop(session, broken, "bigcommerce")
        announce(session, other, number=1)
        announce(session, other, order=300, number=2)
        announce(session, place, number=3)
        read_back_waiting(session, asking(), NOW)
        assert len(broken.asked) <= 3
    assert session.scalars(select(Order.shop_id)).all() == [place.id]


def test_without_credentials_a_delivery_waits_until_there_are_some(session: Session, fake: BigCommerce):
    bare = factories.shop(session, platform="bigcommerce")
    announce(session, bare)
    read_back_waiting(session, asking(), NOW)
    assert not waits(session, NOW) and waiting(session).attempts == 1
    join(session, bare, fake)
    read_back_waiting(session, asking(), NOW)
    assert waiting(session).status == "processed"


def test_an_unreadable_document_is_kept_as_failed_and_the_waiting_ends(
    session: Session, fake: BigCommerce, place: Shop
):
    fake.orders["218"]["order"]["currency_code"] = fake.orders["218"]["order"]["default_currency_code"] = "shells"
    announce(session, place)
    read_back_waiting(session, asking(), NOW)
    assert states(session) == [("store/order/updated", "processed"), (READ_BACK, "failed")]


def test_no_transaction_waits_while_the_shop_is_asked(session: Session, fake: BigCommerce, place: Shop):
    announce(session, place)
    mine, busy = db.session(), []
    answer = fake.answer

    def watched(*asked: Any) -> Any:
        busy.append(mine.in_transaction())
        return answer(*asked)

    fake.answer = watched  # type: ignore[method-assign]
    read_back_waiting(session, asking(), NOW)
    assert busy == [False] * 4
