"""The database: one session, constraint names, UTC times, and what SQLite must be told.

SQLite's defaults lose money: without BEGIN IMMEDIATE two writers read the same state and the second overwrites the
first in silence. So every transaction here begins IMMEDIATE unless the work declared itself `reading()`, and then
the connection itself refuses writes. SQLite before 3.51.3 can corrupt a WAL file under concurrent checkpoints
(https://www.sqlite.org/wal.html#walresetbug), so the pinned pysqlite3 wheel is used, and without a safe build the
journal falls back to DELETE.
"""

import sqlite3
import time
from collections.abc import Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, cast
from weakref import WeakKeyDictionary

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    DateTime,
    Engine,
    Integer,
    MetaData,
    PoolProxiedConnection,
    event,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Session, registry, scoped_session
from sqlalchemy.types import TypeDecorator

from campaigns.crash import crash_point
from campaigns.patience import connect, in_time, milliseconds_left
from campaigns.pulse import Pulse
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


def one_moment(session: Session | scoped_session[Any]) -> None:
    """Let every statement of the transaction about to begin see the same moment, as SQLite's do anyway.

    For whoever compares tables while others write. A transaction under way stays as it is.
    """
    own = session() if isinstance(session, scoped_session) else session
    if own.get_bind().dialect.name == "postgresql" and not own.in_transaction():
        own.connection(execution_options={"isolation_level": "REPEATABLE READ"})


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
    # Tracebacks must not print people's data into logs. The connection last used is used next: what it has learnt
    # (SQLite's pages, until another one writes; PostgreSQL's plans) serves again, and the idle ones hold nothing.
    common = {"hide_parameters": True, "pool_use_lifo": True}
    if not url.startswith("sqlite"):
        return {
            **common,
            "pool_size": 20,
            "max_overflow": 20,
            # Who waits for a lock waits no longer than who waits for SQLite's only pen.
            "connect_args": {"connect_timeout": 2, "options": f"-c lock_timeout={BUSY_SECONDS * 1000}"},
        }
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    return {
        **common,
        "module": sqlite_module(),
        "pool_size": 40,
        "max_overflow": 20,
        "connect_args": {"timeout": BUSY_SECONDS, "check_same_thread": False},
    }


def prepare(engine: Engine) -> None:
    """Teach an engine's connections how to begin; called once per engine."""
    if engine.dialect.name == "sqlite":
        turns = _turns[engine] = Turns()
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", partial(_begin_sqlite, turns))
        for end in ("checkin", "invalidate"):
            event.listen(engine.pool, end, lambda connection, *_: turns.give_back(connection))
    else:
        event.listen(engine, "do_connect", connect)
        event.listen(engine, "begin", _begin_postgresql)
        _pulses[engine] = Pulse(engine)


_turns: WeakKeyDictionary[Engine, Turns] = WeakKeyDictionary()
_pulses: WeakKeyDictionary[Engine, Pulse] = WeakKeyDictionary()


