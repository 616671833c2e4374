"""The two hot routes, answered ahead of Flask: links and webhooks, by the thousand a second.

A lane does what a view does: parse, one domain call, answer. It knows no framework because Flask's own work would be
the dearest part of a click. Whatever a lane refuses is handed to Flask with the error, whose view raises it: so there
is one table of errors, one kind of error page, and the routes stand in the url map like all others.

Two doors lead to the lanes. This one is plain WSGI and complete: any server can have it, and here a lane may ask the
database. The other (door.py) stands in front of it in production, and takes what needs nothing looked up.
https://peps.python.org/pep-3333/
"""

from collections.abc import Iterable, Mapping
from time import monotonic
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from campaigns.db import BUSY_SECONDS, begin_writing
from campaigns.lanes.answers import Answer, Request, of_wsgi
from campaigns.lanes.link_lane import LinkLane
from campaigns.lanes.webhook_lane import WebhookLane
from campaigns.patience import in_time
from config import Settings

REFUSAL = "campaigns.refusal"
# What a page of ours needs to look like one, on a brand's link domain too.
SHOWN_ANYWHERE = ("/r/", "/static/", "/fonts/")

Lane = LinkLane | WebhookLane


class Lanes:
    """WSGI middleware: a request that a lane knows is answered by it, any other by the application."""

    def __init__(
        self, application: Any, engine: Engine, settings: Settings, headers: Iterable[tuple[str, str]]
    ) -> None:
        self.headers = list(headers)
        self._application = application
        self._hosts = settings.hosts
        self._links = LinkLane(engine, settings)
        self._webhooks = WebhookLane(engine, settings)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with in_time(BUSY_SECONDS):  # all that is looked up for one request together
            answer = self._answer(environ)
        if answer is None:
            passed_on: Iterable[bytes] = self._application(environ, start_response)
            return passed_on
        start_response(answer.status, [*answer.headers, *self.headers, ("Content-Length", str(len(answer.body)))])
        return [answer.body]

    def lane_of(self, path: str) -> Lane | None:
        """The lane a path belongs to."""
        if path.startswith("/webhooks/"):
            return self._webhooks
        return self._links if path.startswith("/r/") else None

    def forget(self) -> None:
        """Look everything up anew: for whoever can't wait some seconds, such as a test."""
        self._links.forget()
        self._webhooks.forget()

    def _answer(self, environ: dict[str, Any]) -> Answer | None:
        """A lane's answer; None where Flask answers, with the lane's error in `environ` if there was one."""
        path: str = environ.get("PATH_INFO", "")
        lane = self.lane_of(path)
        begin_writing()  # this thread's last request may have been a page, which only reads
        answer = None
        try:
            _raise_refusal_at_the_door(environ)
            if lane is not None:
                answer = answered(lane, of_wsgi(environ), environ["wsgi.input"])
        except Exception as error:
            environ[REFUSAL] = error
        if answer is None and path.startswith(SHOWN_ANYWHERE):
            self._as_our_own(environ)
        return answer

    def _as_our_own(self, environ: dict[str, Any]) -> None:
        """Let Flask answer on a brand's link domain as it does on ours."""
        host = of_wsgi(environ).host
        try:
            theirs = host not in self._hosts and self._links.is_link_domain(host)
        except SQLAlchemyError as error:
            environ[REFUSAL] = error
            theirs = True  # whoever's host it is, the page that says so is one of ours
        if theirs:
            environ["HTTP_HOST"] = self._hosts[0]


def answered(lane: Lane, request: Request, stream: Any) -> Answer | None:
    """Take a request, and wait until what it leaves is written; None for one that isn't the lane's."""
    if not lane.knows(request):
        return None
    body = lane.body(request, stream)
    until = monotonic() + lane.PATIENCE_SECONDS
    taken = lane.take(request, body)
    if isinstance(taken, Answer):
        return taken
    return taken.answer(lane.together.hand_in(taken.item, until - monotonic()))


def _raise_refusal_at_the_door(environ: Mapping[str, Any]) -> None:
    """Raise what a lane raised at the other door, which has left the answer to us."""
    refusal: Exception | None = environ.get("asgi.scope", {}).get(REFUSAL)
    if refusal is not None:
        raise refusal
