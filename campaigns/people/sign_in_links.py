"""Signing in by mail: a link that works once, for a quarter of an hour, for influencers and brands.

The letter holds the only copy of the token. Looking at the link's page uses nothing up, because programs that check
mail look at every link; pressing its button does. Staff move money: they sign in with a password.
"""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from campaigns.errors import NotFound
from campaigns.ids import secret_token
from campaigns.models import SignInLink, User

LASTS = timedelta(minutes=15)
ROLES = ("brand", "influencer")
LONGEST_TARGET = 2000


def create_link(session: Session, user: User, token: str, target: str, now: datetime) -> None:
    """Let the holder of `token` in as `user` once, and on to `target`. Their links that ran out are forgotten."""
    session.execute(delete(SignInLink).where(SignInLink.user_id == user.id, SignInLink.expires_at <= now))
    row = SignInLink(token_hash=_hash(token), user_id=user.id, target=target[:LONGEST_TARGET], created_at=now)
    row.expires_at = now + LASTS
    session.add(row)
    session.flush()


def new_token() -> str:
    """Made for known and unknown addresses alike, so that both take as long."""
    return secret_token()


def may_use_links(user: User | None) -> bool:
    """Whether somebody signs in this way at all."""
    return user is not None and user.active and user.role in ROLES


def find_link(session: Session, token: str, now: datetime) -> SignInLink:
    """The link of `token`; raises NotFound once it is used, too old, or its user may not come in this way."""
    found = session.get(SignInLink, _hash(token))
    if found is None or found.used_at or now >= found.expires_at or not may_use_links(found.user):
        raise NotFound("this link was used or has run out")
    return found


def redeem_link(session: Session, token: str, now: datetime) -> SignInLink:
    """Use the link up, and every other open link of its user with it; of two who press at once, one comes in."""
    found = find_link(session, token, now)
    mine = SignInLink.token_hash == found.token_hash, SignInLink.used_at.is_(None)
    if session.execute(update(SignInLink).where(*mine).values(used_at=now)).rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound("this link was used or has run out")
    end_links(session, found.user, now)
    return found


def end_links(session: Session, user: User, now: datetime) -> None:
    """Void every open link of `user`."""
    open_ones = SignInLink.user_id == user.id, SignInLink.used_at.is_(None)
    session.execute(update(SignInLink).where(*open_ones).values(used_at=now))


def _hash(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()
