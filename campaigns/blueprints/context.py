"""What a view may ask of its surroundings: the settings, the database session, the moment the request came in."""

from datetime import datetime

from flask import current_app, g, request
from sqlalchemy.orm import Session

from campaigns.clock import utc_now
from campaigns.db import db
from config import Settings


def settings() -> Settings:
    """The settings this application was made with."""
    found: Settings = current_app.extensions["settings"]
    return found


def session() -> Session:
    """The database session of this request; the view commits it, once."""
    return db.session()


def now() -> datetime:
    """The moment of this request: asked once, the same throughout."""
    if "now" not in g:
        g.now = utc_now()
    moment: datetime = g.now
    return moment


def refreshed() -> bool:
    """Whether the page itself asks, for its live figures (static/live.js), and not a person."""
    return "X-Live" in request.headers
