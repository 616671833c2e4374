"""Orders whose rate is no longer what it was: a rate was entered, corrected or withdrawn, and they are judged anew.

Nobody keeps a list of them. For some days after a rate changed, its orders are looked through: those whose decision
names another row than their day's are settled, which makes them right, so the search ends by itself. An order that was
being judged at the very moment the rate was entered is found by the next search.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from campaigns.models import AttributionDecision, Campaign, ExchangeRate, Order
from campaigns.tracking.decisions import hold_orders
from campaigns.tracking.known import Key, load
from campaigns.tracking.orders import settle_all
from campaigns.tracking.rates import day_in, rate_of_day

LOOKED_FOR = timedelta(days=3)
AT_ONCE = 200
# No zone is further from UTC than this: within it a day has begun and ended everywhere.
FURTHEST = timedelta(hours=15)


def judge_stale(session: Session, key: bytes, now: datetime, most: int = AT_ONCE) -> int:
    """Judge anew, and post, at most so many orders whose rate has changed; how many there were."""
    session.flush()
    keys = stale(session, now, most)
    if keys:
        connection = session.connection()
        hold_orders(connection, keys)
        settle_all(connection, load(connection, keys), key, now)
        session.expire_all()
    return len(keys)


def stale(session: Session, now: datetime, most: int = AT_ONCE) -> list[Key]:
    """Orders whose decision names another rate than the one their day has, at most so many."""
    found: dict[Key, None] = {}
    for changed in _changed(session, now):
        for order_key in _stale_of(session, changed):
            found[order_key] = None
            if len(found) >= most:
                return list(found)
    return list(found)


def _changed(session: Session, now: datetime) -> list[ExchangeRate]:
    since = now - LOOKED_FOR
    lately = or_(ExchangeRate.entered_at >= since, ExchangeRate.superseded_at >= since)
    return list(session.scalars(select(ExchangeRate).where(lately).order_by(ExchangeRate.id)))


def _stale_of(session: Session, changed: ExchangeRate) -> Iterator[Key]:
    rates: dict[Any, str | None] = {}
    for row in session.execute(_concerned(changed)):
        on = day_in(row.placed_at, row.timezone)
        if on not in rates:
            told = rate_of_day(session.connection(), changed.from_currency, changed.to_currency, on)
            rates[on] = told["id"] if told else None
        if (row.evidence.get("rate") or {}).get("id") != rates[on]:
            yield row.shop_id, row.external_id


def _concerned(changed: ExchangeRate) -> Select[Any]:
    """Orders of the rate's days and currencies that are credited, or that only their currency keeps from it."""
    begins = datetime.combine(changed.from_date, time(), UTC) - FURTHEST
    ends = datetime.combine(changed.to_date + timedelta(days=1), time(), UTC) + FURTHEST
    shops = select(Campaign.shop_id).where(Campaign.currency == changed.to_currency)
    return (
        select(Order.shop_id, Order.external_id, Order.placed_at, Campaign.timezone, AttributionDecision.evidence)
        .join(AttributionDecision, AttributionDecision.order_id == Order.id)
        .join(Campaign, Campaign.id == AttributionDecision.campaign_id)
        .where(
            Order.shop_id.in_(shops),
            Order.placed_at.between(begins, ends),
            Order.currency == changed.from_currency,
            Campaign.currency == changed.to_currency,
            AttributionDecision.superseded_at.is_(None),
            or_(AttributionDecision.participation_id.is_not(None), AttributionDecision.reason == "refused_currency"),
        )
        .order_by(Order.id)
    )
