"""The control: a server that answers first and commits later, as an in-memory queue does. It must lose orders.

The same inbox does the work, only in a thread behind the answer. If the kills of test_server_killed.py took nothing
from this one, they would prove nothing about the other.
"""

import queue
import threading
from typing import Any

from flask import Flask

from campaigns import create_app
from campaigns.clock import utc_now
from campaigns.db import begin_writing, db
from campaigns.lanes.answers import Answer, headers_of
from campaigns.models import Shop
from campaigns.tracking import inbox
from config import Settings

Waiting = tuple[str, dict[str, str], bytes]

FORGETFUL = ("--factory", "tests.faults.forgetful:create")


class AnswersFirst:
    """The lane of webhooks, with the memory of the process for an inbox."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self._app, self._settings = app, settings
        self._waiting: queue.SimpleQueue[Waiting] = queue.SimpleQueue()
        threading.Thread(target=self._commit_later, daemon=True).start()

    def answer(self, environ: dict[str, Any]) -> Answer:
        shop_id = environ["PATH_INFO"].rpartition("/")[2]
        self._waiting.put((shop_id, headers_of(environ), environ["wsgi.input"].read()))
        return Answer("200 OK", [], b"")

    def _commit_later(self) -> None:
        with self._app.app_context():
            begin_writing()
            while True:
                _commit(self._waiting.get(), self._settings.identity_key)


def create() -> Flask:
    """The application of the environment's settings, with its lane of webhooks replaced."""
    settings = Settings.from_env()
    app = create_app(settings)
    app.extensions["lanes"]._webhooks = AnswersFirst(app, settings)
    return app


def _commit(delivery: Waiting, key: bytes) -> None:
    shop_id, headers, body = delivery
    shop = db.session.query(Shop).filter_by(public_id=shop_id).one()
    envelope = inbox.verify(shop, headers, body, utc_now())
    assert envelope is not None
    inbox.keep(db.session.connection(), [inbox.arrival(shop, envelope, body, utc_now())], key, utc_now())
    db.session.commit()
