"""The control: a server that answers first and commits later, as an in-memory queue does. It must lose what it took.

The same functions do the work, only in a thread behind the answer. If the kills of test_server_killed.py took nothing
from this one, they would prove nothing about the other.
"""

import queue
import threading
import time
from collections.abc import Callable
from typing import Any

from flask import Flask

from campaigns import create_app
from campaigns.clock import utc_now
from campaigns.db import begin_writing, db
from campaigns.lanes.webhook_lane import Genuine
from campaigns.tracking import inbox
from campaigns.tracking.clicks import ClickRow, write_clicks
from config import Settings

FORGETFUL = ("--factory", "tests.faults.forgetful:create")
LATER_SECONDS = 0.05  # as whoever collects some before writing


class Later:
    """A queue in the process's memory, and a thread behind it that commits what is in there."""

    def __init__(self, app: Flask, commit: Callable[[Any], None]) -> None:
        self._app, self._commit = app, commit
        self._waiting: queue.SimpleQueue[Any] = queue.SimpleQueue()
        threading.Thread(target=self._work, daemon=True).start()

    def put(self, what: Any) -> None:
        """It will be done, if nothing happens."""
        self._waiting.put(what)

    def _work(self) -> None:
        with self._app.app_context():
            begin_writing()
            while True:
                self._commit(self._waiting.get())


class DeliveriesFirst:
    """What gathers the deliveries for one commit, only that nobody waits for it."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._later = Later(app, lambda delivery: _commit(delivery, settings.identity_key))

    def hand_in(self, delivery: Genuine, _seconds: float) -> str:
        self._later.put(delivery)
        return "processed"


class ClicksFirst:
    """The same for clicks."""

    def __init__(self, app: Flask) -> None:
        self._later = Later(app, _commit_click)

    def hand_in(self, row: ClickRow, _seconds: float) -> int:
        self._later.put(row)
        return row.id


def create() -> Flask:
    """The application of the environment's settings, with its lanes forgetful."""
    settings = Settings.from_env()
    app = create_app(settings)
    lanes = app.extensions["lanes"]
    lanes._webhooks.together = DeliveriesFirst(app, settings)
    lanes._links.together = ClicksFirst(app)
    return app


def _commit(delivery: Genuine, key: bytes) -> None:
    inbox.keep(db.session.connection(), [inbox.arrival(*delivery)], key, utc_now())
    db.session.commit()


def _commit_click(row: ClickRow) -> None:
    time.sleep(LATER_SECONDS)
    write_clicks(db.session.connection(), [row], 0)
    db.session.commit()
