"""A campaign day by day: when clicks and sales came, in the campaign's own time zone.

Credited, paid orders only, by the day they were placed, as in figures.py: the days add up to the totals.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from campaigns.models import AttributionDecision, Campaign, ClickDay, Order
from campaigns.settlement.foreign import foreign_orders, sold_in

AMOUNTS = (Order.net_minor, Order.refunded_minor)
LONGEST = 120  # days; what came later counts to the last of them


@dataclass(frozen=True)
class Day:
    """One day's counts; minor units of the campaign's currency, refunds beside the sales they belong to."""

    on: date
    clicks: int = 0
    orders: int = 0
    sales_minor: int = 0
    refunded_minor: int = 0

    def contents(self) -> dict[str, Any]:
        """As papers carry it."""
        return asdict(self) | {"on": self.on.isoformat()}


def daily(session: Session, campaign_id: int, participation_id: int | None, timezone: str, today: date) -> list[Day]:
    """Every day from the campaign's start to its end or `today`, empty ones too; of one participant, or of all."""
    campaign = session.get_one(Campaign, campaign_id)
    days = campaign_days(campaign, timezone, today)
    if not days:
        return []
    clicked = (
        select(ClickDay.on, func.sum(ClickDay.clicks))
        .where(ClickDay.campaign_id == campaign.id, ClickDay.uncounted == "")
        .group_by(ClickDay.on)
    )
    sold = (
        select(_place(Order.placed_at, days), *(_own(amount, campaign) for amount in AMOUNTS), _foreign(campaign))
        .join(AttributionDecision, AttributionDecision.order_id == Order.id)
        .where(
            AttributionDecision.campaign_id == campaign.id,
            AttributionDecision.participation_id.is_not(None),
            AttributionDecision.superseded_at.is_(None),
            Order.is_sale,
        )
    )
    if participation_id is not None:
        clicked = clicked.where(ClickDay.participation_id == participation_id)
        sold = sold.where(AttributionDecision.participation_id == participation_id)
    sums = _sums(session, sold)
    sales = {place: (count, net, refunded) for place, (count, net, refunded, _) in sums.items()}
    if any(foreign for *_, foreign in sums.values()):
        _add_foreign(session, sales, campaign, participation_id, days)
    clicks = {on: int(count) for on, count in session.execute(clicked)}
    return [Day(on, clicks.get(on, 0), *sales.get(number, (0, 0, 0))) for number, (on, _) in enumerate(days)]


def campaign_days(campaign: Campaign, timezone: str, today: date) -> list[tuple[date, datetime]]:
    """(day, the moment it ends) from the start to the last day codes earn, or `today`; none before the start."""
    zone = ZoneInfo(timezone)
    first = campaign.starts_at.astimezone(zone).date()
    last = min(today, (campaign.ends_at + timedelta(days=campaign.grace_days)).astimezone(zone).date())
    days = [first + timedelta(days=number) for number in range(min((last - first).days + 1, LONGEST))]
    return [(day, datetime.combine(day + timedelta(days=1), time(), zone)) for day in days]


def _place(moment: InstrumentedAttribute[datetime], days: list[tuple[date, datetime]]) -> ColumnElement[Any]:
    """Which of `days` a moment falls on, by its number: no database need know about time zones."""
    return case(*((moment < end, number) for number, (_, end) in enumerate(days)), else_=len(days) - 1).label("place")


def _own(amount: InstrumentedAttribute[int], campaign: Campaign) -> ColumnElement[int]:
    return case((Order.currency == campaign.currency, amount), else_=0).label(amount.key)


def _foreign(campaign: Campaign) -> ColumnElement[int]:
    return case((Order.currency != campaign.currency, 1), else_=0).label("foreign")


def _add_foreign(
    session: Session,
    sales: dict[int, tuple[int, int, int]],
    campaign: Campaign,
    participation_id: int | None,
    days: list[tuple[date, datetime]],
) -> None:
    """Put the orders of other currencies, converted, on their days; they are counted there already."""
    for order, decision, currency in foreign_orders(session, [campaign.id]):
        if participation_id in (None, decision.participation_id):
            place = next((number for number, (_, end) in enumerate(days) if order.placed_at < end), len(days) - 1)
            net, refunded = sold_in(order, decision.evidence, currency)
            count, net_minor, refunded_minor = sales[place]
            sales[place] = (count, net_minor + net, refunded_minor + refunded)


def _sums(session: Session, rows: Select[Any]) -> dict[int, tuple[int, ...]]:
    """Day number -> how many rows, and the sums of their other columns."""
    found = rows.subquery()
    place, *amounts = found.c
    sums = select(place, func.count(), *(func.sum(amount) for amount in amounts)).group_by(place)
    return {row[0]: tuple(int(part) for part in row[1:]) for row in session.execute(sums)}
