"""The proof that a brand pays for success only: what stands on its account comes from sales, or settles what does.

Every posting there is a charge of a credited order, or of a contact under terms that pay for one; the VAT on the fee of
a bill; or money received, offset, or collected by the partner for the brand. Any other is a breach, and so is a bill
that is not the sum of its postings.
"""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from campaigns.commissions.ledger import EARNING_KINDS
from campaigns.deductions.entered import ever
from campaigns.deductions.tables import Tables
from campaigns.models import (
    Acceptance,
    AttributionDecision,
    Bill,
    BillPosting,
    Contact,
    Document,
    LedgerAccount,
    LedgerTransaction,
    Posting,
)
from campaigns.money import share
from campaigns.settlement.billing.charges import charges
from campaigns.settlement.billing.vat import was_ever

SETTLING = ("brand_payment", "offset")
KNOWN = (*EARNING_KINDS, "bill", *SETTLING)


def breaches_of_bills(session: Session) -> Iterator[str]:
    """Every posting on a brand's account that traces to no sale, and every bill that doesn't add up."""
    yield from _of_no_known_kind(session)
    yield from _of_no_sale(session)
    yield from _of_no_paying_terms(session)
    yield from _of_no_bill(session)
    yield from _bills(session)


def _on_brands(*more: Any) -> Select[int, str]:
    """(posting, kind of its transaction) on brands' accounts, of those that `more` asks for."""
    return (
        select(Posting.id, LedgerTransaction.kind)
        .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(LedgerAccount.kind == "brand_receivable", *more)
        .order_by(Posting.id)
    )


def _of_no_known_kind(session: Session) -> Iterator[str]:
    for posting, kind in session.execute(_on_brands(LedgerTransaction.kind.not_in(KNOWN))):
        yield f"I9 posting {posting}: {kind} on a brand's account, which only sales and payments may touch"


def _of_no_sale(session: Session) -> Iterator[str]:
    """Charges whose order, or contact, was never credited to the participant they name."""
    credited = select(AttributionDecision.id).where(
        AttributionDecision.order_id == LedgerTransaction.order_id,
        AttributionDecision.participation_id == Posting.participation_id,
    )
    contact = select(Contact.id).where(Contact.id == LedgerTransaction.contact_id)
    traced = or_(
        and_(LedgerTransaction.contact_id.is_(None), credited.exists()),
        and_(LedgerTransaction.order_id.is_(None), contact.exists()),
    )
    for posting, kind in session.execute(_on_brands(LedgerTransaction.kind.in_(EARNING_KINDS), ~traced)):
        yield f"I9 posting {posting}: {kind} that traces to no credited sale or contact"


def _of_no_paying_terms(session: Session) -> Iterator[str]:
    """Charges for contacts of participants who accepted no terms that pay for any."""
    of_contacts = LedgerTransaction.contact_id.is_not(None)
    people = set(
        session.scalars(_on_brands(of_contacts).with_only_columns(Posting.participation_id).distinct().order_by(None))
    )
    accepted = select(Acceptance.participation_id, Acceptance.terms).where(Acceptance.participation_id.in_(people))
    paying = {person for person, terms in session.execute(accepted) if "leads" in terms}
    unpaid = [person for person in people if person not in paying]
    stray = _on_brands(of_contacts, or_(Posting.participation_id.in_(unpaid), Posting.participation_id.is_(None)))
    for posting, _ in session.execute(stray):
        yield f"I9 posting {posting}: charges a contact, and no accepted terms pay for contacts"


def _of_no_bill(session: Session) -> Iterator[str]:
    """VAT and payments of a document that is no bill of this brand."""
    its_bill = select(Bill.id).where(
        Bill.document_id == LedgerTransaction.document_id, Bill.brand_id == LedgerAccount.owner_id
    )
    stray = _on_brands(LedgerTransaction.kind.in_(("bill", "brand_payment")), ~its_bill.exists())
    for posting, kind in session.execute(stray):
        yield f"I9 posting {posting}: {kind} of no bill of this brand"


