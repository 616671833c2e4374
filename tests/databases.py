"""Databases of a test's own: copies of what was made once, a SQLite file or a database of the PostgreSQL server."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

TEMPLATE = f"template_{os.getpid()}"
_counter = iter(range(1, 10**9))


def beside(server: str, name: str) -> str:
    """The URL of another database of the server."""
    return server.rsplit("/", 1)[0] + f"/{name}"


@contextmanager
def database(server: psycopg.Connection[Any], name: str, template: str) -> Iterator[None]:
    """A PostgreSQL database for the length of a block."""
    server.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    try:
        yield
    finally:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def copied(request: pytest.FixtureRequest, template: str, home: Path) -> Iterator[str]:
    """The URL of a copy: of a SQLite file, named by its path, or of a PostgreSQL database, by its name."""
    if template.startswith("/"):
        shutil.copy(template, home / "test.db")
        yield f"sqlite:///{home}/test.db"
        return
    name = f"test_{os.getpid()}_{next(_counter)}"
    with database(request.getfixturevalue("postgresql_server"), name, f"{template} STRATEGY file_copy"):
        yield beside(os.environ["TEST_POSTGRESQL_URL"], name)
