"""Reading a period's deliveries again, after a mend of ours: asked for once, done by the worker in slices.

A slice and how far it came are one transaction, so a worker that is killed loses nothing and nothing is done twice.
Several workers take turns at a run: whoever holds its row does the next slice, the others leave it.
"""

import logging
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from campaigns.crash import crash_point
from campaigns.db import lock_name
from campaigns.errors import Conflict, Invalid, Said
from campaigns.models import Delivery, ReplayRun, Shop
from campaigns.tracking import inbox
from campaigns.tracking.emptying import HAS_BODY

log = logging.getLogger(__name__)

MOST = 5000
SLICE = 50
NOTHING = Said("there is no such delivery in this period")
EMPTIED = Said("what the shop sent in this period is no longer kept, and can't be read again")


def count(session: Session, shop: Shop, since: datetime, until: datetime, only_failed: bool) -> int:
    """How many deliveries a period has that can be read again, or MOST + 1 where those are more than at once."""
    some = _wanted(shop.id, since, until, only_failed).limit(MOST + 1).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0


def start(
    session: Session,
    shop: Shop,
    since: datetime,
    until: datetime,
    only_failed: bool,
    user_id: int | None,
    now: datetime,
) -> ReplayRun:
    """Ask for a period to be read again; the worker does it. What comes from now on is no part of it."""
    until = min(until, now)
    if since >= until:
        raise Invalid({"until": [Said("the period ends before it begins")]})
    lock_name(session, f"replay:{shop.id}")
    if session.scalar(select(ReplayRun.id).filter_by(shop_id=shop.id, finished_at=None)) is not None:
        raise Conflict("deliveries of this shop are being read again already")
    total = count(session, shop, since, until, only_failed)
    if total == 0:
        raise Conflict(EMPTIED if _any_emptied(session, shop, since, until) else NOTHING)
    if total > MOST:
        raise Conflict(Said("at most %(most)s are read again at once: choose a shorter period", most=MOST))
    run = ReplayRun(
        shop_id=shop.id, since=since, until=until, only_failed=only_failed, requested_by_user_id=user_id,
        requested_at=now, total_count=total, upto_id=0, done_count=0, failed_count=0, cancelled=False,
    )  # fmt: skip
    session.add(run)
    session.flush()
    return run


def _any_emptied(session: Session, shop: Shop, since: datetime, until: datetime) -> bool:
    emptied = _received(shop.id, since, until).where(~HAS_BODY).limit(1)
    return session.scalar(emptied) is not None


def cancel(session: Session, run: ReplayRun, now: datetime) -> None:
    """Stop after the slice at hand; what has been read stays read. A finished run stays as it ended."""
    session.refresh(run, with_for_update=True)
    if run.finished_at is None:
        run.finished_at, run.cancelled = now, True
        session.flush()


def waits(session: Session, now: datetime) -> bool:
    """Whether any run is unfinished."""
    return session.scalar(_unfinished().with_only_columns(ReplayRun.id)) is not None


def replay_slice(session: Session, key: bytes, now: datetime, run_id: int | None = None) -> bool:
    """Do the next slice of the oldest run (or of one), uncommitted; False where there is none for us to do."""
    asked = _unfinished() if run_id is None else _unfinished().where(ReplayRun.id == run_id)
    run = session.scalar(asked.with_for_update(skip_locked=True).execution_options(populate_existing=True))
    if run is None:
        return False
    wanted = _wanted(run.shop_id, run.since, run.until, run.only_failed).where(Delivery.id > run.upto_id)
    ids = session.scalars(wanted.order_by(Delivery.id).limit(SLICE)).all()
    _do(session, run, ids, key, now)
    crash_point("replaying.slice")
    return True


def _do(session: Session, run: ReplayRun, ids: Sequence[int], key: bytes, now: datetime) -> None:
    if ids:
        statuses = inbox.replay_all(session.connection(), ids, key, now, only_failed=run.only_failed)
        run.upto_id = ids[-1]
        run.done_count += len(ids)
        run.failed_count += statuses.count("failed")
    if len(ids) < SLICE:
        run.finished_at = now
        log.info("replay=%s is through: %s read, %s failed", run.public_id, run.done_count, run.failed_count)
    session.flush()


def _unfinished() -> Select[ReplayRun]:
    return select(ReplayRun).where(ReplayRun.finished_at.is_(None)).order_by(ReplayRun.id).limit(1)


def _wanted(shop_id: int, since: datetime, until: datetime, only_failed: bool) -> Select[int]:
    wanted = _received(shop_id, since, until).where(HAS_BODY)
    return wanted.where(Delivery.status == "failed") if only_failed else wanted


def _received(shop_id: int, since: datetime, until: datetime) -> Select[int]:
    period = (Delivery.shop_id == shop_id, Delivery.received_at >= since, Delivery.received_at < until)
    return select(Delivery.id).where(*period)
