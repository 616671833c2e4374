"""What is looked up at every request and seldom changes, kept in the process for seconds.

So a withdrawn link, a replaced secret or a new code is noticed by every node within `seconds`, without a word between
them. What isn't there is not kept: it may be made at any moment.
"""

import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Thing = TypeVar("Thing")


class Kept(Generic[Key, Thing]):
    """`load(key)` asked at most once in `seconds`, at most `most` things at a time."""

    def __init__(self, load: Callable[[Key], Thing | None], seconds: int, most: int) -> None:
        self._load = load
        self._seconds = seconds
        self._most = most
        self._things: dict[Key, tuple[float, Thing]] = {}

    def get(self, key: Key) -> Thing | None:
        """The thing, no older than `seconds`; None where there is none."""
        now = time.monotonic()
        kept = self._things.get(key)
        if kept is not None and now < kept[0]:
            return kept[1]
        thing = self._load(key)
        if thing is None:
            self._things.pop(key, None)
            return None
        if len(self._things) >= self._most:
            self._things.clear()
        self._things[key] = (now + self._seconds, thing)
        return thing

    def forget(self) -> None:
        """Ask anew for everything."""
        self._things.clear()
