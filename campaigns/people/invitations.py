"""One-time ways to set a password: for people we invited, and for those who forgot theirs.

The link holds the only copy of the token. Used once or past its time it is void, and so are its siblings.
"""

from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import update
from sqlalchemy.orm import Session

from campaigns.errors import Invalid, NotFound
from campaigns.ids import secret_token
from campaigns.models import PasswordInvitation, User
from campaigns.people import passwords, sessions

INVITED_FOR = timedelta(days=7)
FORGOTTEN_FOR = timedelta(hours=1)


def create_invitation(session: Session, user: User, now: datetime, lifetime: timedelta = INVITED_FOR) -> str:
    """A token that lets its holder set `user`'s password once."""
    token = secret_token()
    row = PasswordInvitation(token_hash=_hash(token), user_id=user.id, created_at=now, expires_at=now + lifetime)
    session.add(row)
    session.flush()
    return token


def find_invitation(session: Session, token: str, now: datetime) -> PasswordInvitation:
    """The invitation of `token`; raises NotFound once it is used, too old, or its user switched off."""
    found = session.get(PasswordInvitation, _hash(token))
    if found is None or found.used_at or now >= found.expires_at or not found.user.active:
        raise NotFound("this link was used or has run out")
    return found


def redeem_invitation(session: Session, token: str, password: str, now: datetime) -> User:
    """Set the password, void every open link of the user, and end every session; raises Invalid or NotFound."""
    user = find_invitation(session, token, now).user
    if errors := passwords.password_errors(password):
        raise Invalid({"password": errors})
    mine = PasswordInvitation.token_hash == _hash(token), PasswordInvitation.used_at.is_(None)
    if session.execute(update(PasswordInvitation).where(*mine).values(used_at=now)).rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound("this link was used or has run out")
    open_ones = PasswordInvitation.user_id == user.id, PasswordInvitation.used_at.is_(None)
    session.execute(update(PasswordInvitation).where(*open_ones).values(used_at=now))
    user.password_hash = passwords.hash_password(password)
    sessions.end_all_sessions(session, user)
    session.flush()
    return user


def _hash(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()
