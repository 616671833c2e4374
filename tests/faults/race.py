"""Races: the same moment for several threads, each with an application context of its own; and the locks taken away.

`without_locks` is every race's control. On PostgreSQL it strips row locks and advisory locks from the statements, on
SQLite nobody waits for a turn and transactions begin deferred; and threads wait for one another where they have looked,
and pause, so that they meet on a slow machine too. A race that ends well without locks would prove nothing about them.
"""

import contextlib
import re
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextvars import Context, ContextVar
from functools import wraps
from typing import Any
from unittest.mock import patch

from flask import Flask
from sqlalchemy import Connection, Engine, event

from campaigns import questions, rows
from campaigns.db import begin_writing, db
from campaigns.turns import Turns

PAUSE = 0.05
PATIENCE = 2.0
_LOCKS = re.compile(r" FOR (NO KEY )?(UPDATE|SHARE)( OF \w+)?")


class Meeting:
    """Where threads wait for one another, once in a place each: until all that still run came, or for two seconds."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._came: dict[str, set[int]] = defaultdict(set)
        self._left: set[int] = set()
        self._changed = threading.Condition()

    def come(self, place: str) -> None:
        me, came = threading.get_ident(), self._came[place]
        with self._changed:
            if me not in came:
                came.add(me)
                self._changed.notify_all()
                self._changed.wait_for(lambda: len(came | self._left) == self._threads, PATIENCE)

    def leave(self) -> None:
        with self._changed:
            self._left.add(threading.get_ident())
            self._changed.notify_all()


_meeting: ContextVar[Meeting] = ContextVar("meeting")
_looking: ContextVar[bool] = ContextVar("looking", default=False)


def meet(place: str) -> None:
    """Wait for the other deeds that were begun with this one, if there are any."""
    if meeting := _meeting.get(None):
        meeting.come(place)


def looking(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function; whoever has looked by it goes on when all the others have looked too."""

    @wraps(function)
    def look(*arguments: Any, **named: Any) -> Any:
        found = function(*arguments, **named)
        meet("function")
        return found

    return look


def together(deeds: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each deed returned, or the exception it raised. They begin together, each in a thread of its own."""
    results: list[Any] = [None] * len(deeds)
    start, meeting = threading.Barrier(len(deeds)), Meeting(len(deeds))

    def run(index: int) -> None:
        _meeting.set(meeting)
        start.wait(10)
        try:
            results[index] = deeds[index]()
        except Exception as error:
            results[index] = error
        finally:
            meeting.leave()

    threads = [threading.Thread(target=Context().run, args=(run, number)) for number in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def at_once(app: Flask, deeds: Sequence[Callable[[], Any]]) -> list[Any]:
    """As `together`, each deed in an application context and thus with a session of its own, that may write."""

    def in_context(deed: Callable[[], Any]) -> Callable[[], Any]:
        def run() -> Any:
            with app.app_context():
                begin_writing()
                return deed()

        return run

    db.session.remove()
    return together([in_context(deed) for deed in deeds])


def kinds(results: list[Any]) -> list[str]:
    """Results as words, sorted: "ok", or the name of the exception."""
    return sorted(type(result).__name__ if isinstance(result, Exception) else "ok" for result in results)


def some_time(attempt: Callable[[], bool], times: int = 12) -> bool:
    """Whether something is so in one of some attempts: without locks a race may also end well by chance."""
    return any(attempt() for _ in range(times))


@contextlib.contextmanager
def without_locks(engine: Engine) -> Iterator[None]:
    """Transactions of this engine take no lock before they write, and pause before they do."""
    change = _deferred if engine.dialect.name == "sqlite" else _unlocked

    def by_driver(connection: Connection, statement: str, parameters: Any) -> Any:
        statement, parameters = change(None, None, statement, parameters, None, None)
        found = run(connection, statement, parameters)
        _looked()
        return found

    run = questions.by_driver
    event.listen(engine, "before_cursor_execute", change, retval=True)
    event.listen(engine, "after_cursor_execute", _looked)
    try:
        with contextlib.ExitStack() as stack:
            stack.enter_context(patch.object(Turns, "take", return_value=True))
            for module in (sys.modules["campaigns.db"], questions, rows):  # `campaigns.db` itself is the session's home
                stack.enter_context(patch.object(module, "by_driver", by_driver))
            yield
    finally:
        event.remove(engine, "before_cursor_execute", change)
        event.remove(engine, "after_cursor_execute", _looked)


def _unlocked(_conn: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: Any) -> tuple[str, Any]:
    if "pg_advisory_xact_lock" in statement or _LOCKS.search(statement):
        time.sleep(PAUSE)
        _looking.set(True)
    return _LOCKS.sub("", statement.replace("pg_advisory_xact_lock", "abs")), parameters


def _deferred(_conn: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: Any) -> tuple[str, Any]:
    if statement.startswith(("INSERT", "UPDATE")):
        meet("write")
        time.sleep(PAUSE / 10)
    return ("BEGIN" if statement == "BEGIN IMMEDIATE" else statement), parameters


def _looked(*_: Any) -> None:
    """Who has read what a lock would have held goes on when all have."""
    if _looking.get():
        _looking.set(False)
        meet("lock")
