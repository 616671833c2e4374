"""Bearer tokens of the JSON API: shown once, stored as hashes, revoked for good."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.errors import NotFound
from campaigns.ids import secret_token
from campaigns.models import ApiToken, User

NAME_LENGTH = 12


def create_token(session: Session, user: User, now: datetime) -> str:
    """A new token that acts as `user`; the text returned is nowhere else."""
    token = secret_token()
    session.add(ApiToken(token_hash=_hash(token), user_id=user.id, created_at=now))
    session.flush()
    return token


def find_user_by_token(session: Session, token: str) -> User | None:
    """The active user `token` acts as, unless it was revoked."""
    found = session.scalar(select(ApiToken).where(ApiToken.token_hash == _hash(token), ApiToken.revoked_at.is_(None)))
    return found.user if found and found.user.active else None


def token_name(token: ApiToken) -> str:
    """What a token is called once it can't be shown any more: the start of its hash."""
    return token.token_hash[:NAME_LENGTH]


def live_tokens(session: Session, user: User) -> Sequence[ApiToken]:
    """The tokens `user` has, newest first."""
    mine = select(ApiToken).where(ApiToken.user_id == user.id, ApiToken.revoked_at.is_(None))
    return session.scalars(mine.order_by(ApiToken.id.desc())).all()


def revoke_token(session: Session, user: User, name: str, now: datetime) -> None:
    """End the token of `user` called `name`; raises NotFound for another's."""
    for token in live_tokens(session, user):
        if token_name(token) == name:
            token.revoked_at = now
            session.flush()
            return
    raise NotFound("no such token")


def _hash(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()
