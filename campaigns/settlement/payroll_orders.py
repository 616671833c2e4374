"""Orders to a payroll provider: who is to get a payslip from the provider for a month, and what it needs to know.

An agency that pays slips through a provider issues none itself: statements on the payslip route wait, and once a month
those that wait are handed over in one order. A statement is in one order only. The provider invoices the agency and
pays the people; the agency pays that invoice outside of its batches, so what is handed over never gets into one.
"""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.clock import iso
from campaigns.deductions.certificates import coordination_on
from campaigns.documents.issue import issue
from campaigns.errors import Conflict, Invalid, Said
from campaigns.models import Campaign, Document, Influencer, PayrollOrderStatement, Statement
from campaigns.settlement.payslips import employment_start, unpaid_statements, worth_paying
from campaigns.settlement.wallets.wallets import hold_dues

KIND = "payroll_order"
ZONE = "Asia/Jerusalem"


@dataclass(frozen=True)
class Waiting:
    """One person whose statements wait for the provider, and what they come to in minor units."""

    influencer: Influencer
    currency: str
    statements: tuple[Statement, ...]

    @property
    def gross_minor(self) -> int:
        """The wages before deductions."""
        return sum(one.amount_minor for one in self.statements)

    @property
    def missing(self) -> list[str]:
        """What the provider will ask for: names of fields that are empty."""
        person = self.influencer
        fields = {"id_number": person.id_number, "address": person.address, "bank_account": person.bank_account}
        return [name for name, value in fields.items() if not value]


def waiting(session: Session, currency: str) -> list[Waiting]:
    """Everyone with statements to be handed over, by name; who owes more than they earned waits on."""
    stated = select(Statement.influencer_id).where(Statement.currency == currency)
    people = select(Influencer).where(Influencer.id.in_(stated)).order_by(Influencer.name, Influencer.id)
    found = [
        Waiting(person, currency, tuple(worth_paying(session, unpaid_statements(session, person.id, currency))))
        for person in session.scalars(people).all()
    ]
    return [one for one in found if one.gross_minor > 0]


def order(
    session: Session, currency: str, period: str, agency: dict[str, str], now: datetime, language: str = "he"
) -> Document:
    """Hand over what waits, as the wages of a month such as `2026-05`; raises Invalid and Conflict.

    Whose identity number is missing can't be given a payslip: the order names them all in its refusal.
    """
    start = _month(period)
    if not agency.get("payroll_provider"):
        raise Conflict("no payroll provider is set: payslips are issued here")
    hold_dues(session)  # of two at once the second finds nothing
    people = waiting(session, currency)
    if not people:
        raise Conflict("no statement waits for the payroll provider")
    nameless = [one.influencer.name for one in people if not one.influencer.id_number]
    if nameless:
        raise Conflict(
            Said("these are paid by payslip and have no identity number: %(names)s", names=", ".join(nameless))
        )
    last = start.replace(day=monthrange(start.year, start.month)[1])
    contents = {
        "issued_at": iso(now),
        "currency": currency,
        "timezone": ZONE,
        "agency": {
            key: agency[key] for key in ("name", "legal_name", "registration_number", "tax_file", "address", "email")
        },
        "provider": {
            "name": agency["payroll_provider"],
            "legal_name": "",
            "registration_number": agency.get("payroll_provider_number", ""),
        },
        "period": period,
        "period_start": start.isoformat(),
        "period_end": last.isoformat(),
        "rows": [_row(session, one, last) for one in people],
        "total_minor": sum(one.gross_minor for one in people),
    }
    document = issue(session, KIND, contents, language, now, start.year)
    session.add_all(
        PayrollOrderStatement(statement_id=statement.id, document_id=document.id)
        for one in people
        for statement in one.statements
    )
    session.flush()
    return document


def orders(session: Session) -> Sequence[Document]:
    """The orders made, the newest first."""
    return session.scalars(select(Document).filter_by(kind=KIND).order_by(Document.id.desc())).all()


def _month(period: str) -> date:
    try:
        start = date.fromisoformat(f"{period}-01")
    except ValueError as error:
        raise Invalid({"period": [Said("must be a month such as 2026-05")]}) from error
    return start


def _row(session: Session, one: Waiting, on: date) -> dict[str, Any]:
    """What the provider needs of a person: who they are, what they declared on form 101, and where they are paid."""
    person = one.influencer
    return {
        "influencer": person.public_id,
        "name": person.name,
        "id_number": person.id_number,
        "id_ending": person.id_number[-3:],
        "address": person.address,
        "employment_start": employment_start(session, person, on).isoformat(),
        "gross_minor": one.gross_minor,
        "form_101": {
            "given": person.credit_points is not None or person.second_employer,
            "credit_points": person.credit_points,
            "second_employer": person.second_employer,
            "coordination": [
                {"upto_minor": step["upto_minor"], "rate_bps": step["rate_bps"]}
                for step in coordination_on(session, person, on)
            ],
        },
        "bank": {"bank": person.bank_code, "branch": person.bank_branch, "account": person.bank_account},
        "account_ending": person.bank_account[-3:],
        "statements": [
            {
                "number": statement.document.number,
                "campaign": _campaign(session, statement),
                "amount_minor": statement.amount_minor,
            }
            for statement in one.statements
        ],
    }


def _campaign(session: Session, statement: Statement) -> str:
    campaign = session.get(Campaign, statement.campaign_id) if statement.campaign_id else None
    return campaign.name if campaign else ""
