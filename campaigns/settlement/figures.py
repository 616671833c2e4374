"""The figures of a campaign, per participant and in all: one query for influencer, brand, agency and report.

Sales are the net of credited, paid orders that were not cancelled, in the campaign's currency; what was given back
stands beside them; commission and fee come from the ledger, so a page and the books can't disagree. Clicks, orders and
contacts (leads and calls that were not rejected) are different things and are counted apart; the commission is that of
orders and contacts.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.commissions.ledger import earned_by_participation
from campaigns.models import AttributionDecision, Campaign, ClickDay, Order
from campaigns.settlement.contact_list import counted_contacts
from campaigns.settlement.foreign import foreign_count, foreign_sales, own_currency


@dataclass(frozen=True)
class Figures:
    """Counts and minor units of the campaign's currency."""

    clicks: int = 0
    orders: int = 0
    contacts: int = 0
    sales_minor: int = 0
    refunded_minor: int = 0
    commission_minor: int = 0
    agency_fee_minor: int = 0

    @property
    def brand_charge_minor(self) -> int:
        """What the brand pays: both shares and nothing else."""
        return self.commission_minor + self.agency_fee_minor

    def contents(self) -> dict[str, int]:
        """As papers and answers carry them."""
        return asdict(self) | {"brand_charge_minor": self.brand_charge_minor}


def total(parts: Iterable[Figures]) -> Figures:
    """The sum, field by field."""
    rows = list(parts)
    return Figures(*(sum(getattr(row, part.name) for row in rows) for part in fields(Figures)))


def figures_of(session: Session, campaign_id: int) -> dict[int, Figures]:
    """participation id -> figures of one campaign; participants without any are missing."""
    return {participation: row for (_, participation), row in figures_of_all(session, [campaign_id]).items()}


def figures_of_all(session: Session, campaign_ids: list[int]) -> dict[tuple[int, int], Figures]:
    """(campaign id, participation id) -> figures, for lists of campaigns."""
    found: dict[tuple[int, int], dict[str, int]] = defaultdict(dict)
    clicks = (
        select(ClickDay.campaign_id, ClickDay.participation_id, func.sum(ClickDay.clicks))
        .where(ClickDay.campaign_id.in_(campaign_ids), ClickDay.uncounted == "")
        .group_by(ClickDay.campaign_id, ClickDay.participation_id)
    )
    for campaign, participation, count in session.execute(clicks):
        found[campaign, participation]["clicks"] = int(count)
    sales = (
        select(
            AttributionDecision.campaign_id,
            AttributionDecision.participation_id,
            func.count(),
            own_currency(Order.net_minor),
            own_currency(Order.refunded_minor),
            foreign_count(),
        )
        .join(Order, Order.id == AttributionDecision.order_id)
        .join(Campaign, Campaign.id == AttributionDecision.campaign_id)
        .where(
            AttributionDecision.campaign_id.in_(campaign_ids),
            AttributionDecision.participation_id.is_not(None),
            AttributionDecision.superseded_at.is_(None),
            Order.is_sale,
        )
        .group_by(AttributionDecision.campaign_id, AttributionDecision.participation_id)
    )
    abroad: set[int] = set()
    for campaign_id, participation_id, count, net, refunded, foreign in session.execute(sales):
        assert campaign_id is not None and participation_id is not None  # the query asks for both
        abroad |= {campaign_id} if foreign else set()
        found[campaign_id, participation_id] |= {
            "orders": count,
            "sales_minor": int(net),
            "refunded_minor": int(refunded),
        }
    for key, (net_minor, refunded_minor) in foreign_sales(session, abroad).items():
        found[key]["sales_minor"] += net_minor
        found[key]["refunded_minor"] += refunded_minor
    for (campaign_id, participation_id), count in counted_contacts(session, campaign_ids).items():
        found[campaign_id, participation_id]["contacts"] = count
    for key, (commission, fee) in earned_by_participation(session, campaign_ids).items():
        found[key] |= {"commission_minor": commission, "agency_fee_minor": fee}
    return {key: Figures(**row) for key, row in found.items()}


def uncredited(session: Session, campaign_id: int) -> dict[str, int]:
    """reason -> how many of the campaign's orders nobody is credited for."""
    rows = session.execute(
        select(AttributionDecision.reason, func.count())
        .where(
            AttributionDecision.campaign_id == campaign_id,
            AttributionDecision.participation_id.is_(None),
            AttributionDecision.superseded_at.is_(None),
        )
        .group_by(AttributionDecision.reason)
        .order_by(AttributionDecision.reason)
    )
    return {reason: count for reason, count in rows}
