"""Clocks that are wrong: a shop's by a day, a signature's by five minutes, ours set back or ahead and right again."""

import zlib
from collections import Counter
from collections.abc import Iterator
from contextvars import Context
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from campaigns.clock import iso
from campaigns.db import begin_writing, db, reading
from campaigns.feeds import week_waits
from campaigns.jobs import Timer, once_a_day, retry_deliveries, run_slot, slot_of
from campaigns.models import AttributionDecision, AuditEntry, Delivery, JobRun, Order, Shop
from campaigns.planning.audit import note
from campaigns.tracking import watch
from campaigns.tracking.click_ids import named
from campaigns.tracking.pull import WEEK, pull_shop, pull_shops
from config import Settings
from tests import factories
from tests.factories import NOW
from tests.fakes.shop_server import serving_shop
from tests.fakes.shopify_admin import ShopifyAdmin
from tests.faults.books import assert_clicks_once, posted, stored_orders
from tests.faults.shopify import COMMISSION_AFTER_REFUND_MINOR, COMMISSION_MINOR, Signed, order_body
from tests.faults.signing import SIGNERS, Message, secret_of
from tests.faults.stage import Stage, set_stage
from tests.tracking.asking import asking, joined_shop
from tests.tracking.feeds import came, selling

AN_HOUR, A_DAY, A_MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
SIGN_THE_TIME = {"standard", "bigcommerce", "stripe"}


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Our clock, standing still until a test moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def send(app: Flask, signed: Signed) -> TestResponse:
    return Context().run(app.test_client().post, signed.path, data=signed.body, headers=signed.headers)


def knock(app: Flask, shop: Shop, moment: datetime) -> int:
    """The status of a genuine delivery that was signed at a moment."""
    message = Message(b"{}", "", 1, int(moment.timestamp()))
    sent = SIGNERS[shop.platform](shop.webhook_secret, message)
    signed = Signed(f"/webhooks/{shop.platform}/{shop.public_id}", sent.body, sent.headers)
    db.session.commit()
    return send(app, signed).status_code


@pytest.mark.parametrize("platform", sorted(SIGN_THE_TIME))
def test_a_signature_holds_for_five_minutes_either_way_at_our_door(
    app: Flask, session: Session, clock: time_machine.Traveller, platform: str
) -> None:
    shop = factories.shop(session, platform=platform)
    answers = {off: knock(app, shop, NOW + timedelta(seconds=off)) for off in (-301, -299, 0, 299, 301)}
    assert answers == {-301: 401, -299: 200, 0: 200, 299: 200, 301: 401}
    assert session.get_one(Shop, shop.id, populate_existing=True).refused_deliveries == 2


@pytest.mark.parametrize("platform", sorted(SIGNERS.keys() - SIGN_THE_TIME))
def test_the_other_platforms_sign_no_time(platform: str) -> None:
    """So a delivery caught on its way is as good a year later: it is its id and its state that make it harmless."""
    secret = secret_of(platform) or "00ff00ff00ff00ff"
    body = b'{"eventCreated": 1, "eventId": "e1"}'
    assert SIGNERS[platform](secret, Message(body, "t", 1, 1)) == SIGNERS[platform](
        secret, Message(body, "t", 1, 10**9)
    )


@pytest.mark.parametrize("off", [-A_DAY, A_DAY], ids=["behind", "ahead"])
def test_a_shop_whose_clock_is_a_day_off_is_credited_and_refunded_in_order(
    app: Flask, session: Session, clock: time_machine.Traveller, off: timedelta
) -> None:
    stage = set_stage(session)
    theirs = replace(stage, now=stage.now + off)
    for signed in (theirs.delivery(1), theirs.delivery(1), theirs.delivery(2), theirs.refund(2), theirs.delivery(2)):
        assert send(app, signed).status_code == 200
    begin_writing()
    assert stored_orders(session) == [1, 2]
    assert posted(session, "influencer_pending") == -COMMISSION_MINOR - COMMISSION_AFTER_REFUND_MINOR


