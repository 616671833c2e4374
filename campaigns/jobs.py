"""The worker: timers in code, and one lease per slot in the database.

APScheduler only rings; what runs is decided by the table `job_run`. A slot (a timer's name and the moment it was due)
is claimed by one statement and marked done in the transaction of its effect, so any number of workers may run and be
killed: each slot has its effect once. What a killed worker left undone the next slot finds, for every timer works from
what it finds in the tables; an unfinished slot itself may be taken over when its lease has run out.
"""

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from campaigns.clock import iso, utc_now
from campaigns.crash import crash_point
from campaigns.db import begin_writing, db, insert_or_meet, reading
from campaigns.feeds import pull_shops, pull_week, read_back, shop_codes, week_waits
from campaigns.models import Campaign, Delivery, JobRun
from campaigns.people.deliver import mail_waits, send_due
from campaigns.planning import invitations_over_time, life, notices
from campaigns.planning.audit import note
from campaigns.planning.shop_codes import work as codes_in_shops
from campaigns.printing import letters_wait, mail_papers, make_papers, papers_wait
from campaigns.settlement.books.check import breaches_of_clicks, breaches_of_money
from campaigns.summaries import summaries_wait, write_summaries
from campaigns.tidying import tidy
from campaigns.tracking import (
    alarms,
    emptying,
    inbox,
    leak_watch,
    own_link_clicks,
    pull,
    replaying,
    repricing,
    retention,
    waiting,
    watch,
)
from config import Settings

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
KEEP_RUNS = timedelta(days=7)
CLICKS_A_DAY = 5_000_000  # are let go at most; what is left goes tomorrow
BODIES_A_DAY = 1_000_000
REPLAY_SLICES = 10  # of one ring: well within a lease


@dataclass(frozen=True)
class Timer:
    """What rings every `every`. `work` leaves its last effect uncommitted: it ends together with its slot.

    `waiting` is asked first, in a transaction that only reads: an idle timer writes nothing.
    """

    name: str
    every: timedelta
    work: Callable[[Session, Settings, datetime], None]
    waiting: Callable[[Session, datetime], bool] = lambda session, now: True


def move_campaigns(session: Session, settings: Settings, now: datetime) -> None:
    """Start and end campaigns by their dates."""
    for campaign_id in life.due(session, now):
        campaign = session.get_one(Campaign, campaign_id, with_for_update=True, populate_existing=True)
        if life.advance(session, campaign, now):
            note(session, None, f"campaign.{campaign.status}", f"campaign:{campaign.public_id}", now)
            log.info("campaign=%s is %s", campaign.public_id, campaign.status)


def invitations(session: Session, settings: Settings, now: datetime) -> None:
    """Remind of invitations and end them, each in a transaction of its own."""
    for step, participation_id in invitations_over_time.due(session, now):
        if step(session, participation_id, settings.public_url, now):
            log.info("invitation of participation=%s: %s", participation_id, step.__name__)
        session.commit()


def retry_deliveries(session: Session, settings: Settings, now: datetime) -> None:
    """Interpret failed deliveries again, each in a transaction of its own."""
    for delivery_id in inbox.due_for_retry(session, now):
        retry_delivery(session, delivery_id, settings.identity_key, now)


def retry_delivery(session: Session, delivery_id: int, key: bytes, now: datetime) -> Delivery:
    """One more try of one delivery, committed; whoever holds the row first makes it."""
    inbox.replay_all(session.connection(), [delivery_id], key, now, only_failed=True)
    session.commit()
    return session.get_one(Delivery, delivery_id, populate_existing=True)


def replay_periods(session: Session, settings: Settings, now: datetime) -> None:
    """Read periods again that staff asked for, some slices at a time, each committed by itself."""
    for _ in range(REPLAY_SLICES):
        if not replaying.replay_slice(session, settings.identity_key, now):
            return
        session.commit()


def judge_by_rates(session: Session, settings: Settings, now: datetime) -> None:
    """Judge orders anew whose rate of exchange was entered, corrected or withdrawn, some hundred at a time."""
    for _ in range(REPLAY_SLICES):
        if not repricing.judge_stale(session, settings.identity_key, now):
            return
        session.commit()


def watch_shops(session: Session, settings: Settings, now: datetime) -> None:
    """Raise and clear the alarms of shops' feeds, and write to staff of each that was opened, once."""
    with reading():
        needed = watch.changes(session, now)
        session.rollback()
    watch.carry_out(session, needed, now)
    for alarm_id in alarms.untold(session, now):
        alarm = alarms.claim_telling(session, alarm_id, now)
        if alarm is not None:
            notices.shop_alarmed(session, alarm, settings.public_url, now)
            log.warning("alarm=%s of shop=%s: staff are written to", alarm.kind, alarm.shop.public_id)


def watch_codes(session: Session, settings: Settings, now: datetime) -> None:
    """Look for codes that stand out among those of their campaign."""
    if count := leak_watch.watch_codes(session, now):
        log.info("codes: %s reasons to look stand", count)


