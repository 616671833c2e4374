"""Credit that is given with a reason, and offset against what its holder owes. It is never paid out.

The agency pays for it: granting debits compensation_expense, never what a brand is charged. An influencer's credit is
offset against a brand's negative due, named by a statement; a brand's against what it owes, named by a bill. Each
offset is a numbered note, and is no larger than the credit, the debt and the document it names.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.clock import iso
from campaigns.commissions.ledger import Leg, balance, post
from campaigns.documents.issue import contents_of, issue
from campaigns.errors import Conflict, Invalid, Said
from campaigns.models import Bill, Brand, Document, Influencer, PayoutLine, Statement
from campaigns.money import LARGEST_MINOR, exponent, format_minor
from campaigns.reasons import read_reason
from campaigns.settlement.billing.bill_payments import states_of
from campaigns.settlement.wallets.wallets import brand_of, due_by_brand, hold_dues

Party = Influencer | Brand


@dataclass(frozen=True)
class Room:
    """How much may be offset against a document, and which leg the offset credits."""

    most_minor: int
    against: Leg


def grant_credit(session: Session, party: Party, currency: str, amount_minor: int, reason: str, now: datetime) -> int:
    """Give credit that may only be offset, at the agency's expense; returns the ledger transaction's id."""
    text = read_reason(reason)
    _check(amount_minor, currency)
    legs = {
        Leg("compensation_expense", 0, currency): amount_minor,
        Leg(credit_account(party), party.id, currency): -amount_minor,
    }
    transaction = post(session, "credit", legs, now, basis={"reason": text})
    assert transaction is not None  # the amount is more than zero
    return transaction


def offset(
    session: Session,
    party: Party,
    against: Document | None,
    amount_minor: int,
    agency: dict[str, str],
    on: date,
    now: datetime,
) -> Document:
    """Set credit of `party` off against a document of theirs: a statement or a bill. Returns the offset note.

    Raises Conflict without a document, since credit is never paid out, and for more than there is of either.
    """
    if against is None:
        raise Conflict(
            Said("this credit may only be offset against what its holder owes, and is never paid out: name a document")
        )
    hold_dues(session)
    currency = str(contents_of(against)["currency"])
    _check(amount_minor, currency)
    room = _room(session, party, against, currency)
    credit = -balance(session, credit_account(party), party.id, currency)
    if amount_minor > min(room.most_minor, credit):
        raise Conflict(
            Said(
                "at most %(most)s %(currency)s can be offset here: the credit is %(credit)s, what is owed %(owed)s",
                most=format_minor(max(0, min(room.most_minor, credit)), currency),
                currency=currency,
                credit=format_minor(credit, currency),
                owed=format_minor(max(0, room.most_minor), currency),
            )
        )
    note = _note(session, party, against, amount_minor, (credit, room.most_minor), agency, on, now)
    legs = {Leg(credit_account(party), party.id, currency): amount_minor, room.against: -amount_minor}
    post(session, "offset", legs, now, document_id=note.id, basis={"against": against.number})
    return note


def credit_account(party: Party) -> str:
    """The account that holds a party's credit."""
    return "influencer_credit" if isinstance(party, Influencer) else "brand_credit"


def _check(amount_minor: int, currency: str) -> None:
    exponent(currency)
    if not 0 < amount_minor <= LARGEST_MINOR:
        raise Invalid({"amount_minor": [Said("must be more than zero")]})


def _room(session: Session, party: Party, against: Document, currency: str) -> Room:
    if isinstance(party, Influencer):
        return _owed_by_influencer(session, party, against, currency)
    bill = session.scalar(select(Bill).filter_by(document_id=against.id, brand_id=party.id))
    if bill is None:
        raise Conflict(Said("a brand's credit is offset against a bill of its own"))
    (state,) = states_of(session, [bill])
    owed = balance(session, "brand_receivable", party.id, currency)
    return Room(min(state.open_minor, owed), Leg("brand_receivable", party.id, currency, bill.campaign_id))


def _owed_by_influencer(session: Session, party: Influencer, against: Document, currency: str) -> Room:
    """What they owe from the brand that the statement is about; a payment under way is waited for."""
    statement = session.scalar(select(Statement).filter_by(document_id=against.id, influencer_id=party.id))
    if statement is None or statement.campaign_id is None:
        raise Conflict(Said("an influencer's credit is offset against a statement of their own"))
    if statement.route == "payslip":
        raise Conflict(Said("they are paid by payslip: what they owe lowers their next slip, and is not offset"))
    under_way = select(PayoutLine.id).where(
        PayoutLine.influencer_id == party.id,
        PayoutLine.currency == currency,
        PayoutLine.status.in_(("prepared", "released")),
    )
    if session.scalar(under_way.limit(1)) is not None:
        raise Conflict(Said("a payment to them is under way: wait until it is paid or has failed"))
    brand = brand_of(session, [statement.campaign_id])[statement.campaign_id]
    owed = -due_by_brand(session, party.id, currency).get(brand, 0)
    return Room(owed, Leg("influencer_due", party.id, currency, statement.campaign_id, statement.participation_id))


def _note(
    session: Session,
    party: Party,
    against: Document,
    amount_minor: int,
    before: tuple[int, int],
    agency: dict[str, str],
    on: date,
    now: datetime,
) -> Document:
    """The numbered note: who, against what, and both balances before and after."""
    credit, owed = before
    contents: dict[str, Any] = {
        "issued_at": iso(now),
        "date": on.isoformat(),
        "timezone": "Asia/Jerusalem",
        "currency": contents_of(against)["currency"],
        "agency": {key: agency[key] for key in ("name", "legal_name", "registration_number", "address", "email")},
        "party": {"kind": "influencer" if isinstance(party, Influencer) else "brand", "name": party.name},
        "against": {"kind": against.kind, "number": against.number},
        "amount_minor": amount_minor,
        "credit_before_minor": credit,
        "credit_after_minor": credit - amount_minor,
        "owed_before_minor": owed,
        "owed_after_minor": owed - amount_minor,
    }
    whose = {"influencer_id": party.id} if isinstance(party, Influencer) else {"brand_id": party.id}
    language = party.language if isinstance(party, Influencer) else against.language
    return issue(session, "offset_note", contents, language, now, on.year, campaign_id=against.campaign_id, **whose)
