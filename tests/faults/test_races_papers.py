"""Two workers and the same papers: each is made by one of them, and nobody is written to twice."""

from collections.abc import Callable
from datetime import timedelta
from unittest.mock import patch

from flask import Flask, current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns import printing
from campaigns.db import begin_writing, db, reading
from campaigns.documents import making
from campaigns.documents.issue import issue
from campaigns.models import DocumentMail, Mail
from tests import factories
from tests.documents.contents import MAKERS
from tests.faults.race import at_once, kinds, some_time, without_locks
from tests.printed import stand_in_files
from tests.whole_campaign import CLOSED_AT, a_live_campaign, end

SOON = CLOSED_AT + timedelta(minutes=1)


def taking(taken: list[int]) -> Callable[[], None]:
    """A worker that takes what is free until nothing is, and makes nothing."""

    def deed() -> None:
        while (document_id := printing._take(db.session(), factories.NOW)) is not None and len(taken) < 60:
            taken.append(document_id)

    return deed


def some_papers(session: Session, count: int) -> None:
    begin_writing()
    for _ in range(count):
        issue(session, "offset_note", MAKERS["offset_note"](), "en", factories.NOW, 2026)
    session.commit()


def test_workers_share_the_papers_and_take_none_twice(app: Flask, session: Session) -> None:
    some_papers(session, 15)
    taken: list[int] = []

    assert kinds(at_once(app, [taking(taken)] * 3)) == ["ok"] * 3
    assert sorted(taken) == sorted(set(taken)) and len(taken) == 15


def test_workers_that_claim_nothing_take_the_same_papers(app: Flask, session: Session) -> None:
    some_papers(session, 15)
    taken: list[int] = []
    with patch.object(making, "claim", return_value=True):
        at_once(app, [taking(taken)] * 2)

    assert len(taken) > len(set(taken))


def mailing() -> None:
    """A worker that mails what is made."""
    printing.mail_papers(db.session(), current_app.extensions["settings"], SOON)


def closed(session: Session) -> None:
    """A campaign whose papers are made and not mailed."""
    begin_writing()
    end(session, a_live_campaign(session).campaign)
    session.commit()
    stand_in_files(session, CLOSED_AT)


def mailed(session: Session) -> tuple[int, int]:
    """Letters, and how many of them name papers."""
    with reading():
        letters = session.scalar(select(func.count()).select_from(Mail)) or 0
        named = session.scalar(select(func.count(DocumentMail.mail_id.distinct()))) or 0
        session.rollback()
    return letters, named


def test_two_workers_write_one_letter_to_each_reader(app: Flask, session: Session) -> None:
    closed(session)

    assert kinds(at_once(app, [mailing] * 2)) == ["ok", "ok"]
    letters, named = mailed(session)
    assert letters == named == 4  # Mina, Noa, Tal, and the brand


def test_without_locks_two_workers_meet_in_the_same_letter(app: Flask, session: Session) -> None:
    def attempt() -> bool:
        closed(session)
        with without_locks(db.engine):
            return kinds(at_once(app, [mailing] * 2)) != ["ok", "ok"]

    assert some_time(attempt, times=6)
    letters, named = mailed(session)
    assert (
        letters == named
    )  # what can't be mailed twice isn't: the row of the second is refused, and its letter with it
