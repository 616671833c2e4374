"""Group commit: what many threads want written goes into one transaction, and each waits until it is on disk.

A commit costs the same for one row as for thirty, and most of its time is waiting for the disk. So one writer takes
everything that is waiting, does it in one transaction, and lets all of them go; whoever comes meanwhile is in the
next one. There is no timer: alone, a caller waits for nobody. A batch that fails is done again one by one, so that one
bad item harms no other; an item is done, or its caller gets the error.
"""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar, cast

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")

IDLE_SECONDS = 2


class _Ticket(Generic[Item, Outcome]):
    """One caller's item, and a lock that is open once `outcome` or `error` stands."""

    __slots__ = ("done", "error", "item", "outcome")

    def __init__(self, item: Item) -> None:
        self.item = item
        self.outcome: Outcome | None = None
        self.error: Exception | None = None
        self.done = threading.Lock()
        self.done.acquire()


class Together(Generic[Item, Outcome]):
    """`work` is given a batch, commits, and returns an outcome per item in the same order.

    An error of one of the `hopeless` kinds (the database is away) fails the whole batch; after any other each item is
    tried alone. The writer is a thread of its own that is there while there is work.
    """

    def __init__(
        self, work: Callable[[Sequence[Item]], Sequence[Outcome]], most: int, hopeless: tuple[type[Exception], ...]
    ) -> None:
        self._work = work
        self._most = most
        self._hopeless = hopeless
        self._mutex = threading.Lock()
        self._arrived = threading.Condition(self._mutex)
        self._waiting: deque[_Ticket[Item, Outcome]] = deque()
        self._writing = False

    def hand_in(self, item: Item, seconds: float) -> Outcome:
        """Return the item's outcome once it is committed; raises what the work raised, or TimeoutError.

        After a TimeoutError the item has been taken back, or, where it was being written at that moment, may yet be
        there: the sender comes again and finds it.
        """
        ticket: _Ticket[Item, Outcome] = _Ticket(item)
        with self._mutex:
            self._waiting.append(ticket)
            if self._writing:
                self._arrived.notify()
            else:
                self._writing = True
                threading.Thread(target=self._write, name="together", daemon=True).start()
        if not ticket.done.acquire(timeout=max(0.0, seconds)):
            with self._mutex:
                if ticket in self._waiting:
                    self._waiting.remove(ticket)
            raise TimeoutError("others are still being written")
        if ticket.error is not None:
            raise ticket.error
        return cast(Outcome, ticket.outcome)  # it is there where no error is

    def _write(self) -> None:
        while batch := self._next_batch():
            self._do(batch)

    def _next_batch(self) -> list[_Ticket[Item, Outcome]]:
        """Who is waiting, at most `most`; nobody, and the thread ends, after a while without work."""
        with self._mutex:
            if not self._waiting:
                self._arrived.wait(IDLE_SECONDS)
            if not self._waiting:
                self._writing = False
            return [self._waiting.popleft() for _ in range(min(len(self._waiting), self._most))]

    def _do(self, batch: list[_Ticket[Item, Outcome]]) -> None:
        try:
            outcomes = self._work([ticket.item for ticket in batch])
        except Exception as error:
            if len(batch) > 1 and not isinstance(error, self._hopeless):
                for ticket in batch:
                    self._do([ticket])
                return
            for ticket in batch:
                ticket.error = error
        else:
            for ticket, outcome in zip(batch, outcomes, strict=True):
                ticket.outcome = outcome
        for ticket in batch:
            ticket.done.release()
