"""The data of the first start, put into a database that is migrated and empty."""

from pathlib import Path

from campaigns import create_app
from campaigns.clock import utc_now
from campaigns.db import begin_writing, db
from campaigns.demo.seed import seed
from tests.conftest import settings_for


def furnish(url: str, home: Path) -> None:
    """Make and commit it, and leave no connection behind."""
    settings = settings_for(url, home)
    with create_app(settings).app_context():
        begin_writing()
        assert seed(db.session(), settings, utc_now())
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