def _bills(session: Session) -> Iterator[str]:
    """Each bill against the postings it took, its lines, the VAT of its day, and what was posted of that."""
    taken, tables = _taken(session), ever(session)
    vat_posted = _vat_posted(session)
    rows = session.execute(select(Bill, Document).join(Document, Document.id == Bill.document_id).order_by(Bill.id))
    for bill, document in rows:
        contents = json.loads(document.contents)
        commission, fee, collected, stray = taken.get(bill.id, (0, 0, 0, 0))
        said = (bill.commission_minor, bill.fee_minor)
        if stray:
            yield f"I9 bill {document.number}: {stray} of its postings are no charges of its campaign"
        if said != (commission, fee):
            yield f"I9 bill {document.number}: says {said}, its postings say {(commission, fee)}"
        yield from _contents_breaches(bill, contents, collected)
        wanted = _vat_wanted(contents, fee, tables)
        for what, amount in (("its row", bill.vat_minor), ("the ledger", vat_posted.get(bill.document_id, 0))):
            if amount != wanted:
                yield f"I9 bill {document.number}: VAT {amount} by {what}, {wanted} on a fee of {fee}"


def _contents_breaches(bill: Bill, contents: dict[str, Any], collected: int) -> Iterator[str]:
    totals, number = contents["totals"], contents["number"]
    wanted = {
        "commission_minor": bill.commission_minor,
        "agency_fee_minor": bill.fee_minor,
        "collected_minor": collected,
        "vat_minor": bill.vat_minor,
        "total_minor": bill.commission_minor + bill.fee_minor + collected + bill.vat_minor,
    }
    for name, amount in wanted.items():
        if totals[name] != amount:
            yield f"I9 bill {number}: {name} is {totals[name]} on paper, {amount} in the books"
    for name in ("commission_minor", "agency_fee_minor", "collected_minor"):
        if totals[name] != sum(line[name] for line in contents["lines"]):
            yield f"I9 bill {number}: {name} is not the sum of its lines"


def _taken(session: Session) -> dict[int, tuple[int, int, int, int]]:
    """Bill -> commission, fee, and what was collected, by the postings it took; and how many of those are strays."""
    charged = charges().order_by(None).subquery()
    rows = session.execute(
        select(
            BillPosting.bill_id,
            charged.c.kind,
            func.sum(charged.c.amount_minor),
            func.sum(charged.c.fee_minor),
        )
        .join(charged, charged.c.id == BillPosting.posting_id)
        .group_by(BillPosting.bill_id, charged.c.kind)
    )
    found: dict[int, tuple[int, int, int, int]] = {}
    for bill, kind, amount, fee in rows:
        commission, fees, collected, stray = found.get(bill, (0, 0, 0, 0))
        if kind == "accrual":
            found[bill] = (commission + int(amount) - int(fee), fees + int(fee), collected, stray)
        else:
            found[bill] = (commission, fees, collected + int(amount), stray)
    for bill, count in session.execute(_strays()):
        commission, fees, collected, _ = found.get(bill, (0, 0, 0, 0))
        found[bill] = (commission, fees, collected, count)
    return found


def _strays() -> Select[int, int]:
    """Bill -> how many of the postings it took are no charges of its own campaign, brand and currency."""
    own = and_(
        LedgerAccount.kind == "brand_receivable",
        LedgerAccount.owner_id == Bill.brand_id,
        LedgerAccount.currency == Bill.currency,
        LedgerTransaction.kind.in_(EARNING_KINDS),
        Posting.campaign_id == Bill.campaign_id,
    )
    return (
        select(BillPosting.bill_id, func.count())
        .join(Bill, Bill.id == BillPosting.bill_id)
        .join(Posting, Posting.id == BillPosting.posting_id)
        .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(~own)
        .group_by(BillPosting.bill_id)
    )


def _vat_posted(session: Session) -> dict[int | None, int]:
    """Document -> the VAT posted for it on brands' accounts."""
    rows = session.execute(
        select(LedgerTransaction.document_id, func.sum(Posting.amount_minor))
        .join(Posting, Posting.transaction_id == LedgerTransaction.id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(LedgerAccount.kind == "brand_receivable", LedgerTransaction.kind == "bill")
        .group_by(LedgerTransaction.document_id)
    )
    return {document: int(amount) for document, amount in rows}


def _vat_wanted(contents: dict[str, Any], fee_minor: int, tables: Tables) -> int | None:
    """The VAT of the bill's day on a fee, worked out anew; None, which nothing equals, where it never was that rate."""
    vat = contents["vat"]
    known = was_ever(vat["country"], date.fromisoformat(vat["on"]), vat["rate_bps"], tables)
    return share(fee_minor, vat["rate_bps"]) if known else None
