"""Turns: whoever writes to the one SQLite file waits in a queue, and is served in the order they came.

SQLite itself has no queue: a connection that finds the file locked sleeps and tries again, up to a tenth of a second
at a time, and under load somebody always comes in between. With 32 threads some waited four seconds and gave up while
others wrote at once. Within one process the threads therefore line up here first; between processes SQLite's own lock
still decides.
"""

import threading
from collections import deque
from collections.abc import Hashable


class Turns:
    """A lock that is handed on in order. A holder is any value; it need not be the thread that gives back."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._holder: Hashable | None = None
        self._waiting: deque[tuple[Hashable, threading.Event]] = deque()

    def take(self, holder: Hashable, seconds: float) -> bool:
        """Wait for the turn, at most `seconds`; False where it did not come. Whoever holds it already goes on."""
        with self._mutex:
            if self._holder in (None, holder):
                self._holder = holder
                return True
            ticket = (holder, threading.Event())
            self._waiting.append(ticket)
        if ticket[1].wait(seconds):
            return True
        with self._mutex:
            if ticket in self._waiting:
                self._waiting.remove(ticket)
                return False
            return True  # it came while we were giving up

    def give_back(self, holder: Hashable) -> None:
        """Hand the turn to the next in line; nothing happens where `holder` does not have it."""
        with self._mutex:
            if self._holder != holder:
                return
            self._holder = None
            if self._waiting:
                self._holder, called = self._waiting.popleft()
                called.set()
