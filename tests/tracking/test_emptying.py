"""Bodies of deliveries are let go of, so long after they came and their campaign was closed, and nothing else is."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.errors import Conflict
from campaigns.jobs import TIMERS, failed_deliveries, let_bodies_go, run_slot
from campaigns.models import Campaign, Delivery, RetentionMark, Shop
from campaigns.tracking import emptying, replaying
from campaigns.tracking.events import Envelope
from tests.blueprints.console.test_deliveries import body
from tests.factories import NOW, deliver, delivery, live_campaign, participants, shop

HALF_A_YEAR = timedelta(days=180)
MINUTE = timedelta(minutes=1)
BEFORE = NOW + timedelta(days=100)


def sale(session: Session, campaign: Campaign, at: datetime = NOW) -> Delivery:
    """A delivery that brought an order of the campaign's."""
    code = participants(session, campaign)[0].code
    assert code is not None
    named = f"SO-{at.isoformat()}"
    told = body(id=named, coupon_codes=[code.code], placed_at=NOW.isoformat())
    return delivery(session, shop=campaign.shop, body=told, now=at)


def empty(session: Session, before: datetime = BEFORE, most: int = 100) -> int:
    """A whole pass; how many bodies it emptied."""
    done, gone = emptying.begin(session.connection(), before), 0
    while step := emptying.empty(session.connection(), before, done, most):
        done, gone = step, step.gone
    session.expire_all()
    return gone


def mark(session: Session) -> datetime | None:
    return session.scalar(select(RetentionMark.before).filter_by(name=emptying.BODIES))


def test_the_body_goes_and_all_that_is_known_of_it_stays(session: Session):
    kept = delivery(session, shop=shop(session), body=body())
    before = {name: getattr(kept, name) for name in ("topic", "delivery_id", "body_sha256", "status", "reason")}
    assert (empty(session), kept.body) == (1, b"")
    assert {name: getattr(kept, name) for name in before} == before


def test_what_comes_again_is_known_though_its_body_is_gone(session: Session):
    place = shop(session)
    first = delivery(session, shop=place, body=body())
    raw = b'{"type": "order.paid"}'
    envelope = Envelope(topic=first.topic, delivery_id=first.delivery_id, occurred_at=NOW)
    status, kept = deliver(session, place, envelope, raw)
    assert (status, empty(session), kept.body) == ("failed", 2, b"")
    assert deliver(session, place, envelope, raw)[0] == "duplicate"


def test_without_a_campaign_the_time_counts_from_receipt(session: Session):
    place = shop(session)
    for at in (BEFORE - MINUTE, BEFORE):
        delivery(session, shop=place, body=body(id=f"SO-{at.isoformat()}"), now=at)
    assert empty(session) == 1
    assert [bool(one.body) for one in session.scalars(select(Delivery).order_by(Delivery.id))] == [False, True]


@pytest.mark.parametrize(
    ("status", "closed_at", "gone"),
    [
        ("live", None, 0),
        ("reconciling", None, 0),
        ("closed", BEFORE, 0),
        ("closed", BEFORE - MINUTE, 1),
        ("archived", BEFORE - MINUTE, 1),
        ("cancelled", None, 1),  # counted from its end, which was long before
    ],
)
def test_with_a_campaign_it_counts_from_its_closing(
    session: Session, status: str, closed_at: datetime | None, gone: int
):
    campaign = live_campaign(session, accepted=1)
    sale(session, campaign)
    campaign.status, campaign.closed_at = status, closed_at
    session.flush()
    assert empty(session) == gone


def test_what_comes_after_the_closing_is_kept_as_long_as_anything(session: Session):
    campaign = live_campaign(session, accepted=1)
    sale(session, campaign, at=BEFORE + MINUTE)
    campaign.status, campaign.closed_at = "closed", NOW
    session.flush()
    assert (empty(session), empty(session, BEFORE + 2 * MINUTE)) == (0, 1)


def test_the_mark_stays_at_the_oldest_body_that_is_left_and_the_next_pass_begins_there(session: Session):
    campaign, elsewhere = live_campaign(session, accepted=1), shop(session)
    for days in range(4):
        delivery(session, shop=elsewhere, body=body(id=f"SO-{days}"), now=NOW + timedelta(days=days))
    sale(session, campaign, at=NOW + timedelta(days=4))
    assert (empty(session, most=2), mark(session)) == (4, NOW + timedelta(days=4))
    begun = emptying.begin(session.connection(), BEFORE)
    assert begun.last - begun.up_to == 2  # the one that is left, and that of the day before
    campaign.status, campaign.closed_at = "closed", NOW
    session.flush()
    assert (empty(session), mark(session)) == (1, BEFORE)


def test_a_pass_that_was_cut_off_is_taken_up_and_leaves_none(session: Session):
    place = shop(session)
    for days in range(5):
        delivery(session, shop=place, body=body(id=f"SO-{days}"), now=NOW + timedelta(days=days))
    step = emptying.empty(session.connection(), BEFORE, emptying.begin(session.connection(), BEFORE), most=2)
    assert step is not None and (step.gone, empty(session)) == (2, 3)


def broken(session: Session, place: Shop) -> Delivery:
    """A delivery that failed, and has been let go of."""
    made = delivery(session, shop=place, body=b"{")
    assert empty(session) == 1
    return made


def test_a_failed_one_without_its_body_is_tried_no_more(session: Session):
    made = broken(session, shop(session))
    assert (made.status, made.retry_at, failed_deliveries(session)) == ("failed", None, [])


def test_a_period_without_bodies_is_not_read_again_and_it_is_said_why(session: Session):
    place = shop(session)
    broken(session, place)
    asked = (session, place, NOW - MINUTE, NOW + MINUTE, True)
    assert replaying.count(*asked) == 0
    with pytest.raises(Conflict, match="no longer kept"):
        replaying.start(*asked, None, NOW + MINUTE)
    with pytest.raises(Conflict, match="no such delivery"):
        replaying.start(session, place, NOW + MINUTE, NOW + 2 * MINUTE, True, None, NOW + 2 * MINUTE)


def test_of_a_period_only_what_has_its_body_is_read_again(session: Session):
    place = shop(session)
    broken(session, place)
    delivery(session, shop=place, body=b"[", now=NOW + MINUTE)
    run = replaying.start(session, place, NOW - MINUTE, NOW + 2 * MINUTE, True, None, NOW + 2 * MINUTE)
    assert run.total_count == 1
    while replaying.replay_slice(session, b"k" * 32, NOW + 2 * MINUTE):
        session.flush()
    assert (run.done_count, run.failed_count) == (1, 1)


@pytest.mark.parametrize(("days", "gone"), [(180, True), (181, False), (0, False)])
def test_the_timer_keeps_bodies_for_as_many_days_as_the_settings_say(
    app: Flask, session: Session, days: int, gone: bool
):
    made = delivery(session, shop=shop(session), body=body())
    object.__setattr__(app.extensions["settings"], "body_retention_days", days)
    let_bodies_go(session, app.extensions["settings"], NOW + HALF_A_YEAR + MINUTE)
    session.refresh(made)
    assert (made.body == b"") is gone


def test_the_timer_works_once_a_day(app: Flask, session: Session):
    timer = next(one for one in TIMERS if one.name == "empty-bodies")
    noon = NOW.replace(hour=12)
    rung = [run_slot(session, timer, app.extensions["settings"], "one", noon + timedelta(hours=h)) for h in range(12)]
    assert rung == [True] + [False] * 11
