"""What the bank did with the lines of a released batch, one by one: paid, failed, or paid and sent back later.

A payment is booked when it is known to be made, never before. Its statements are settled by the same step, each
once. A failed payment leaves them due. Money that the bank sends back is booked back by a posting of its own; the
rows that say a statement was settled stay, since they are never changed, and the returned line says that it is due
again (dues.given_back), as a part of the next batch.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.commissions.ledger import Leg, post
from campaigns.crash import crash_point
from campaigns.errors import Conflict, Invalid, Said
from campaigns.models import Document, LedgerAccount, LedgerTransaction, PayoutLine, PayoutStatement, Posting
from campaigns.reasons import read_reason
from campaigns.settlement.paying.payouts import finish, parts_of
from campaigns.settlement.paying.remittance import issue_advice
from campaigns.settlement.wallets.wallets import hold_dues, payout_legs

LONGEST_REFERENCE = 100


def mark_paid(
    session: Session,
    line: PayoutLine,
    reference: str,
    on: date,
    agency: dict[str, str],
    now: datetime,
    user_id: int | None,
) -> Document:
    """Book one payment the bank made `on` a day; returns the advice for the payee. Raises Conflict, or Invalid."""
    if len(reference.strip()) > LONGEST_REFERENCE:
        raise Invalid({"reference": [Said("This is too long.")]})
    _hold(session, line)
    if line.status != "released":
        raise Conflict(Said("this payment is %(status)s: it can't be marked as paid", status=line.status))
    _post(session, "payout", line, payout_legs(session, line.influencer_id, line.currency, parts_of(line)), now)
    crash_point("payouts.posted")
    settled = set(
        session.scalars(
            select(PayoutStatement.statement_id).where(PayoutStatement.statement_id.in_(line.statement_ids))
        )
    )
    document_id = line.batch.document_id
    session.add_all(
        PayoutStatement(statement_id=number, document_id=document_id)
        for number in line.statement_ids
        if number not in settled  # by a payment that the bank sent back
    )
    line.bank_reference = reference.strip()
    _mark(session, line, "paid", now, user_id)
    return issue_advice(session, line, on, agency, now)


def mark_failed(session: Session, line: PayoutLine, reason: str, now: datetime, user_id: int | None) -> str:
    """The bank did not make a payment, or sent it back after it was booked: it is due again. Returns the new status.

    Raises Conflict, or Invalid without a reason.
    """
    text = read_reason(reason)
    _hold(session, line)
    if line.status not in ("released", "paid"):
        raise Conflict(Said("this payment is %(status)s: it can't be marked as failed", status=line.status))
    status = "failed" if line.status == "released" else "returned"
    if status == "returned":
        _post(session, "payout_returned", line, {leg: -amount for leg, amount in _booked(session, line).items()}, now)
    line.failure_reason = text
    _mark(session, line, status, now, user_id)
    return status


def payments_of(session: Session, influencer_id: int) -> Sequence[PayoutLine]:
    """What an influencer was paid, is being paid or was not paid, the newest first; not what is only prepared."""
    told = PayoutLine.status.in_(("released", "paid", "failed", "returned"))
    mine = select(PayoutLine).where(PayoutLine.influencer_id == influencer_id, told)
    return session.scalars(mine.order_by(PayoutLine.id.desc())).all()


def _hold(session: Session, line: PayoutLine) -> None:
    hold_dues(session)
    session.refresh(line)


def _mark(session: Session, line: PayoutLine, status: str, now: datetime, user_id: int | None) -> None:
    line.status, line.marked_at, line.marked_by_user_id = status, now, user_id
    finish(session, line.batch)


def _post(session: Session, kind: str, line: PayoutLine, legs: Mapping[Leg, int], now: datetime) -> None:
    """Book `legs` of what is due to the payee against the bank."""
    bank = {Leg("bank_clearing", 0, line.currency): -sum(legs.values())}
    post(session, kind, {**legs, **bank}, now, document_id=line.batch.document_id)


def _booked(session: Session, line: PayoutLine) -> dict[Leg, int]:
    """What the payment of a line took from what was due, leg by leg: a batch pays each payee once."""
    rows = session.execute(
        select(Posting.campaign_id, Posting.participation_id, func.sum(Posting.amount_minor))
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
        .where(
            LedgerTransaction.kind == "payout",
            LedgerTransaction.document_id == line.batch.document_id,
            LedgerAccount.kind == "influencer_due",
            LedgerAccount.owner_id == line.influencer_id,
        )
        .group_by(Posting.campaign_id, Posting.participation_id)
    )
    return {
        Leg("influencer_due", line.influencer_id, line.currency, campaign, participation): int(amount)
        for campaign, participation, amount in rows
    }
