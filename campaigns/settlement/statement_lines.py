"""What a statement takes, and its lines: postings that no statement has taken, each told by what it comes from.

An order's line says what it earned; late changes of orders that an earlier statement listed are adjustments; money
that a partner took from the buyer, contacts, and compensation after a dispute have lines of their own.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.clock import iso
from campaigns.models import (
    AttributionDecision,
    Campaign,
    Contact,
    Dispute,
    LedgerAccount,
    LedgerTransaction,
    Order,
    Participation,
    Posting,
    StatementPosting,
)
from campaigns.settlement.contact_lines import contact_lines, earned_by_contact
from campaigns.settlement.disputing.holds import open_holds
from campaigns.settlement.foreign import sale_told

COLLECTION = "collection"  # the kind of what a partner who collects took from the buyer


@dataclass(frozen=True)
class OpenPosting:
    """A posting on no statement yet; `earned_minor` is what it adds for the influencer, and one cause is named."""

    posting_id: int
    campaign_id: int
    order_id: int | None
    earned_minor: int
    kind: str = "accrual"
    contact_id: int | None = None
    dispute_id: int | None = None


def open_postings(
    session: Session, influencer_id: int, currency: str, brand_id: int, held: bool = False
) -> list[OpenPosting]:
    """What closed campaigns of a brand earned and no statement has taken, oldest first; `held`: what is kept back.

    A statement's own posting, which empties the pending account, is no earning.
    """
    rows = session.execute(
        select(
            Posting.id,
            Posting.campaign_id,
            LedgerTransaction.order_id,
            Posting.amount_minor,
            LedgerTransaction.kind,
            LedgerTransaction.contact_id,
            LedgerTransaction.dispute_id,
        )
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .join(LedgerTransaction, LedgerTransaction.id == Posting.transaction_id)
        .join(Campaign, Campaign.id == Posting.campaign_id)
        .where(
            LedgerAccount.kind == "influencer_pending",
            LedgerAccount.owner_id == influencer_id,
            LedgerAccount.currency == currency,
            LedgerTransaction.kind != "statement",
            Campaign.brand_id == brand_id,
            Campaign.closed_at.is_not(None),
            Posting.id.not_in(select(StatementPosting.posting_id)),
        )
        .order_by(Posting.id)
    )
    found = [
        OpenPosting(posting, campaign, order, -amount, kind, contact, dispute)
        for posting, campaign, order, amount, kind, contact, dispute in rows
        if campaign is not None  # the columns serve other kinds too
    ]
    orders = open_holds(session, Order, order_ids(found))
    contacts = open_holds(session, Contact, contact_ids(found))
    return [one for one in found if (one.order_id in orders or one.contact_id in contacts) == held]


def order_ids(postings: Iterable[OpenPosting]) -> set[int]:
    """The orders that some postings come from."""
    return {one.order_id for one in postings if one.order_id is not None}


def contact_ids(postings: Iterable[OpenPosting]) -> set[int]:
    """The contacts that some postings come from."""
    return {one.contact_id for one in postings if one.contact_id is not None}


def itemise(
    session: Session, participation: Participation, postings: Sequence[OpenPosting], follow_up: bool = False
) -> list[dict[str, Any]]:
    """The lines: orders of this campaign, adjustments to what earlier statements said, contacts, compensation."""
    earned = _by_order(postings, "accrual")
    lines, listed = [], set()
    stated = _stated_orders(session, participation) if follow_up else set()
    credited = credited_orders(session, participation)
    kept_back = open_holds(session, Order, [order.id for order, _ in credited])
    for order, decision in credited:
        key = (participation.campaign_id, order.id)
        if order.id in kept_back or (follow_up and (order.id in stated or key not in earned)):
            continue
        listed.add(key)
        lines.append(_line("order", order, decision, participation.campaign.name, earned.get(key, 0)))
    for (campaign_id, order_id), amount in earned.items():
        if amount and (campaign_id, order_id) not in listed:
            name = session.get_one(Campaign, campaign_id).name
            credit = _last_credit(session, order_id, participation.influencer_id)
            lines.append(_line("adjustment", session.get_one(Order, order_id), credit, name, amount))
    for (campaign_id, order_id), amount in _by_order(postings, COLLECTION).items():
        order, name = session.get_one(Order, order_id), session.get_one(Campaign, campaign_id).name
        lines.append(
            _line(COLLECTION, order, _last_credit(session, order_id, participation.influencer_id), name, amount)
        )
    others = [line for posting in postings if (line := _given(session, posting))]
    return lines + contact_lines(session, postings) + others


def _by_order(postings: Sequence[OpenPosting], kind: str = "") -> dict[tuple[int, int], int]:
    """(campaign, order) -> what the postings of one kind, or of all, add for the influencer."""
    amounts: dict[tuple[int, int], int] = defaultdict(int)
    for posting in postings:
        if posting.order_id is not None and (not kind or (posting.kind == COLLECTION) == (kind == COLLECTION)):
            amounts[posting.campaign_id, posting.order_id] += posting.earned_minor
    return amounts


def held_lines(session: Session, participation: Participation) -> list[dict[str, Any]]:
    """What is kept back of this brand's campaigns: its number, the reason, and what it would have added."""
    campaign = participation.campaign
    kept = open_postings(session, participation.influencer_id, campaign.currency, campaign.brand_id, held=True)
    orders, contacts = open_holds(session, Order, order_ids(kept)), open_holds(session, Contact, contact_ids(kept))
    held = [
        (campaign_id, _named(session.get_one(Order, order_id)), orders[order_id], amount)
        for (campaign_id, order_id), amount in _by_order(kept).items()
    ] + [
        (campaign_id, _named(session.get_one(Contact, contact_id)), contacts[contact_id], amount)
        for (campaign_id, contact_id), amount in earned_by_contact(kept).items()
    ]
    return [
        {
            "campaign": session.get_one(Campaign, campaign_id).name,
            **named,
            "reason": hold.reason,
            "held_at": iso(hold.held_at),
            "commission_minor": amount,
        }
        for campaign_id, named, hold, amount in held
        if amount
    ]


