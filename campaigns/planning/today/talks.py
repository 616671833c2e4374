"""Talks in which an influencer or a brand waits for us."""

from datetime import datetime

from sqlalchemy.orm import Session

from campaigns.planning.talking.unread import waiting_for_staff
from campaigns.planning.today.waiting import Waiting


def waiting(session: Session, now: datetime) -> Waiting | None:
    """Whoever waits longest comes first; talks that are open are few."""
    talks = waiting_for_staff(session)
    if not talks:
        return None
    first = talks[0]
    return Waiting("talks_waiting", len(talks), first.said_at, first.subject, first.public_id, len(talks))
