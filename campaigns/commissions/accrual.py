"""Accrual: what an order earns now (the target), less what is posted for it, is posted.

So it may run any number of times and in any order of events, and the books end the same. A partial refund, a
cancellation, a reinstatement, another influencer credited: each is only a new target. The rates are those of the
acceptance the decision names, whatever was offered since, also after the influencer has been paid.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.commissions.ledger import Leg, difference, post, posted_for_order
from campaigns.commissions.terms import NOTHING, Sale, earning
from campaigns.models import Campaign, LedgerTransaction


@dataclass(frozen=True)
class Credit:
    """Who an order is credited to, and under which terms."""

    brand_id: int
    influencer_id: int
    campaign_id: int
    participation_id: int
    terms: dict[str, Any]


def target(credit: Credit | None, sale: Sale | None, currency: str) -> dict[Leg, int]:
    """The postings an order should have: the brand owes both shares, the influencer and the agency are owed theirs.

    Empty where nobody is credited or nothing is left of the sale.
    """
    earned = earning(credit.terms, sale) if credit and sale else NOTHING
    if credit is None or earned == NOTHING:
        return {}
    place = (credit.campaign_id, credit.participation_id)
    return {
        Leg("brand_receivable", credit.brand_id, currency, *place): earned.influencer_minor + earned.agency_minor,
        Leg("influencer_pending", credit.influencer_id, currency, *place): -earned.influencer_minor,
        Leg("agency_income", 0, currency, *place): -earned.agency_minor,
    }


def accrue(
    session: Session, order_id: int, credit: Credit | None, sale: Sale | None, currency: str, now: datetime
) -> LedgerTransaction | None:
    """Bring the books of one order to its target; None where they stand there already. The caller holds the order.

    Every campaign that is posted to is held first, so a closing report and a late order can't pass each other.
    """
    wanted = difference(target(credit, sale, currency), posted_for_order(session, order_id))
    touched = {leg.campaign_id for leg, amount in wanted.items() if amount}
    if not touched:
        return None
    held = select(Campaign.id).where(Campaign.id.in_(touched)).order_by(Campaign.id)
    session.execute(held.with_for_update(read=True))
    return post(session, "accrual", wanted, now, order_id=order_id)
