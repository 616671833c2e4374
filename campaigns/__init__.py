"""Success-based influencer campaigns: the application, put together in one place."""

from pathlib import Path

from flask import Flask
from flask_migrate import Migrate
from sqlalchemy import Engine
from werkzeug.middleware.proxy_fix import ProxyFix

from campaigns import cli, models  # noqa: F401 - models register their tables
from campaigns.blueprints import audiences, pages, register
from campaigns.blueprints import errors as error_answers
from campaigns.blueprints.headers import fixed_headers
from campaigns.bodies import WholeBodies
from campaigns.db import db, engine_options, prepare
from campaigns.lanes.lanes import Lanes
from config import Settings

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def create_app(settings: Settings) -> Flask:
    """The WSGI application for `settings`; opens no connection."""
    app = Flask(__name__, static_folder=None)  # blueprints/assets.py serves what browsers keep
    app.extensions["settings"] = settings
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        MAX_CONTENT_LENGTH=settings.largest_body,
        TRUSTED_HOSTS=settings.hosts,
        SESSION_COOKIE_NAME="__Host-session" if settings.https else "session",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as the session it is bound to
        SEND_FILE_MAX_AGE_DEFAULT=3600,
    )
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
        _wrap(app, settings, db.engine)
    Migrate(app, db, directory=str(MIGRATIONS))
    pages.init_app(app)
    register.init_app(app)
    error_answers.init_app(app)
    audiences.init_app(app)
    cli.init_app(app)
    return app


def _wrap(app: Flask, settings: Settings, engine: Engine) -> None:
    """What stands between the server and Flask, the innermost first: the hot lanes, whole bodies, the proxy's word."""
    lanes = app.extensions["lanes"] = Lanes(app.wsgi_app, engine, settings, fixed_headers(settings).items())
    app.wsgi_app = WholeBodies(lanes, settings.largest_body)  # type: ignore[method-assign]
    if settings.proxy_hops:
        hops = settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
