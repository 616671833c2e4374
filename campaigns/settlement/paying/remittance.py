"""The advice of a payment, for whoever was paid: how much, when, where to, and for which statements.

The account is named by its last three digits. What the payment differs from the sum of its statements by is VAT, was
withheld by payslips or papers, or is a balance of earlier ones.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.clock import iso
from campaigns.documents.issue import issue
from campaigns.models import Campaign, Document, PayoutLine, Statement
from campaigns.settlement.paying.taken import taken_by_papers, taken_by_payslips


def issue_advice(session: Session, line: PayoutLine, on: date, agency: dict[str, str], now: datetime) -> Document:
    """Issue the advice of one payment, in the payee's language."""
    rows = _statements(session, line.statement_ids)
    stated = sum(row["amount_minor"] for row in rows)
    vat, withheld = taken_by_papers(session, line)
    withheld += taken_by_payslips(session, line)
    contents = {
        "issued_at": iso(now),
        "currency": line.currency,
        "timezone": "Asia/Jerusalem",
        "agency": {key: agency[key] for key in ("name", "legal_name", "registration_number", "address", "email")},
        "influencer": {"name": line.payee["name"], "id_number": line.payee["id_number"] or None},
        "batch": line.batch.document.number,
        "paid_on": on.isoformat(),
        "account_ending": ending(line.payee["account"]),
        "reference": line.bank_reference,
        "statements": rows,
        "stated_minor": stated,
        "vat_minor": vat,
        "withheld_minor": withheld,
        "carried_minor": line.amount_minor - (stated + vat - withheld),
        "difference_minor": line.amount_minor - stated,
        "amount_minor": line.amount_minor,
    }
    return issue(
        session, "remittance_advice", contents, line.influencer.language, now, on.year, influencer_id=line.influencer_id
    )


def ending(account: str) -> str:
    """The last three characters of an account: enough to know one's own by.

    >>> ending("4123456"), ending("")
    ('456', '')
    """
    return account[-3:]


def _statements(session: Session, ids: list[int]) -> list[dict[str, Any]]:
    found = session.execute(
        select(Statement, Campaign.name)
        .outerjoin(Campaign, Campaign.id == Statement.campaign_id)
        .where(Statement.id.in_(ids))
        .order_by(Statement.id)
    )
    return [
        {"number": statement.document.number, "campaign": name or "", "amount_minor": statement.amount_minor}
        for statement, name in found
    ]
