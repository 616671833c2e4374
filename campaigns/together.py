"""Group commit: what many want written goes into one transaction, and each waits until it is on disk.

A commit costs the same for one row as for thirty, and most of its time is waiting for the disk. So one writer takes
everything that is waiting, does it in one transaction, and lets all of them go; whoever comes meanwhile is in the
next one. Alone, a caller waits for nobody. Where several came together, the writer waits a moment for as many again:
those just let go come back within it, and a batch of all costs less than two of half (PostgreSQL does the same:
https://www.postgresql.org/docs/current/runtime-config-wal.html#GUC-COMMIT-DELAY). A batch that fails is done again
one by one, so that one bad item harms no other; an item is done, or its caller gets the error.

A caller is a thread (`hand_in`) or waits in an event loop (`awaited`); they share batches.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Generic, TypeVar, cast

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")

IDLE_SECONDS = 2
SIBLINGS = 5  # so many at least are worth waiting for


class _Ticket(Generic[Item, Outcome]):
    """One caller's item, and what opens once `outcome` or `error` stands: a thread's lock, or a future of its loop."""

    __slots__ = ("done", "error", "item", "outcome")

    def __init__(self, item: Item, done: "threading.Lock | asyncio.Future[None]") -> None:
        self.item = item
        self.outcome: Outcome | None = None
        self.error: Exception | None = None
        self.done = done

    def result(self) -> Outcome:
        """What became of the item; raises what the work raised."""
        if self.error is not None:
            raise self.error
        return cast(Outcome, self.outcome)  # it is there where no error is


class Together(Generic[Item, Outcome]):
    """`work` is given a batch, commits, and returns an outcome per item in the same order.

    At most `most` items are in a batch, and it waits at most `gathering` seconds for those expected. An error of one
    of the `hopeless` kinds (the database is away) fails the whole batch; after any other each item is tried alone. The
    writer is a thread of its own that is there while there is work.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Item]], Sequence[Outcome]],
        most: int,
        hopeless: tuple[type[Exception], ...],
        gathering: float = 0.0,
    ) -> None:
        self._work = work
        self._most = most
        self._hopeless = hopeless
        self._gathering = gathering
        self._mutex = threading.Lock()
        self._arrived = threading.Condition(self._mutex)
        self._waiting: deque[_Ticket[Item, Outcome]] = deque()
        self._writing = False
        self._wanted = 1  # how many must be waiting for the writer to be told
        self._expected = 0  # how many there were at the end of the last batch, those in it included

    def hand_in(self, item: Item, seconds: float) -> Outcome:
        """Return the item's outcome once it is committed; raises what the work raised, or TimeoutError.

        After a TimeoutError the item has been taken back, or, where it was being written at that moment, may yet be
        there: the sender comes again and finds it.
        """
        done = threading.Lock()
        done.acquire()
        ticket: _Ticket[Item, Outcome] = _Ticket(item, done)
        self._line_up(ticket)
        if not done.acquire(timeout=max(0.0, seconds)):
            raise self._taken_back(ticket)
        return ticket.result()

    async def awaited(self, item: Item, seconds: float) -> Outcome:
        """As `hand_in`, in an event loop."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        ticket: _Ticket[Item, Outcome] = _Ticket(item, future)
        self._line_up(ticket)
        timer = loop.call_later(max(0.0, seconds), _end, future)
        try:
            await future
        except TimeoutError:
            raise self._taken_back(ticket) from None
        finally:
            timer.cancel()
        return ticket.result()

    def _line_up(self, ticket: _Ticket[Item, Outcome]) -> None:
        with self._mutex:
            self._waiting.append(ticket)
            if not self._writing:
                self._writing = True
                threading.Thread(target=self._write, name="together", daemon=True).start()
            elif len(self._waiting) == self._wanted:
                self._arrived.notify()

    def _taken_back(self, ticket: _Ticket[Item, Outcome]) -> TimeoutError:
        with self._mutex:
            if ticket in self._waiting:
                self._waiting.remove(ticket)
        return TimeoutError("others are still being written")

    def _write(self) -> None:
        while batch := self._next_batch():
            self._do(batch)

    def _next_batch(self) -> list[_Ticket[Item, Outcome]]:
        """Who is waiting, at most `most`; nobody, and the thread ends, after a while without work."""
        with self._mutex:
            if not self._waiting:
                self._arrived.wait(IDLE_SECONDS)
            if self._waiting and self._gathering and self._expected >= SIBLINGS:
                self._gather(min(self._expected, self._most))
            if not self._waiting:
                self._writing = False
            return [self._waiting.popleft() for _ in range(min(len(self._waiting), self._most))]

    def _gather(self, many: int) -> None:
        if len(self._waiting) < many:
            self._wanted = many
            self._arrived.wait(self._gathering)
            self._wanted = 1

    def _do(self, batch: Sequence[_Ticket[Item, Outcome]]) -> None:
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
        self._expected = len(batch) + len(self._waiting)
        _let_go(batch)


def _let_go(batch: Sequence[_Ticket[Item, Outcome]]) -> None:
    """Tell everyone; a loop once for all that wait in it, for each telling wakes it."""
    loops: dict[asyncio.AbstractEventLoop, list[asyncio.Future[None]]] = {}
    for ticket in batch:
        if isinstance(ticket.done, asyncio.Future):
            loops.setdefault(ticket.done.get_loop(), []).append(ticket.done)
        else:
            ticket.done.release()
    for loop, futures in loops.items():
        with suppress(RuntimeError):  # the loop has been closed: nobody is left to be told
            loop.call_soon_threadsafe(_fulfil, futures)


def _fulfil(futures: Sequence["asyncio.Future[None]"]) -> None:
    for future in futures:
        if not future.done():
            future.set_result(None)


def _end(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_exception(TimeoutError())
