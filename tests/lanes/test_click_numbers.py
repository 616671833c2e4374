"""Two processes that drew the same number: they notice at the first click they share, and every click is kept."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import EnvironBuilder

from campaigns.db import db
from campaigns.ids import TimeOrdered
from campaigns.lanes.answers import of_wsgi
from campaigns.lanes.lanes import answered
from campaigns.lanes.link_lane import LinkLane
from campaigns.models import Click
from campaigns.tracking.click_days import differences
from campaigns.tracking.click_ids import named
from tests.factories import NOW
from tests.faults.race import together
from tests.lanes.doors import a_link


@pytest.fixture
def twins(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[LinkLane]:
    """Two lanes of one number, in one and the same millisecond."""
    monkeypatch.setattr("campaigns.lanes.link_lane.utc_now", lambda: NOW)
    lanes = [LinkLane(db.engine, app.extensions["settings"]) for _ in range(2)]
    for lane in lanes:
        lane._numbers = TimeOrdered(5)
    return lanes


def click(lane: LinkLane, path: str) -> str:
    """The id the shop is told."""
    answer = answered(lane, of_wsgi(EnvironBuilder(path).get_environ()), None)
    assert answer is not None
    return dict(answer.headers)["Location"].split("click_id=")[1].split("&")[0]


def clicking(lane: LinkLane, path: str) -> Callable[[], str]:
    return lambda: click(lane, path)


def test_the_second_of_two_twins_becomes_another_process(twins: list[LinkLane], session: Session):
    path, _ = a_link(session)
    first, second = (click(lane, path) for lane in twins)
    assert first != second and len(set(session.scalars(select(Click.id)))) == 2
    assert [lane._numbers.process == 5 for lane in twins] == [True, False]


def test_twins_that_click_at_once_lose_nothing_and_tell_the_ids_they_kept(
    app: Flask, twins: list[LinkLane], session: Session
):
    path, live = a_link(session)
    told = together([clicking(lane, path) for lane in twins for _ in range(12)])
    numbers = {named(app.extensions["settings"].identity_key, str(public)) for public in told}
    assert numbers == set(session.scalars(select(Click.id))) and len(numbers) == 24
    assert differences(session.connection(), live.id) == []


def test_a_click_of_another_moment_is_no_collision(twins: list[LinkLane], session: Session):
    path, _ = a_link(session)
    click(twins[0], path)
    twins[1]._numbers.next(datetime(2026, 5, 11, tzinfo=NOW.tzinfo))
    click(twins[1], path)
    assert [lane._numbers.process for lane in twins] == [5, 5]
