"""The database truly away, for as long as the test likes: PostgreSQL's cable pulled, SQLite's file locked by another.

Nobody waits for SQLite's lock here, as test_sqlite_busy.py does: there it is the patience that is tested.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Protocol

import pytest
from sqlalchemy.engine import make_url

from campaigns.db import sqlite_module
from tests.faults.cable import Cable, cable


class Outage(Protocol):
    """How the database is taken away and given back; `url` is where the application finds it."""

    url: str

    def begin(self) -> None:
        """Nothing can be stored from here on."""

    def end(self) -> None:
        """All is well again."""


class _Pulled:
    def __init__(self, line: Cable) -> None:
        self.url = line.url
        self.begin, self.end = line.pull, line.plug_in


class _Locked:
    """Another connection holds the file: of a back-up that hangs, say."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._path = make_url(url).database
        self._holder: Any = None

    def begin(self) -> None:
        self._holder = sqlite_module().connect(self._path, isolation_level=None)
        self._holder.execute("BEGIN EXCLUSIVE")

    def end(self) -> None:
        if self._holder is not None:
            self._holder.close()


@contextmanager
def outage_of(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Outage]:
    """A database at hand, for the length of a block."""
    if not url.startswith("sqlite"):
        with cable(url) as line:
            yield _Pulled(line)
        return
    monkeypatch.setattr(import_module("campaigns.db"), "BUSY_SECONDS", 0)  # `campaigns.db` is the session's owner too
    locked = _Locked(url)
    try:
        yield locked
    finally:
        locked.end()
