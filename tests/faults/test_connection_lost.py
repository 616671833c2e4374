"""PostgreSQL's connections lost at any moment: everyone is told 503 and when to come again, and all goes in once.

Every place between two messages of every kind of request is tried, and of a timer's slot.
"""

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from campaigns import create_app
from campaigns.db import begin_writing, db
from campaigns.jobs import run_slot
from campaigns.models import AuditEntry, Brand, Campaign, Click
from tests.conftest import settings_for
from tests.faults.books import assert_clicks_once, assert_exactly_once
from tests.faults.cable import Cable, cable
from tests.faults.caller import DESIGNED, OWN_HOST, Caller, assert_designed, calling
from tests.faults.counting import COUNTER, FIRST
from tests.faults.ended import LONGEST_IDLE, Dawdler, set_to
from tests.faults.sizes import told
from tests.faults.stage import Stage, set_stage

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

AN_ANSWERS_TIME = 4.5
ways = pytest.mark.parametrize(
    "way", ["cut_at", pytest.param("pull_at", marks=[pytest.mark.faults, pytest.mark.timeout(300)])]
)


@pytest.fixture
def line(database_url: str) -> Iterator[Cable]:
    with cable(database_url) as line:
        yield line


@pytest.fixture
def stage(session: Session) -> Stage:
    stage = set_stage(session)
    session.get_one(Campaign, stage.campaign_id).shop.brand.link_domain = OWN_HOST["Host"]
    session.commit()
    return stage


@pytest.fixture
def caller(line: Cable, tmp_path: Path, session: Session, stage: Stage) -> Iterator[Caller]:
    with calling(line.url, tmp_path, session, stage) as caller:
        yield caller


def lost_everywhere(caller: Caller, line: Cable | Dawdler, way: str, kind: str) -> list[TestResponse]:
    """The answers where the connection is lost at the first message, at the second, and so on to the last."""
    assert_designed(caller.ask(kind, 0), kind, "nothing lost")
    answers: list[TestResponse] = []
    reached = True
    while reached:
        getattr(line, way)(len(answers) + 1)
        began = time.monotonic()
        answers.append(caller.ask(kind, len(answers) + 1))
        took, reached = time.monotonic() - began, line.reached()
        if isinstance(line, Cable) and way == "pull_at" and reached:
            line.plug_in()
        assert_designed(answers[-1], kind, f"message {len(answers)}")
        assert took < AN_ANSWERS_TIME
    assert 503 in {answer.status_code for answer in answers}
    with caller.app.app_context():
        assert db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    told("messages", len(answers), kind=kind)
    return answers


@ways
@pytest.mark.parametrize("kind", ["forgery", "page", "missing page", "form", "list", "readiness"])
def test_lost_at_any_message_a_request_is_answered_as_designed_or_503(
    caller: Caller, line: Cable, way: str, kind: str
) -> None:
    lost_everywhere(caller, line, way, kind)
    assert caller.insist(kind, 10_000) == DESIGNED[kind]


@ways
def test_lost_at_any_message_of_a_delivery_every_order_goes_in_once(
    caller: Caller, line: Cable, session: Session, way: str
) -> None:
    numbers = range(len(lost_everywhere(caller, line, way, "delivery")) + 1)
    assert {caller.insist("delivery", number) for number in numbers} == {200}
    assert_exactly_once(session, list(numbers))


@pytest.mark.parametrize("kind", ["delivery", "brand"])
def test_a_transaction_the_server_ends_at_any_place_as_it_was_idle_is_503_and_goes_in_once(
    database_url: str, tmp_path: Path, session: Session, stage: Stage, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with calling(database_url, tmp_path, session, stage) as caller:
        db.session.remove()
        with set_to(database_url, LONGEST_IDLE):
            numbers = range(len(lost_everywhere(caller, Dawdler(monkeypatch), "dawdle_at", kind)) + 1)
        assert {caller.insist(kind, number) for number in numbers} == {DESIGNED[kind]}
    assert_exactly_once(session, list(numbers) if kind == "delivery" else [])


@pytest.mark.parametrize("way", ["cut_at", "pull_at"])
@pytest.mark.parametrize("kind", ["click", "link of a brand's host"])
def test_lost_at_any_message_of_a_click_those_sent_on_are_counted_once(
    caller: Caller, line: Cable, session: Session, way: str, kind: str
) -> None:
    answers = lost_everywhere(caller, line, way, kind)
    sent_on = [answer.location for answer in answers if answer.status_code == 302]
    assert_clicks_once(session, [parse_qs(urlsplit(page).query)["click_id"][0] for page in sent_on])
    session.rollback()
    assert len(sent_on) < (session.scalar(select(func.count()).select_from(Click)) or 0) <= len(answers) + 1


@ways
def test_lost_at_any_message_a_program_that_repeats_its_key_makes_one_brand(
    caller: Caller, line: Cable, session: Session, way: str
) -> None:
    numbers = range(len(lost_everywhere(caller, line, way, "brand")) + 1)
    assert {caller.insist("brand", number) for number in numbers} == {201}
    made = session.scalars(select(Brand.name).where(Brand.name.like("Brand %"))).all()
    assert sorted(made) == sorted(f"Brand {number}" for number in numbers)


def test_lost_at_any_message_of_a_timer_its_slot_has_its_effect_once(
    session: Session, line: Cable, tmp_path: Path
) -> None:
    settings = settings_for(line.url, tmp_path)
    app, slots, reached = create_app(settings), 0, True

    def ring(minutes: int) -> None:
        with app.app_context():
            begin_writing()
            run_slot(
                db.session(), COUNTER, settings, "worker", FIRST + slots * COUNTER.every + timedelta(minutes=minutes)
            )

    while reached:
        slots += 1
        line.cut_at(slots)
        try:
            ring(minutes=0)
        except SQLAlchemyError:
            pass  # as the worker does: campaigns/jobs.py
        reached = line.reached()
        ring(minutes=6)  # the lease of whoever lost the connection has run out
    with app.app_context():
        db.engine.dispose()
    entries = session.scalars(select(AuditEntry.subject).filter_by(action="counted")).all()
    assert len(entries) == len(set(entries)) == slots > 20
