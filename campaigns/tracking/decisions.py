"""The decision on an order, gathered and kept: facts from the tables, the rule from attribution.py.

A decision that changes is superseded by a new row. One made by staff stands until staff make another: rules don't
overrule a person who gave a reason.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.commissions.accrual import Credit
from campaigns.commissions.terms import canonical
from campaigns.db import lock_name
from campaigns.errors import Conflict, Said
from campaigns.models import (
    Acceptance,
    AttributionDecision,
    Campaign,
    Click,
    CouponCode,
    Order,
    Participation,
)
from campaigns.tracking.attribution import (
    Candidate,
    ClickMatch,
    CodeMatch,
    Decision,
    OrderFacts,
    decide,
    fold,
)
from campaigns.tracking.click_ids import named, signed
from campaigns.tracking.identity import email_key


def current_decision(session: Session, order_id: int) -> AttributionDecision | None:
    """The decision in force."""
    return session.scalar(
        select(AttributionDecision).where(
            AttributionDecision.order_id == order_id, AttributionDecision.superseded_at.is_(None)
        )
    )


def redecide(session: Session, order: Order, key: bytes, now: datetime) -> AttributionDecision:
    """Judge an order anew; returns the decision in force, which is the old one where nothing changed."""
    current = current_decision(session, order.id)
    if current is not None and current.decided_by_user_id is not None:
        return current
    codes, unknown = _code_matches(session, order, key)
    facts = OrderFacts(
        placed_at=order.placed_at,
        status=order.state,
        currency=order.currency,
        test=order.test,
        person_keys=frozenset(filter(None, (order.customer_key, order.phone_key))),
        unknown_codes=tuple(unknown),
    )
    decision = decide(facts, codes, _click_matches(session, order, key))
    return _keep(session, order, current, _row(session, order, decision), now)


def assign(
    session: Session, order: Order, participation: Participation, user_id: int, reason: str, now: datetime
) -> AttributionDecision:
    """Credit an order to a participant by hand, with a reason; raises Conflict for what no one may credit.

    The order is held as a delivery of it would hold it, so that the two don't post side by side.
    """
    hold_order(session, order.shop_id, order.external_id)
    if order.test:
        raise Conflict("a test order earns nothing for anyone")
    if order.currency != participation.campaign.currency:
        raise Conflict(
            Said(
                "the order is in %(one)s, the campaign in %(other)s",
                one=order.currency,
                other=participation.campaign.currency,
            )
        )
    current = current_decision(session, order.id)
    acceptance = acceptance_in_force(participation, order.placed_at)
    if acceptance is None:
        raise Conflict("this influencer has not accepted the terms")
    earlier = current.evidence if current else {}
    row = AttributionDecision(
        order_id=order.id,
        campaign_id=participation.campaign_id,
        participation_id=participation.id,
        acceptance_id=acceptance.id,
        reason="manual",
        evidence={**earlier, "assigned_because": reason, "was": current.reason if current else "none"},
        decided_by_user_id=user_id,
    )
    return _keep(session, order, current, row, now)


def hold_order(session: Session, shop_id: int, external_id: str) -> None:
    """Whoever changes an order, its decision or its postings holds it until the transaction ends."""
    lock_name(session, f"order:{shop_id}:{external_id}")


def credit_of(decision: AttributionDecision | None) -> Credit | None:
    """Whom a decision credits, in the ledger's words; None for `none` and refusals."""
    if decision is None or decision.participation is None or decision.acceptance is None:
        return None
    participation = decision.participation
    return Credit(
        brand_id=participation.campaign.brand_id,
        influencer_id=participation.influencer_id,
        campaign_id=participation.campaign_id,
        participation_id=participation.id,
        terms=decision.acceptance.terms,
    )


def acceptance_in_force(participation: Participation, at: datetime) -> Acceptance | None:
    """The newest acceptance at a moment; for an order placed before the first one, the first."""
    earlier = [acceptance for acceptance in participation.acceptances if acceptance.accepted_at <= at]
    candidates = earlier or participation.acceptances[:1]
    return candidates[-1] if candidates else None


