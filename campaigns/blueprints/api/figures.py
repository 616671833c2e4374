"""What a campaign sold and earned, over the API: the same sums the pages read."""

from datetime import datetime
from typing import Any

from flask import request
from sqlalchemy import select

from campaigns.blueprints import access
from campaigns.blueprints.api import schemas
from campaigns.blueprints.api.api import caller, operation, page_of
from campaigns.blueprints.context import now, session, settings
from campaigns.clock import iso
from campaigns.commissions.ledger import earned_by_order
from campaigns.errors import Invalid, NotFound
from campaigns.ids import masked
from campaigns.models import AttributionDecision, Order, Participation
from campaigns.planning.crediting import credit_by_hand
from campaigns.settlement.as_of import statement_as_of
from campaigns.settlement.figures import Figures, figures_of, total
from campaigns.tracking import decisions


@operation("GET", "/campaigns/{campaign_id}/stats", answer=schemas.StatsOut)
def campaign_stats(campaign_id: str) -> dict[str, Any]:
    """Figures per participant and in all; an influencer sees their own."""
    campaign = access.campaign_for(session(), caller(), campaign_id)
    query = access.participations_for(caller()).where(Participation.campaign_id == campaign.id)
    people = session().scalars(query.order_by(Participation.id)).all()
    figures = figures_of(session(), campaign.id)
    mine = {person.id: figures.get(person.id, Figures()) for person in people}
    return {
        "currency": campaign.currency,
        "totals": total(mine.values()).contents(),
        "participants": [
            {
                "participant": person.public_id,
                "influencer": person.influencer.public_id,
                "coupon_code": person.code.code if person.code else None,
                **mine[person.id].contents(),
            }
            for person in people
        ],
    }


@operation("GET", "/campaigns/{campaign_id}/orders", answer=schemas.OrderList, query=("cursor", "limit", "reason"))
def campaign_orders(campaign_id: str) -> dict[str, Any]:
    """The campaign's orders with the decision on each; a brand sees those credited to it."""
    campaign = access.campaign_for(session(), caller(), campaign_id)
    decided = select(AttributionDecision.order_id).where(
        AttributionDecision.campaign_id == campaign.id, AttributionDecision.superseded_at.is_(None)
    )
    if caller().role == "brand":
        decided = decided.where(AttributionDecision.participation_id.is_not(None))
    if request.args.get("reason"):
        decided = decided.where(AttributionDecision.reason == request.args["reason"])
    return page_of(select(Order).where(Order.id.in_(decided)), Order.id, show_order)


@operation("POST", "/orders/{order_id}/assign", schemas.AssignIn, schemas.OrderOut)
def assign_order(order_id: str, body: schemas.AssignIn) -> dict[str, Any]:
    """Credit an order to a participant by hand, with a reason; the decision before it is kept as superseded.

    Both influencers concerned are written to, and read the reason.
    """
    order = access.order_for(session(), caller(), order_id)
    participant = access.participation_for(session(), caller(), body.participant)
    known = settings()
    by, reason = caller().id, body.reason
    credit_by_hand(session(), order, participant, by, reason, known.public_url, known.identity_key, now())
    return show_order(order)


@operation("GET", "/campaigns/{campaign_id}/statement", answer=schemas.StatementOut, query=("participant", "as_of"))
def campaign_statement(campaign_id: str) -> dict[str, Any]:
    """What one participant earned, posting by posting, as the books stood at a moment.

    Numbers of orders and contacts are masked for the influencer, as on their pages.
    """
    campaign = access.campaign_for(session(), caller(), campaign_id)
    person = access.participation_for(session(), caller(), request.args.get("participant", ""))
    if person.campaign_id != campaign.id:
        raise NotFound("no such thing, or not yours")
    as_of = _moment(request.args.get("as_of", ""))
    lines, totals = statement_as_of(session(), person, as_of)
    return {
        "currency": campaign.currency,
        "as_of": iso(as_of),
        "participant": person.public_id,
        "lines": [_as_seen(line) for line in lines],
        "totals": totals,
    }


def _as_seen(line: dict[str, Any]) -> dict[str, Any]:
    if caller().role != "influencer":
        return line
    return line | {name: masked(line[name]) for name in ("order_number", "contact_number") if name in line}


def show_order(order: Order) -> dict[str, Any]:
    """An order as answered, with the decision in force and what it earns."""
    decision = decisions.current_decision(session(), order.id)
    person = decision.participation if decision else None
    commission, fee = earned_by_order(session(), [order.id]).get(order.id, (0, 0))
    return {
        "id": order.public_id,
        "external_id": order.external_id,
        "number": order.number,
        "status": order.state,
        "platform_status": order.raw_status,
        "placed_at": iso(order.placed_at),
        "currency": order.currency,
        "net_minor": order.net_minor,
        "tax_minor": order.tax_minor,
        "gift_card_minor": order.gift_card_minor,
        "refunded_minor": order.refunded_minor,
        "shipping_minor": order.shipping_minor,
        "total_minor": order.total_minor,
        "attribution": {
            "participant": person.public_id if person else None,
            "reason": decision.reason if decision else "none",
            "evidence": decision.evidence if decision else {},
        },
        "commission_minor": commission,
        "agency_fee_minor": fee,
    }


def _moment(text: str) -> datetime:
    if not text:
        return now()
    try:
        return schemas.read_moment(text)
    except ValueError as error:
        raise Invalid({"as_of": [str(error)]}) from error
