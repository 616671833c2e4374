"""A worker that only counts: `python -m tests.faults.counting [--unleased]` goes through forty slots of one timer.

The slots are those of a ten-minute timer on a made-up day. Every slot is rung at its beginning and, the second time
round, six minutes into it, when the lease of a worker killed meanwhile has run out. One effect is one audit entry.
"""

import os
import sys
import time
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns import create_app
from campaigns.db import begin_writing, db
from campaigns.jobs import Timer, run_slot, slot_of
from campaigns.models import AuditEntry
from campaigns.planning.audit import note
from config import Settings

DAY = datetime(2026, 6, 1, tzinfo=UTC)
SLOTS = 40


def count_slot(session: Session, settings: Settings, now: datetime) -> None:
    """The work: a moment's thought, then the slot's entry, left uncommitted."""
    time.sleep(0.1)
    note(session, None, "counted", f"{slot_of(COUNTER, now):%H:%M}", now)


COUNTER = Timer("count", timedelta(minutes=10), count_slot)


def run_unleased(session: Session, settings: Settings, now: datetime) -> None:
    """The control: look whether the slot has run, and run it if not; nobody claims anything."""
    subject = f"{slot_of(COUNTER, now):%H:%M}"
    known = session.scalar(select(AuditEntry.id).filter_by(subject=subject).limit(1))
    session.rollback()
    if known is None:
        count_slot(session, settings, now)
        session.commit()


def main(leased: bool) -> None:
    """Ring every slot, twice."""
    settings = Settings.from_env()
    app = create_app(settings)
    owner = f"counter:{os.getpid()}"
    with app.app_context():
        begin_writing()
        for minutes in (0, 6):
            for number in range(SLOTS):
                now = DAY + number * COUNTER.every + timedelta(minutes=minutes)
                if leased:
                    run_slot(db.session(), COUNTER, settings, owner, now)
                else:
                    run_unleased(db.session(), settings, now)


if __name__ == "__main__":
    main(leased="--unleased" not in sys.argv)