def _named(cause: Order | Contact) -> dict[str, str]:
    if isinstance(cause, Order):
        return {"order": cause.public_id, "order_number": cause.number}
    return {"contact": cause.public_id, "order_number": cause.external_id}


def _stated_orders(session: Session, participation: Participation) -> Collection[int | None]:
    """Orders that an earlier statement of this participant has itemised."""
    rows = (
        select(LedgerTransaction.order_id)
        .join(Posting, Posting.transaction_id == LedgerTransaction.id)
        .join(StatementPosting, StatementPosting.posting_id == Posting.id)
        .where(Posting.participation_id == participation.id, LedgerTransaction.order_id.is_not(None))
    )
    return set(session.scalars(rows))


def _given(session: Session, posting: OpenPosting) -> dict[str, Any] | None:
    """The line of what comes from neither an order nor a contact: what a dispute ended with."""
    if posting.order_id is not None or posting.contact_id is not None:
        return None
    dispute = session.get(Dispute, posting.dispute_id) if posting.dispute_id else None
    kind = "compensation" if dispute else "other"
    return {
        "kind": kind,
        "campaign": session.get_one(Campaign, posting.campaign_id).name,
        "dispute": dispute.public_id if dispute else "",
        "order_number": dispute.public_id if dispute else "",
        "placed_at": iso(dispute.resolved_at) if dispute and dispute.resolved_at else "",
        "reason": kind,
        "net_minor": 0,
        "refunded_minor": 0,
        "rate_bps": 0,
        "commission_minor": posting.earned_minor,
    }


def credited_orders(session: Session, participation: Participation) -> list[tuple[Order, AttributionDecision]]:
    """The sales credited to a participant now, by the time they were placed; cancelled ones are none."""
    rows = session.execute(
        select(Order, AttributionDecision)
        .join(AttributionDecision, AttributionDecision.order_id == Order.id)
        .where(
            AttributionDecision.participation_id == participation.id,
            AttributionDecision.superseded_at.is_(None),
            Order.is_sale,
        )
        .order_by(Order.placed_at, Order.id)
    )
    return [(order, decision) for order, decision in rows]


def _line(
    kind: str, order: Order, decision: AttributionDecision | None, campaign_name: str, earned_minor: int
) -> dict[str, Any]:
    terms = decision.acceptance.terms if decision and decision.acceptance else {}
    currency = decision.campaign.currency if decision and decision.campaign else order.currency
    return {
        "kind": kind,
        "campaign": campaign_name,
        "order": order.public_id,
        **sale_told(order, decision, currency),
        "rate_bps": terms.get("influencer_rate_bps", 0),
        "commission_minor": earned_minor,
    }


def _last_credit(session: Session, order_id: int, influencer_id: int) -> AttributionDecision | None:
    """The newest decision that credited this influencer with the order, superseded or not."""
    return session.scalar(
        select(AttributionDecision)
        .join(Participation, Participation.id == AttributionDecision.participation_id)
        .where(AttributionDecision.order_id == order_id, Participation.influencer_id == influencer_id)
        .order_by(AttributionDecision.id.desc())
        .limit(1)
    )
