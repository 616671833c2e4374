"""Invitations over time: reminded of once in the last third of their time, and ended when it is over.

Each step is claimed by one statement that also asks whether it is still due: of an answer, an extension and an end at
the same moment one happens, and a letter is written by whoever made it happen. Working twice changes nothing.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Update, select, update
from sqlalchemy.orm import Session

from campaigns.models import Participation
from campaigns.planning import invitation_letters
from campaigns.planning.audit import note
from campaigns.planning.matching.vacancies import given_up
from campaigns.planning.participation import OPEN_FOR_INVITATIONS, UNDECIDED

MOST_AT_ONCE = 200
Step = Callable[[Session, int, str, datetime], bool]


def due(session: Session, now: datetime) -> list[tuple[Step, int]]:
    """What is to be done now, each a step and the participation it is done to; the rest another time."""
    open_ones = select(Participation.id, Participation.invited_at, Participation.expires_at).where(
        Participation.status.in_(UNDECIDED), Participation.expires_at.is_not(None)
    )
    over = session.scalars(open_ones.where(Participation.expires_at <= now).order_by(Participation.id))
    endings: list[tuple[Step, int]] = [(end, each) for each in over.fetchmany(MOST_AT_ONCE)]
    waiting = open_ones.where(Participation.reminded_at.is_(None), Participation.expires_at > now)
    reminders = [
        (remind, each)
        for each, invited_at, expires_at in session.execute(waiting.order_by(Participation.id))
        if expires_at is not None and now >= last_third(invited_at, expires_at)
    ]
    return [*endings, *reminders[:MOST_AT_ONCE]]


def last_third(invited_at: datetime, expires_at: datetime) -> datetime:
    """From when on somebody is reminded.

    >>> from datetime import UTC
    >>> last_third(datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 5, 7, tzinfo=UTC)).day
    5
    """
    return expires_at - (expires_at - invited_at) // 3


def remind(session: Session, participation_id: int, base_url: str, now: datetime) -> bool:
    """Write once, where it is still undecided; whether it was this call that did."""
    claim = update(Participation).where(
        Participation.id == participation_id,
        Participation.status.in_(UNDECIDED),
        Participation.reminded_at.is_(None),
        Participation.expires_at > now,
    )
    if not _claimed(session, claim.values(reminded_at=now)):
        return False
    participation = _seen(session, participation_id)
    if participation.campaign.status in OPEN_FOR_INVITATIONS:
        invitation_letters.reminded(session, participation, base_url, now)
    session.flush()
    return True


def end(session: Session, participation_id: int, base_url: str, now: datetime) -> bool:
    """End an invitation whose time is over, and let the next in line have it; whether it was this call that did."""
    claim = update(Participation).where(
        Participation.id == participation_id,
        Participation.status.in_(UNDECIDED),
        Participation.expires_at <= now,
    )
    if not _claimed(session, claim.values(status="expired", decided_at=now)):
        return False
    participation = _seen(session, participation_id)
    note(session, None, "invitation.expired", f"participation:{participation.public_id}", now)
    if participation.campaign.status in OPEN_FOR_INVITATIONS:
        invitation_letters.ended(session, participation, base_url, now)
    given_up(session, participation, base_url, now)
    session.flush()
    return True


def _claimed(session: Session, statement: Update) -> bool:
    done = session.execute(statement.execution_options(synchronize_session=False))
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def _seen(session: Session, participation_id: int) -> Participation:
    return session.get_one(Participation, participation_id, populate_existing=True)
