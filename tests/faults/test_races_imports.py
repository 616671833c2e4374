"""Two who press "take" on one file at once: the people come in once, and the other is told that they were second."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.db import begin_writing, db
from campaigns.errors import Conflict
from campaigns.models import FollowerCount, ImportRun, Influencer
from campaigns.planning.importing import runs
from campaigns.planning.importing.compared import compare, counted
from campaigns.planning.importing.runs import By, Choice, discard, preview, take
from tests import factories
from tests.factories import NOW
from tests.faults.race import at_once, kinds, some_time, without_locks

BY = By(None, "Success Agency", NOW + timedelta(days=30))


def a_file(session: Session, number: int) -> int:
    """A file with a new number of followers for somebody who is here, and two new people; committed."""
    noa = factories.influencer(session)
    handle = noa.accounts[0]["handle"]
    rows = [f"{noa.name},{noa.email},instagram,{handle},15000"]
    rows += [f"Zoe,zoe{one}.{number}@example.com,tiktok,@zoe{one},4000" for one in (1, 2)]
    file = "\n".join(["Name,Email,Network,Handle,Followers", *rows]).encode()
    made = preview(session, "people.csv", file, BY).id
    session.commit()
    return made


def taking(run_id: int) -> Callable[[], None]:
    def deed() -> None:
        run = db.session.get_one(ImportRun, run_id)
        shown = counted(compare(db.session(), runs.entries_of(run)))
        take(db.session(), run, Choice(True, False, shown), BY)
        db.session.commit()

    return deed


def discarding(run_id: int) -> Callable[[], None]:
    def deed() -> None:
        discard(db.session(), db.session.get_one(ImportRun, run_id), BY)
        db.session.commit()

    return deed


def counted_here(session: Session) -> tuple[int, int]:
    """Influencers, and follower counts that came from files."""
    begin_writing()
    people = session.scalar(select(func.count()).select_from(Influencer))
    counts = session.scalar(select(func.count()).select_from(FollowerCount).filter_by(source="imported"))
    session.commit()
    return people or 0, counts or 0


def test_of_two_who_take_a_file_at_once_one_takes_everybody_and_the_other_is_told(app: Flask, session: Session):
    run = a_file(session, 1)
    assert kinds(at_once(app, [taking(run)] * 2)) == ["Conflict", "ok"]
    assert counted_here(session) == (3, 3)


def test_who_takes_and_who_puts_aside_do_not_both_succeed(app: Flask, session: Session):
    run = a_file(session, 1)
    assert kinds(at_once(app, [taking(run), discarding(run)])) == ["Conflict", "ok"]
    assert counted_here(session) in ((3, 3), (1, 0))


def test_with_a_look_in_place_of_the_claim_both_succeed_or_somebody_reads_an_error(
    app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
):
    def looked(_session: Session, run: ImportRun, status: str, _by: By) -> None:
        if run.status != "previewed":
            raise Conflict("seen in time")
        run.status = status

    monkeypatch.setattr(runs, "_claim", looked)
    numbers = count(1)

    def disorderly() -> bool:
        run = a_file(session, next(numbers))
        with without_locks(db.engine):
            return kinds(at_once(app, [taking(run), discarding(run)])) != ["Conflict", "ok"]

    assert some_time(disorderly)
