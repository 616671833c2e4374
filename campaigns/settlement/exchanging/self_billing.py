"""Invoices we write in a payee's name, where the payee has agreed to that; each is accepted, or rejected in time.

They carry what Council Directive 2006/112/EC art. 226 lists. A rejected one is taken back by a credit note that names
it, and the payee is asked for an invoice of their own. Silence for DAYS_TO_ANSWER days is acceptance, as agreed.
"""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.clock import iso
from campaigns.documents.answers import hold_answers
from campaigns.documents.issue import contents_of, issue
from campaigns.errors import Conflict, Said
from campaigns.models import Document, DocumentAnswer, Influencer, SelfBillingAgreement, Statement, User
from campaigns.reasons import read_reason
from campaigns.settlement.exchanging.asked import HOME, Asked, asked_of
from campaigns.settlement.exchanging.booking import BY_SELF_BILLING, SELF_BILLING_TAKEN_BACK, book
from campaigns.settlement.exchanging.frozen import AGENCY, amounts_of, campaign_of, payee_of
from campaigns.settlement.exchanging.requests import issue_request
from campaigns.settlement.exchanging.standing import ACCEPTED, CREDIT_NOTE, INVOICE, OURS, invoice_state
from campaigns.settlement.exchanging.wording import DAYS_TO_ANSWER, UNITED_KINGDOM
from campaigns.settlement.wallets.wallets import hold_dues


def issue_invoice(
    session: Session,
    statement: Statement,
    agreement: SelfBillingAgreement,
    agency: dict[str, str],
    on: date,
    now: datetime,
) -> Document:
    """Issue the invoice for a statement, dated `on`, and book its VAT and withholding. Raises MissingTableRow."""
    payee = session.get_one(Influencer, statement.influencer_id)
    asked = asked_of(session, statement, payee, agency, issued_on=on, pay_on=on)
    document = issue(
        session, INVOICE, _contents(statement, agreement, asked, agency, on, now), payee.language, now, on.year,
        campaign_id=statement.campaign_id, participation_id=statement.participation_id, influencer_id=payee.id,
    )  # fmt: skip
    basis = {"vat": asked.vat.source, "agreement": agreement.public_id}
    book(session, BY_SELF_BILLING, statement, asked.vat_minor, asked.withheld_minor, basis, now, document.id)
    return document


def _contents(
    statement: Statement,
    agreement: SelfBillingAgreement,
    asked: Asked,
    agency: dict[str, str],
    on: date,
    now: datetime,
) -> dict[str, Any]:
    payee, stated = agreement.influencer, contents_of(statement.document)
    campaign = campaign_of(stated)
    return {
        "issued_at": iso(now),
        "currency": statement.currency,
        "timezone": stated["timezone"],
        "date": on.isoformat(),
        "supplied_at": min(campaign["ends_at"], iso(now)),
        "agency": {key: agency[key] for key in AGENCY},
        "payee": {**payee_of(payee, statement.route or payee.payee_route), "vat_number": agreement.vat_number},
        "agreement": {
            "id": agreement.public_id,
            "from": agreement.from_date.isoformat(),
            "to": agreement.to_date.isoformat(),
            "sha256": agreement.sha256,
        },
        "statement": statement.document.number,
        "campaign": campaign,
        "quantity": 1,
        "unit_price_minor": asked.net_minor,
        "amounts": amounts_of(asked),
        "vat": {"rate_bps": asked.vat.rate_bps, "row": asked.vat.source},
        "reverse_charge": payee.country != HOME and bool(agreement.vat_number),
        "united_kingdom": payee.country == UNITED_KINGDOM,
        "answer_at": f"{agency['site']}/me/statements/{statement.document.public_id}/paper",
        "answer_by": (on + timedelta(days=DAYS_TO_ANSWER)).isoformat(),
    }


def accept_invoice(session: Session, invoice: Document, user: User, on: date, now: datetime) -> None:
    """The payee accepts an invoice before the time to reject it is over. Raises Conflict."""
    _hold(session, invoice, on, (OURS,))
    session.add(DocumentAnswer(document_id=invoice.id, user_id=user.id, answer="acknowledged", answered_at=now))
    session.flush()


def reject_invoice(
    session: Session, invoice: Document, user: User, reason: str, agency: dict[str, str], on: date, now: datetime
) -> Document:
    """The payee rejects an invoice: a credit note takes it back, and their own is asked for. Raises Conflict, Invalid.

    Returns the credit note.
    """
    why = read_reason(reason)
    _hold(session, invoice, on, (OURS, "disputed"))
    said = {"document_id": invoice.id, "user_id": user.id, "answer": "disputed"}
    if session.scalar(select(DocumentAnswer.id).filter_by(**said)) is None:  # a doubt may have been told before
        session.add(DocumentAnswer(**said, reason=why, answered_at=now))
    statement = statement_of(session, invoice)
    note = _credit_note(session, invoice, statement, why, on, now)
    issue_request(session, statement, agency, on, now)
    return note


def hold_standing(session: Session, invoice: Document, on: date) -> None:
    """Before it is acknowledged as any paper may be: one that was taken back can't be. Raises Conflict."""
    _hold(session, invoice, on, (OURS, "disputed", ACCEPTED))


def statement_of(session: Session, invoice: Document) -> Statement:
    """The statement an invoice of ours is for."""
    number = contents_of(invoice)["statement"]
    named = select(Statement).join(Document, Document.id == Statement.document_id).where(Document.number == number)
    return session.scalars(named).one()


def _credit_note(
    session: Session, invoice: Document, statement: Statement, why: str, on: date, now: datetime
) -> Document:
    billed = contents_of(invoice)
    kept = ("currency", "timezone", "supplied_at", "agency", "payee", "agreement", "statement", "campaign", "quantity",
            "vat", "reverse_charge", "united_kingdom")  # fmt: skip
    contents = {
        **{key: billed[key] for key in kept},
        "issued_at": iso(now),
        "date": on.isoformat(),
        "invoice": {"number": invoice.number, "date": billed["date"]},
        "reason": why,
        "unit_price_minor": -billed["unit_price_minor"],
        "amounts": {name: -amount for name, amount in billed["amounts"].items()},
    }
    note = issue(
        session, CREDIT_NOTE, contents, invoice.language, now, on.year, campaign_id=invoice.campaign_id,
        participation_id=invoice.participation_id, influencer_id=invoice.influencer_id, corrects_id=invoice.id,
    )  # fmt: skip
    amounts, basis = contents["amounts"], {"invoice": invoice.number}
    vat_minor, withheld_minor = amounts["vat_minor"], amounts["withheld_minor"]
    book(session, SELF_BILLING_TAKEN_BACK, statement, vat_minor, withheld_minor, basis, now, note.id)
    return note


def _hold(session: Session, invoice: Document, on: date, answerable: tuple[str, ...]) -> None:
    """An invoice is answered once, and in time; of two answers at once the second finds it answered."""
    hold_dues(session)
    hold_answers(session, invoice)  # it can be doubted as any paper, and that holds nothing that is due
    state = invoice_state(session, invoice, on)
    if state not in answerable:
        raise Conflict(Said("this invoice is %(status)s: it can't be answered any more", status=state))
