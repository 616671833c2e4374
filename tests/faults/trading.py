"""A shop that sells all the time, our application, and its worker, taken through hours in seconds, minute by minute.

The worker's timers ring at whole multiples of their periods from the beginning on, as APScheduler rings them; a ring
that finds no database is lost, as in jobs.work.
"""

import contextlib
import dataclasses
import json
import time
from collections.abc import Callable, Iterator
from contextvars import Context
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
import time_machine
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from campaigns import create_app
from campaigns.db import begin_writing, db
from campaigns.jobs import TIMERS, run_slot
from tests import factories
from tests.conftest import settings_for
from tests.fakes.shop_server import serving_shop
from tests.fakes.shopify_admin import ShopifyAdmin
from tests.fakes.woocommerce_rest import WooCommerceRest
from tests.faults.outages import Outage, outage_of
from tests.faults.senders import Answered, Post, Sender
from tests.faults.shopify import Signed, order_body, sign
from tests.faults.stage import Stage
from tests.faults.woocommerce import sign_woo, woo_body
from tests.tracking.asking import join

DAWN = datetime(2026, 5, 10, 6, 1, tzinfo=UTC)  # no timer's moment
A_MINUTE = timedelta(minutes=1)
EVERY = 5  # minutes between two orders
ALL_TIMERS = frozenset({"pull-shops", "watch-shops"})
Fake = ShopifyAdmin | WooCommerceRest
Hook = TypeVar("Hook", bound=Sender)


class Trading:
    """One shop. `numbers` are its orders so far, known to its own API; `timers` are those that the worker has."""

    def __init__(
        self, app: Flask, stage: Stage, fake: Fake, clock: time_machine.Traveller, timers: frozenset[str] = ALL_TIMERS
    ) -> None:
        self.numbers: list[int] = []
        self.now = DAWN
        self._app, self._stage, self._fake, self._clock = app, stage, fake, clock
        self._timers = [timer for timer in TIMERS if timer.name in timers]
        self.sender: Sender

    def send_by(self, make: Callable[..., Hook], *facts: Any, post: Post | None = None) -> Hook:
        """Have a sender deliver; `post` in place of the application's own answers."""
        self.sender = sender = make(post or self.post, self._clock.move_to, *facts)
        return sender

    def go_on(self, minutes: int, selling: bool = True) -> None:
        """Minutes pass: an order is placed in every fifth, what is due is sent, timers ring."""
        for _ in range(minutes):
            self._clock.move_to(self.now)
            if selling and (self.now - DAWN) // A_MINUTE % EVERY == 0:
                self._sell()
            self._ring()
            self.now += A_MINUTE
            self.sender.send_until(self.now)

    def post(self, signed: Signed) -> Answered:
        """One delivery at the application's door, in a context of its own as a server answers."""
        began = time.monotonic()
        client = self._app.test_client()
        answer = Context().run(client.post, signed.path, data=signed.body, headers=signed.headers)
        return Answered(answer.status_code, answer.headers.get("Retry-After", ""), time.monotonic() - began)

    def _sell(self) -> None:
        number = 1000 + len(self.numbers)
        self.numbers.append(number)
        code = self._stage.codes[number % len(self._stage.codes)]
        if isinstance(self._fake, ShopifyAdmin):
            body = order_body(number, code, self.now)
            signed = sign(self._stage.shop_id, self._stage.secret, body, f"delivery-{number}")
        else:
            body = woo_body(number, code, self.now)
            signed = sign_woo(self._stage, body)
        self._fake.orders[number] = json.loads(body)
        self.sender.hand_over(signed, self.now)

    def _ring(self) -> None:
        settings = self._app.extensions["settings"]
        for timer in self._timers:
            if (self.now - DAWN) % timer.every:
                continue
            with self._app.app_context(), contextlib.suppress(SQLAlchemyError):
                begin_writing()
                run_slot(db.session(), timer, settings, "worker", self.now)


@dataclasses.dataclass
class Market:
    """What a test needs: the trading, and the outage to break into it."""

    trading: Trading
    outage: Outage


def open_shop(session: Session, platform: str, fake: Fake) -> Stage:
    """A live campaign of a shop that may be pulled, and one of staff to be written to; committed."""
    shop = factories.shop(session, platform=platform)
    campaign = factories.live_campaign(session, shop=shop, now=DAWN)
    codes = tuple(person.code.code for person in factories.participants(session, campaign) if person.code)
    factories.user(session, email="omar@example.com")
    join(session, shop, fake)
    stage = Stage(shop.public_id, shop.webhook_secret, campaign.id, codes, (), DAWN)
    session.commit()
    return stage


@contextlib.contextmanager
def market(
    session: Session, platform: str, url: str, home: Path, monkeypatch: pytest.MonkeyPatch, timers: frozenset[str]
) -> Iterator[Market]:
    """A shop of a platform that trades, with its clock standing at DAWN."""
    fake = ShopifyAdmin() if platform == "shopify" else WooCommerceRest()
    with (
        serving_shop(fake),
        outage_of(url, monkeypatch) as outage,
        time_machine.travel(DAWN, tick=False) as clock,
    ):
        stage = open_shop(session, platform, fake)
        app = create_app(dataclasses.replace(settings_for(outage.url, home), private_apis=True))
        try:
            yield Market(Trading(app, stage, fake, clock, timers), outage)
        finally:
            with app.app_context():
                db.engine.dispose()
