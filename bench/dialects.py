"""The few words in which SQLite and PostgreSQL differ where rows are made by the million, in SQL."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg

from bench.databases import Databases
from campaigns.db import sqlite_module


@dataclass(frozen=True)
class Dialect:
    """Pieces of SQL with {places} to fill in. Moments are milliseconds since the beginning of 2024, as in click ids."""

    series: str  # low, high: the numbers n
    moment: str  # ms
    day: str  # days since the beginning of 2024
    random: str  # length: so many hexadecimal digits, 32 at most
    finish: tuple[str, ...]  # what a server would have done by itself in the time such rows take to come


SQLITE = Dialect(
    series="WITH RECURSIVE series(n) AS (SELECT {low} UNION ALL SELECT n + 1 FROM series WHERE n < {high})",
    moment="strftime('%Y-%m-%d %H:%M:%f000', {ms} / 1000.0 + 1704067200, 'unixepoch')",
    day="date('2024-01-01', '+' || ({day}) || ' days')",
    random="substr(lower(hex(randomblob(16))), 1, {length})",
    finish=(),
)
POSTGRESQL = Dialect(
    series="WITH series(n) AS (SELECT generate_series({low}::bigint, {high}::bigint))",
    moment="to_timestamp({ms} / 1000.0 + 1704067200)",
    day="DATE '2024-01-01' + ({day})::int",
    random="substr(md5(random()::text), 1, {length})",
    finish=("VACUUM ANALYZE", "CHECKPOINT"),
)
DIALECTS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}


@contextmanager
def raw_connection(databases: Databases, name: str) -> Iterator[Any]:
    """The driver's own connection, each statement its own transaction. SQLite does without a journal meanwhile."""
    if databases.kind == "postgresql":
        with closing(psycopg.connect(databases.url(name), autocommit=True)) as connection:
            yield connection
        return
    with closing(sqlite_module().connect(str(databases.file(name)), isolation_level=None)) as connection:
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-262144", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")
        yield connection
