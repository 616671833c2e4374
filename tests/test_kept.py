"""Things kept for seconds: asked for once, noticed when they change, and never without bound."""

import threading
import time
from collections.abc import Callable

import pytest

from campaigns.kept import Kept


class Shelf:
    """What is looked up; counts how often it was asked."""

    def __init__(self, **things: str) -> None:
        self.things = things
        self.asked: list[str] = []

    def load(self, key: str) -> str | None:
        self.asked.append(key)
        return self.things.get(key)


class Asking:
    """Looks things up on a shelf when it may."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf
        self.may, self.done = threading.Event(), threading.Event()

    def load(self, key: str) -> str | None:
        """The thing, once it may be told."""
        assert self.may.wait(5)
        self.done.set()
        return self.shelf.load(key)


def soon(comes: Callable[[], bool]) -> None:
    """Wait until something has come; fail where it doesn't."""
    waited = threading.Event()
    for _ in range(500):
        if comes():
            return
        waited.wait(0.01)
    pytest.fail("it has not come")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, which stands until it is moved."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def test_a_thing_is_asked_for_once_in_its_seconds(clock: list[float]):
    shelf = Shelf(a="one")
    kept = Kept(shelf.load, 2, 10)
    for moment in (1000.0, 1001.0, 1001.7):
        clock[0] = moment
        assert kept.get("a") == "one"
    assert shelf.asked == ["a"]


def test_at_hand_is_what_is_kept_already(clock: list[float]):
    shelf = Shelf(a="one")
    kept = Kept(shelf.load, 2, 10)
    assert kept.at_hand("a") is None
    kept.get("a")
    told = []
    for later in (0, 1.7, 2):
        clock[0] = 1000.0 + later
        told.append(kept.at_hand("a"))
    assert (told, shelf.asked) == (["one", "one", None], ["a"])


def test_what_is_at_hand_is_asked_for_anew_before_its_end_and_nobody_waits(clock: list[float]):
    shelf = Shelf(a="one")
    asking = Asking(shelf)
    kept = Kept(asking.load, 2, 10)
    asking.may.set()
    kept.get("a")
    shelf.things["a"] = "two"
    asking.may.clear()
    asking.done.clear()
    clock[0] = 1001.8
    assert [kept.at_hand("a") for _ in range(3)] == ["one"] * 3  # whoever asks is not done yet
    asking.may.set()
    assert asking.done.wait(5)
    soon(lambda: kept.at_hand("a") == "two")
    clock[0] = 1003.0  # the first one's time is long over
    assert (kept.at_hand("a"), shelf.asked) == ("two", ["a", "a"])


def test_what_is_gone_when_asked_for_anew_is_not_at_hand_any_more(clock: list[float]):
    shelf = Shelf(a="one")
    kept = Kept(shelf.load, 2, 10)
    kept.get("a")
    del shelf.things["a"]
    clock[0] = 1001.8
    assert kept.at_hand("a") == "one"
    soon(lambda: kept.at_hand("a") is None)


def test_where_asking_anew_fails_the_thing_is_at_hand_to_its_end_and_then_the_error_is_heard(clock: list[float]):
    shelf = Shelf(a="one")
    kept = Kept(shelf.load, 2, 10)
    kept.get("a")
    shelf.things = None  # type: ignore[assignment]
    clock[0] = 1001.8
    assert kept.at_hand("a") == "one"
    soon(lambda: shelf.asked == ["a", "a"])
    clock[0] = 1001.9
    assert kept.at_hand("a") == "one"
    clock[0] = 1002.0
    assert kept.at_hand("a") is None
    with pytest.raises(AttributeError):
        kept.get("a")


def test_a_change_is_noticed_when_the_seconds_are_over(clock: list[float]):
    shelf = Shelf(a="one")
    kept = Kept(shelf.load, 2, 10)
    kept.get("a")
    shelf.things["a"] = "two"
    clock[0] += 2
    assert kept.get("a") == "two"


def test_a_thing_that_goes_is_gone_when_the_seconds_are_over(clock: list[float]):
    shelf = Shelf(a="one")
    kept = Kept(shelf.load, 2, 10)
    kept.get("a")
    del shelf.things["a"]
    assert kept.get("a") == "one"
    clock[0] += 2
    assert kept.get("a") is None


def test_while_one_asks_anew_the_others_have_what_there_is(clock: list[float]):
    shelf = Shelf(a="one")
    kept = Kept(shelf.load, 2, 10)
    kept.get("a")
    clock[0] += 1.9
    others: list[str | None] = []

    def slow(key: str) -> str | None:
        others.append(kept.get(key))
        return shelf.load(key)

    kept._load = slow
    shelf.things["a"] = "two"
    assert kept.get("a") == "two"
    assert (others, shelf.asked) == (["one"], ["a", "a"])


def test_nobody_has_a_thing_after_its_seconds_though_somebody_asks(clock: list[float]):
    shelf = Shelf(a="one")
    kept = Kept(shelf.load, 2, 10)
    kept.get("a")
    clock[0] += 1.9

    def away(_key: str) -> str | None:
        raise OSError("away")

    kept._load = away
    with pytest.raises(OSError, match="away"):
        kept.get("a")
    assert kept.get("a") == "one"
    clock[0] += 0.1
    with pytest.raises(OSError, match="away"):
        kept.get("a")


def test_what_is_not_there_is_asked_for_each_time(clock: list[float]):
    shelf = Shelf()
    kept = Kept(shelf.load, 2, 10)
    assert kept.get("a") is None
    shelf.things["a"] = "one"
    assert kept.get("a") == "one"


def test_guessing_names_fills_no_memory(clock: list[float]):
    shelf = Shelf(**{f"k{number}": "x" for number in range(100)})
    kept = Kept(shelf.load, 2, 10)
    for name in shelf.things:
        kept.get(name)
        assert len(kept._things) <= 10


def test_after_forgetting_everything_is_asked_for_anew(clock: list[float]):
    shelf = Shelf(a="one")
    kept = Kept(shelf.load, 2, 10)
    kept.get("a")
    kept.forget()
    kept.get("a")
    assert shelf.asked == ["a", "a"]


def test_an_error_of_the_look_up_is_the_callers_and_nothing_is_kept(clock: list[float]):
    def broken(_key: str) -> str:
        raise OSError("away")

    kept = Kept(broken, 2, 10)
    for _ in range(2):
        with pytest.raises(OSError, match="away"):
            kept.get("a")


def test_many_threads_may_ask_and_forget_at_once():
    shelf = Shelf(**{f"k{number}": str(number) for number in range(20)})
    kept = Kept(shelf.load, 2, 5)
    wrong: list[object] = []

    def ask() -> None:
        for number in range(2000):
            found = kept.get(f"k{number % 20}")
            if found != str(number % 20):
                wrong.append(found)
            if number % 50 == 0:
                kept.forget()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
