"""Patience with PostgreSQL: how long a thread waits for the server, whatever keeps that from answering.

The server limits a statement by itself where it is asked to. But a server that has stopped (a frozen machine, a line
that swallows everything) keeps no limit, and the driver would wait for it for ever. So in a block of `in_time` the
driver's own waiting ends too, a moment after the server should have given up. Such a connection is closed: nobody
knows what may still come out of it.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import psycopg
from psycopg.abc import RV, PQGen

GRACE_SECONDS = 0.2  # a server that only has much to do ends the statement itself, and the connection stays good

_end: ContextVar[float | None] = ContextVar("end", default=None)


@contextmanager
def in_time(seconds: float) -> Iterator[None]:
    """Whatever PostgreSQL is asked in this block is answered within `seconds` in all, or fails as if it were away."""
    end, outer = time.monotonic() + seconds, _end.get()
    token = _end.set(end if outer is None else min(end, outer))
    try:
        yield
    finally:
        _end.reset(token)


def milliseconds_left() -> int | None:
    """How long the server has for what is asked now; None where nobody set an end."""
    end = _end.get()
    return None if end is None else max(1, int((end - time.monotonic()) * 1000))


class PatientConnection(psycopg.Connection[Any]):
    """The driver's connection, which knows when the block around it ends."""

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """As the driver's own, for no longer than the block allows."""
        end = _end.get()
        if end is None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, max(0.0, end + GRACE_SECONDS - time.monotonic()))
        except psycopg.OperationalError:
            if time.monotonic() >= end + GRACE_SECONDS:
                self.close()
            raise


def connect(_dialect: Any, _record: Any, arguments: Any, options: Any) -> PatientConnection:
    """SQLAlchemy's event "do_connect": a connection of ours, unless there is no time left to ask for one.

    The driver limits its own connecting.
    """
    end = _end.get()
    if end is not None and time.monotonic() >= end:
        raise psycopg.OperationalError("no time is left to connect")
    return PatientConnection.connect(*arguments, **options)
