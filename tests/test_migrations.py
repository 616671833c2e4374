"""The schema: numbered steps up and down, equal to the models, and triggers that keep what may not change."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from campaigns import MIGRATIONS
from campaigns.db import db
from tests import whole_campaign

IMMUTABLE = (
    "ledger_transaction", "posting", "document", "document_file", "statement", "statement_posting", "payslip",
    "payslip_statement", "payout_statement", "terms_version", "acceptance", "audit_entry",
)  # fmt: skip

POSTGRESQL_ONLY = ("ix_order_sale", "ix_ledger_transaction_kind")


def schema() -> list[tuple[Any, ...]]:
    """Everything the database knows of itself: tables, columns, indexes, constraints, triggers."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            rows = connection.execute(text("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"))
            return [tuple(row) for row in rows]
        queries = (
            "SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default "
            "FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2",
            "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace "
            "ORDER BY 1",
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
            "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1",
        )
        return [tuple(row) for query in queries for row in connection.execute(text(query))]


def differences() -> Sequence[Any]:
    """What alembic would write into a new revision."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found: Sequence[Any] = compare_metadata(context, db.metadata)
        if connection.dialect.name == "sqlite":  # alembic doesn't ask an index whether it is for this database
            return [one for one in found if one[0] != "add_index" or one[1].name not in POSTGRESQL_ONLY]
        return found


def test_revisions_are_numbered_one_after_the_other():
    scripts = ScriptDirectory(str(MIGRATIONS))
    revisions = list(reversed(list(scripts.walk_revisions())))
    assert [script.revision for script in revisions] == [f"{number:04d}" for number in range(1, len(revisions) + 1)]
    assert all(re.match(rf"{script.revision}_\w+\.py$", Path(script.path).name) for script in revisions)


def test_the_whole_way_down_and_up_again_ends_in_the_same_schema(app: Flask):
    before = schema()
    downgrade(revision="base")
    assert inspect(db.engine).get_table_names() == ["alembic_version"]
    assert not any("refuse_change" in str(row) or "trigger" in str(row) for row in schema())
    upgrade()
    assert schema() == before


def test_every_step_can_be_taken_back_and_taken_again(app: Flask):
    for script in list(ScriptDirectory(str(MIGRATIONS)).walk_revisions()):
        upgrade(revision=script.revision)
        whole = schema()
        downgrade(revision="-1")
        upgrade(revision="+1")
        assert schema() == whole
        downgrade(revision="-1")


def test_the_models_are_the_schema(app: Flask):
    assert differences() == []


def test_a_forgotten_migration_is_noticed(app: Flask):
    with db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE brand DROP COLUMN legal_name"))
        connection.execute(text("DROP INDEX uq_attribution_decision_current"))
    assert {difference[0] for difference in differences()} == {"add_column", "add_index"}


@pytest.fixture
def whole(session: Session) -> Session:
    """Books after a campaign that was closed and paid."""
    cast = whole_campaign.a_live_campaign(session)
    whole_campaign.end(session, cast.campaign)
    whole_campaign.pay(session)
    session.commit()
    return session


def attempts(session: Session, table: str) -> list[str]:
    """Ways to change what a row says, all of them plain SQL."""
    key, *_ = inspect(session.connection()).get_pk_constraint(table)["constrained_columns"]
    names = [column["name"] for column in inspect(session.connection()).get_columns(table)]
    columns, last = ", ".join(names), names[-1]
    ways = [
        f"UPDATE {table} SET {last} = {last}",
        f"DELETE FROM {table}",
        f"DELETE FROM {table} WHERE {key} = (SELECT max({key}) FROM {table})",
        f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE true "
        f"ON CONFLICT ({key}) DO UPDATE SET {last} = excluded.{last}",
    ]
    if session.get_bind().dialect.name == "sqlite":
        return [*ways, f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table}"]
    return [*ways, f"TRUNCATE {table} CASCADE"]


def outcome(session: Session, way: str) -> str:
    """What the database says to a statement."""
    try:
        session.execute(text(way))
    except DatabaseError as refused:
        return str(refused.orig)
    finally:
        session.rollback()
    return "done"


def test_what_was_signed_or_booked_is_never_changed(whole: Session):
    passed = []
    for table in IMMUTABLE:
        assert whole.scalar(text(f"SELECT count(*) FROM {table}")), f"{table} has no row to defend"
        passed += [way for way in attempts(whole, table) if "rows are never changed" not in outcome(whole, way)]
    assert passed == []


def test_the_rows_that_live_can_be_changed(whole: Session):
    whole.execute(text("UPDATE campaign SET brief = 'another'"))
    whole.execute(text("DELETE FROM sign_in_throttle"))
    assert whole.scalar(text("SELECT count(*) FROM campaign WHERE brief = 'another'")) == 1
