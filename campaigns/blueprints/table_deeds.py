"""The steps of table rows and certificates as console and API take them: done, and noted in the audit log."""

import logging
from collections.abc import Mapping
from typing import Any

from campaigns.blueprints.context import now, session, settings
from campaigns.deductions import entering
from campaigns.deductions.entered import tables
from campaigns.errors import Invalid, Said
from campaigns.models import Certificate, Influencer, TableRow, User
from campaigns.people import certificates
from campaigns.planning.audit import note

log = logging.getLogger(__name__)


def enter(user: User, asked: entering.Asked) -> TableRow:
    """Enter a row of a table there is."""
    rows = tables(session()).rows(asked.table)
    if not rows:
        raise Invalid({"table": [Said("there is no such table")]})
    row = entering.enter_row(session(), asked, rows[-1].values, user.id, now())
    facts = {"days": f"{row.from_date} {row.to_date or ''}".strip(), "source": row.source, "figures": row.figures}
    _note(user, "table_row.entered", row, **facts)
    return row


def verify(user: User, row: TableRow) -> None:
    """Let a row count; where one person is enough, that it was the same one is noted."""
    entering.verify_row(session(), row, user.id, settings().payout_four_eyes, now())
    _note(user, "table_row.verified", row, same_person=row.entered_by_user_id == user.id)


def withdraw(user: User, row: TableRow, reason: str) -> None:
    """End a row."""
    entering.withdraw_row(session(), row, reason, user.id, now())
    papers = [paper.number for paper in entering.papers_made_with(session(), row)]
    _note(user, "table_row.withdrawn", row, reason=row.withdrawn_reason, papers=papers)


def add_certificate(user: User, influencer: Influencer, sent: Mapping[str, Any]) -> Certificate:
    """Enter a certificate from the paper."""
    made = certificates.add_certificate(session(), influencer, sent, user.id, now())
    facts = {"kind": made.kind, "number": made.number, "days": f"{made.from_date} {made.to_date}"}
    note(session(), user.id, "certificate.entered", f"influencer:{influencer.public_id}", now(), **facts)
    return made


def withdraw_certificate(user: User, certificate: Certificate) -> None:
    """Let a certificate no longer count."""
    certificates.withdraw_certificate(session(), certificate, now())
    subject = f"influencer:{certificate.influencer.public_id}"
    note(session(), user.id, "certificate.withdrawn", subject, now(), number=certificate.number)


def _note(user: User, action: str, row: TableRow, **details: object) -> None:
    note(session(), user.id, action, f"table_row:{row.public_id}", now(), table=row.table_name, **details)
    log.info("%s table=%s row=%s", action, row.table_name, row.public_id)
