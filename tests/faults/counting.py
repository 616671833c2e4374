"""A worker that only counts: it goes through forty slots of one timer.

The slots are those of a ten-hour timer in made-up days. Every slot is rung at its beginning and then every six
minutes into it, when the lease of a worker killed meanwhile has run out, until all have run. An effect is an entry of
the audit log.
"""

import os
import time
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns import create_app
from campaigns.clock import iso
from campaigns.db import begin_writing, db
from campaigns.jobs import Timer, run_slot, slot_of
from campaigns.models import AuditEntry, JobRun
from campaigns.planning.audit import note
from config import Settings

FIRST = datetime.fromtimestamp(50_000 * 36_000, tz=UTC)  # a slot begins: whole multiples of ten hours
SLOTS = 40


def count_slot(session: Session, settings: Settings, now: datetime) -> None:
    """The work: a moment's thought, then the slot's entry, left uncommitted."""
    time.sleep(0.1)
    note(session, None, "counted", iso(slot_of(COUNTER, now)), now)


COUNTER = Timer("count", timedelta(hours=10), count_slot)


def run_unleased(session: Session, settings: Settings, now: datetime) -> None:
    """The control: look whether the slot has run, and run it if not; nobody claims anything."""
    subject = iso(slot_of(COUNTER, now))
    known = session.scalar(select(AuditEntry.id).filter_by(subject=subject).limit(1))
    session.rollback()
    if known is None:
        count_slot(session, settings, now)
        session.commit()


def count_slots(leased: bool) -> None:
    """Ring every slot, round after round; a round is longer than a slot's work, so the living finish in time."""
    settings = Settings.from_env()
    app = create_app(settings)
    owner = f"counter:{os.getpid()}"
    with app.app_context():
        begin_writing()
        for minutes in range(0, 590, 6):
            for number in range(SLOTS):
                now = FIRST + number * COUNTER.every + timedelta(minutes=minutes)
                if leased:
                    run_slot(db.session(), COUNTER, settings, owner, now)
                else:
                    run_unleased(db.session(), settings, now)
            if not leased or all_run(db.session()):
                return
            time.sleep(0.3)


def all_run(session: Session) -> bool:
    """Whether every slot is done."""
    done = session.scalar(select(func.count()).select_from(JobRun).filter_by(done=True))
    session.rollback()
    return done == SLOTS
