"""Accrual: what an order earns now (the target), less what is posted for it, is posted.

So it may run any number of times and in any order of events, and the books end the same. A partial refund, a
cancellation, a reinstatement, another influencer credited: each is only a new target. The rates are those of the
acceptance the decision names, whatever was offered since, also after the influencer has been paid.

Where the partner collects the buyer's money, what they took stands in a transaction of its own beside the shares.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from campaigns.commissions.ledger import Entry, Leg, difference, post_all, posted_for_orders
from campaigns.commissions.run import Earned
from campaigns.models import Campaign
from campaigns.questions import Question, among

ROUNDING = "half away from zero, once per order and beneficiary"
_HOLD_CAMPAIGNS = Question(
    select(Campaign.id).where(among(Campaign.id, "ids")).order_by(Campaign.id).with_for_update(read=True)
)


@dataclass(frozen=True)
class Credit:
    """Who an order is credited to, and under which terms; `currency` is the campaign's.

    `in_run` says that some terms this participant accepted make an order's earning depend on their other orders.
    """

    brand_id: int
    influencer_id: int
    campaign_id: int
    participation_id: int
    terms: dict[str, Any]
    terms_version: int = 0
    currency: str = ""
    in_run: bool = False


def target(credit: Credit | None, earned: Earned | None, currency: str) -> dict[Leg, int]:
    """The postings an order should have: the brand owes both shares, the influencer and the agency are owed theirs.

    Empty where nobody is credited or nothing is left of the sale.
    """
    if credit is None or earned is None or not (earned.influencer_minor or earned.agency_minor):
        return {}
    place = (credit.campaign_id, credit.participation_id)
    return {
        Leg("brand_receivable", credit.brand_id, currency, *place): earned.influencer_minor + earned.agency_minor,
        Leg("influencer_pending", credit.influencer_id, currency, *place): -earned.influencer_minor,
        Leg("agency_income", 0, currency, *place): -earned.agency_minor,
    }


def collected(credit: Credit | None, earned: Earned | None, currency: str) -> dict[Leg, int]:
    """What a partner who collects owes the brand for an order: the buyer's money; empty where the brand collects."""
    if credit is None or earned is None or not earned.collected_minor:
        return {}
    place = (credit.campaign_id, credit.participation_id)
    return {
        Leg("influencer_pending", credit.influencer_id, currency, *place): earned.collected_minor,
        Leg("brand_receivable", credit.brand_id, currency, *place): -earned.collected_minor,
    }


TARGETS = {"accrual": target, "collection": collected}


class Owing(NamedTuple):
    """One order to be brought to its target: `fresh` says that nothing can be posted for it yet."""

    order_id: int
    credit: Credit | None
    earned: Earned | None
    currency: str
    fresh: bool = False


def accrue_all(connection: Connection, owing: Sequence[Owing], now: datetime) -> list[int | None]:
    """Bring the books of some orders to their targets; the ids of what was posted. The caller holds the orders.

    Every campaign that is posted to is held first, so a closing report and a late order can't pass each other.
    """
    earlier = [one.order_id for one in owing if not one.fresh]
    posted = posted_for_orders(connection, earlier) if earlier else {}
    entries = [entry for one in owing for entry in _entries(one, posted.get(one.order_id, {}))]
    touched = {leg.campaign_id for entry in entries for leg, amount in entry.amounts.items() if amount}
    hold_campaigns(connection, touched)
    return post_all(connection, entries, now)


def hold_campaigns(connection: Connection, campaign_ids: Iterable[int | None]) -> None:
    """Hold the campaigns that are about to be posted to, until the transaction ends; beside others who post."""
    _HOLD_CAMPAIGNS.ask(connection, ids=campaign_ids)


def _entries(one: Owing, posted: Mapping[str, Mapping[Leg, int]]) -> list[Entry]:
    """What must be posted of each kind; the collection only where there is or was one."""
    found = []
    for kind, wanted in TARGETS.items():
        amounts = difference(wanted(one.credit, one.earned, one.currency), posted.get(kind, {}))
        if amounts or kind == "accrual":
            found.append(Entry(kind, amounts, one.order_id, basis=basis(one.credit, one.earned)))
    return found


def basis(credit: Credit | None, earned: Earned | None) -> dict[str, Any] | None:
    """How a target was worked out, kept with its transaction: terms, base, each rule's part, and how it is rounded."""
    if credit is None or earned is None:
        return None
    return {
        "terms_version": credit.terms_version,
        "base": credit.terms["base"],
        "base_minor": earned.base_minor,
        "parts": [[part.rule, part.base_minor, part.rate_bps, part.amount_minor] for part in earned.parts],
        "agency_rate_bps": credit.terms["agency_rate_bps"],
        "rounding": ROUNDING,
    }
