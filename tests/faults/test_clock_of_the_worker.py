"""The worker's own clock: APScheduler waits for moments of it, so a step back must not leave it waiting."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import time_machine
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger

from campaigns.jobs import follow_clock
from tests.factories import NOW

PATIENCE = 8  # seconds


def soon(condition: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return condition()


@contextmanager
def worker(followed: bool) -> Iterator[list[float]]:
    """The moments, by a clock nobody sets, at which a timer of every second rang; at the end nothing is left behind."""
    rung: list[float] = []
    scheduler, stop = BackgroundScheduler(timezone="UTC"), threading.Event()
    trigger = IntervalTrigger(seconds=1)
    scheduler.add_job(lambda: rung.append(time.monotonic()), trigger, misfire_grace_time=None)
    follower = threading.Thread(target=follow_clock if followed else wait, args=(scheduler, stop, 1))
    scheduler.start()
    follower.start()
    try:
        yield rung
    finally:
        stop.set()
        follower.join(PATIENCE)
        scheduler.shutdown()


def wait(_scheduler: BackgroundScheduler, stop: threading.Event, _seconds: int) -> None:
    stop.wait()


def rings_after_a_step_back(followed: bool, seconds: int) -> bool:
    """Whether it rings three times more after an hour was taken off its clock."""
    with time_machine.travel(NOW, tick=True) as clock, worker(followed) as rung:
        assert soon(lambda: len(rung) >= 2)
        clock.shift(timedelta(hours=-1))
        before = len(rung) + 1  # one may be on its way
        return soon(lambda: len(rung) > before + 2, seconds)


def test_timers_go_on_ringing_after_the_clock_was_set_back_an_hour() -> None:
    assert rings_after_a_step_back(followed=True, seconds=PATIENCE)


def test_without_anyone_following_it_they_would_be_silent_until_the_clock_has_caught_up() -> None:
    assert not rings_after_a_step_back(followed=False, seconds=4)
