"""Signed-in browsers, as rows: the cookie holds a token, the row its hash, and deleting the row ends the session.

Agency staff are out after half an hour without a click and after half a day in any case; brands and influencers
after two weeks and a month (ASVS 5.0 §7.3).
"""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from campaigns.ids import secret_token
from campaigns.models import SignInLink, SignInSession, User

IDLE = {"agency": timedelta(minutes=30), "brand": timedelta(days=14), "influencer": timedelta(days=14)}
ABSOLUTE = {"agency": timedelta(hours=12), "brand": timedelta(days=30), "influencer": timedelta(days=30)}
FRESH = timedelta(minutes=10)
REMEMBERED_FOR = timedelta(days=3)  # over a weekend, whose session it was that a form comes with
SEEN_AT_MOST_EVERY = timedelta(seconds=60)


def open_session(session: Session, user: User, now: datetime, by_link: bool = False) -> str:
    """A new session of `user`; the token returned is nowhere else."""
    token = secret_token()
    row = SignInSession(
        token_hash=_hash(token), user_id=user.id, created_at=now, seen_at=now, expires_at=now + ABSOLUTE[user.role]
    )
    row.by_link = by_link
    session.add(row)
    user.last_sign_in_at = now
    session.flush()
    return token


def find_session(session: Session, token: str, now: datetime) -> SignInSession | None:
    """The open session of `token`, unless it ran out or its user was switched off."""
    found = session.get(SignInSession, _hash(token))
    if found is None or not found.user.active:
        return None
    ends_at = min(found.expires_at, found.seen_at + IDLE[found.user.role])
    return found if now < ends_at else None


def user_of_ended(session: Session, token: str, now: datetime) -> int | None:
    """Whose session ran out, while that is not long ago; nobody signed out of it, or its row would be gone."""
    found = session.get(SignInSession, _hash(token)) if token else None
    if found is None or not found.user.active:
        return None
    return found.user_id if now < found.expires_at + REMEMBERED_FOR else None


def is_fresh(session: Session, token: str, now: datetime) -> bool:
    """Whether the password of an open session was asked for within the last ten minutes."""
    found = find_session(session, token, now)
    return found is not None and not found.by_link and now - found.created_at <= FRESH


def is_stale(session: Session, token: str, now: datetime) -> bool:
    """Whether the open session's last sight is old enough to be worth writing."""
    found = find_session(session, token, now)
    return found is not None and now - found.seen_at >= SEEN_AT_MOST_EVERY


def mark_seen(session: Session, token: str, now: datetime) -> None:
    """Note that the session was used; never moves backwards."""
    seen = SignInSession.token_hash == _hash(token)
    session.execute(update(SignInSession).where(seen, SignInSession.seen_at < now).values(seen_at=now))


def end_session(session: Session, token: str) -> None:
    """End one session; an unknown token is none."""
    session.execute(delete(SignInSession).where(SignInSession.token_hash == _hash(token)))


def end_all_sessions(session: Session, user: User, except_token: str = "") -> None:
    """End every session of `user`, but the one that asks, and every mailed link that would open another."""
    kept = SignInSession.token_hash == _hash(except_token)
    session.execute(delete(SignInSession).where(SignInSession.user_id == user.id, ~kept))
    session.execute(delete(SignInLink).where(SignInLink.user_id == user.id, SignInLink.used_at.is_(None)))


def _hash(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()
