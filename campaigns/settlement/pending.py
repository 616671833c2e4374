"""What is earned and may still go back: commission of orders whose goods can be returned, and until when.

The same as `pending` of settlement/earnings.py, added up: open in the books, on no statement, not held, and within
the days of return of the terms it was earned under.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from campaigns.db import unindexed
from campaigns.models import (
    Acceptance,
    AttributionDecision,
    Hold,
    LedgerAccount,
    LedgerTransaction,
    Order,
    Posting,
    StatementPosting,
)


@dataclass(frozen=True)
class Pending:
    """Of one participation: how many orders, what they earn in minor units, and when the first and last are sure."""

    orders: int
    amount_minor: int
    first_until: datetime
    last_until: datetime


def pending_of(session: Session, participation_ids: Collection[int], now: datetime) -> dict[int, Pending]:
    """participation id -> what is pending of it; those with nothing pending are missing."""
    accepted = session.scalars(select(Acceptance).where(Acceptance.participation_id.in_(participation_ids)))
    days = {one.id: timedelta(days=one.terms["return_window_days"]) for one in accepted}
    returnable = [
        and_(AttributionDecision.acceptance_id == number, Order.placed_at > now - window)
        for number, window in days.items()
    ]
    if not returnable:
        return {}
    rows = session.execute(
        select(
            AttributionDecision.participation_id,
            AttributionDecision.acceptance_id,
            func.count(Order.id.distinct()),
            func.sum(Posting.amount_minor),
            func.min(Order.placed_at),
            func.max(Order.placed_at),
        )
        .join(Order, Order.id == AttributionDecision.order_id)
        .join(LedgerTransaction, LedgerTransaction.order_id == Order.id)
        .join(Posting, Posting.transaction_id == LedgerTransaction.id)
        # By the account SQLite would read what is pending of everybody.
        .join(LedgerAccount, LedgerAccount.id == unindexed(Posting.account_id))
        .outerjoin(StatementPosting, StatementPosting.posting_id == Posting.id)
        .outerjoin(Hold, and_(Hold.order_id == Order.id, Hold.released_at.is_(None)))
        .where(
            or_(*returnable),
            AttributionDecision.superseded_at.is_(None),
            AttributionDecision.participation_id == Posting.participation_id,
            LedgerTransaction.kind == "accrual",
            AttributionDecision.participation_id.in_(participation_ids),  # by which decisions are found
            LedgerAccount.kind == "influencer_pending",
            StatementPosting.posting_id.is_(None),
            Hold.id.is_(None),
            Order.is_sale,
            or_(Order.refunded_minor < Order.net_minor, Order.refunded_minor == 0),
        )
        .group_by(AttributionDecision.participation_id, AttributionDecision.acceptance_id)
    )
    found: dict[int, Pending] = {}
    for participation_id, acceptance_id, count, amount, first, last in rows:
        assert participation_id is not None and acceptance_id is not None  # asked for by their ids
        window = days[acceptance_id]
        one = Pending(count, -int(amount), first + window, last + window)
        found[participation_id] = _together(found.get(participation_id), one)
    return found


def _together(before: Pending | None, one: Pending) -> Pending:
    """Of orders under older terms and under newer ones."""
    if before is None:
        return one
    return Pending(
        before.orders + one.orders,
        before.amount_minor + one.amount_minor,
        min(before.first_until, one.first_until),
        max(before.last_until, one.last_until),
    )
