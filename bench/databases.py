"""Databases to measure on: migrated, copied whole from one another, gone afterwards.

SQLite files lie in a folder beside the product's own data, on a real disk: in memory a sync costs nothing, and the
figures would be of another machine. PostgreSQL is the server TEST_POSTGRESQL_URL names, which must have fsync on.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from flask import Flask
from sqlalchemy.orm import Session

from campaigns import create_app
from campaigns.db import begin_writing, db
from campaigns.supervise import ROOT
from tests.conftest import migrate, settings_for

KINDS = ("sqlite", "postgresql")
SERVER = "TEST_POSTGRESQL_URL"
ROOM = 8 * 1024**3  # bytes that two databases of ten million clicks, and their journals, may take


class Databases:
    """The databases of one kind for the length of a block. Copy only from one that nobody has open."""

    def __init__(self, kind: str, home: Path) -> None:
        self.kind, self.home = kind, home
        self._made: list[str] = []

    def migrated(self, name: str) -> str:
        """The URL of a new database at the newest schema."""
        if self.kind == "postgresql":
            self._create(name, "template0")
        migrate(self.url(name), self.home)
        return self.url(name)

    def copy(self, source: str, name: str) -> str:
        """The URL of a new database with everything the other has."""
        if self.kind == "sqlite":
            shutil.copy(self.file(source), self.file(name))
        else:
            self._create(name, self._own(source))
        return self.url(name)

    def learn(self, name: str) -> None:
        """Let the planner look at the rows, as PostgreSQL does by itself within a minute of their coming."""
        if self.kind == "postgresql":
            with psycopg.connect(self.url(name), autocommit=True) as connection:
                connection.execute("ANALYZE")

    def url(self, name: str) -> str:
        """As DATABASE_URL has it."""
        if self.kind == "sqlite":
            return f"sqlite:///{self.file(name)}"
        return os.environ[SERVER].rsplit("/", 1)[0] + f"/{self._own(name)}"

    def file(self, name: str) -> Path:
        """The file of an SQLite database."""
        return self.home / f"{name}.db"

    def drop(self) -> None:
        """Leave nothing behind on the server; the folder is its maker's to remove."""
        for name in self._made:
            administer(f"DROP DATABASE {name} WITH (FORCE)")

    def _create(self, name: str, template: str) -> None:
        administer(f"CREATE DATABASE {self._own(name)} TEMPLATE {template} ENCODING 'UTF8' STRATEGY file_copy")
        self._made.append(self._own(name))

    def _own(self, name: str) -> str:
        return f"bench_{os.getpid()}_{name}"


@contextmanager
def databases(kind: str) -> Iterator[Databases]:
    """A folder and a server to make databases in."""
    under = Path(os.environ.get("DATA_DIR", ROOT / "var")).resolve() / "bench"
    under.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=under) as home:
        made = Databases(kind, Path(home))
        try:
            yield made
        finally:
            made.drop()


@contextmanager
def working(url: str, home: Path) -> Iterator[tuple[Flask, Session]]:
    """The application on a database, and its session, for the length of a block; nothing stays open."""
    app = create_app(settings_for(url, home))
    with app.app_context():
        begin_writing()
        try:
            yield app, db.session()
        finally:
            db.session.remove()
            db.engine.dispose()


def available() -> list[str]:
    """The kinds that can be measured here."""
    return [kind for kind in KINDS if kind == "sqlite" or os.environ.get(SERVER)]


def administer(statement: str) -> str:
    """Run one statement on the PostgreSQL server, outside any transaction; the first value of its answer."""
    with psycopg.connect(os.environ[SERVER], autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        row = cursor.fetchone() if cursor.description else None
        return str(row[0]) if row else ""