def test_an_order_that_seems_older_than_its_click_is_not_credited_to_it_and_says_why(session: Session) -> None:
    """A span below nothing is no span: by a shop's clock that is behind, the click came after the order."""
    campaign = factories.live_campaign(session, accepted=1)
    (person,) = factories.participants(session, campaign)
    public = factories.click_id(factories.click(session, participation=person, at=NOW))
    placed = [NOW - A_DAY, NOW - 6 * A_MINUTE, NOW - 5 * A_MINUTE]
    orders = [factories.order(session, shop=campaign.shop, placed_at=at, click_ids=(public,)) for at in placed]
    decisions = [session.scalars(select(AttributionDecision).filter_by(order_id=order.id)).one() for order in orders]
    assert [one.reason for one in decisions] == ["none", "none", "link"]
    assert [one.evidence["clicks"][0]["verdict"] for one in decisions] == ["after_order", "after_order", "valid"]


def pulled(session: Session, shop: Shop, moment: datetime, back: timedelta | None = None) -> list[int]:
    """The orders that are ours after a pull by our clock."""
    if back:
        pull_shops(session, asking(), moment, back)
    else:
        pull_shop(session, shop.id, asking(), moment)
    return stored_orders(session)


def sold(fake: ShopifyAdmin, number: int, at: datetime) -> None:
    fake.add(number, created_at=iso(at), updated_at=iso(at))


@pytest.mark.parametrize(("off", "at_once"), [(-A_DAY, [1]), (A_DAY, [1, 2])], ids=["behind", "ahead"])
def test_an_order_of_a_shop_whose_clock_is_a_day_off_is_pulled_at_the_latest_at_night(
    session: Session, off: timedelta, at_once: list[int]
) -> None:
    with serving_shop(ShopifyAdmin()) as fake:
        shop = joined_shop(session, fake, "shopify")
        sold(fake, 1, NOW + off)
        assert pulled(session, shop, NOW) == [1]
        sold(fake, 2, NOW + off + AN_HOUR)
        assert pulled(session, shop, NOW + AN_HOUR) == at_once
        assert pulled(session, shop, NOW + 13 * AN_HOUR, back=WEEK) == [1, 2]


def test_a_pull_by_a_clock_that_was_a_day_ahead_skips_nothing_when_it_is_right_again(session: Session) -> None:
    with serving_shop(ShopifyAdmin()) as fake:
        shop = joined_shop(session, fake, "shopify")
        sold(fake, 1, NOW)
        assert pulled(session, shop, NOW + A_DAY) == [1]
        sold(fake, 2, NOW + 30 * A_MINUTE)
        assert pulled(session, shop, NOW + 45 * A_MINUTE) == [1, 2]
        assert session.get_one(Shop, shop.id, populate_existing=True).pulled_to == NOW + 45 * A_MINUTE


def test_a_webhook_received_by_a_clock_that_was_ahead_hides_no_silence(session: Session) -> None:
    campaign = selling(session)
    came(session, campaign.shop, [NOW + A_DAY])
    assert [kind for _, kind in watch.changes(session, NOW).opening] == ["silent"]
    assert watch.silence(session, campaign.shop_id, NOW - 25 * AN_HOUR, NOW).last == NOW - 25 * AN_HOUR


def test_clicks_while_our_clock_steps_back_and_ahead_have_ids_of_their_own_in_the_order_they_came(
    app: Flask, session: Session, clock: time_machine.Traveller
) -> None:
    stage = set_stage(session)
    clicked = []
    for minutes in (0, 0, -60, -60, -59, 0, 60, 60, 0, -1440, 0):
        clock.move_to(NOW + minutes * A_MINUTE)
        answer = Context().run(app.test_client().get, f"/r/{stage.slugs[0]}")
        clicked += parse_qs(urlsplit(answer.headers["location"]).query)["click_id"]
    numbers = [named(factories.identity_key(), public) or 0 for public in clicked]
    assert numbers == sorted(set(numbers))
    assert_clicks_once(session, clicked)


def tick(session: Session, settings: Settings, now: datetime) -> None:
    note(session, None, "ticked", iso(slot_of(TICK, now)), now)