def send_mail(session: Session, settings: Settings, now: datetime) -> None:
    """Send what is waiting."""
    send_due(session, settings.smtp_url, settings.mail_from, settings.data_dir / "mail", now)


def count_own_links(session: Session, settings: Settings, now: datetime) -> None:
    """Count what came through links that influencers made themselves, an hour at a time, each committed."""
    for _ in range(REPLAY_SLICES):
        if not own_link_clicks.count_slice(session.connection(), now):
            return
        session.commit()


def check_books(session: Session, settings: Settings, now: datetime) -> None:
    """Every invariant of money; a breach is an error in the log until someone has looked."""
    with reading():
        _complain(breaches_of_money(session, settings.paper_seal_key))
        session.rollback()


def check_clicks(session: Session, settings: Settings, now: datetime) -> None:
    """The counts of clicks against their rows, all of them: once a day."""
    with reading():
        _complain(breaches_of_clicks(session))
        session.rollback()


def _complain(found: Iterable[str]) -> None:
    for breach in found:
        log.error("books: %s", breach)


def let_clicks_go(session: Session, settings: Settings, now: datetime) -> None:
    """Delete old clicks of campaigns that are over, some thousand at a time, each time committed."""
    before, gone, after = now - timedelta(days=settings.click_retention_days), 0, 0
    while settings.click_retention_days and gone < CLICKS_A_DAY:
        done = retention.let_go(session.connection(), before, after)
        if done is None:
            break
        session.commit()
        gone, after = gone + done.gone, done.up_to
    if gone:
        log.info("let go of %s clicks from before %s", gone, before.date())


def let_bodies_go(session: Session, settings: Settings, now: datetime) -> None:
    """Empty deliveries whose time has come, some thousand at a time, each time committed."""
    if not settings.body_retention_days:
        return
    before = now - timedelta(days=settings.body_retention_days)
    done = emptying.begin(session.connection(), before)
    gone = 0
    while gone < BODIES_A_DAY and (step := emptying.empty(session.connection(), before, done)):
        session.commit()
        done, gone = step, step.gone
    if gone:
        log.info("let go of the bodies of %s deliveries from before %s", gone, before.date())


def once_a_day(name: str) -> Callable[[Session, datetime], bool]:
    """Whether a timer has not been done this day. It rings more often, for a worker seldom runs a whole day.

    What a clock that was ahead has done in days to come is not of this day.
    """

    def waits(session: Session, now: datetime) -> bool:
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        of_today = JobRun.slot.between(today, now)
        return session.scalar(select(JobRun.name).where(JobRun.name == name, JobRun.done, of_today).limit(1)) is None

    return waits


def forget_runs(session: Session, settings: Settings, now: datetime) -> None:
    """Drop old leases."""
    session.execute(delete(JobRun).where(JobRun.slot < now - KEEP_RUNS, JobRun.name != "forget-runs"))


TIMERS = (
    Timer("make-papers", timedelta(seconds=1), make_papers, papers_wait),
    Timer("mail-papers", timedelta(seconds=5), mail_papers, letters_wait),
    Timer("send-mail", timedelta(seconds=5), send_mail, mail_waits),
    Timer("move-campaigns", timedelta(seconds=10), move_campaigns, lambda session, now: bool(life.due(session, now))),
    Timer(
        "invitations",
        timedelta(minutes=1),
        invitations,
        lambda session, now: bool(invitations_over_time.due(session, now)),
    ),
    Timer(
        "retry-deliveries",
        timedelta(seconds=30),
        retry_deliveries,
        lambda session, now: bool(inbox.due_for_retry(session, now, 1)),
    ),
    Timer("read-back", timedelta(seconds=2), read_back, waiting.waits),
    Timer("pull-shops", timedelta(minutes=15), pull_shops, lambda session, now: bool(pull.pullable(session, 1))),
    Timer("pull-week", timedelta(minutes=30), pull_week, week_waits),
    Timer("replays", timedelta(seconds=2), replay_periods, replaying.waits),
    Timer(
        "judge-by-rates",
        timedelta(seconds=30),
        judge_by_rates,
        lambda session, now: bool(repricing.stale(session, now, 1)),
    ),
    Timer(
        "watch-shops",
        timedelta(minutes=5),
        watch_shops,
        lambda session, now: bool(watch.changes(session, now)) or bool(alarms.untold(session, now)),
    ),
    Timer("shop-codes", timedelta(seconds=10), shop_codes, codes_in_shops.waits),
    Timer("own-links", timedelta(minutes=1), count_own_links, own_link_clicks.waits),
    Timer("watch-codes", timedelta(minutes=30), watch_codes, lambda session, now: leak_watch.anything_live(session)),
    Timer("sum-up-weeks", timedelta(minutes=15), write_summaries, summaries_wait),
    Timer("check-books", timedelta(minutes=10), check_books),
    Timer("check-clicks", timedelta(hours=1), check_clicks, once_a_day("check-clicks")),
    Timer("retention", timedelta(hours=1), let_clicks_go, once_a_day("retention")),
    Timer("empty-bodies", timedelta(hours=1), let_bodies_go, once_a_day("empty-bodies")),
    Timer("tidy", timedelta(hours=1), tidy, once_a_day("tidy")),
    Timer("forget-runs", timedelta(hours=1), forget_runs),
)


