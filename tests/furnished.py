"""A migrated database to be furnished for a module's tests, or with the data of the first start."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from campaigns import create_app
from campaigns.clock import utc_now
from campaigns.db import begin_writing, db
from campaigns.demo.seed import seed
from tests.conftest import settings_for


@contextmanager
def furnishing(url: str, home: Path) -> Iterator[Flask]:
    """The application on that database, at the newest schema, for the length of a block; nothing stays open."""
    app = create_app(settings_for(url, home))
    with app.app_context():
        begin_writing()
        upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


def furnish(url: str, home: Path) -> None:
    """Make the data of the first start and commit them."""
    with furnishing(url, home) as app:
        assert seed(db.session(), app.extensions["settings"], utc_now())
        db.session.commit()
