"""Group commit: fewer commits than items, and each item done or its caller told why not."""

import asyncio
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from campaigns import together
from campaigns.together import Together
from tests.faults.sizes import seeded


class Away(Exception):
    """The hopeless kind."""


class Table:
    """Somewhere to write: a batch is written whole or not at all, and takes its time."""

    def __init__(self, seconds: float = 0.002) -> None:
        self.rows: list[int] = []
        self.batches: list[list[int]] = []
        self.bad: set[int] = set()
        self.away = False
        self.seconds = seconds
        self.open = threading.Event()
        self.open.set()

    def write(self, items: Sequence[int]) -> list[str]:
        self.open.wait(10)
        self.batches.append(list(items))
        time.sleep(self.seconds)
        if self.away:
            raise Away("gone")
        if bad := self.bad & set(items):
            raise ValueError(f"bad: {sorted(bad)}")
        self.rows += items
        return [f"row {item}" for item in items]


@pytest.fixture(autouse=True)
def short_idleness(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "IDLE_SECONDS", 0.2)


@pytest.fixture
def shut() -> Iterator[Table]:
    """A table whose first batch waits until it is opened."""
    table = Table()
    table.open.clear()
    yield table
    table.open.set()


def outcome_of(deed: Callable[[], str]) -> str | Exception:
    try:
        return deed()
    except Exception as error:
        return error


def hand_in_all(hand_in: Callable[[int], str], items: Sequence[int]) -> list[str | Exception]:
    """What became of each item, all handed in at once."""
    with ThreadPoolExecutor(len(items)) as threads:
        return list(threads.map(lambda item: outcome_of(lambda: hand_in(item)), items))


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end, "it never came about"
        time.sleep(0.005)


def while_shut(table: Table, group: Together[int, str], items: Sequence[int]) -> list[str | Exception]:
    """What became of items that all came while an earlier one, 100, was being written."""
    with ThreadPoolExecutor(2) as threads:
        threads.submit(group.hand_in, 100, 10)
        wait_for(lambda: group._writing and not group._waiting)
        threads.submit(lambda: (wait_for(lambda: len(group._waiting) == len(items)), table.open.set()))
        return hand_in_all(lambda item: group.hand_in(item, 10), items)


def writers() -> int:
    return sum(thread.name == "together" for thread in threading.enumerate())


def test_sixty_four_callers_share_far_fewer_commits_and_each_gets_its_own_outcome():
    table = Table()
    group = Together(table.write, 256, (Away,))
    told = hand_in_all(lambda item: group.hand_in(item, 10), range(64))
    assert told == [f"row {item}" for item in range(64)]
    assert sorted(table.rows) == list(range(64))
    assert len(table.batches) <= 16


def test_a_batch_is_never_larger_than_asked(shut: Table):
    group = Together(shut.write, 5, (Away,))
    assert while_shut(shut, group, range(24)) == [f"row {item}" for item in range(24)]
    assert list(map(len, shut.batches)) == [1, 5, 5, 5, 5, 4]


def test_a_bad_item_fails_alone_and_the_others_are_kept(shut: Table):
    shut.bad = {3}
    told = while_shut(shut, Together(shut.write, 256, (Away,)), range(8))
    assert [item for item, one in enumerate(told) if isinstance(one, Exception)] == [3]
    assert str(told[3]) == "bad: [3]"
    assert sorted(shut.rows) == [0, 1, 2, 4, 5, 6, 7, 100]


def test_a_hopeless_error_fails_the_whole_batch_and_is_not_tried_one_by_one(shut: Table):
    shut.away = True
    told = while_shut(shut, Together(shut.write, 256, (Away,)), range(8))
    assert [type(one) for one in told] == [Away] * 8
    assert list(map(len, shut.batches)) == [1, 8]


def test_after_a_hopeless_error_the_next_item_is_written():
    table = Table()
    group = Together(table.write, 256, (Away,))
    table.away = True
    assert isinstance(outcome_of(lambda: group.hand_in(1, 10)), Away)
    table.away = False
    assert group.hand_in(2, 10) == "row 2"


def test_whoever_waits_too_long_takes_the_item_back(shut: Table):
    group = Together(shut.write, 256, (Away,))
    first = threading.Thread(target=group.hand_in, args=(1, 10))
    first.start()
    wait_for(lambda: group._writing and not group._waiting)
    with pytest.raises(TimeoutError):
        group.hand_in(2, 0.05)
    shut.open.set()
    first.join()
    assert group.hand_in(3, 10) == "row 3"
    assert shut.rows == [1, 3]


def test_the_thread_ends_without_work_and_comes_again_with_it():
    table = Table()
    group = Together(table.write, 256, (Away,))
    wait_for(lambda: writers() == 0)
    group.hand_in(1, 10)
    assert writers() == 1
    wait_for(lambda: writers() == 0)
    assert group.hand_in(2, 10) == "row 2"


def test_alone_a_caller_waits_for_nobody():
    group = Together(Table(seconds=0).write, 256, (Away,))
    group.hand_in(0, 10)
    began = time.monotonic()
    for item in range(1, 101):
        group.hand_in(item, 10)
    assert time.monotonic() - began < 0.5