def slot_of(timer: Timer, now: datetime) -> datetime:
    """The slot `now` falls into: whole multiples of the timer's period, the same on every machine."""
    seconds = int(timer.every.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=now.tzinfo)


def claim(session: Session, name: str, slot: datetime, owner: str, now: datetime) -> bool:
    """Take a slot nobody has, or whose owner let the lease run out; one statement decides."""
    statement = insert_or_meet(session, JobRun).values(
        name=name, slot=slot, owner=owner, lease_until=now + LEASE, done=False
    )
    statement = statement.on_conflict_do_update(
        index_elements=["name", "slot"],
        set_={"owner": owner, "lease_until": now + LEASE},
        where=(JobRun.done.is_(False)) & (JobRun.lease_until < now),
    )
    # A row comes back only where one was written: psycopg's result of an INSERT keeps no count.
    claimed = session.scalar(statement.returning(JobRun.name)) is not None
    session.commit()
    return claimed


def finish(session: Session, name: str, slot: datetime, owner: str) -> bool:
    """Mark a slot done in the transaction of its effect; False, and the effect must go, where it was taken over."""
    done = session.execute(
        update(JobRun)
        .where(JobRun.name == name, JobRun.slot == slot, JobRun.owner == owner, JobRun.done.is_(False))
        .values(done=True)
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def run_slot(session: Session, timer: Timer, settings: Settings, owner: str, now: datetime) -> bool:
    """Run a timer's slot if it is ours to run; True where its effect was committed."""
    slot = slot_of(timer, now)
    with reading():
        known = session.get(JobRun, (timer.name, slot))
        idle = (known is not None and known.done) or not timer.waiting(session, now)
        session.rollback()
    if idle or not claim(session, timer.name, slot, owner, now):
        return False
    crash_point("jobs.claimed")
    try:
        timer.work(session, settings, now)
        crash_point("jobs.worked")
        if not finish(session, timer.name, slot, owner):
            session.rollback()
            return False
        crash_point("jobs.finished")
        session.commit()
        return True
    except Exception:
        session.rollback()
        log.exception("timer=%s failed; its slot is taken up again when the lease has run out", timer.name)
        return False


def work(app: Flask, settings: Settings) -> None:
    """Run the timers until SIGTERM or SIGINT; work at hand is finished first."""
    owner = f"{socket.gethostname()}:{os.getpid()}"
    stop = threading.Event()
    scheduler = BackgroundScheduler(timezone="UTC")

    def ring(timer: Timer) -> None:
        with app.app_context():
            begin_writing()
            try:
                run_slot(db.session(), timer, settings, owner, utc_now())
            except SQLAlchemyError as error:
                log.warning("timer=%s: the database is away (%s)", timer.name, type(error).__name__)

    set_timers(scheduler, ring)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    scheduler.start()
    log.info("worker %s is running %s timers", owner, len(TIMERS))
    follow_clock(scheduler, stop)
    scheduler.shutdown(wait=True)


def set_timers(scheduler: BaseScheduler, ring: Callable[[Timer], None]) -> None:
    """Let every timer ring as soon as the scheduler starts, and then in its time.

    A worker that is started anew every half hour would otherwise never come to what is done every hour. Late is better
    than not at all: a ring works from what it finds, and its slot is that of its own moment.
    """
    for timer in TIMERS:
        trigger = IntervalTrigger(seconds=int(timer.every.total_seconds()))
        scheduler.add_job(
            ring, trigger, args=[timer], id=timer.name, max_instances=1, coalesce=True, misfire_grace_time=None,
            next_run_time=utc_now(),
        )  # fmt: skip


def follow_clock(scheduler: BaseScheduler, stop: threading.Event, every_seconds: int = 5) -> None:
    """Wait for the end. Where the clock is set back meanwhile, let every timer ring at once and go on from there.

    APScheduler waits for a moment of the clock, so an hour set back would be an hour without any work.
    """
    seen = utc_now()
    while not stop.wait(every_seconds):
        now = utc_now()
        if now < seen:
            log.warning("the clock was set back from %s to %s", iso(seen), iso(now))
            for job in scheduler.get_jobs():
                job.modify(next_run_time=now)
        seen = now


def failed_deliveries(session: Session) -> list[int]:
    """Ids of every failed delivery that still has its body, whether its next try has come or not."""
    failed = select(Delivery.id).where(Delivery.status == "failed", emptying.HAS_BODY)
    return list(session.scalars(failed.order_by(Delivery.id)))
