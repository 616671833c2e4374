"""What workers and staff do, each in a process of its own that may be killed in the middle and is begun again.

A deed of the worker is one slot of a timer that rings once in ten years: begun again it is the same slot.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from flask_migrate import upgrade
from sqlalchemy.orm import Session

from campaigns import create_app, feeds, jobs
from campaigns.clock import iso
from campaigns.db import begin_writing, db
from campaigns.documents import making
from campaigns.jobs import Timer, run_slot, slot_of
from campaigns.models import Campaign, Finding
from campaigns.planning.audit import note
from campaigns.settlement.close import close
from campaigns.settlement.reconciling.deciding import accept
from config import Settings
from tests.paying import pay_out

A_SLOT = timedelta(days=3650)
LEASE_OVER = timedelta(minutes=6)
Deed = Callable[[Session, Settings, datetime, int], None]


def close_campaign(session: Session, settings: Settings, now: datetime, _lap: int) -> None:
    """Close every campaign that isn't closed, each in a transaction of its own."""
    for campaign in session.query(Campaign).where(Campaign.status != "closed").order_by(Campaign.id):
        close(session, campaign, settings.agency(), now.date(), now, None, "the test ends it early")
        session.commit()


def pay(session: Session, settings: Settings, now: datetime, _lap: int) -> None:
    """Pay out whatever is due."""
    pay_out(session, "ILS", settings.agency(), now.date(), now)
    session.commit()


def decide(session: Session, settings: Settings, now: datetime, _lap: int) -> None:
    """Take the shop's word in every open finding, each in a transaction of its own."""
    for finding in session.query(Finding).filter_by(status="open").order_by(Finding.id):
        accept(session, finding, settings.identity_key, None, now)
        session.commit()


def migrate(session: Session, settings: Settings, now: datetime, _lap: int) -> None:
    """Bring the schema to its newest state."""
    upgrade()


def count(session: Session, settings: Settings, now: datetime) -> None:
    """An effect that can be counted: an entry of the audit log, left uncommitted."""
    note(session, None, "counted", "a slot", now)


def in_a_slot(work: Callable[[Session, Settings, datetime], None]) -> Deed:
    """The work as a timer's, another timer in every lap."""

    def run(session: Session, settings: Settings, now: datetime, lap: int) -> None:
        run_slot(session, Timer(f"{work.__name__} {lap}", A_SLOT, work), settings, f"owner:{iso(now)}", now)

    return run


DEEDS: dict[str, Deed] = {
    "close": close_campaign,
    "pay": pay,
    "decide": decide,
    "migrate": migrate,
    "count": in_a_slot(count),
    "papers": in_a_slot(jobs.make_papers),
    "mail": in_a_slot(jobs.send_mail),
    "retry": in_a_slot(jobs.retry_deliveries),
    "read back": in_a_slot(feeds.read_back),
    "pull": in_a_slot(feeds.pull_shops),
    "replay": in_a_slot(jobs.replay_periods),
    "retention": in_a_slot(jobs.let_clicks_go),
    "emptying": in_a_slot(jobs.let_bodies_go),
}


def do(name: str, now: datetime, lap: int) -> None:
    """One deed, begun at a moment of the caller's choice, in an application of the environment's settings."""
    settings = Settings.from_env()
    with create_app(settings).app_context():
        begin_writing()
        DEEDS[name](db.session(), settings, now, lap)


def be_a_worker(short_lived: bool = False, claim: timedelta = making.LEASE) -> None:
    """Be `flask worker`; or one that lives for seconds only, and so has timers that ring every second.

    Its timer more leaves an entry in the audit log for every slot. A paper it dies over is free when `claim` is over.
    """
    settings, making.LEASE = Settings.from_env(), claim
    if short_lived:
        jobs.TIMERS = (*map(hurried, jobs.TIMERS), SECOND)  # type: ignore[assignment]
    jobs.work(create_app(settings), settings)


def hurried(timer: Timer) -> Timer:
    """A timer of seconds as one of each second."""
    return replace(timer, every=timedelta(seconds=1)) if timer.every < timedelta(minutes=1) else timer


def count_second(session: Session, settings: Settings, now: datetime) -> None:
    """A moment's thought, then an entry with the slot's name."""
    time.sleep(0.05)
    note(session, None, "second", iso(slot_of(SECOND, now)), now)


SECOND = Timer("second", timedelta(seconds=1), count_second)