def _row(session: Session, order: Order, decision: Decision) -> AttributionDecision:
    evidence: dict[str, Any] = dict(decision.evidence)
    winner, concerned, acceptance = decision.winner, decision.concerned, None
    if winner is not None:
        participation = session.get_one(Participation, winner.participation_id)
        acceptance = acceptance_in_force(participation, order.placed_at)
        if acceptance is not None:
            evidence["terms_version"] = acceptance.terms_version
    return AttributionDecision(
        order_id=order.id,
        campaign_id=concerned.campaign_id if concerned else _nearest_campaign(session, order),
        participation_id=winner.participation_id if winner else None,
        acceptance_id=acceptance.id if acceptance else None,
        reason=decision.reason,
        evidence=evidence,
    )


def _keep(
    session: Session, order: Order, current: AttributionDecision | None, row: AttributionDecision, now: datetime
) -> AttributionDecision:
    if current is not None:
        if _same(current, row):
            return current
        current.superseded_at = now
        session.flush()
    row.decided_at = now
    session.add(row)
    session.flush()
    return row


def _same(one: AttributionDecision, other: AttributionDecision) -> bool:
    def essence(row: AttributionDecision) -> tuple[Any, ...]:
        return (
            row.campaign_id,
            row.participation_id,
            row.acceptance_id,
            row.reason,
            row.decided_by_user_id,
            canonical(row.evidence),
        )

    return essence(one) == essence(other)


def _code_matches(session: Session, order: Order, key: bytes) -> tuple[list[CodeMatch], list[str]]:
    sent = [(code, False) for code in order.codes] + [(code, True) for code in order.typed_codes]
    registered = {
        code.folded: code
        for code in session.scalars(
            select(CouponCode).where(
                CouponCode.shop_id == order.shop_id, CouponCode.folded.in_([fold(code) for code, _ in sent])
            )
        )
    }
    matches, unknown = [], []
    for code, by_staff in sent:
        found = registered.get(fold(code))
        if found is None:
            unknown.append(code)
            continue
        candidate = _candidate(found.participation, key, found.valid_from, found.valid_to, found.ended_at)
        matches.append(CodeMatch(code, candidate, by_staff))
    return matches, unknown


def _click_matches(session: Session, order: Order, key: bytes) -> list[ClickMatch]:
    if not order.click_ids:
        return []
    numbers = [number for number in (named(key, public) for public in order.click_ids) if number is not None]
    clicks: Sequence[Click] = session.scalars(
        select(Click)
        .join(Campaign, Campaign.id == Click.campaign_id)
        .where(Click.id.in_(numbers) | Click.former_id.in_(order.click_ids), Campaign.shop_id == order.shop_id)
        .order_by(Click.clicked_at, Click.id)
    ).all()
    matches = []
    for click in clicks:
        participation = session.get_one(Participation, click.participation_id)
        campaign = participation.campaign
        until = campaign.ends_at + timedelta(days=campaign.grace_days)
        candidate = _candidate(participation, key, campaign.starts_at, until, None)
        matches.append(ClickMatch(click.former_id or signed(key, click.id), click.clicked_at, candidate))
    return matches


def _candidate(
    participation: Participation, key: bytes, earns_from: datetime, earns_to: datetime, ended_at: datetime | None
) -> Candidate:
    campaign, influencer = participation.campaign, participation.influencer
    accepted = participation.acceptances[-1].terms if participation.acceptances else campaign.terms.body
    ends = [moment for moment in (ended_at, participation.ended_at) if moment is not None]
    return Candidate(
        participation_id=participation.id,
        participant=participation.public_id,
        campaign_id=campaign.id,
        campaign_currency=campaign.currency,
        earns_from=earns_from,
        earns_to=earns_to,
        ended_at=min(ends, default=None),
        precedence=accepted["attribution"]["precedence"],
        link_window=timedelta(days=accepted["attribution"]["link_window_days"]),
        person_keys=frozenset(filter(None, (email_key(key, influencer.email),))),
    )


def _nearest_campaign(session: Session, order: Order) -> int | None:
    """The shop's campaign nearest to the order in time: on whose list an order without evidence is shown."""
    campaigns = session.execute(
        select(Campaign.id, Campaign.starts_at, Campaign.ends_at)
        .where(Campaign.shop_id == order.shop_id, Campaign.launched_at.is_not(None))
        .order_by(Campaign.id)
    ).all()

    def distance(row: Any) -> timedelta:
        return max(row.starts_at - order.placed_at, order.placed_at - row.ends_at, timedelta(0))

    nearest = min(campaigns, key=lambda row: (distance(row), row.id), default=None)
    return int(nearest.id) if nearest else None
