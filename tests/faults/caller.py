"""Somebody who asks the application for one thing of every kind, where it finds its database at an address of ours.

A request is numbered, so that each can be told from the next, and asked again is the same request.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import Context
from pathlib import Path

from flask import Flask
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from campaigns import create_app
from campaigns.clock import utc_now
from campaigns.db import db
from campaigns.people.sessions import open_session
from campaigns.people.tokens import create_token
from tests import factories
from tests.conftest import settings_for
from tests.faults.stage import Stage

DESIGNED = {
    "click": 302,
    "delivery": 200,
    "forgery": 401,
    "link of a brand's host": 302,
    "page": 200,
    "missing page": 404,
    "form": 302,
    "list": 200,
    "brand": 201,
    "readiness": 200,
}
OWN_HOST = {"Host": "go.amber.example"}


class Caller:
    """A visitor, a shop, and one of the agency, both by browser and by program."""

    def __init__(self, app: Flask, session: Session, stage: Stage) -> None:
        user = factories.user(session)
        self.app, self.stage = app, stage
        self._client = app.test_client()
        self._bearer = {"Authorization": f"Bearer {create_token(session, user, utc_now())}"}
        with self._client.session_transaction() as cookie:
            cookie["_user_id"] = open_session(session, user, utc_now())
        session.commit()

    def ask(self, kind: str, number: int, forget: bool = True) -> TestResponse:
        """The answer to a request, in a context of its own, as a server answers; lanes `forget` what they looked up."""
        if forget:
            self.app.extensions["lanes"].forget()
        return Context().run(self._requests()[kind], number)

    def insist(self, kind: str, number: int) -> int:
        """The status once the request is taken: who is told 503 comes again, for connections lost unnoticed."""
        for _ in range(5):
            status = self.ask(kind, number).status_code
            if status != 503:
                break
        return status

    def _requests(self) -> dict[str, Callable[[int], TestResponse]]:
        get, path = self._client.get, f"/r/{self.stage.slugs[0]}"
        return {
            "click": lambda number: get(path),
            "delivery": self._deliver,
            "forgery": lambda number: self._deliver(number, {"X-Shopify-Hmac-Sha256": "Zm9yZ2Vk"}),
            "link of a brand's host": lambda number: get(path, headers=OWN_HOST),
            "page": lambda number: get("/console/campaigns"),
            "missing page": lambda number: get("/console/campaigns/NoSuchThing"),
            "form": lambda number: self._client.post("/console/brands/new", data=_a_brand("By form", number)),
            "list": lambda number: get("/api/v1/influencers", headers=self._bearer),
            "brand": lambda number: self._client.post(
                "/api/v1/brands",
                json=_a_brand("Brand", number),
                headers={**self._bearer, "Idempotency-Key": f"key {number}"},
            ),
            "readiness": lambda number: get("/readyz"),
        }

    def _deliver(self, number: int, forged: dict[str, str] | None = None) -> TestResponse:
        signed = self.stage.delivery(number)
        return self._client.post(signed.path, data=signed.body, headers=signed.headers | (forged or {}))


def assert_designed(answer: TestResponse, kind: str, place: str) -> None:
    """It is what is promised, or 503 with the time to come again."""
    outcome = answer.status_code, answer.headers.get("Retry-After")
    assert outcome in ((DESIGNED[kind], None), (503, "5")), f"{kind}, {place}"


def _a_brand(word: str, number: int) -> dict[str, str]:
    return {"name": f"{word} {number}", "email": f"{word}.{number}@example.com".replace(" ", ".").lower()}


@contextmanager
def calling(url: str, home: Path, session: Session, stage: Stage) -> Iterator[Caller]:
    """A caller of an application of its own, on the database of `url`."""
    app = create_app(settings_for(url, home))
    app.config["WTF_CSRF_ENABLED"] = False  # a form's token is not what is tried here
    try:
        yield Caller(app, session, stage)
    finally:
        with app.app_context():
            db.engine.dispose()
