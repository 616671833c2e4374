"""What somebody earned day by day, over all their campaigns: from the ledger, on the day of the sale or contact.

Each currency is a series of its own and none is added to another. A day's commission is what stands of it now: a
refund lowers the day of its order, so the days add up to what campaigns show.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from campaigns.models import (
    AttributionDecision,
    Campaign,
    Contact,
    LedgerAccount,
    LedgerTransaction,
    Order,
    Posting,
)

SHOWN = 30


@dataclass(frozen=True)
class EarnedDay:
    """One day's sales and what they and its contacts earned, minor units."""

    on: date
    orders: int = 0
    commission_minor: int = 0


def earned_days(
    session: Session, participation_ids: Collection[int], timezone: str, now: datetime, count: int = SHOWN
) -> dict[str, list[EarnedDay]]:
    """currency -> the last `count` days, today the last, empty ones too; currencies without anything are missing."""
    zone = ZoneInfo(timezone)
    today = now.astimezone(zone).date()
    days = [today - timedelta(days=count - 1 - number) for number in range(count)]
    ends = [datetime.combine(day + timedelta(days=1), time(), zone) for day in days]
    begin = datetime.combine(days[0], time(), zone)
    orders = _orders(session, participation_ids, begin, ends)
    earned = _earned(session, participation_ids, begin, ends)
    return {
        currency: [
            EarnedDay(day, orders[currency].get(number, 0), earned[currency].get(number, 0))
            for number, day in enumerate(days)
        ]
        for currency in sorted({*orders, *earned})
    }


def _orders(
    session: Session, participation_ids: Collection[int], begin: datetime, ends: list[datetime]
) -> dict[str, dict[int, int]]:
    """currency of the campaign -> day number -> sales that are theirs."""
    place = _place(Order.placed_at, ends)
    rows = session.execute(
        select(Campaign.currency, place, func.count())
        .join(AttributionDecision, AttributionDecision.campaign_id == Campaign.id)
        .join(Order, Order.id == AttributionDecision.order_id)
        .where(
            AttributionDecision.participation_id.in_(participation_ids),
            AttributionDecision.superseded_at.is_(None),
            Order.is_sale,
            Order.placed_at >= begin,
        )
        .group_by(Campaign.currency, place)
    )
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for currency, number, amount in rows:
        found[currency][number] = int(amount)
    return found


def _earned(
    session: Session, participation_ids: Collection[int], begin: datetime, ends: list[datetime]
) -> dict[str, dict[int, int]]:
    """currency -> day number -> commission, of orders and of contacts."""
    moment = func.coalesce(Order.placed_at, Contact.happened_at, type_=Order.placed_at.type)
    place = _place(moment, ends)
    rows = session.execute(
        select(LedgerAccount.currency, place, func.sum(Posting.amount_minor))
        .join(Posting, Posting.account_id == LedgerAccount.id)
        .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
        .outerjoin(Order, Order.id == LedgerTransaction.order_id)
        .outerjoin(Contact, Contact.id == LedgerTransaction.contact_id)
        .where(
            Posting.participation_id.in_(participation_ids),
            LedgerTransaction.kind == "accrual",
            LedgerAccount.kind == "influencer_pending",
            moment >= begin,
        )
        .group_by(LedgerAccount.currency, place)
    )
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for currency, number, amount in rows:
        found[currency][number] = -int(amount)
    return found


def _place(moment: Any, ends: list[datetime]) -> ColumnElement[int]:
    """Which day a moment falls on, by its number: no database need know about time zones."""
    return case(*((moment < end, number) for number, end in enumerate(ends)), else_=len(ends) - 1).label("place")