async def all_awaited(group: Together[int, str], items: Sequence[int], seconds: float = 10) -> list[str | Exception]:
    """What became of each item, all awaited in one event loop."""
    told = await asyncio.gather(*(group.awaited(item, seconds) for item in items), return_exceptions=True)
    return [one for one in told if isinstance(one, str | Exception)]


def test_those_who_wait_in_an_event_loop_share_batches_and_each_gets_its_own_outcome():
    table = Table()
    group = Together(table.write, 256, (Away,))
    told = asyncio.run(all_awaited(group, range(64)))
    assert told == [f"row {item}" for item in range(64)]
    assert sorted(table.rows) == list(range(64)) and len(table.batches) <= 3


def test_threads_and_an_event_loop_are_in_one_batch(shut: Table):
    group = Together(shut.write, 256, (Away,))
    with ThreadPoolExecutor(3) as threads:
        threads.submit(group.hand_in, 100, 10)
        wait_for(lambda: bool(shut.batches) or (group._writing and not group._waiting))
        awaited = threads.submit(asyncio.run, all_awaited(group, [1, 2]))
        handed_in = threads.submit(group.hand_in, 3, 10)
        wait_for(lambda: len(group._waiting) == 3)
        shut.open.set()
        assert (awaited.result(), handed_in.result()) == (["row 1", "row 2"], "row 3")
    assert list(map(len, shut.batches)) == [1, 3]


def test_a_bad_item_fails_alone_in_an_event_loop_too():
    table = Table()
    table.bad = {3}
    told = asyncio.run(all_awaited(Together(table.write, 256, (Away,)), range(8)))
    assert [type(one) for one in told] == [str] * 3 + [ValueError] + [str] * 4
    assert sorted(table.rows) == [0, 1, 2, 4, 5, 6, 7]


def test_whoever_waits_too_long_in_an_event_loop_takes_the_item_back(shut: Table):
    group = Together(shut.write, 256, (Away,))

    async def story() -> list[str | Exception]:
        first = asyncio.create_task(group.awaited(1, 10))
        while not group._writing or group._waiting:
            await asyncio.sleep(0.005)
        told = await all_awaited(group, [2], 0.05)
        shut.open.set()
        await first
        return told + await all_awaited(group, [3])

    told = asyncio.run(story())
    assert [type(one) for one in told] == [TimeoutError, str]
    assert shut.rows == [1, 3]


def test_a_loop_that_has_ended_meanwhile_harms_nobody(shut: Table):
    group = Together(shut.write, 256, (Away,))

    async def leave() -> None:
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(group.awaited(1, 10), 0.05)

    asyncio.run(leave())
    shut.open.set()
    assert group.hand_in(2, 10) == "row 2"


def come_back(group: Together[int, str]) -> None:
    """Eight callers who come at once, and five times come back one after the other, a little after they were let go."""

    async def caller(number: int) -> None:
        for turn in range(6):
            await asyncio.sleep(0.006 * number * min(turn, 1))
            await group.awaited(turn * 8 + number, 10)

    async def all_of_them() -> None:
        await asyncio.gather(*(caller(number) for number in range(8)))

    asyncio.run(all_of_them())


def test_a_writer_that_gathers_writes_those_who_come_back_together():
    batches = {}
    for gathering in (0.0, 0.5):
        table = Table()
        come_back(Together(table.write, 256, (Away,), gathering))
        assert sorted(table.rows) == list(range(48))
        batches[gathering] = len(table.batches)
    assert batches[0.5] <= 12
    assert batches[0.0] >= 24


def test_a_caller_who_is_expected_and_never_comes_is_waited_for_once_only(shut: Table):
    group = Together(shut.write, 256, (Away,), 0.2)
    while_shut(shut, group, range(8))
    began = time.monotonic()
    for item in range(8, 18):
        group.hand_in(item, 10)
    assert 0.2 <= time.monotonic() - began < 1


def one_story(chance: random.Random) -> None:
    """Threads with items good and bad, an away database now and then, callers with and without patience."""
    table = Table(seconds=chance.choice([0, 0.001, 0.004]))
    items = list(range(chance.randrange(1, 60)))
    table.bad = {item for item in items if chance.random() < 0.1}
    patience = {item: chance.choice([0.001, 10, 10, 10]) for item in items}
    group = Together(table.write, chance.choice([1, 3, 256]), (Away,))
    told = hand_in_all(lambda item: group.hand_in(item, patience[item]), items)
    wait_for(lambda: not group._waiting)
    group.hand_in(-1, 10)  # behind it nothing is being written any more
    assert len(table.rows) == len(set(table.rows))
    for item, outcome in zip(items, told, strict=True):
        if outcome == f"row {item}":
            assert item in table.rows
        elif item in table.bad:
            assert item not in table.rows
        else:
            assert isinstance(outcome, TimeoutError) and patience[item] < 1


def test_whatever_happens_a_told_item_is_there_once_and_a_bad_one_never():
    chance = seeded()
    for _ in range(25):
        one_story(chance)
