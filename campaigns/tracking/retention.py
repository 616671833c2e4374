"""Letting old clicks go: of campaigns that are over, some thousand rows at a time, and never one that an order names.

The daily counts stay for good. `RetentionMark` says from when on every row is still there; it moves in the very
transaction that deletes, so a recount never takes a day for whole that isn't. An order's click stays, because a late
refund has the order judged anew, by the evidence it was judged by at first. What deliveries held is let go of in
emptying.py.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, String, cast, delete, insert, select, update

from campaigns.crash import crash_point
from campaigns.db import lock_names
from campaigns.ids import TimeOrdered
from campaigns.models import Campaign, Click, Order, RetentionMark
from campaigns.tracking.click_days import kept_since
from campaigns.tracking.click_ids import number_in

OVER = ("closed", "archived", "cancelled")
CLICKS = "click"
CLOCKS = timedelta(days=1)  # a shop may stamp an order somewhat before its click
LONGEST_WINDOW = timedelta(days=366)  # terms have at most 365 days


class Slice(NamedTuple):
    """How many rows went, and the id up to which was looked."""

    gone: int
    up_to: int


def let_go(connection: Connection, before: datetime, after: int = 0, most: int = 10_000) -> Slice | None:
    """Delete clicks older than `before` of campaigns that are over: among the next `most` with ids beyond `after`.

    None where there are none. The caller commits each slice and goes on from its `up_to`. Ids alone don't tell how
    old a click is: those of the time before ids grew with time are small.
    """
    lock_names(connection, ["retention:click"])
    shops = {row[0]: row[1] for row in connection.execute(select(Campaign.id, Campaign.shop_id))}
    over = select(Campaign.id).where(Campaign.status.in_(OVER))
    rows = connection.execute(
        select(Click.id, Click.clicked_at, Click.former_id, Click.campaign_id)
        .where(Click.id > after, Click.id < TimeOrdered.floor(before), Click.clicked_at < before)
        .where(Click.campaign_id.in_(over))
        .order_by(Click.id)
        .limit(most)
    ).all()
    if not rows:
        return None
    moments = [row.clicked_at for row in rows]
    named = _named(connection, {shops[row.campaign_id] for row in rows}, min(moments), max(moments))
    numbers = {number_in(public) for public in named}
    stay = [row.id for row in rows if row.id in numbers or row.former_id in named]
    if len(stay) < len(rows):
        move_mark(connection, CLICKS, kept_since(connection), before)
        looked_at = (Click.id.between(rows[0].id, rows[-1].id), Click.clicked_at < before)
        concerned = Click.campaign_id.in_({row.campaign_id for row in rows})
        connection.execute(delete(Click).where(*looked_at, concerned, Click.id.not_in(stay)))
        crash_point("retention.gone")
    return Slice(len(rows) - len(stay), rows[-1].id)


def _named(connection: Connection, shop_ids: Collection[int], first: datetime, last: datetime) -> set[str]:
    """The clicks that orders of these shops name, as far as they can be of these moments."""
    orders = (
        select(Order.click_ids)
        .where(Order.shop_id.in_(shop_ids), cast(Order.click_ids, String) != "[]")
        .where(Order.placed_at >= first - CLOCKS, Order.placed_at <= last + LONGEST_WINDOW)
    )
    return {public for (names,) in connection.execute(orders) for public in names}


def move_mark(connection: Connection, name: str, since: datetime | None, before: datetime) -> None:
    """Have a mark that stands at `since` (None: nowhere yet) say `before`; it never moves back."""
    if since is None:
        connection.execute(insert(RetentionMark).values(name=name, before=before))
    elif since < before:
        connection.execute(update(RetentionMark).where(RetentionMark.name == name).values(before=before))
