"""One delivery eight times at once, and one Idempotency-Key twice at once: one effect. Each with the locks off too."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from campaigns.clock import utc_now
from campaigns.db import begin_writing, db
from campaigns.models import Brand, Delivery, LedgerTransaction
from campaigns.people.tokens import create_token
from tests import factories
from tests.faults.books import assert_exactly_once
from tests.faults.nodes import node
from tests.faults.race import at_once, without_locks
from tests.faults.shopify import Signed
from tests.faults.stage import set_stage

Post = Callable[[], TestResponse]


def posting(app: Flask, signed: Signed) -> Post:
    """A delivery to a node of its own: within one node deliveries share a transaction and can't race."""
    return lambda: node(app).post(signed.path, data=signed.body, headers=signed.headers)


def rows(session: Session, model: type[Delivery] | type[LedgerTransaction] | type[Brand]) -> int:
    begin_writing()
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_one_delivery_eight_times_at_once_is_stored_and_earns_once(app: Flask, session: Session) -> None:
    stage = set_stage(session)
    answers = at_once(app, [posting(app, stage.delivery(1))] * 8)
    assert [answer.status_code for answer in answers] == [200] * 8
    assert sorted(answer.get_json()["status"] for answer in answers) == ["duplicate"] * 7 + ["processed"]
    assert_exactly_once(session, [1])


def test_eight_deliveries_of_one_order_at_once_earn_once(app: Flask, session: Session) -> None:
    stage = set_stage(session)
    same_order = [stage.delivery(1, note=f"version {number}") for number in range(8)]
    answers = at_once(app, [posting(app, signed) for signed in same_order])
    assert [answer.get_json()["status"] for answer in answers] == ["processed"] * 8
    assert rows(session, LedgerTransaction) == 1


def test_without_locks_deliveries_of_one_order_at_once_do_go_wrong(app: Flask, session: Session) -> None:
    stage = set_stage(session)
    same_order = [stage.delivery(1, note=f"version {number}") for number in range(8)]
    with without_locks(db.engine):
        answers = at_once(app, [posting(app, signed) for signed in same_order])
    told = [answer.get_json()["status"] for answer in answers]
    assert told != ["processed"] * 8


def test_one_idempotency_key_twice_at_once_makes_one_brand(app: Flask, session: Session) -> None:
    token = create_token(session, factories.user(session), utc_now())
    session.commit()
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "once"}
    brand = {"name": "Amber", "email": "amber@example.com"}
    answers = at_once(
        app, [lambda: app.test_client().post("/api/v1/brands", json=brand, headers=headers) for _ in range(2)]
    )
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].get_json() == answers[1].get_json()
    assert rows(session, Brand) == 1
