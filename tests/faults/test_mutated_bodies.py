"""Genuine deliveries of every platform, spoilt in every way: none breaks anything, and each leaves one row or none.

Posted through the real application; what a shop's API answers when asked goes into the inbox as the worker puts it
there. FAULT_ROUNDS is the number of bodies per platform. At the end, and every thousand bodies, the tables are held
against the answers, and `books check` against the tables.
"""

import copy
from collections.abc import Callable, Iterator, Sequence
from random import Random

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from campaigns.clock import utc_now
from campaigns.db import db
from campaigns.lanes.webhook_lane import WebhookLane
from campaigns.models import AttributionDecision, Delivery, Order
from campaigns.tracking import inbox
from campaigns.tracking.orders import take_all, takings
from campaigns.tracking.platforms.registry import PLATFORMS
from tests import factories
from tests.faults.mutating import BYTES, SHAPES, mutate
from tests.faults.odd_values import VALUES
from tests.faults.poison_mill import Mill
from tests.faults.signing import SIGNERS
from tests.faults.sizes import rounds, seeded, told
from tests.faults.specimens import OURS

AT_ONCE = 50
CHECKED_EVERY = 1_000


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    """It is May 2026, in the middle of the campaign, and time goes on."""
    with time_machine.travel(factories.NOW, tick=True):
        yield


@pytest.mark.parametrize("platform", PLATFORMS)
@rounds(suite=150, long=10_000)
def test_a_spoilt_body_is_refused_or_leaves_one_row_with_its_outcome(
    app: Flask, session: Session, platform: str, rounds: int
) -> None:
    mill, chance = Mill(app, session, platform), seeded()
    for first in range(1, rounds + 1, AT_ONCE):
        last = min(first + AT_ONCE - 1, rounds)
        mill.send(range(first, last + 1), chance)
        if last % CHECKED_EVERY == 0 or last == rounds:
            assert mill.wrong() == []
    told("bodies", rounds, platform=platform, **mill.figures())
    assert {"processed", "failed"} <= {word for _, word in mill.answers}
    assert mill.booked() > 0
    assert mill.broken_pages() == []


def test_every_platform_has_messages_to_spoil_and_a_signature() -> None:
    assert OURS.keys() == SIGNERS.keys() == PLATFORMS.keys()


def test_a_seed_brings_the_same_bodies_again_and_every_way_to_spoil_them() -> None:
    payload, chance, again = OURS["standard"][0].payload, Random(7), Random(7)
    mutants = [mutate(copy.deepcopy(payload), chance) for _ in range(1_000)]
    assert mutants == [mutate(copy.deepcopy(payload), again) for _ in range(1_000)]
    ways = {way for mutant in mutants for way in mutant.ways}
    assert {*VALUES, *SHAPES, *BYTES, "a key twice", "content type", "in gzip", "topic", "unspoilt"} <= ways


def forget_a_delivery(session: Session) -> None:
    """As if the row had not been written with its effect."""
    session.execute(delete(Delivery).where(Delivery.status == "processed"))


def write_an_outcome_that_was_not_told(session: Session) -> None:
    session.execute(update(Delivery).where(Delivery.status == "processed").values(status="failed", reason="x"))


def take_a_decision_back(session: Session) -> None:
    session.execute(update(AttributionDecision).values(superseded_at=factories.NOW))


def change_what_an_order_is_worth(session: Session) -> None:
    session.execute(update(Order).values(net_minor=Order.net_minor + 1))


@pytest.mark.parametrize(
    ("deed", "found"),
    [
        (forget_a_delivery, "no delivery brought it"),
        (write_an_outcome_that_was_not_told, "was not promised"),
        (take_a_decision_back, "no decision in force"),
        (change_what_an_order_is_worth, "stored worth"),
    ],
)
def test_tables_that_do_not_fit_the_answers_are_noticed(
    app: Flask, session: Session, deed: Callable[[Session], None], found: str
) -> None:
    mill, chance = Mill(app, session, "standard"), Random(7)
    mill.send(range(1, 21), chance)
    assert mill.wrong() == []
    deed(session)
    assert found in " ".join(mill.wrong())


class WritesThenRaises(WebhookLane):
    """The control: it commits what a delivery brings about, and breaks off before the delivery is kept."""

    def _commit(self, arrivals: Sequence[inbox.Arrival]) -> list[str]:
        now = utc_now()
        with self._engine.begin() as connection:
            news = [taking for one in arrivals if one.event for taking in takings(one.shop_id, one.event)]
            take_all(connection, news, self._key, now)
        raise RuntimeError("broke off")


def test_an_inbox_that_breaks_off_after_a_write_is_noticed(app: Flask, session: Session) -> None:
    app.extensions["lanes"]._webhooks = WritesThenRaises(db.engine, app.extensions["settings"])
    mill, chance = Mill(app, session, "standard"), Random(7)
    mill.send(range(1, 21), chance)
    found = " ".join(mill.wrong())
    assert ": 500 " in found and "no delivery brought it" in found
