"""The worker's timers: when they ring first."""

import time

from apscheduler.schedulers.background import BackgroundScheduler

from campaigns.jobs import TIMERS, Timer, set_timers


def test_every_timer_rings_as_soon_as_a_worker_starts():
    rung: set[str] = set()

    def ring(timer: Timer) -> None:
        rung.add(timer.name)

    scheduler = BackgroundScheduler(timezone="UTC")
    set_timers(scheduler, ring)
    scheduler.start()
    end = time.monotonic() + 20
    while len(rung) < len(TIMERS) and time.monotonic() < end:
        time.sleep(0.05)
    scheduler.shutdown(wait=True)
    assert rung == {timer.name for timer in TIMERS}
