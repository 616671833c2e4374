"""Notices are let go of in the end: those that were read after a time, unread ones after a longer one.

A board is read from its newest end and a letter was usually sent as well, so nobody looks for what is this old; and a
table that only grows makes every backup longer. Ids grow with time, so each slice goes on where the last one ended.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, delete, false, or_, select
from sqlalchemy.orm import Session

from campaigns.models import Notice


class Before(NamedTuple):
    """Notices made before these moments go; None keeps them for good."""

    read: datetime | None
    unread: datetime | None


class Slice(NamedTuple):
    """How many went, and the id up to which was looked."""

    gone: int
    up_to: int


def let_go(session: Session, before: Before, after: int = 0, most: int = 10_000) -> Slice | None:
    """Delete at most so many beyond the id `after`; None where there are none. The caller commits each slice."""
    was_read = and_(Notice.read_at.is_not(None), Notice.created_at < before.read) if before.read else false()
    never_read = and_(Notice.read_at.is_(None), Notice.created_at < before.unread) if before.unread else false()
    old = select(Notice.id).where(Notice.id > after, or_(was_read, never_read)).order_by(Notice.id).limit(most)
    ids = list(session.scalars(old))
    if not ids:
        return None
    session.execute(delete(Notice).where(Notice.id.in_(ids)).execution_options(synchronize_session=False))
    return Slice(len(ids), ids[-1])
