"""Rows of deduction tables as an accountant enters them: typed by one person, verified by another, never changed.

A row counts from its verification on. A wrong one is withdrawn with a reason or overruled by a newer one; what was
made with it stays as it is and is found by papers_made_with(), and a correction run puts right what it changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from campaigns.deductions.shapes import read_figures
from campaigns.errors import Conflict, Invalid, Said
from campaigns.models import Document, TableRow
from campaigns.reasons import read_reason

YEARS = range(2000, 2101)
LONGEST_SOURCE, LONGEST_NOTE = 300, 2000


@dataclass(frozen=True)
class Asked:
    """A row as somebody asks for it; `figures` are minor units and decimal strings, `to_date` is the last day."""

    table: str
    from_date: date
    to_date: date | None
    source: str
    figures: Mapping[str, Any] = field(default_factory=dict)
    published_on: date | None = None
    note: str = ""


def enter_row(session: Session, asked: Asked, values: Mapping[str, Any], user_id: int, now: datetime) -> TableRow:
    """A further row, which counts once it is verified; `values` are a row's of the table, for the shape.

    Raises Invalid with everything that is wrong.
    """
    errors = _problems(asked)
    try:
        figures = read_figures(values, asked.figures)
    except Invalid as refused:
        raise Invalid(errors | refused.errors) from refused
    if errors:
        raise Invalid(errors)
    row = TableRow(
        table_name=asked.table,
        from_date=asked.from_date,
        to_date=asked.to_date,
        figures=figures,
        source=asked.source.strip(),
        note=asked.note.strip(),
        published_on=asked.published_on,
        entered_by_user_id=user_id,
        entered_at=now,
    )
    session.add(row)
    session.flush()
    return row


def verify_row(session: Session, row: TableRow, user_id: int, four_eyes: bool, now: datetime) -> None:
    """Let a row count; with `four_eyes` whoever entered it can't. Raises Conflict.

    Of two at once one verifies it: the row says who did.
    """
    if four_eyes and row.entered_by_user_id == user_id:
        raise Conflict("you entered this row: somebody else of the agency must verify it")
    fresh = (TableRow.id == row.id) & TableRow.verified_at.is_(None) & TableRow.withdrawn_at.is_(None)
    _claim(
        session, row, fresh, "this row was verified or withdrawn before", verified_by_user_id=user_id, verified_at=now
    )


def withdraw_row(session: Session, row: TableRow, reason: str, user_id: int, now: datetime) -> None:
    """End a row that should not have been entered; raises Invalid without a reason, Conflict if it is ended."""
    text = read_reason(reason)
    standing = (TableRow.id == row.id) & TableRow.withdrawn_at.is_(None)
    _claim(
        session, row, standing, "this row was withdrawn before",
        withdrawn_by_user_id=user_id, withdrawn_at=now, withdrawn_reason=text,
    )  # fmt: skip


def entered_rows(session: Session, table: str = "") -> list[TableRow]:
    """Every row ever entered, of one table or of all, the newest days first."""
    newest = select(TableRow).order_by(TableRow.table_name, TableRow.from_date.desc(), TableRow.id.desc())
    return list(session.scalars(newest.where(TableRow.table_name == table) if table else newest))


def status_of(row: TableRow) -> str:
    """`unverified`, `in_force` or `withdrawn`."""
    if row.withdrawn_at is not None:
        return "withdrawn"
    return "in_force" if row.verified_at is not None else "unverified"


def papers_made_with(session: Session, row: TableRow) -> list[Document]:
    """Papers whose frozen contents name this row, oldest first; a row that never counted made none."""
    if row.verified_at is None:
        return []
    named = Document.contents.contains(f'"{row.public_id}"', autoescape=True)
    since = Document.issued_at >= row.verified_at
    return list(session.scalars(select(Document).where(named, since).order_by(Document.id)))


def _problems(asked: Asked) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    days = {"from_date": asked.from_date, "to_date": asked.to_date, "published_on": asked.published_on}
    for name, day in days.items():
        if day is not None and day.year not in YEARS:
            errors[name] = [Said("must be in the years %(first)s to %(last)s", first=YEARS.start, last=YEARS[-1])]
    if asked.to_date is not None and asked.to_date < asked.from_date:
        errors.setdefault("to_date", []).append(Said("must not be before the first day"))
    if not asked.source.strip():
        errors["source"] = [Said("is missing")]
    elif len(asked.source.strip()) > LONGEST_SOURCE:
        errors["source"] = [Said("has more than %(most)s characters", most=LONGEST_SOURCE)]
    if len(asked.note.strip()) > LONGEST_NOTE:
        errors["note"] = [Said("has more than %(most)s characters", most=LONGEST_NOTE)]
    return errors


def _claim(session: Session, row: TableRow, still: Any, refusal: str, **values: object) -> None:
    session.flush()
    claimed = session.execute(update(TableRow).where(still).values(**values))
    session.refresh(row)
    if not claimed.rowcount:  # type: ignore[attr-defined]
        raise Conflict(refusal)
