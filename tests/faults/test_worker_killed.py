"""kill -9 of the worker while it makes a closed campaign's papers: in the end each is there once, as it was issued."""

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

from flask import Flask, current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.db import begin_writing, reading
from campaigns.documents import making, tables
from campaigns.documents.issue import without_files
from campaigns.documents.render import PDF
from campaigns.models import Campaign, Document, DocumentFile
from campaigns.settlement.books.check import breaches
from campaigns.settlement.close import close
from tests.faults.crash_cases import ended
from tests.faults.deeds import be_a_worker
from tests.faults.forked import fork
from tests.faults.server import end_group, environment
from tests.faults.sizes import rounds, seeded, told
from tests.faults.stage import Stage, set_stage

PATIENCE = 60
SHORT = timedelta(seconds=4)  # who is alone doubles nobody's work, and needs to wait for no one
OF_A_REPORT = {PDF, tables.CSV, tables.XLSX}
OF_A_STATEMENT = {PDF, tables.CSV}


@contextmanager
def working(url: str, home: Path, claim: timedelta = making.LEASE) -> Iterator[None]:
    """A real worker for the length of a block, ended by SIGKILL."""
    worker = fork(be_a_worker, (False, claim), environment(url, home), home / "worker.log")
    try:
        yield
    finally:
        end_group(worker)


def close_campaign(session: Session, stage: Stage) -> None:
    begin_writing()
    agency = current_app.extensions["settings"].agency()
    campaign = session.get_one(Campaign, stage.campaign_id)
    close(session, campaign, agency, stage.now.date(), stage.now, None, "the test ends it early")
    session.commit()


def wait_for_papers(session: Session, most_missing: int) -> int:
    """How many documents have no files, as soon as at most that many have none."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with reading():
            missing = len(without_files(session, 100))
            session.rollback()
        if missing <= most_missing:
            return missing
        time.sleep(0.02)
    raise AssertionError(f"{missing} papers are still missing")


@rounds(suite=3, long=12)
def test_papers_are_made_once_though_their_worker_is_killed_again_and_again(
    app: Flask, session: Session, database_url: str, tmp_path: Path, rounds: int
) -> None:
    close_campaign(session, set_stage(session))
    chance, missing = seeded(), 13
    for _ in range(rounds):
        with working(database_url, tmp_path, SHORT):
            missing = wait_for_papers(session, max(1, missing - 1))
            time.sleep(chance.random() * 0.2)
    with working(database_url, tmp_path, SHORT):
        wait_for_papers(session, 0)
    with reading():
        assert all_papers(session) == [OF_A_REPORT] + [OF_A_STATEMENT] * 12
        assert breaches(session) == []
        session.rollback()


@rounds(suite=3, long=20)
def test_papers_are_spread_over_workers_of_which_one_is_killed_again_and_again(
    app: Flask, session: Session, database_url: str, tmp_path: Path, rounds: int
) -> None:
    ended(session, accepted=15, orders=15)
    chance, homes = seeded(), [tmp_path / f"worker{number}" for number in range(3)]
    for home in homes:
        home.mkdir()
    with ExitStack() as stack:
        crew = [stack.enter_context(ExitStack()) for _ in homes]
        for worker, home in zip(crew, homes, strict=True):
            worker.enter_context(working(database_url, home))
        for _ in range(rounds):
            time.sleep(chance.random())
            number = chance.randrange(len(crew))
            crew[number].close()
            crew[number].enter_context(working(database_url, homes[number]))
        wait_for_papers(session, 0)
    made = [set(re.findall(r"document=(\d+) is made", (home / "worker.log").read_text())) for home in homes]
    told("made", [len(one) for one in made])
    assert sum(map(bool, made)) >= 2
    assert sum(len(one) for one in made) == len(set.union(*made))  # nobody made what another had
    with reading():
        assert all_papers(session)[0] == OF_A_REPORT
        assert breaches(session) == []  # no gap, no double number, every byte as it was hashed
        session.rollback()


def all_papers(session: Session) -> list[set[str]]:
    """The media types of each document in the order of issue; no document has two files of one type."""
    files = session.execute(
        select(Document.id, func.count(), func.count(DocumentFile.media_type.distinct()))
        .join(DocumentFile, DocumentFile.document_id == Document.id)
        .group_by(Document.id)
    )
    assert all(count == kinds for _, count, kinds in files)
    return [
        {file.media_type for file in document.files}
        for document in session.scalars(select(Document).order_by(Document.id))
    ]
