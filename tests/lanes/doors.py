"""What the tests of the lanes knock with: a live link, a signed delivery, and a database that is away."""

import contextlib
import time
from collections.abc import Callable, Iterator
from contextvars import Context
from typing import Any

from sqlalchemy import event, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.test import Client, TestResponse

from campaigns.db import db
from campaigns.models import Campaign, Click, Delivery, Shop
from tests import factories
from tests.faults.shopify import Signed, sign

SOON = 5  # seconds within which every node notices what changed


def a_link(session: Session, **asked: Any) -> tuple[str, Campaign]:
    """The path of a link of a live campaign, and the campaign."""
    live = factories.live_campaign(session, accepted=1, **asked)
    link = factories.participants(session, live)[0].link
    assert link is not None
    path = f"/r/{link.slug}"
    session.commit()
    return path, live


def delivery(shop: Shop, number: int = 1, secret: str = "") -> Signed:
    """A genuine message of a Shopify shop that tells nothing; signed with another `secret` it is a forgery."""
    return sign(shop.public_id, secret or shop.webhook_secret, b"{}", f"delivery-{number}", "carts/update")


def send(client: Client, signed: Signed) -> TestResponse:
    """POST a delivery."""
    return post(client, signed.path, data=signed.body, headers=signed.headers)


def post(client: Client, path: str, **options: Any) -> TestResponse:
    """POST in a context of its own, as a server answers."""
    db.session.commit()
    return Context().run(client.post, path, **options)


def rows(session: Session, model: type[Click] | type[Delivery]) -> int:
    """How many there are for whoever looks now."""
    session.rollback()
    return session.scalar(select(func.count()).select_from(model)) or 0


def soon(condition: Callable[[], bool]) -> bool:
    """Whether it comes about within the seconds in which every node notices."""
    end = time.monotonic() + SOON
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


@contextlib.contextmanager
def database_away() -> Iterator[None]:
    """No connection is to be had."""

    def refuse(*_connection: object) -> None:
        raise OperationalError("connect", None, Exception("connection refused"))

    db.session.commit()
    event.listen(db.engine, "checkout", refuse)
    try:
        yield
    finally:
        event.remove(db.engine, "checkout", refuse)
