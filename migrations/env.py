"""Runs the migrations on the application's own engine, so SQLite and PostgreSQL get the same connections as it does."""

from alembic import context
from flask import current_app

from campaigns.crash import crash_point

db = current_app.extensions["migrate"].db


def run() -> None:
    """Apply or compare, in one transaction."""
    with db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            render_as_batch=connection.dialect.name == "sqlite",
            compare_type=True,
            on_version_apply=lambda **_: crash_point("migrations.applied"),
        )
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    raise SystemExit("migrations run on a live database only")
run()
