"""Turns: in the order they came, one at a time, and not for ever."""

import threading
import time

from campaigns.turns import Turns


def waiting(turns: Turns, name: str, served: list[str]) -> threading.Thread:
    """A thread that waits for its turn, notes its name and hands on; it is in line when this returns."""

    def take() -> None:
        if turns.take(name, 10):
            served.append(name)
            turns.give_back(name)

    thread = threading.Thread(target=take)
    thread.start()
    while not any(holder == name for holder, _ in tuple(turns._waiting)):
        time.sleep(0.001)
    return thread


def test_those_who_wait_are_served_in_the_order_they_came() -> None:
    turns, served = Turns(), list[str]()
    assert turns.take("first", 0)
    threads = [waiting(turns, f"waiter {number}", served) for number in range(8)]
    turns.give_back("first")
    for thread in threads:
        thread.join(10)
    assert served == [f"waiter {number}" for number in range(8)]


def test_who_has_waited_long_enough_goes_and_leaves_no_trace() -> None:
    turns = Turns()
    assert turns.take("first", 0)
    assert not turns.take("impatient", 0.01)
    turns.give_back("first")
    assert turns.take("next", 0)


def test_only_the_holder_can_give_back() -> None:
    turns = Turns()
    assert turns.take("holder", 0)
    turns.give_back("stranger")
    assert not turns.take("next", 0)


def test_the_holder_may_take_again() -> None:
    turns = Turns()
    assert turns.take("holder", 0)
    assert turns.take("holder", 0)