TICK = Timer("tick", timedelta(minutes=5), tick)


def ticked(session: Session) -> Counter[str]:
    return Counter(session.scalars(select(AuditEntry.subject).filter_by(action="ticked")))


def test_no_slot_is_doubled_or_missed_while_our_clock_steps_back_and_ahead(app: Flask, session: Session) -> None:
    """Two hours, one of them a second time, and then one is left out: what the clock never showed is no slot."""
    shown = [*range(120), *range(60, 180), *range(240, 300)]
    settings = app.extensions["settings"]
    for minute in shown:
        run_slot(session, TICK, settings, "a", NOW + minute * A_MINUTE)
    assert ticked(session) == {iso(NOW + minute * A_MINUTE): 1 for minute in {minute // 5 * 5 for minute in shown}}


def test_a_slot_whose_lease_seems_over_by_a_step_ahead_has_its_effect_once(app: Flask, session: Session) -> None:
    settings = app.extensions["settings"]
    others: list[bool] = []

    def slowly(own: Session, settings: Settings, now: datetime) -> None:
        if now == NOW:
            others.append(run_slot(own, timer, settings, "b", now + AN_HOUR))
        note(own, None, "ticked", iso(slot_of(timer, now)), now)

    timer = Timer("daily", A_DAY, slowly)
    assert not run_slot(session, timer, settings, "a", NOW)
    assert (others, list(ticked(session).values())) == ([True], [1])


def test_what_was_done_by_a_clock_days_ahead_is_done_again_on_its_day(app: Flask, session: Session) -> None:
    timer = Timer("once", AN_HOUR, tick, once_a_day("once"))
    settings = app.extensions["settings"]
    moments = [NOW + 3 * A_DAY, NOW, NOW + AN_HOUR, NOW + A_DAY]
    assert [run_slot(session, timer, settings, "a", moment) for moment in moments] == [True, True, False, True]


def test_the_long_pull_of_the_night_waits_for_no_day_that_a_clock_was_ahead(session: Session) -> None:
    with serving_shop(ShopifyAdmin()) as fake:
        joined_shop(session, fake, "shopify")
    session.add(JobRun(name="pull-week", slot=NOW + 300 * A_DAY, owner="a", lease_until=NOW, done=True))
    session.flush()
    assert week_waits(session, NOW)
    session.add(JobRun(name="pull-week", slot=NOW.replace(hour=1), owner="a", lease_until=NOW, done=True))
    session.flush()
    assert not week_waits(session, NOW)


def failed(session: Session, stage: Stage, name: str, changed: datetime, received: datetime, **fields: object) -> None:
    """A delivery of order 1 that could not be taken in when it came, and is to be tried a minute later."""
    body = order_body(1, stage.codes[0], changed, **fields)
    shop_id = session.scalars(select(Shop.id).filter_by(public_id=stage.shop_id)).one()
    session.add(
        Delivery(
            shop_id=shop_id, topic="orders/updated", delivery_id=name, body=zlib.compress(body),
            body_sha256=sha256(body).hexdigest(), received_at=received, status="failed", retry_at=received + A_MINUTE,
        )
    )  # fmt: skip
    session.commit()


def test_deliveries_tried_again_in_the_order_of_a_clock_set_back_end_in_the_newest_state(
    app: Flask, session: Session, clock: time_machine.Traveller
) -> None:
    stage, settings = set_stage(session), app.extensions["settings"]
    failed(session, stage, "older", NOW - AN_HOUR, NOW)
    failed(session, stage, "newer", NOW - 59 * A_MINUTE, NOW - AN_HOUR, cancelled_at=iso(NOW), note="called off")
    tried = []
    for moment in (NOW - 58 * A_MINUTE, NOW + 2 * A_MINUTE):
        retry_deliveries(session, settings, moment)
        with reading():
            tried.append(set(session.scalars(select(Delivery.delivery_id).filter_by(status="processed"))))
            assert session.scalars(select(Order.status)).all() == ["cancelled"]
            session.rollback()
    assert tried == [{"newer"}, {"newer", "older"}]
    assert posted(session, "influencer_pending") == 0
