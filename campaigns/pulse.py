"""Whether a connection that comes out of the pool still is one: asked after a rest, and of all once one was lost.

SQLAlchemy's own pool_pre_ping asks each time, which under load is one more way to the server and back. A busy
connection is in use all the time, and that tells.
"""

import time
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

REST_SECONDS = 0.05  # a writer under load comes back sooner; a server that was started anew takes longer


class Pulse:
    """The pulse of one engine's pool."""

    def __init__(self, engine: Engine) -> None:
        self._dialect = engine.dialect
        self._doubted_at = 0.0
        event.listen(engine.pool, "checkin", self._rest)
        event.listen(engine.pool, "checkout", self._ask)

    def doubt(self) -> None:
        """Something failed: whatever rests now is asked before it is used."""
        self._doubted_at = time.monotonic()

    def _rest(self, _connection: Any, record: ConnectionPoolEntry) -> None:
        record.info["rests_since"] = time.monotonic()

    def _ask(self, connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
        since = record.info.get("rests_since")
        if since is None or (self._doubted_at < since and time.monotonic() < since + REST_SECONDS):
            return
        try:
            self._dialect.do_ping(connection)
        except self._dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error
