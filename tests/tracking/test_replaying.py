"""A period read again: in slices, each its own transaction, resumed where a worker was killed, stopped when asked."""

from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.db import begin_writing
from campaigns.errors import Conflict, Invalid
from campaigns.jobs import replay_periods
from campaigns.models import Delivery, LedgerTransaction, Order, ReplayRun, Shop
from campaigns.settlement.books.check import breaches
from campaigns.tracking import replaying
from tests.blueprints.console.test_deliveries import body
from tests.factories import BEFORE, NOW, delivery, identity_key, live_campaign, participants, replay_run, shop
from tests.faults.race import at_once

LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def slices_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replaying, "SLICE", 2)


def broken(session: Session, place: Shop, count: int, at: datetime = NOW) -> list[Delivery]:
    """Deliveries that failed by a fault of ours, which has been mended since."""
    with patch("campaigns.tracking.inbox.take_all", side_effect=ZeroDivisionError):
        made = [delivery(session, shop=place, body=body(id=f"SO-{at.day}-{number}"), now=at) for number in range(count)]
    assert {one.status for one in made} == {"failed"}
    return made


def work_off(session: Session) -> int:
    """Slices done until nothing waits."""
    slices = 0
    while replaying.replay_slice(session, identity_key(), LATER):
        session.commit()
        slices += 1
    return slices


def statuses(session: Session) -> dict[str, int]:
    session.expire_all()
    counted = session.execute(select(Delivery.status, func.count()).group_by(Delivery.status))
    return {row[0]: row[1] for row in counted}


def test_failed_deliveries_of_the_period_get_their_effect_slice_by_slice(session: Session) -> None:
    place = shop(session)
    broken(session, place, 5)
    broken(session, place, 1, at=NOW - timedelta(days=9))
    run = replaying.start(session, place, NOW, LATER, True, None, LATER)
    assert (run.total_count, work_off(session)) == (5, 3)
    assert (run.done_count, run.failed_count, run.finished_at) == (5, 0, LATER)
    assert statuses(session) == {"processed": 5, "failed": 1}


def test_what_fails_again_is_counted_and_not_tried_for_ever(session: Session) -> None:
    for _ in range(3):
        delivery(session, shop=shop(session), body=b"{")
    place = shop(session)
    for _ in range(3):
        delivery(session, shop=place, body=b"{")
    run = replay_run(session, shop=place)
    work_off(session)
    assert (run.done_count, run.failed_count) == (3, 3)
    assert session.scalars(select(Delivery.attempts).order_by(Delivery.id)).all() == [1, 1, 1, 2, 2, 2]


def test_everything_read_again_changes_no_books(session: Session) -> None:
    campaign = live_campaign(session, accepted=1)
    code = participants(session, campaign)[0].code.code
    for number in range(3):
        delivery(
            session, shop=campaign.shop, body=body(id=f"O{number}", coupon_codes=[code], placed_at=NOW.isoformat())
        )
    before = session.scalar(select(func.count()).select_from(LedgerTransaction))
    run = replay_run(session, shop=campaign.shop, only_failed=False)
    work_off(session)
    assert (run.done_count, statuses(session), before) == (3, {"processed": 3}, 3)
    assert session.scalar(select(func.count()).select_from(LedgerTransaction)) == before
    assert breaches(session) == []


def test_a_slice_that_is_lost_is_done_by_the_next_worker(session: Session) -> None:
    place = shop(session)
    broken(session, place, 4)
    run = replay_run(session, shop=place)
    session.commit()
    assert replaying.replay_slice(session, identity_key(), LATER)
    session.rollback()  # killed before its commit
    assert (run.done_count, statuses(session)) == (0, {"failed": 4})
    work_off(session)
    assert (run.done_count, statuses(session)) == (4, {"processed": 4})


def test_a_stopped_run_ends_after_the_slice_at_hand(session: Session) -> None:
    place = shop(session)
    broken(session, place, 4)
    run = replay_run(session, shop=place)
    replaying.replay_slice(session, identity_key(), LATER)
    replaying.cancel(session, run, LATER)
    assert (work_off(session), run.cancelled, statuses(session)) == (0, True, {"processed": 2, "failed": 2})
    replaying.cancel(session, run, LATER + timedelta(hours=1))
    assert run.finished_at == LATER


def test_the_worker_does_a_run_and_then_nothing_waits(session: Session, app: Flask) -> None:
    place = shop(session)
    broken(session, place, 5)
    replay_run(session, shop=place)
    session.commit()
    assert replaying.waits(session, LATER)
    replay_periods(session, app.extensions["settings"], LATER)
    assert not replaying.waits(session, LATER) and statuses(session) == {"processed": 5}


def test_workers_at_one_run_do_each_slice_once(session: Session, app: Flask) -> None:
    place = shop(session)
    broken(session, place, 8)
    replay_run(session, shop=place)
    session.commit()

    def work() -> None:
        from campaigns.db import db

        while work_off(db.session()):
            pass

    assert at_once(app, [work] * 4) == [None] * 4
    begin_writing()
    work_off(session)  # a worker that found the run held has left it to the others
    assert session.scalars(select(Delivery.attempts)).all() == [2] * 8
    assert session.scalars(select(ReplayRun.done_count)).one() == 8
    assert session.scalar(select(func.count()).select_from(Order)) == 8


def test_more_than_the_most_are_refused_and_counted_no_further(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replaying, "MOST", 3)
    place = shop(session)
    broken(session, place, 5)
    assert replaying.count(session, place, BEFORE, LATER, True) == 4
    with pytest.raises(Conflict, match="at most 3"):
        replay_run(session, shop=place)


def test_a_period_that_ends_before_it_begins_and_a_second_run_are_refused(session: Session) -> None:
    place = shop(session)
    broken(session, place, 1)
    with pytest.raises(Invalid, match="ends before it begins"):
        replaying.start(session, place, LATER, NOW, True, None, LATER)
    replay_run(session, shop=place)
    with pytest.raises(Conflict, match="already"):
        replay_run(session, shop=place)
