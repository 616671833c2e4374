"""A migrated database to be furnished before a browser comes: what a module's server needs, once for all its tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from campaigns import create_app
from campaigns.db import begin_writing, db
from tests.conftest import settings_for


@contextmanager
def furnished(url: str, home: Path) -> Iterator[Flask]:
    """The application on that database for the length of a block, with nothing in it yet; nothing stays open."""
    app = create_app(settings_for(url, home))
    with app.app_context():
        begin_writing()
        upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()
