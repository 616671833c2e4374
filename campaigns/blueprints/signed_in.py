"""The person behind a request: Flask-Login over rows of our own.

The cookie holds a random token and the row its hash, so deleting the row ends the session everywhere, also for a
stolen copy of the cookie. What Flask-Login calls the user's id is therefore the token. There is no remember cookie.
"""

from datetime import timedelta
from typing import Any

from flask import Flask, g, request
from flask import session as cookie
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, current_user, login_user, logout_user

from campaigns.blueprints.audiences import ANYONE, AUDIENCES
from campaigns.blueprints.context import now, refreshed, session
from campaigns.blueprints.language import remember_language
from campaigns.db import begin_reading, begin_writing
from campaigns.errors import NotFound
from campaigns.models import User
from campaigns.people import sessions

manager = LoginManager()


class SignedIn(UserMixin):
    """What `current_user` is: the user's row (whose facts can be read straight through) and this browser's token."""

    def __init__(self, user: User, token: str) -> None:
        self.user = user
        self.token = token

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.user, name)

    def get_id(self) -> str:
        """The token: Flask-Login keeps it in the cookie."""
        return self.token


def init_app(app: Flask) -> None:
    """Let Flask-Login find people by their token."""
    app.permanent_session_lifetime = timedelta(days=30)
    manager.session_protection = None  # its fingerprint of address and browser signs people out on the train
    manager.init_app(app)


@manager.user_loader
def load(token: str) -> SignedIn | None:
    """The person whose open session `token` is."""
    found = sessions.find_session(session(), token, now())
    return SignedIn(found.user, token) if found else None


def forget_visitor() -> None:
    """Answer the rest of this request as if nobody were signed in."""
    g._login_user = AnonymousUserMixin()  # where Flask-Login keeps the answer it has found


def person() -> User:
    """The signed-in person's row, for domain calls; on a page that anyone may see there may be none."""
    if not current_user.is_authenticated:
        raise NotFound("nobody is signed in")
    user: User = current_user.user
    return user


def mark_seen() -> None:
    """Push the idle limit on, in a transaction of its own: the page itself may only read.

    A page left open that refreshes its figures is nobody at the keyboard, and keeps no session alive.
    """
    token = cookie.get("_user_id")
    if not token or refreshed() or request.blueprint == "api":
        return
    if AUDIENCES.get(request.endpoint or "", ANYONE) is ANYONE:
        return
    begin_reading()
    stale = sessions.is_stale(session(), token, now())
    session().rollback()
    if stale:
        begin_writing()
        sessions.mark_seen(session(), token, now())
        session().commit()


def enter(user: User, by_link: bool = False) -> None:
    """Sign `user` in with a session new in every part; the caller commits."""
    leave()
    token = sessions.open_session(session(), user, now(), by_link)
    cookie.permanent = user.role != "agency"
    remember_language(user.language)
    login_user(SignedIn(user, token), force=True)


def leave() -> None:
    """End this browser's session, row and cookie; its language stays. The caller commits."""
    token, language = cookie.get("_user_id"), cookie.get("language")
    if token:
        sessions.end_session(session(), token)
    logout_user()
    cookie.clear()
    if language:
        cookie["language"] = language
