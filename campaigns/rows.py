"""Rows of the hot path: many of one table written by one statement of the driver's, with ids known before.

What SQLAlchemy does for each value and each statement costs more here than the writing itself. A statement a row would
let go of the interpreter once a row, and in a busy process each time somebody else gets it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from itertools import chain
from typing import Any

import msgspec
from sqlalchemy import JSON, Connection

from campaigns.db import Model, UTCDateTime, by_driver, told_as_sqlalchemy_does

AT_ONCE = 64  # rows of one statement on SQLite, which is spelt once for each number of rows


def reserve_ids(connection: Connection, table: str, count: int) -> list[int]:
    """The ids of `count` rows about to be inserted into `table`, as the database itself would number them.

    Rows that point to each other can then be written many at a time. On SQLite the transaction holds the only pen; a
    PostgreSQL sequence never gives a number twice.
    """
    if connection.dialect.name == "sqlite":
        last = by_driver(connection, f'SELECT max(id) FROM "{table}"', ()).fetchone()[0] or 0
        return list(range(last + 1, last + 1 + count))
    numbers = "SELECT nextval(%s::regclass) FROM generate_series(1, %s)"
    return [row[0] for row in by_driver(connection, numbers, (f"{table}_id_seq", count))]


def insert_rows(connection: Connection, model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of one table; every row names the same columns, and all that have no default in the database."""
    if not rows:
        return
    sqlite = connection.dialect.name == "sqlite"
    columns = tuple(rows[0])
    values = [list(row.values()) for row in rows]
    for place, written in _foreign(sqlite, model, columns):
        for row in values:
            if row[place] is not None:
                row[place] = written(row[place])
    (_insert_sqlite if sqlite else _copy_postgresql)(connection, model, columns, values)


def _insert_sqlite(
    connection: Connection, model: type[Model], columns: tuple[str, ...], values: Sequence[list[Any]]
) -> None:
    for begin in range(0, len(values), AT_ONCE):
        some = values[begin : begin + AT_ONCE]
        by_driver(connection, _insertion(model, columns, len(some)), tuple(chain.from_iterable(some)))


def _copy_postgresql(
    connection: Connection, model: type[Model], columns: tuple[str, ...], values: Sequence[list[Any]]
) -> None:
    """By COPY, in which a row costs a fraction: https://www.postgresql.org/docs/current/sql-copy.html"""
    statement = f"COPY {_place(model, columns)} FROM STDIN"
    with told_as_sqlalchemy_does(connection, statement):
        with connection.connection.cursor().copy(statement) as copy:
            for row in values:
                copy.write_row(row)


@cache
def _insertion(model: type[Model], columns: tuple[str, ...], count: int) -> str:
    row = "(" + ", ".join("?" * len(columns)) + ")"
    return f"INSERT INTO {_place(model, columns)} VALUES " + ", ".join([row] * count)


@cache
def _place(model: type[Model], columns: tuple[str, ...]) -> str:
    return f'"{model.__table__.description}" (' + ", ".join(f'"{name}"' for name in columns) + ")"


@cache
def _foreign(sqlite: bool, model: type[Model], columns: tuple[str, ...]) -> list[tuple[int, Callable[[Any], str]]]:
    """The places of values that the driver can't write itself, and what writes them."""
    writers: list[tuple[type, Callable[[Any], str]]] = [(JSON, json_text)]
    writers += [(UTCDateTime, sqlite_text)] if sqlite else []
    kinds = [model.__table__.c[name].type for name in columns]
    return [(place, writer) for place, kind in enumerate(kinds) for known, writer in writers if isinstance(kind, known)]


def json_text(value: Any) -> str:
    """A value as JSON."""
    return msgspec.json.encode(value).decode()


@lru_cache(4096)
def sqlite_text(moment: datetime) -> str:
    """A moment as the tables of SQLite have it; those of one delivery come again and again."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
