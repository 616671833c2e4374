"""Numbers given at once: no gap and no double, though some who took one gave up. And lost updates on SQLite."""

import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from campaigns.db import begin_writing, db, engine_options, prepare
from campaigns.documents.issue import issue
from campaigns.models import Document
from tests import factories
from tests.faults.race import at_once, kinds, together, without_locks

WRITERS, TIMES = 4, 50


def numbering(gives_up: bool) -> Callable[[], None]:
    def deed() -> None:
        for _ in range(5):
            issue(db.session(), "payslip", {}, "en", factories.NOW, 2026)
            db.session.rollback() if gives_up else db.session.commit()

    return deed


def test_numbers_given_at_once_have_no_gap_though_some_give_up(app: Flask, session: Session) -> None:
    results = at_once(app, [numbering(gives_up=number % 3 == 0) for number in range(6)])
    assert kinds(results) == ["ok"] * 6
    begin_writing()
    assert sorted(session.scalars(select(Document.serial))) == list(range(1, 21))


def test_without_locks_numbers_given_at_once_collide(app: Flask) -> None:
    with without_locks(db.engine):
        assert kinds(at_once(app, [numbering(gives_up=False)] * 6)) != ["ok"] * 6


def counter(path: Path, listen: Callable[[Engine], None]) -> Engine:
    """An SQLite file with one number in it, on an engine as the product has it but for `listen`."""
    url = f"sqlite:///{path}"
    engine = create_engine(url, **engine_options(url))
    listen(engine)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE counter (value INTEGER)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))
    return engine


def count_up(engine: Engine) -> tuple[int, int]:
    """(lost, failed) of WRITERS threads that read the number and write it back one higher, TIMES each."""
    failed: list[int] = []

    def deed() -> None:
        for _ in range(TIMES):
            try:
                with engine.begin() as connection:
                    value = connection.scalar(text("SELECT value FROM counter"))
                    time.sleep(0.0005)
                    connection.execute(text("UPDATE counter SET value = :next"), {"next": value + 1})
            except OperationalError:
                failed.append(1)

    together([deed] * WRITERS)
    with engine.begin() as connection:
        value = connection.scalar(text("SELECT value FROM counter"))
    engine.dispose()
    return WRITERS * TIMES - len(failed) - int(value or 0), len(failed)


def test_on_sqlite_no_update_is_lost_and_none_fails(tmp_path: Path) -> None:
    assert count_up(counter(tmp_path / "counter.db", prepare)) == (0, 0)


def test_without_locks_no_update_is_lost_but_writers_fail(tmp_path: Path) -> None:
    engine = counter(tmp_path / "counter.db", prepare)
    with without_locks(engine):
        lost, failed = count_up(engine)
    assert lost == 0
    assert failed > 0


def test_the_driver_left_alone_loses_updates_in_silence(tmp_path: Path) -> None:
    lost, _ = count_up(counter(tmp_path / "counter.db", lambda engine: None))
    assert lost > 0
