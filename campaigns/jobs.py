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
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from campaigns.clock import utc_now
from campaigns.db import begin_writing, db, reading
from campaigns.documents.issue import frozen, keep_files, without_files
from campaigns.documents.render import files
from campaigns.models import Campaign, Delivery, JobRun
from campaigns.people.deliver import mail_waits, send_due
from campaigns.planning import life
from campaigns.planning.audit import note
from campaigns.settlement.books import breaches
from campaigns.tracking import inbox
from config import Settings

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
KEEP_RUNS = timedelta(days=7)


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


def make_papers(session: Session, settings: Settings, now: datetime) -> None:
    """Make the files of documents just issued, each committed by itself: a long batch loses nothing when killed.

    Rendering takes a tenth of a second and more, so it holds no transaction: the contents are frozen anyway.
    """
    with reading():
        waiting = [frozen(session, document_id) for document_id in without_files(session)]
        session.rollback()
    for document in waiting:
        try:
            rendered = files(document.kind, document.contents, settings.data_dir / "fonts")
        except Exception:
            # One paper that can't be made must not keep the others from being made.
            log.exception("document=%s could not be rendered", document.document_id)
            continue
        keep_files(session, document.document_id, rendered, now)
        session.commit()
        log.info("document=%s has %s files", document.document_id, len(rendered))


def retry_deliveries(session: Session, settings: Settings, now: datetime) -> None:
    """Interpret failed deliveries again, each in a transaction of its own."""
    for delivery_id in inbox.due_for_retry(session, now):
        retry_delivery(session, delivery_id, settings.identity_key, now)


def retry_delivery(session: Session, delivery_id: int, key: bytes, now: datetime) -> Delivery:
    """One more try of one delivery, committed; whoever holds the row first makes it."""
    session.expunge_all()  # rows loaded within a failed try's savepoint would linger here, though they are gone
    delivery = session.get_one(Delivery, delivery_id, with_for_update=True)
    if delivery.status == "failed":
        inbox.replay(session, delivery, key, now)
    session.commit()
    return delivery


def send_mail(session: Session, settings: Settings, now: datetime) -> None:
    """Send what is waiting."""
    send_due(session, settings.smtp_url, settings.mail_from, settings.data_dir / "mail", now)


def check_books(session: Session, settings: Settings, now: datetime) -> None:
    """Every invariant; a breach is an error in the log until someone has looked."""
    with reading():
        found = breaches(session)
        session.rollback()
    for breach in found:
        log.error("books: %s", breach)


def forget_runs(session: Session, settings: Settings, now: datetime) -> None:
    """Drop old leases."""
    session.execute(delete(JobRun).where(JobRun.slot < now - KEEP_RUNS, JobRun.name != "forget-runs"))


TIMERS = (
    Timer("make-papers", timedelta(seconds=1), make_papers, lambda session, now: bool(without_files(session, 1))),
    Timer("send-mail", timedelta(seconds=5), send_mail, mail_waits),
    Timer("move-campaigns", timedelta(seconds=10), move_campaigns, lambda session, now: bool(life.due(session, now))),
    Timer(
        "retry-deliveries",
        timedelta(seconds=30),
        retry_deliveries,
        lambda session, now: bool(inbox.due_for_retry(session, now, 1)),
    ),
    Timer("check-books", timedelta(minutes=10), check_books),
    Timer("forget-runs", timedelta(hours=1), forget_runs),
)


def slot_of(timer: Timer, now: datetime) -> datetime:
    """The slot `now` falls into: whole multiples of the timer's period, the same on every machine."""
    seconds = int(timer.every.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=now.tzinfo)


def claim(session: Session, name: str, slot: datetime, owner: str, now: datetime) -> bool:
    """Take a slot nobody has, or whose owner let the lease run out; one statement decides."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(JobRun).values(name=name, slot=slot, owner=owner, lease_until=now + LEASE, done=False)
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
    try:
        timer.work(session, settings, now)
        if not finish(session, timer.name, slot, owner):
            session.rollback()
            return False
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

    for timer in TIMERS:
        trigger = IntervalTrigger(seconds=int(timer.every.total_seconds()))
        scheduler.add_job(ring, trigger, args=[timer], id=timer.name, max_instances=1, coalesce=True)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    scheduler.start()
    log.info("worker %s is running %s timers", owner, len(TIMERS))
    stop.wait()
    scheduler.shutdown(wait=True)


def failed_deliveries(session: Session) -> list[int]:
    """Ids of every failed delivery, whether its next try has come or not."""
    return list(session.scalars(select(Delivery.id).where(Delivery.status == "failed").order_by(Delivery.id)))
