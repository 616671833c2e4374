"""Crediting an order by hand: the decision, the books, the audit log and the letters, as one deed.

Whoever it goes to and whoever it is taken from are both told, with the reason staff wrote, and can read it on their
pages. Neither learns anything of the buyer, nor who the other one is.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from campaigns.commissions.terms import customer_lock_days
from campaigns.errors import Invalid, Said
from campaigns.ids import masked
from campaigns.models import AttributionDecision, Order, Participation
from campaigns.planning import notices
from campaigns.planning.audit import note
from campaigns.reasons import read_reason
from campaigns.tracking import decisions
from campaigns.tracking.orders import find_order, post_order, settle
from campaigns.tracking.pointing import followers


@dataclass(frozen=True)
class Taken:
    """An order that was somebody's until staff credited it to somebody else."""

    order: Order
    reason: str
    at: datetime


def credit_by_hand(
    session: Session,
    order: Order,
    participation: Participation,
    user_id: int,
    reason: str,
    base_url: str,
    key: bytes,
    now: datetime,
) -> AttributionDecision:
    """Credit `order` to a participant of its shop; the same again by the same person does and sends nothing.

    `key` is that of the keyed hashes: whom the buyer is locked to may change, and then later orders are judged anew.
    Raises Invalid for another shop's participant or without a reason, Conflict for an order no one may credit.
    """
    reason = read_reason(reason)
    if participation.campaign.shop_id != order.shop_id:
        raise Invalid({"participant": [Said("takes part in a campaign of another shop")]})
    # Held before it is read: a delivery of the order may be deciding on it at this moment.
    decisions.hold_order(session, order.shop_id, order.external_id)
    session.refresh(order)
    before = decisions.current_decision(session, order.id)
    if before is not None and _is_that(before, participation, user_id, reason):
        return before
    loser = before.participation if before else None
    decision = decisions.assign(session, order, participation, user_id, reason, now)
    post_order(session, order, decision, before, key, now)
    if any(_locks(one) for one in (participation, loser) if one is not None):
        _judge_later_orders(session, order, key, now)
    moved = {"to": participation.public_id, "was": loser.public_id if loser else None}
    note(session, user_id, "order.assigned", f"order:{order.public_id}", now, reason=reason, **moved)
    if loser is None or loser.id != participation.id:
        told = (masked(order.number), order.placed_at, reason, base_url, now)
        notices.credit_changed(session, participation, "credited_by_hand", *told)
        if loser is not None:
            notices.credit_changed(session, loser, "credit_taken", *told)
    return decision


def _is_that(standing: AttributionDecision, participation: Participation, user_id: int, reason: str) -> bool:
    """Whether it has been decided so already: somebody pressed the button twice."""
    by_whom = (standing.decided_by_user_id, standing.participation_id)
    return by_whom == (user_id, participation.id) and standing.evidence.get("assigned_because") == reason


def _locks(participation: Participation) -> bool:
    return any(
        customer_lock_days(accepted.terms) or "recurring" in accepted.terms
        for accepted in participation.acceptances[-1:]
    )


def _judge_later_orders(session: Session, order: Order, key: bytes, now: datetime) -> None:
    """Orders that the same buyer placed afterwards may follow this one."""
    session.flush()
    behind = followers(session.connection(), [order])
    decisions.hold_orders(session.connection(), behind)
    for shop_id, external_id in sorted(behind):
        later = find_order(session, shop_id, external_id)
        if later is not None:
            settle(session, later, key, now)


def taken_away(session: Session, participation: Participation, most: int = 25) -> list[Taken]:
    """Orders that were this participant's and were credited to somebody else by staff, the latest first."""
    mine, following, taker, now_mine = (aliased(AttributionDecision) for _ in range(4))
    last = (
        select(mine.order_id, func.max(mine.id).label("id"))
        .where(mine.participation_id == participation.id, mine.superseded_at.is_not(None))
        .group_by(mine.order_id)
        .subquery()
    )
    next_one = select(func.min(following.id)).where(following.order_id == last.c.order_id, following.id > last.c.id)
    still_mine = select(now_mine.order_id).where(
        now_mine.participation_id == participation.id, now_mine.superseded_at.is_(None)
    )
    rows = session.execute(
        select(Order, taker)
        .join(last, last.c.order_id == Order.id)
        .join(taker, taker.id == next_one.scalar_subquery())
        .where(taker.decided_by_user_id.is_not(None), Order.id.not_in(still_mine))
        .order_by(taker.decided_at.desc(), taker.id.desc())
        .limit(most)
    )
    return [Taken(order, str(decision.evidence["assigned_because"]), decision.decided_at) for order, decision in rows]
