"""The database: one session, constraint names, UTC times, and what SQLite must be told.

SQLite's defaults lose money: without BEGIN IMMEDIATE two writers read the same state and the second overwrites the
first in silence. So every transaction here begins IMMEDIATE unless the work declared itself `reading()`, and then
the connection itself refuses writes. SQLite before 3.51.3 can corrupt a WAL file under concurrent checkpoints
(https://www.sqlite.org/wal.html#walresetbug), so the pinned pysqlite3 wheel is used, and without a safe build the
journal falls back to DELETE.
"""

import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any, ClassVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, Connection, DateTime, Engine, Integer, MetaData, event, insert, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.types import TypeDecorator

from campaigns.turns import Turns

SAFE_SQLITE = (3, 51, 3)
BUSY_SECONDS = 4  # a shop waits five

BigId = BigInteger().with_variant(Integer, "sqlite")

_reading: ContextVar[bool] = ContextVar("reading", default=False)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored in UTC; a naive one is a programming error."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime has no place in the database")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Model(DeclarativeBase):
    """The root of all tables."""

    registry: ClassVar[registry] = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={datetime: UTCDateTime},
    )


db = SQLAlchemy(model_class=Model)


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun in this block only read: they take no write lock on SQLite, and a write in them fails."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


def begin_reading() -> None:
    """As reading(), until begin_writing() in the same context: for a request whose end is elsewhere."""
    _reading.set(True)


def begin_writing() -> None:
    """Transactions begun from here on may write."""
    _reading.set(False)


def sqlite_module() -> Any:
    """The safest SQLite at hand: the pinned wheel where it exists, else Python's own."""
    try:
        import pysqlite3

        return pysqlite3
    except ImportError:
        return sqlite3


def journal_mode() -> str:
    """WAL on a build that is safe with it, else DELETE."""
    return "WAL" if sqlite_module().sqlite_version_info >= SAFE_SQLITE else "DELETE"


def described(url: str) -> str:
    """The database in a few words, for the line a server starts with; no address, no password."""
    if not url.startswith("sqlite"):
        return "PostgreSQL"
    return f"SQLite {sqlite_module().sqlite_version}, journal {journal_mode()}"


def engine_options(url: str) -> dict[str, Any]:
    """What create_engine is given for `url`; makes the folder of an SQLite file."""
    quiet = {"hide_parameters": True}  # tracebacks must not print people's data into logs
    if not url.startswith("sqlite"):
        return {
            **quiet,
            "pool_size": 20,
            "max_overflow": 20,
            "pool_pre_ping": True,
            "connect_args": {"connect_timeout": 2},
        }
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    return {
        **quiet,
        "module": sqlite_module(),
        "pool_size": 40,
        "max_overflow": 20,
        "connect_args": {"timeout": BUSY_SECONDS, "check_same_thread": False},
    }


def prepare(engine: Engine) -> None:
    """Teach an engine's connections how to begin; called once per engine."""
    if engine.dialect.name == "sqlite":
        turns = Turns()
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", partial(_begin_sqlite, turns))
        for end in ("checkin", "invalidate"):
            event.listen(engine.pool, end, lambda connection, *_: turns.give_back(connection))
    else:
        event.listen(engine, "begin", _begin_postgresql)


def _open_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself
    for pragma in (
        f"journal_mode={journal_mode()}",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",  # else INSERT OR REPLACE deletes rows past the triggers that keep them
        "cache_size=-65536",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(turns: Turns, connection: Any) -> None:
    """Begin reading, or wait in line and begin writing; all waiting together is no longer than BUSY_SECONDS.

    The turn ends when the connection goes back to the pool, which is after COMMIT or ROLLBACK.
    """
    if _reading.get():
        _say(connection, "query_only", "ON")
        connection.exec_driver_sql("BEGIN")
        return
    asked = time.monotonic()
    if not turns.take(connection.connection.dbapi_connection, BUSY_SECONDS):
        raise OperationalError("BEGIN IMMEDIATE", None, TimeoutError("other writers are still at work"))
    left = max(0, BUSY_SECONDS - int(time.monotonic() - asked))
    _say(connection, "busy_timeout", str(left * 1000))
    _say(connection, "query_only", "OFF")
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _say(connection: Any, pragma: str, value: str) -> None:
    """Set a pragma of a connection, unless it is set so already: each one is a statement of its own."""
    if connection.info.get(pragma) != value:
        connection.exec_driver_sql(f"PRAGMA {pragma}={value}")
        connection.info[pragma] = value


def _begin_postgresql(connection: Any) -> None:
    if _reading.get():
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")


def lock_name(session: Session, name: str) -> None:
    """Hold `name` until the transaction ends; SQLite's single writer holds everything already."""
    lock_names(session.connection(), [name])


def lock_names(connection: Connection, names: Iterable[str]) -> None:
    """Hold names until the transaction ends, taken in one order by everybody, so that two never wait for each other."""
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK_NAMES, {"names": list(names)})


_LOCK_NAMES = text(
    "SELECT pg_advisory_xact_lock(number) FROM (SELECT DISTINCT hashtextextended(name, 0) AS number "
    "FROM unnest(CAST(:names AS text[])) AS name ORDER BY 1) AS numbers"
)


def reserve_ids(connection: Connection, table: str, count: int) -> list[int]:
    """The ids of `count` rows about to be inserted into `table`, as the database itself would number them.

    Rows that point to each other can then be written many at a time. On SQLite the transaction holds the only pen; a
    PostgreSQL sequence never gives a number twice.
    """
    if connection.dialect.name == "sqlite":
        last = connection.exec_driver_sql(f'SELECT max(id) FROM "{table}"').scalar() or 0
        return list(range(last + 1, last + 1 + count))
    numbers = "SELECT nextval(CAST(:sequence AS regclass)) FROM generate_series(1, :count)"
    return list(connection.scalars(text(numbers), {"sequence": f"{table}_id_seq", "count": count}))


def insert_rows(connection: Connection, model: type[Model], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of one table, all in one statement; every row names the same columns.

    A statement a row would let go of the interpreter once a row, and in a busy process each time somebody else gets
    it. SQLAlchemy writes many rows into one statement where something is to be returned of them.
    https://docs.sqlalchemy.org/en/21/core/connections.html#insert-many-values-behavior-for-insert-statements
    """
    if rows:
        connection.execute(_insertion(model), rows)


@cache
def _insertion(model: type[Model]) -> ReturningInsert[Any]:
    table = model.__table__
    return insert(table).returning(*table.primary_key)  # type: ignore[arg-type]
