"""The tables as they stand now: the shipped ones, and over them what people entered and verified.

A verified row of the newest entry counts for the days it covers, whatever was shipped or entered before it. A row
that waits for verification, or was withdrawn, counts for nothing.
"""

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from campaigns.deductions.tables import VERIFIED, Row, Tables, shipped
from campaigns.models import TableRow


def tables(session: Session) -> Tables:
    """The shipped tables with every verified row that was not withdrawn."""
    return _with(session, TableRow.withdrawn_at.is_(None))


def ever(session: Session) -> Tables:
    """The tables with every row that was ever verified: what papers of the past may rest on."""
    return _with(session, true())


def _with(session: Session, which: ColumnElement[bool]) -> Tables:
    entries = session.scalars(select(TableRow).where(TableRow.verified_at.is_not(None), which).order_by(TableRow.id))
    return shipped().with_entered(row_of(entry) for entry in entries)


def row_of(entry: TableRow) -> Row:
    """An entry as a row of its table, as if it were verified: also for trying out what it would change."""
    return Row(
        table=entry.table_name,
        starts=entry.from_date,
        ends=entry.to_date,
        source=entry.source,
        confidence=VERIFIED,
        values=entry.figures,
        note=entry.note,
        published_on=entry.published_on,
        entered=entry.public_id,
    )
