"""Codes of live campaigns are looked at now and then; what stands out is kept until somebody has looked.

The figures of an open suspicion follow what happens; a closed one stays closed, whatever comes.
"""

from datetime import datetime

from sqlalchemy import String, case, cast, func, select, update
from sqlalchemy.orm import Session, joinedload

from campaigns.db import insert_or_meet
from campaigns.errors import Conflict
from campaigns.ids import public_id
from campaigns.models import AttributionDecision, Campaign, CodeSuspicion, Order, Participation
from campaigns.reasons import read_reason
from campaigns.tracking.leaks import CodeUse, Reason, reasons_to_look

BY_CODE, BY_BOTH = "coupon", "both"
MOST = 100


def anything_live(session: Session) -> bool:
    """Whether there is a campaign whose codes are in use."""
    return session.scalar(select(Campaign.id).where(Campaign.status == "live").limit(1)) is not None


def watch_codes(session: Session, now: datetime) -> int:
    """Look at every live campaign; how many reasons stand. The caller commits."""
    count = 0
    for campaign_id in session.scalars(
        select(Campaign.id).where(Campaign.status == "live").order_by(Campaign.id)
    ).all():
        for reason in reasons_to_look(uses(session, campaign_id)):
            _keep(session, reason, now)
            count += 1
    return count


def uses(session: Session, campaign_id: int) -> list[CodeUse]:
    """How the codes of a campaign were used: sales decided by a code, alone or with a click that says the same."""
    buyer = case((Order.customer_key != "", Order.customer_key), else_=cast(Order.id, String))
    by_buyer = (
        select(
            AttributionDecision.participation_id.label("participation_id"),
            func.count().label("orders"),
            func.sum(case((AttributionDecision.reason == BY_CODE, 1), else_=0)).label("without_click"),
        )
        .join(Order, Order.id == AttributionDecision.order_id)
        .where(
            AttributionDecision.campaign_id == campaign_id,
            AttributionDecision.participation_id.is_not(None),
            AttributionDecision.superseded_at.is_(None),
            AttributionDecision.reason.in_((BY_CODE, BY_BOTH)),
            Order.is_sale,
        )
        .group_by(AttributionDecision.participation_id, buyer)
        .subquery()
    )
    one = by_buyer.c
    rows = session.execute(
        select(
            one.participation_id, func.sum(one.orders), func.sum(one.without_click), func.count(), func.max(one.orders)
        ).group_by(one.participation_id)
    )
    return [CodeUse(campaign_id, *(int(value) for value in row)) for row in rows]


def open_ones(session: Session) -> list[CodeSuspicion]:
    """What nobody has looked at yet, the oldest first."""
    return _list(session, CodeSuspicion.closed_at.is_(None), CodeSuspicion.id)


def closed_ones(session: Session) -> list[CodeSuspicion]:
    """What was looked at, the newest first."""
    return _list(session, CodeSuspicion.closed_at.is_not(None), CodeSuspicion.closed_at.desc())


def close(session: Session, suspicion: CodeSuspicion, user_id: int, note: str, now: datetime) -> None:
    """Somebody looked, and says what it is; raises Invalid without words, Conflict where another was first."""
    still = (CodeSuspicion.id == suspicion.id) & CodeSuspicion.closed_at.is_(None)
    said = {"closed_at": now, "closed_by_user_id": user_id, "note": read_reason(note)}
    if session.execute(update(CodeSuspicion).where(still).values(**said)).rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("somebody has looked at this already")


def _list(session: Session, which: object, order: object) -> list[CodeSuspicion]:
    whole = joinedload(CodeSuspicion.participation)
    people = whole.joinedload(Participation.influencer), whole.joinedload(Participation.campaign)
    wanted = select(CodeSuspicion).where(which).order_by(order).options(*people).limit(MOST)  # type: ignore[arg-type]
    return list(session.scalars(wanted))


def _keep(session: Session, reason: Reason, now: datetime) -> None:
    figures = {
        "orders": reason.orders,
        "buyers": reason.buyers,
        "observed_bps": reason.observed_bps,
        "baseline_bps": reason.baseline_bps,
        "limit_bps": reason.limit_bps,
        "seen_at": now,
    }
    named = {"public_id": public_id(), "participation_id": reason.participation_id, "kind": reason.kind}
    row = insert_or_meet(session, CodeSuspicion).values(**named, **figures, raised_at=now, note="")
    same = ["participation_id", "kind"]
    session.execute(
        row.on_conflict_do_update(index_elements=same, set_=figures, where=CodeSuspicion.closed_at.is_(None))
    )
