"""The control: a server that answers first and commits later, as an in-memory queue does. It must lose orders.

The same inbox does the work, only in a thread behind the answer. If the kills of test_server_killed.py took nothing
from this one, they would prove nothing about the other.
"""

import queue
import threading

from flask import Flask, request

from campaigns import create_app
from campaigns.clock import utc_now
from campaigns.db import begin_writing, db
from campaigns.models import Shop
from campaigns.tracking import inbox
from config import Settings

Waiting = tuple[str, dict[str, str], bytes]

FORGETFUL = ("--factory", "tests.faults.forgetful:create")


def create() -> Flask:
    """The application of the environment's settings, with the webhook's view replaced."""
    settings = Settings.from_env()
    app = create_app(settings)
    waiting: queue.SimpleQueue[Waiting] = queue.SimpleQueue()

    def answer_first(platform: str, shop_id: str) -> dict[str, str]:
        headers = {name.lower(): value for name, value in request.headers.items()}
        waiting.put((shop_id, headers, request.get_data()))
        return {"status": "processed"}

    def commit_later() -> None:
        with app.app_context():
            begin_writing()
            while True:
                _commit(waiting.get(), settings.identity_key)

    app.view_functions["tracking.receive_delivery"] = answer_first
    threading.Thread(target=commit_later, daemon=True).start()
    return app


def _commit(delivery: Waiting, key: bytes) -> None:
    shop_id, headers, body = delivery
    shop = db.session.query(Shop).filter_by(public_id=shop_id).one()
    envelope = inbox.verify(shop, headers, body, utc_now())
    assert envelope is not None
    inbox.receive(db.session(), shop, envelope, body, key, utc_now())
    db.session.commit()