def _open_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself
    for pragma in (
        f"journal_mode={journal_mode()}",
        "synchronous=FULL",
        "foreign_keys=ON",
        "recursive_triggers=ON",  # else INSERT OR REPLACE deletes rows past the triggers that keep them
        "cache_size=-16384",  # KiB, of each connection
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(turns: Turns, connection: Connection) -> None:
    """Begin reading, or wait in line and begin writing; all waiting together is no longer than BUSY_SECONDS.

    The turn ends when the connection goes back to the pool, which is after COMMIT or ROLLBACK.
    """
    pooled = connection.connection
    if _reading.get():
        _say(pooled, "query_only", "ON")
        connection.exec_driver_sql("BEGIN")
        return
    _take_pen(turns, pooled)
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _take_pen(turns: Turns, pooled: PoolProxiedConnection) -> None:
    """Wait in line, and leave what is left of the patience to SQLite's own lock between processes."""
    asked = time.monotonic()
    if not turns.take(cast(Hashable, pooled.dbapi_connection), BUSY_SECONDS):
        raise OperationalError("BEGIN IMMEDIATE", None, TimeoutError("other writers are still at work"))
    left = max(0, BUSY_SECONDS - int(time.monotonic() - asked))
    _say(pooled, "busy_timeout", str(left * 1000))
    _say(pooled, "query_only", "OFF")


def _say(pooled: PoolProxiedConnection, pragma: str, value: str) -> None:
    """Set a pragma of a connection, unless it is set so already: each one is a statement of its own."""
    if pooled.info.get(pragma) != value:
        pooled.cursor().execute(f"PRAGMA {pragma}={value}")
        pooled.info[pragma] = value


DriverStatement = tuple[str, tuple[Any, ...]]  # in the driver's own SQL, with its parameters


def by_driver(connection: Connection, statement: str, parameters: Any) -> Any:
    """Run a statement of a transaction under way by the driver alone, for the hot path; returns the driver's cursor.

    Its errors are told as SQLAlchemy tells them.
    """
    with told_as_sqlalchemy_does(connection, statement):
        cursor = connection.connection.cursor()
        cursor.execute(statement, parameters)
        return cursor


def write_at_once(engine: Engine, statements: Sequence[DriverStatement]) -> None:
    """Run statements in one transaction of their own, by the driver alone. Its errors as SQLAlchemy tells them."""
    with told_as_sqlalchemy_does(engine, statements[0][0]):
        pooled = engine.raw_connection()
        try:
            if engine in _turns:
                _take_pen(_turns[engine], pooled)
                pooled.cursor().execute("BEGIN IMMEDIATE")
                _run(pooled, statements)
            elif len(statements) == 1:
                _run_alone(pooled.dbapi_connection, statements[0])
            else:
                _run(pooled, statements)
        finally:
            pooled.close()  # going back to the pool, what was not committed is rolled back


def _run(pooled: PoolProxiedConnection, statements: Sequence[DriverStatement]) -> None:
    cursor = pooled.cursor()
    for statement, parameters in statements:
        cursor.execute(statement, parameters)
    crash_point("links.written")
    pooled.commit()


def _run_alone(connection: Any, statement: DriverStatement) -> None:
    """One statement is a transaction of its own: to PostgreSQL and back once, instead of three times."""
    connection.autocommit = True
    try:
        connection.execute(*statement)
    finally:
        if not connection.closed:
            connection.autocommit = False
    crash_point("links.written")


@contextmanager
def told_as_sqlalchemy_does(place: Connection | Engine, statement: str) -> Iterator[None]:
    """Raise the driver's errors as SQLAlchemy's; a connection that was lost is known as lost from then on."""
    driver = place.dialect.loaded_dbapi
    try:
        yield
    except driver.Error as error:
        if pulse := _pulses.get(place.engine):
            pulse.doubt()
        lost = isinstance(place, Connection) and place.dialect.is_disconnect(error, place.connection, None)
        if lost and isinstance(place, Connection):
            place.invalidate()
        raise DBAPIError.instance(statement, None, error, driver.Error, True, lost, place.dialect) from error


def _begin_postgresql(connection: Any) -> None:
    """Say in one statement, where anything is to be said, what this transaction may do and how long it may take."""
    limits = ["SET TRANSACTION READ ONLY"] if _reading.get() else []
    if (left := milliseconds_left()) is not None:
        limits.append(f"SET LOCAL statement_timeout = {left}")
    if limits:
        connection.exec_driver_sql("; ".join(limits))


@contextmanager
def looking_up(engine: Engine) -> Iterator[Connection]:
    """A connection that only reads, for whoever has somebody waiting: what can't be read in time fails as if away."""
    with reading(), in_time(BUSY_SECONDS), engine.connect() as connection:
        yield connection


def lock_name(session: Session, name: str) -> None:
    """Hold `name` until the transaction ends; SQLite's single writer holds everything already."""
    lock_names(session.connection(), [name])


def lock_names(connection: Connection, names: Iterable[str]) -> None:
    """Hold names until the transaction ends, taken in one order by everybody, so that two never wait for each other."""
    if connection.dialect.name == "postgresql":
        by_driver(connection, _LOCK_NAMES, (list(names),))


_LOCK_NAMES = (
    "SELECT pg_advisory_xact_lock(number) FROM (SELECT DISTINCT hashtextextended(name, 0) AS number "
    "FROM unnest(%s::text[]) AS name ORDER BY 1) AS numbers"
)


def insert_or_meet(session: Session, model: type[Model]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that may say what happens where the row is there already; both databases spell it alike."""
    return (postgresql if session.get_bind().dialect.name == "postgresql" else sqlite).insert(model)


def unindexed(column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    """A number's column, but not one to begin a search with: of a sum there is no index.

    SQLite keeps no statistics here and may take an index that leads to nearly every row.
    """
    return column + 0
