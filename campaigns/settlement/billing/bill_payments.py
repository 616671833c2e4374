"""What brands have paid, as staff note it from the bank's account, and what is therefore open of a bill."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.commissions.ledger import Leg, post
from campaigns.documents.issue import contents_of
from campaigns.errors import Conflict, Invalid, Said
from campaigns.models import Bill, LedgerAccount, LedgerTransaction, Posting
from campaigns.money import format_minor
from campaigns.settlement.wallets.wallets import hold_dues

LONGEST_REFERENCE = 100


@dataclass(frozen=True)
class Settled:
    """One payment of a bill, or an offset against it, in minor units; `on` is the day it was received."""

    kind: str
    amount_minor: int
    on: date
    reference: str


@dataclass(frozen=True)
class BillState:
    """A bill with what it comes to, and what has been paid and offset of it."""

    bill: Bill
    total_minor: int
    settled: tuple[Settled, ...]

    @property
    def open_minor(self) -> int:
        """What is still to be paid; negative for a credit."""
        return self.total_minor - sum(one.amount_minor for one in self.settled)


def states_of(session: Session, bills: Iterable[Bill]) -> list[BillState]:
    """Bills with what is open of each."""
    return [_state(session, bill) for bill in bills]


def record_payment(
    session: Session, bill: Bill, amount_minor: int, received_on: date, reference: str, now: datetime
) -> int:
    """Note an amount received against a bill; the ledger transaction's id.

    Raises Invalid for an amount above what is open and without the bank's reference, and Conflict where that reference
    was noted for this bill before: somebody pressed the button twice.
    """
    hold_dues(session)
    state, known = _state(session, bill), reference.strip()
    errors: dict[str, list[str]] = {}
    if not 0 < amount_minor <= state.open_minor:
        most = format_minor(max(0, state.open_minor), bill.currency)
        errors["amount_minor"] = [Said("must be above zero and at most what is open, %(most)s", most=most)]
    if not known:
        errors["reference"] = [Said("is missing")]
    elif len(known) > LONGEST_REFERENCE:
        errors["reference"] = [Said("has more than %(most)s characters", most=LONGEST_REFERENCE)]
    if any(one.reference == known for one in state.settled if one.kind == "brand_payment"):
        raise Conflict("a payment with this reference is noted for this bill already")
    if errors:
        raise Invalid(errors)
    place = (bill.currency, bill.campaign_id)
    transaction = post(
        session,
        "brand_payment",
        {
            Leg("bank_clearing", 0, *place): amount_minor,
            Leg("brand_receivable", bill.brand_id, *place): -amount_minor,
        },
        now,
        document_id=bill.document_id,
        basis={"reference": known, "received_on": received_on.isoformat()},
    )
    assert transaction is not None  # the amount is more than zero
    return transaction


def _state(session: Session, bill: Bill) -> BillState:
    total = int(contents_of(bill.document)["totals"]["total_minor"])
    return BillState(bill, total, tuple(_settled(session, bill)))


def _settled(session: Session, bill: Bill) -> Iterable[Settled]:
    """Payments name the bill's document; offsets are documents of their own and name its number."""
    rows = session.execute(
        select(LedgerTransaction, Posting.amount_minor)
        .join(Posting, Posting.transaction_id == LedgerTransaction.id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(
            LedgerAccount.kind == "brand_receivable",
            LedgerAccount.owner_id == bill.brand_id,
            LedgerAccount.currency == bill.currency,
            LedgerTransaction.kind.in_(("brand_payment", "offset")),
        )
        .order_by(LedgerTransaction.id)
    )
    for transaction, amount in rows:
        basis = transaction.basis or {}
        if transaction.document_id == bill.document_id:
            day = date.fromisoformat(basis["received_on"])
            yield Settled(transaction.kind, -amount, day, str(basis["reference"]))
        elif basis.get("against") == bill.document.number:
            yield Settled(transaction.kind, -amount, transaction.recorded_at.date(), "")
