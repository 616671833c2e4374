"""Letting go of what deliveries held: the body, which tells of the buyer, once nobody needs to read it again.

A body is emptied when so many days have passed since it came and since its order's campaign was closed, whichever is
later. What became of it, its topic, ids and SHA-256 stay: a delivery sent again is known as before. Emptied, it can't
be read again, and nobody tries.

A pass walks from the oldest body that is left, which a `RetentionMark` remembers, up to the day in question. So it
looks at the deliveries of the campaigns at hand and never at all of them, and whatever has become free since is found.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, case, func, select, update

from campaigns.crash import crash_point
from campaigns.db import lock_names
from campaigns.models import AttributionDecision, Campaign, Delivery, Order, RetentionMark
from campaigns.tracking.periods import first_id, last_id
from campaigns.tracking.retention import OVER, move_mark

BODIES = "delivery_body"
OUT_OF_ORDER = timedelta(days=1)  # ids and the times deliveries came agree but for nodes' clocks and a moment's wait
HAS_BODY = func.length(Delivery.body) > 0  # neither database reads a body to say how long it is


@dataclass(frozen=True)
class Pass:
    """How far a pass has come: up to which id, of which last one; what it emptied, and the oldest body it left."""

    up_to: int
    last: int
    gone: int = 0
    oldest_left: datetime | None = None


def begin(connection: Connection, before: datetime) -> Pass:
    """A pass over what came before this moment, from the oldest body left by the pass before it."""
    since = _emptied_before(connection)
    first = 0 if since is None else first_id(connection, since - OUT_OF_ORDER)
    return Pass(up_to=max(first - 1, 0), last=last_id(connection, before))


def empty(connection: Connection, before: datetime, done: Pass, most: int = 10_000) -> Pass | None:
    """Look at the next `most` deliveries of a pass, and empty those whose time has come; None at its end.

    The caller commits each step, and goes on with what it returned.
    """
    lock_names(connection, [f"retention:{BODIES}"])
    rows = connection.execute(_next(before, done).limit(most)).all()
    if not rows:
        _remember(connection, done.oldest_left or before)
        return None
    due = [row.id for row in rows if row.has_body and row.free]
    if due:
        # One that failed and is out of its body is tried no more; one that waits is read back by its order's id.
        retry_at = case((Delivery.status == "failed", None), else_=Delivery.retry_at)
        connection.execute(update(Delivery).where(Delivery.id.in_(due)).values(body=b"", retry_at=retry_at))
        crash_point("emptying.emptied")
    left = [row.received_at for row in rows if row.has_body and not row.free]
    oldest = done.oldest_left or min(left, default=None)
    _remember(connection, oldest or rows[-1].received_at - OUT_OF_ORDER)
    return replace(done, up_to=rows[-1].id, gone=done.gone + len(due), oldest_left=oldest)


def _next(before: datetime, done: Pass) -> Select[int, datetime, bool, bool]:
    over = Campaign.status.in_(OVER) & (func.coalesce(Campaign.closed_at, Campaign.ends_at) < before)
    decided = (AttributionDecision.order_id == Order.id) & AttributionDecision.superseded_at.is_(None)
    return (
        select(
            Delivery.id,
            Delivery.received_at,
            HAS_BODY.label("has_body"),
            (AttributionDecision.campaign_id.is_(None) | over).label("free"),
        )
        .outerjoin(Order, (Order.shop_id == Delivery.shop_id) & (Order.external_id == Delivery.order_external_id))
        .outerjoin(AttributionDecision, decided)
        .outerjoin(Campaign, Campaign.id == AttributionDecision.campaign_id)
        .where(Delivery.id > done.up_to, Delivery.id <= done.last, Delivery.received_at < before)
        .order_by(Delivery.id)
    )


def _remember(connection: Connection, before: datetime) -> None:
    move_mark(connection, BODIES, _emptied_before(connection), before)


def _emptied_before(connection: Connection) -> datetime | None:
    return connection.scalar(select(RetentionMark.before).where(RetentionMark.name == BODIES))
