"""What is looked up at every request and seldom changes, kept in the process for seconds.

So a withdrawn link, a replaced secret or a new code is noticed by every node within `seconds`, without a word between
them. What isn't there is not kept: it may be made at any moment.

Shortly before its time is over one caller asks anew, while the others go on with what they have: else, under load,
thirty threads would ask the same at the same moment, each on a connection of its own. For callers that can't wait a
thread of ours asks.
"""

import time
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Thing = TypeVar("Thing")


EARLY_SECONDS = 0.25  # before the end, whoever comes first asks anew


class Kept(Generic[Key, Thing]):
    """`load(key)` asked at most once in `seconds`, at most `most` things at a time."""

    def __init__(self, load: Callable[[Key], Thing | None], seconds: int, most: int) -> None:
        self._load = load
        self._seconds = seconds
        self._most = most
        self._things: dict[Key, tuple[float, float, Thing]] = {}  # nobody asks until; nobody has it after
        self._asker = ThreadPoolExecutor(1, "kept")

    def get(self, key: Key) -> Thing | None:
        """The thing, no older than `seconds`; None where there is none."""
        now = time.monotonic()
        kept = self._things.get(key)
        if kept is not None:
            early, end, thing_kept = kept
            if now < early:
                return thing_kept
            if now < end:
                self._things[key] = (end, end, thing_kept)
        return self._asked(key)

    def at_hand(self, key: Key) -> Thing | None:
        """The thing, no older than `seconds`, if it is kept; the caller waits for nobody.

        Where asking anew fails, whoever comes once its time is over asks by `get`, and hears why.
        """
        now = time.monotonic()
        early, end, thing = self._things.get(key) or (0.0, 0.0, None)
        if now >= end:
            return None
        if now >= early and thing is not None:
            self._things[key] = (end, end, thing)
            self._asker.submit(self._asked, key)
        return thing

    def _asked(self, key: Key) -> Thing | None:
        now = time.monotonic()
        thing = self._load(key)
        if thing is None:
            self._things.pop(key, None)
            return None
        if len(self._things) >= self._most:
            self._things.clear()
        end = now + self._seconds
        self._things[key] = (end - EARLY_SECONDS, end, thing)
        return thing

    def forget(self) -> None:
        """Ask anew for everything."""
        self._things.clear()
