"""Accrual: what an order earns now (the target), less what is posted for it, is posted.

So it may run any number of times and in any order of events, and the books end the same. A partial refund, a
cancellation, a reinstatement, another influencer credited: each is only a new target. The rates are those of the
acceptance the decision names, whatever was offered since, also after the influencer has been paid.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from campaigns.commissions.ledger import Entry, Leg, difference, post_all, posted_for_orders
from campaigns.commissions.terms import NOTHING, Sale, earning
from campaigns.models import Campaign
from campaigns.questions import Question, among

_HOLD_CAMPAIGNS = Question(
    select(Campaign.id).where(among(Campaign.id, "ids")).order_by(Campaign.id).with_for_update(read=True)
)


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


@dataclass(frozen=True)
class Owing:
    """One order to be brought to its target: `fresh` says that nothing can be posted for it yet."""

    order_id: int
    credit: Credit | None
    sale: Sale | None
    currency: str
    fresh: bool = False


def accrue(
    session: Session, order_id: int, credit: Credit | None, sale: Sale | None, currency: str, now: datetime
) -> int | None:
    """Bring the books of one order to its target; None where they stand there already. The caller holds the order."""
    session.flush()
    return accrue_all(session.connection(), [Owing(order_id, credit, sale, currency)], now)[0]


def accrue_all(connection: Connection, owing: Sequence[Owing], now: datetime) -> list[int | None]:
    """Bring the books of some orders to their targets; the ids of what was posted. The caller holds the orders.

    Every campaign that is posted to is held first, so a closing report and a late order can't pass each other.
    """
    earlier = [one.order_id for one in owing if not one.fresh]
    posted = posted_for_orders(connection, earlier) if earlier else {}
    wanted = [difference(target(one.credit, one.sale, one.currency), posted.get(one.order_id, {})) for one in owing]
    touched = {leg.campaign_id for amounts in wanted for leg, amount in amounts.items() if amount}
    _HOLD_CAMPAIGNS.ask(connection, ids=touched)
    entries = [Entry("accrual", amounts, one.order_id) for one, amounts in zip(owing, wanted, strict=True)]
    return post_all(connection, entries, now)
