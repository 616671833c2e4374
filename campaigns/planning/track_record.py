"""What influencers have sold so far, by the field of the product: what matching and estimates stand on.

One audience reacts differently to different products, so a record is of a person in one field (`Campaign.category`,
"" where the campaign named none). Sales are those that figures count: credited, paid, not cancelled; here they stay
in the currency they were paid in. A campaign counts once it is launched and the person took part or sold something.

Campaigns reach audiences of different sizes, so sales are also told per thousand followers: those of the largest
account on the day the campaign began, where a dated count is known, else those on record today.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from campaigns.commissions.ledger import earned_by_participation
from campaigns.models import AttributionDecision, ClickDay, FollowerCount, Order, Participation

TOOK_PART = ("active", "completed")
OVER = ("ended", "reconciling", "closed", "archived")


@dataclass(frozen=True)
class Outcome:
    """One person's part in one campaign. Amounts are minor units by currency; `reach` is followers as it began."""

    participation: Participation
    reach: int
    clicks: int = 0
    orders: int = 0
    sales_minor: dict[str, int] = field(default_factory=dict)
    refunded_minor: dict[str, int] = field(default_factory=dict)
    commission_minor: int = 0  # in the campaign's currency

    @property
    def category(self) -> str:
        """The field of the product."""
        return self.participation.campaign.category

    @property
    def over(self) -> bool:
        """Whether the campaign no longer sells."""
        return self.participation.campaign.status in OVER


@dataclass(frozen=True)
class Record:
    """Outcomes of one person in one field, added up."""

    campaigns: int
    clicks: int
    orders: int
    sales_minor: dict[str, int]
    refunded_minor: dict[str, int]
    commission_minor: dict[str, int]
    reach: int  # followers, added up over the campaigns

    def sales_per_thousand(self, currency: str) -> int | None:
        """Net sales of one campaign per thousand followers, minor units rounded down; None where none are known.

        >>> Record(2, 0, 5, {"ILS": 60_000}, {}, {}, 24_000).sales_per_thousand("ILS")
        2500
        """
        return self.sales_minor.get(currency, 0) * 1000 // self.reach if self.reach else None

    def orders_per_ten_thousand(self) -> int | None:
        """Orders of one campaign per ten thousand followers, rounded down; None where none are known."""
        return self.orders * 10_000 // self.reach if self.reach else None


def records(session: Session, influencer_ids: Collection[int], only_over: bool = False) -> dict[int, dict[str, Record]]:
    """influencer id -> category -> record; who sold in no campaign yet is missing.

    `only_over` leaves out campaigns that still sell: for averages, which half a campaign would lower.
    """
    found = {
        person: [one for one in theirs if one.over or not only_over]
        for person, theirs in outcomes(session, influencer_ids).items()
    }
    return {person: by_category(theirs) for person, theirs in found.items() if theirs}


def by_category(found: Iterable[Outcome]) -> dict[str, Record]:
    """category -> the sum of outcomes, in alphabetical order."""
    parts: dict[str, list[Outcome]] = defaultdict(list)
    for one in found:
        parts[one.category].append(one)
    return {category: added_up(parts[category]) for category in sorted(parts)}


def added_up(parts: Collection[Outcome]) -> Record:
    """One record of several outcomes."""
    sales, refunded, commission = defaultdict(int), defaultdict(int), defaultdict(int)  # type: ignore[var-annotated]
    for one in parts:
        commission[one.participation.campaign.currency] += one.commission_minor
        for sums, amounts in ((sales, one.sales_minor), (refunded, one.refunded_minor)):
            for currency, amount in amounts.items():
                sums[currency] += amount
    return Record(
        campaigns=len(parts),
        clicks=sum(one.clicks for one in parts),
        orders=sum(one.orders for one in parts),
        sales_minor=dict(sales),
        refunded_minor=dict(refunded),
        commission_minor=dict(commission),
        reach=sum(one.reach for one in parts),
    )


def outcomes(session: Session, influencer_ids: Collection[int]) -> dict[int, list[Outcome]]:
    """influencer id -> their parts in launched campaigns, the oldest first; who has none is missing."""
    launched = session.scalars(
        select(Participation)
        .options(joinedload(Participation.campaign), joinedload(Participation.influencer))
        .where(Participation.influencer_id.in_(influencer_ids))
    )
    parts = [one for one in launched if one.campaign.launched_at is not None]
    parts.sort(key=lambda one: (one.campaign.starts_at, one.id))
    sold, clicks = _sold(session, [one.id for one in parts]), _clicks(session, parts)
    earned = earned_by_participation(session, {one.campaign_id for one in parts})
    reached = _reached(session, parts)
    found: dict[int, list[Outcome]] = defaultdict(list)
    for one in parts:
        orders, sales, refunded = sold.get(one.id, (0, {}, {}))
        if one.status in TOOK_PART or orders:
            commission, _fee = earned.get((one.campaign_id, one.id), (0, 0))
            found[one.influencer_id].append(
                Outcome(one, reached[one.id], clicks.get(one.id, 0), orders, sales, refunded, commission)
            )
    return dict(found)


def _sold(session: Session, participation_ids: list[int]) -> dict[int, tuple[int, dict[str, int], dict[str, int]]]:
    """participation -> orders, and what they sold and gave back by currency."""
    whose = AttributionDecision.participation_id
    rows = session.execute(
        select(whose, Order.currency, func.count(), func.sum(Order.net_minor), func.sum(Order.refunded_minor))
        .join(Order, Order.id == AttributionDecision.order_id)
        .where(whose.in_(participation_ids), AttributionDecision.superseded_at.is_(None), Order.is_sale)
        .group_by(whose, Order.currency)
    )
    found: dict[int, tuple[int, dict[str, int], dict[str, int]]] = {}
    for participation_id, currency, count, net, refunded in rows:
        assert participation_id is not None  # asked for by id
        orders, sales, back = found.get(participation_id, (0, {}, {}))
        found[participation_id] = (orders + count, sales | {currency: int(net)}, back | {currency: int(refunded)})
    return found


def _clicks(session: Session, parts: list[Participation]) -> dict[int, int]:
    """participation -> clicks that count."""
    rows = session.execute(
        select(ClickDay.participation_id, func.sum(ClickDay.clicks))
        .where(
            ClickDay.campaign_id.in_({one.campaign_id for one in parts}),
            ClickDay.participation_id.in_([one.id for one in parts]),
            ClickDay.uncounted == "",
        )
        .group_by(ClickDay.participation_id)
    )
    return {participation_id: int(count) for participation_id, count in rows}


def _reached(session: Session, parts: list[Participation]) -> dict[int, int]:
    """participation -> followers of the largest account on the day the campaign began."""
    counts: dict[int, list[FollowerCount]] = defaultdict(list)
    people = {one.influencer_id for one in parts}
    dated = select(FollowerCount).where(FollowerCount.influencer_id.in_(people))
    for count in session.scalars(dated.order_by(FollowerCount.counted_on, FollowerCount.id)):
        counts[count.influencer_id].append(count)
    return {
        one.id: _largest(counts[one.influencer_id], one.campaign.starts_at.date()) or one.influencer.followers
        for one in parts
    }


def _largest(counts: Iterable[FollowerCount], on: date) -> int:
    newest = {(one.network, one.handle): one.followers for one in counts if one.counted_on <= on}
    return max(newest.values(), default=0)
