"""A file of people from its preview to the roster. Nothing is taken until a person says so, and then all in one go.

What was shown is what is taken: if the roster has changed since, so that other people would be added or changed, they
are told to look again. A file is decided once. What was left out stays, to be mended; the rest of the file is let go
of, since the roster has it then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from campaigns.errors import Conflict, Said
from campaigns.i18n import N_
from campaigns.models import ImportRun
from campaigns.people.records import add_influencers
from campaigns.planning.audit import note
from campaigns.planning.importing.compared import Line, compare, counted
from campaigns.planning.importing.files import Entry, read_people, restored
from campaigns.planning.payee_changes import change_influencer

FORGOTTEN_AFTER = timedelta(days=30)  # a preview nobody decided


@dataclass(frozen=True)
class By:
    """Who decides, for which agency, and when."""

    user_id: int | None
    agency: str
    now: datetime


@dataclass(frozen=True)
class Choice:
    """What somebody wants taken, and the counts they were shown."""

    change_existing: bool
    leave_bad_out: bool
    shown: Mapping[str, int]


def preview(session: Session, file_name: str, file: bytes, by: By) -> ImportRun:
    """Keep what a file says, to be looked at; raises Unreadable for what is no file of people."""
    entries = read_people(file)
    _forget_old(session, by.now)
    run = ImportRun(file_name=file_name[-200:], rows=[one.stored() for one in entries], counts={})
    run.made_by_user_id, run.made_at = by.user_id, by.now
    session.add(run)
    session.flush()
    return run


def entries_of(run: ImportRun) -> list[Entry]:
    """The people of a file that are still kept."""
    return [restored(kept) for kept in run.rows]


def take(session: Session, run: ImportRun, choice: Choice, by: By) -> dict[str, int]:
    """Bring the people in, and count them. Raises Conflict, and then nobody was taken."""
    _claim(session, run, "taken", by)
    lines = compare(session, entries_of(run))
    counts = counted(lines)
    if counts != choice.shown:
        raise Conflict(N_("the roster has changed since you looked: look at the preview again"))
    if counts["bad"] and not choice.leave_bad_out:
        raise Conflict(N_("some rows can't be taken: mend them, or take the others without them"))
    add_influencers(session, [(one.entry.email, one.merged) for one in _of(lines, "new")], by.now, "imported")
    changed = _of(lines, "changed") if choice.change_existing else []
    for line in changed:
        assert line.influencer is not None  # of a line that changes somebody
        change_influencer(session, line.influencer, by.user_id, by.agency, by.now, "imported", **line.merged)
    left_out = [one for one in lines if one.kind == "bad"]
    run.rows = [
        Entry(one.entry.email, one.entry.cells, one.entry.sent, list(one.problems)).stored() for one in left_out
    ]
    run.counts = {"added": counts["new"], "changed": len(changed), "left_as_they_are": counts["changed"] - len(changed)}
    run.counts |= {"same": counts["same"], "left_out": counts["bad"]}
    note(session, by.user_id, "roster.imported", f"import_run:{run.public_id}", by.now, **run.counts)
    session.flush()
    return run.counts


def discard(session: Session, run: ImportRun, by: By) -> None:
    """Take nobody, and let go of what the file said."""
    _claim(session, run, "discarded", by)
    run.rows = []
    note(session, by.user_id, "roster.import_discarded", f"import_run:{run.public_id}", by.now)
    session.flush()


def _claim(session: Session, run: ImportRun, status: str, by: By) -> None:
    """Decide a preview, once: of two who press at the same moment one is told that the other was first."""
    decided: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        update(ImportRun)
        .where(ImportRun.id == run.id, ImportRun.status == "previewed")
        .values(status=status, decided_by_user_id=by.user_id, decided_at=by.now)
        .execution_options(synchronize_session=False)
    )
    session.refresh(run)
    if decided.rowcount != 1:
        raise Conflict(Said("this file is already %(status)s", status=f"import_{run.status}"))


def _of(lines: Sequence[Line], kind: str) -> list[Line]:
    return [one for one in lines if one.kind == kind]


def _forget_old(session: Session, now: datetime) -> None:
    """People's data isn't kept for a decision that nobody makes."""
    session.execute(
        update(ImportRun)
        .where(ImportRun.status == "previewed", ImportRun.made_at < now - FORGOTTEN_AFTER)
        .values(status="discarded", decided_at=now, rows=[])
    )
