"""A week's figures of some campaigns, per participant: what was clicked and sold in it, and what was posted in it.

Clicks count by the day of the campaign's zone, sales by when they were placed, less what has been given back of them
since; commission and fee are what the books took in that week, so an order returned later lowers a later week.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from campaigns.models import (
    AttributionDecision,
    Campaign,
    ClickDay,
    LedgerAccount,
    LedgerTransaction,
    Order,
    Posting,
)
from campaigns.settlement.figures import Figures
from campaigns.settlement.foreign import sold_in

Key = tuple[int, int]  # campaign, participation


@dataclass(frozen=True)
class Week:
    """Seven days up to a Monday, in a time zone."""

    monday: date  # the day after the last
    timezone: str

    @property
    def first(self) -> date:
        """The Monday it began on."""
        return self.monday - timedelta(days=7)

    @property
    def last(self) -> date:
        """Its Sunday."""
        return self.monday - timedelta(days=1)

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """Its beginning, and the moment it is over."""
        zone = ZoneInfo(self.timezone)
        return datetime.combine(self.first, time(), zone), datetime.combine(self.monday, time(), zone)


def week_figures(
    session: Session, campaign_ids: Collection[int], week: Week, participation_ids: Collection[int] | None = None
) -> dict[Key, Figures]:
    """(campaign, participation) -> figures of the week, of some participants or of all; empty ones are missing."""
    found: dict[Key, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    asked = (session, list(campaign_ids), week, participation_ids)
    _add_clicks(found, *asked)
    _add_sales(found, *asked)
    _add_postings(found, *asked)
    return {key: Figures(**row) for key, row in found.items()}


Asked = tuple[Session, list[int], Week, Collection[int] | None]


def _add_clicks(found: dict[Key, dict[str, int]], *asked: *Asked) -> None:
    session, campaign_ids, week, whose = asked
    clicks = (
        select(ClickDay.campaign_id, ClickDay.participation_id, func.sum(ClickDay.clicks))
        .where(
            ClickDay.campaign_id.in_(campaign_ids),
            *_only(ClickDay.participation_id, whose),
            ClickDay.on.between(week.first, week.last),
            ClickDay.uncounted == "",
        )
        .group_by(ClickDay.campaign_id, ClickDay.participation_id)
    )
    for campaign_id, participation_id, count in session.execute(clicks):
        found[campaign_id, participation_id]["clicks"] += int(count)


def _add_sales(found: dict[Key, dict[str, int]], *asked: *Asked) -> None:
    session, campaign_ids, week, whose = asked
    since, until = week.moments
    rows = session.execute(
        select(Order, AttributionDecision, Campaign.currency)
        .join(AttributionDecision, AttributionDecision.order_id == Order.id)
        .join(Campaign, Campaign.id == AttributionDecision.campaign_id)
        .where(
            AttributionDecision.campaign_id.in_(campaign_ids),
            *_only(AttributionDecision.participation_id, whose),
            AttributionDecision.participation_id.is_not(None),
            AttributionDecision.superseded_at.is_(None),
            Order.is_sale,
            Order.placed_at >= since,
            Order.placed_at < until,
        )
        .execution_options(yield_per=500)
    )
    for order, decision, currency in rows:
        net, refunded = sold_in(order, decision.evidence, currency)
        row = found[decision.campaign_id or 0, decision.participation_id or 0]
        row["orders"] += 1
        row["sales_minor"] += net
        row["refunded_minor"] += refunded


def _add_postings(found: dict[Key, dict[str, int]], *asked: *Asked) -> None:
    session, campaign_ids, week, whose = asked
    since, until = week.moments
    fields = {"influencer_pending": "commission_minor", "agency_income": "agency_fee_minor"}
    rows = session.execute(
        select(Posting.campaign_id, Posting.participation_id, LedgerAccount.kind, func.sum(Posting.amount_minor))
        .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .where(
            Posting.campaign_id.in_(campaign_ids),
            *_only(Posting.participation_id, whose),
            LedgerTransaction.kind == "accrual",
            LedgerTransaction.recorded_at >= since,
            LedgerTransaction.recorded_at < until,
            LedgerAccount.kind.in_(fields),
        )
        .group_by(Posting.campaign_id, Posting.participation_id, LedgerAccount.kind)
    )
    for campaign_id, participation_id, kind, amount in rows:
        found[campaign_id or 0, participation_id or 0][fields[kind]] -= int(amount)


def _only(column: object, whose: Collection[int] | None) -> list[ColumnElement[bool]]:
    return [] if whose is None else [column.in_(list(whose))]  # type: ignore[attr-defined]
