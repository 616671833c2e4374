"""Payouts: the statements that are due, paid in one batch with a list for the bank.

Each influencer is paid the balance that is due to them: statements, less what a payslip withheld. A balance that is
zero or negative waits for the next batch. A statement is in one batch at most.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.clock import iso
from campaigns.commissions.ledger import Leg, balance, post
from campaigns.crash import crash_point
from campaigns.db import lock_name
from campaigns.documents.issue import issue
from campaigns.errors import Conflict, Said
from campaigns.models import Document, Influencer, PayoutStatement, PayslipStatement, Statement


def due_statements(session: Session, currency: str) -> dict[int, list[Statement]]:
    """influencer id -> statements no batch has paid; those on the payslip route once a slip has been issued."""
    due: dict[int, list[Statement]] = defaultdict(list)
    on_slip = set(session.scalars(select(PayslipStatement.statement_id)))
    for statement, route in session.execute(
        select(Statement, Influencer.payee_route)
        .join(Influencer, Influencer.id == Statement.influencer_id)
        .where(Statement.currency == currency, Statement.id.not_in(select(PayoutStatement.statement_id)))
        .order_by(Statement.id)
    ):
        if route != "payslip" or statement.id in on_slip:
            due[statement.influencer_id].append(statement)
    return due


def pay_out(session: Session, currency: str, agency: dict[str, str], on: date, now: datetime) -> Document:
    """Make a batch of everything due in `currency`; raises Conflict where nobody has a positive balance."""
    lock_name(session, "payout")
    batch = []
    for influencer_id, statements in due_statements(session, currency).items():
        amount = -balance(session, "influencer_due", influencer_id, currency)
        if amount > 0:
            batch.append((session.get_one(Influencer, influencer_id), statements, amount))
    if not batch:
        raise Conflict(Said("nothing is due in %(currency)s", currency=currency))
    document = issue(
        session,
        "payout_batch",
        {
            "issued_at": iso(now),
            "currency": currency,
            "timezone": "Asia/Jerusalem",
            "agency": agency,
            "pay_date": on.isoformat(),
            "rows": [_row(influencer, statements, amount) for influencer, statements, amount in batch],
            "total_minor": sum(amount for _, _, amount in batch),
        },
        "en",
        now,
        on.year,
    )
    for influencer, statements, amount in batch:
        post(
            session,
            "payout",
            {Leg("influencer_due", influencer.id, currency): amount, Leg("bank_clearing", 0, currency): -amount},
            now,
            document_id=document.id,
        )
        crash_point("payouts.posted")
        session.add_all(PayoutStatement(statement_id=row.id, document_id=document.id) for row in statements)
    session.flush()
    return document


def _row(influencer: Influencer, statements: Sequence[Statement], amount_minor: int) -> dict[str, Any]:
    return {
        "influencer": influencer.public_id,
        "name": influencer.name,
        "route": influencer.payee_route,
        "id_number": influencer.id_number,
        "bank": influencer.bank_code,
        "branch": influencer.bank_branch,
        "account": influencer.bank_account,
        "statements": [statement.document.number for statement in statements],
        "amount_minor": amount_minor,
    }
