"""PostgreSQL that ends connections of its own accord: all of them at once, or a transaction that has been idle."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from campaigns.patience import PatientConnection

LONGEST_IDLE = "idle_in_transaction_session_timeout = '40ms'"

END_ALL = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid()"
)


@contextmanager
def ended_all_the_time(url: str, every_seconds: float) -> Iterator[None]:
    """The server ends all connections to the database, and again, for the length of a block."""
    stop = threading.Event()

    def end() -> None:
        with psycopg.connect(url, autocommit=True) as connection:
            while not stop.wait(every_seconds):
                connection.execute(END_ALL)

    thread = threading.Thread(target=end)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


@contextmanager
def set_to(url: str, setting: str) -> Iterator[None]:
    """Every new connection to the database begins with a setting, for the length of a block; those there are ended."""
    name = url.rpartition("/")[2]
    for words in (setting, None):
        with psycopg.connect(url.replace(name, "postgres"), autocommit=True) as server:
            change = f"ALTER DATABASE {name} " + (f"SET {words}" if words else "RESET ALL")
            server.execute(change)
            server.execute(END_ALL.replace("current_database()", "%s"), [name])
        if words:
            yield


class Dawdler:
    """Makes a process dawdle before it speaks to the server the n-th time from now on, for longer than LONGEST_IDLE.

    So what the server has to say of that lies there when the process looks, and the end of the connection with it.
    """

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._left = 0
        prompt = PatientConnection.wait

        def wait(connection: PatientConnection, *asked: Any, **options: Any) -> Any:
            if self._left == 1:
                time.sleep(0.08)
            self._left = max(0, self._left - 1)
            return prompt(connection, *asked, **options)

        patch.setattr(PatientConnection, "wait", wait)

    def dawdle_at(self, number: int) -> None:
        """Dawdle before the `number`-th time from now on."""
        self._left = number

    def reached(self) -> bool:
        """Whether it came to that; if not, it goes on without."""
        reached, self._left = self._left == 0, 0
        return reached
