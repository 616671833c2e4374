"""The two hot routes, answered ahead of Flask: links and webhooks, by the thousand a second.

A lane does what a view does: parse, one domain call, answer. It is plain WSGI because Flask's own work would be the
dearest part of a click. Whatever a lane refuses it hands to Flask with the error, whose view raises it: so there is
one table of errors, one kind of error page, and the routes stand in the url map like all others.
https://peps.python.org/pep-3333/
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from campaigns.db import BUSY_SECONDS, begin_writing
from campaigns.lanes.answers import Answer, host_of
from campaigns.lanes.link_lane import LinkLane
from campaigns.lanes.webhook_lane import WebhookLane
from campaigns.patience import in_time
from config import Settings

REFUSAL = "campaigns.refusal"
# What a page of ours needs to look like one, on a brand's link domain too.
SHOWN_ANYWHERE = ("/r/", "/static/", "/fonts/")


class Lanes:
    """WSGI middleware: a request that a lane knows is answered by it, any other by the application."""

    def __init__(
        self, application: Any, engine: Engine, settings: Settings, headers: Iterable[tuple[str, str]]
    ) -> None:
        self._application = application
        self._headers = list(headers)
        self._hosts = settings.hosts
        self._links = LinkLane(engine, settings)
        self._webhooks = WebhookLane(engine, settings)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with in_time(BUSY_SECONDS):  # all that is looked up for one request together
            answer = self._answer(environ)
        if answer is None:
            passed_on: Iterable[bytes] = self._application(environ, start_response)
            return passed_on
        own = [*answer.headers, *self._headers, ("Content-Length", str(len(answer.body)))]
        start_response(answer.status, own)
        return [answer.body]

    def forget(self) -> None:
        """Look everything up anew: for whoever can't wait some seconds, such as a test."""
        self._links.forget()
        self._webhooks.forget()

    def _answer(self, environ: dict[str, Any]) -> Answer | None:
        """A lane's answer; None where Flask answers, with the lane's error in `environ` if there was one."""
        path: str = environ.get("PATH_INFO", "")
        begin_writing()  # this thread's last request may have been a page, which only reads
        try:
            if path.startswith("/webhooks/"):
                return self._webhooks.answer(environ)
            answer = self._links.answer(environ) if path.startswith("/r/") else None
        except Exception as error:
            environ[REFUSAL] = error
            answer = None
        if answer is None and path.startswith(SHOWN_ANYWHERE):
            self._as_our_own(environ)
        return answer

    def _as_our_own(self, environ: dict[str, Any]) -> None:
        """Let Flask answer on a brand's link domain as it does on ours."""
        host = host_of(environ)
        try:
            theirs = host not in self._hosts and self._links.is_link_domain(host)
        except SQLAlchemyError as error:
            environ[REFUSAL] = error
            theirs = True  # whoever's host it is, the page that says so is one of ours
        if theirs:
            environ["HTTP_HOST"] = self._hosts[0]
