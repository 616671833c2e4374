"""Whatever form is refused, what was typed into it stands on the page that says why.

Every page of the agency, of a brand and of an influencer is opened; every form on it is filled in, and sent once with a
token that is too old, and once for each field with that field broken. What the person sees next holds all they typed.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator
from contextvars import Context
from dataclasses import dataclass
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from campaigns.db import db
from campaigns.models import SignInSession
from campaigns.people.kept_forms import NEVER
from tests.blueprints.forms_of_pages import Form, read
from tests.blueprints.test_access_matrix import asks, routes
from tests.blueprints.two_sides import TODAY, Actor, two_sides
from tests.factories import sign_in

BROKEN = {
    "date": "2026-02-31",
    "datetime-local": "2026-02-31T25:00",
    "number": "many",
    "email": "nobody at all",
    "url": "nowhere at all",
}
WHOLE = {
    "date": "2026-06-20",
    "datetime-local": "2026-06-20T10:30",
    "time": "10:30",
    "number": "17",
    "email": "kept@example.com",
    "url": "https://kept.example.com/here",
}
TOO_LONG = 40_000
ROLES = ("agency", "brand", "influencer")


@dataclass(frozen=True, eq=False)
class Seen:
    """A form, on the page where it was met."""

    actor: Actor
    page: str
    form: Form

    def __str__(self) -> str:
        return f"{self.actor.name} {self.page} -> {self.form.action}"


class Browser:
    """Opens pages and sends forms as whoever is asked for."""

    def __init__(self, app: Flask, actors: list[Actor]) -> None:
        self.app = app
        self.clients = {actor.name: app.test_client() for actor in actors}
        self.token = str(URLSafeTimedSerializer(str(app.secret_key), salt="wtf-csrf-token").dumps("0" * 40))
        for actor in actors:
            if actor.user is not None:
                sign_in(self.clients[actor.name], actor.user)
            with self.clients[actor.name].session_transaction() as cookie:
                cookie.update({"csrf_token": "0" * 40, "language": "en"})
        db.session.commit()

    def see(self, actor: Actor, address: str, **options: object) -> TestResponse:
        db.session.commit()
        answer: TestResponse = Context().run(self.clients[actor.name].get, address, **options)
        return answer

    def send(self, seen: Seen, typed: dict[str, str], token: str = "") -> TestResponse:
        """The answer, or the page that it leads to."""
        body: dict[str, object] = {"csrf_token": token or self.token}
        body |= {name: value for name, value in seen.form.sent if name != "csrf_token"} | typed
        headers = {"Sec-Fetch-Site": "same-origin", "Referer": f"http://localhost{seen.page}"}
        address = seen.form.action or seen.page
        client = self.clients[seen.actor.name]
        db.session.commit()
        answer: TestResponse = Context().run(client.post, address, data=body, headers=headers)
        if answer.status_code in (302, 303) and "alert" not in answer.text:
            return self.see(seen.actor, answer.headers["Location"])
        return answer


def filled(form: Form) -> dict[str, str]:
    """Something to be known again in every field."""
    return {name: WHOLE.get(kind) or f"kept {name}"[: form.longest[name] or None] for name, kind in form.typed.items()}


def lost(answer: TestResponse, typed: dict[str, str]) -> list[str]:
    """The fields whose text the page no longer shows."""
    return missing(typed, read(answer.text).values)


def missing(typed: dict[str, str], among: list[str]) -> list[str]:
    """The fields whose text is not among the values of a page."""
    values = {value.strip().replace("\r\n", "\n") for value in among}
    return [name for name, text in typed.items() if text and text not in values]


@pytest.fixture
def actors(session: Session) -> Iterator[list[Actor]]:
    """An agency, a brand and an influencer with something on every page."""
    with time_machine.travel(TODAY, tick=False):
        yield [actor for actor in two_sides(session) if actor.name in ROLES]


@pytest.fixture
def browser(app: Flask, actors: list[Actor]) -> Browser:
    """All three signed in."""
    return Browser(app, actors)


@pytest.fixture
def forms(app: Flask, browser: Browser, actors: list[Actor]) -> list[Seen]:
    """One form of each kind that something is typed into."""
    found: dict[tuple[str, ...], Seen] = {}
    addresses = app.url_map.bind("localhost")
    for actor in actors:
        for ask in asks(app, actor, routes(app), "GET"):
            if ask.of != "own" or ask.endpoint.startswith(("api.", "tracking.", "static", "pages.")):
                continue
            answer = browser.see(actor, ask.path, query_string=dict(ask.query))
            if answer.status_code != 200 or answer.mimetype != "text/html":
                continue
            page = answer.request.full_path.rstrip("?") if hasattr(answer.request, "full_path") else ask.path
            for form in read(answer.text).forms:
                if form.method.lower() == "post" and form.typed:
                    where = addresses.match((form.action or page).partition("?")[0], method="POST")[0]
                    found.setdefault((actor.name, where, *sorted(form.typed)), Seen(actor, page, form))
    return list(found.values())


@pytest.fixture
def as_before(app: Flask) -> Callable[[], None]:
    """Puts the database back to what it is now."""
    path = Path(str(db.engine.url.database))
    db.session.commit()
    with sqlite3.connect(path) as now:
        now.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = path.read_bytes()

    def back() -> None:
        db.session.remove()
        db.engine.dispose()
        for beside in ("-wal", "-shm"):
            path.with_name(path.name + beside).unlink(missing_ok=True)
        path.write_bytes(kept)

    return back


on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # what is asked differs by no database


@on_sqlite
def test_a_form_that_was_open_too_long_gives_back_all_that_was_typed(forms: list[Seen], browser: Browser):
    wrong = []
    for seen in forms:
        answer = browser.send(seen, filled(seen.form), "an old token")
        page = read(answer.text)
        gone = missing(filled(seen.form), page.values + page.carried)
        if answer.status_code != 400 or [name for name in gone if "secret" not in name]:
            wrong.append((str(seen), answer.status_code, gone))
    assert wrong == []
    assert len(forms) > 50


@on_sqlite
def test_a_form_sent_after_the_session_ended_is_filled_in_again_after_signing_in(
    forms: list[Seen], browser: Browser, session: Session
):
    wrong, anyones = [], set()
    for seen in forms:
        typed = {name: text for name, text in filled(seen.form).items() if not any(word in name for word in NEVER)}
        if not typed:
            continue
        session.execute(update(SignInSession).values(expires_at=TODAY))
        sent = browser.send(seen, filled(seen.form))
        if sent.request.path != "/sign-in":
            anyones.add(sent.request.path)
            continue
        assert seen.actor.user is not None
        sign_in(browser.clients[seen.actor.name], seen.actor.user)
        back = browser.see(seen.actor, browser.see(seen.actor, "/written").headers["Location"])
        if back.status_code != 200 or lost(back, typed) or "no field on the page" in back.text:
            wrong.append((str(seen), back.status_code, lost(back, typed)))
    assert wrong == []
    assert anyones == {"/forgot-password", "/sign-in/link"}
    assert len(forms) > 50


def complains(answer: TestResponse) -> bool:
    """Whether a page begins with a refusal, as one does that was led to."""
    flashes = re.search(r'<div class="flashes".*?</div>\s*</div>', answer.text, re.DOTALL)
    if answer.request.method == "POST" and answer.status_code == 200 and read(answer.text).told:
        return True
    return "alert bad" in (flashes.group() if flashes else "")


def broken(form: Form) -> Iterator[tuple[str, dict[str, str]]]:
    """(what is broken, all that is typed): one field at a time has something no field of its kind can be."""
    for name, kind in form.typed.items():
        yield name, filled(form) | {name: BROKEN.get(kind, "kept " + "x" * TOO_LONG)}
        yield f"no {name}", filled(form) | {name: ""}
    yield "nothing", filled(form)


@on_sqlite
def test_a_form_with_one_field_broken_keeps_the_others_and_says_why(
    forms: list[Seen], browser: Browser, as_before: Callable[[], None]
):
    wrong, refused = [], 0
    for seen in forms:
        for what, typed in broken(seen.form):
            answer = browser.send(seen, typed)
            as_before()
            page = read(answer.text)
            if answer.status_code < 400 and not complains(answer):
                continue
            refused += 1
            if answer.status_code >= 500 or lost(answer, typed) or not page.told:
                wrong.append((str(seen), what, answer.status_code, lost(answer, typed), page.told))
    assert wrong == []
    assert refused > 100
