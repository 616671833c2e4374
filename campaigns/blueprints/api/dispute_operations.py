"""Disputes over the API: opened by influencers and brands, answered by everyone concerned, resolved by staff."""

from typing import Any

from campaigns.blueprints import access, money_deeds
from campaigns.blueprints.api import wallets_schemas as schemas
from campaigns.blueprints.api.api import caller, operation, page_of
from campaigns.blueprints.context import session
from campaigns.clock import iso
from campaigns.models import Campaign, Contact, Dispute, Order, Participation, Statement
from campaigns.settlement.disputing.disputes import Resolution


@operation("POST", "/disputes", schemas.DisputeIn, schemas.DisputeOut, status=201)
def open_dispute(body: schemas.DisputeIn) -> dict[str, Any]:
    """Ask about an order, contact or statement of yours, or for a review of effort that earned nothing."""
    return show_dispute(money_deeds.open_dispute(caller(), body.about, body.id, body.message))


@operation("GET", "/disputes", answer=schemas.DisputeList, query=("cursor", "limit"))
def list_disputes() -> dict[str, Any]:
    """The disputes you may read."""
    return page_of(access.disputes_for(caller()), Dispute.id, show_dispute)


@operation("GET", "/disputes/{dispute_id}", answer=schemas.DisputeOut)
def get_dispute(dispute_id: str) -> dict[str, Any]:
    """One dispute, with everything that was said."""
    return show_dispute(access.dispute_for(session(), caller(), dispute_id))


@operation("POST", "/disputes/{dispute_id}/messages", schemas.MessageIn, schemas.DisputeOut, status=201)
def answer_dispute(dispute_id: str, body: schemas.MessageIn) -> dict[str, Any]:
    """Say something in a dispute that is not resolved."""
    dispute = access.dispute_for(session(), caller(), dispute_id)
    money_deeds.answer(caller(), dispute, body.message)
    return show_dispute(dispute)


@operation("POST", "/disputes/{dispute_id}/resolve", schemas.ResolveIn, schemas.DisputeOut)
def resolve_dispute(dispute_id: str, body: schemas.ResolveIn) -> dict[str, Any]:
    """End a dispute, once, perhaps with a compensation at the agency's expense; its order is let go."""
    dispute = access.dispute_for(session(), caller(), dispute_id)
    how = Resolution(body.outcome, body.resolution, body.compensation_minor, body.place)
    money_deeds.resolve(caller(), dispute, how)
    return show_dispute(dispute)


def show_dispute(dispute: Dispute) -> dict[str, Any]:
    """A dispute as answered; what is given is told to staff and to whoever opened it."""
    about, about_id = _about(dispute)
    person = session().get(Participation, dispute.participation_id) if dispute.participation_id else None
    resolved = dispute.status == "resolved"
    tells_amount = caller().role in ("agency", dispute.opened_by_role)
    return {
        "id": dispute.public_id,
        "campaign": session().get_one(Campaign, dispute.campaign_id).public_id,
        "participant": person.public_id if person else None,
        "kind": dispute.kind,
        "about": about,
        "about_id": about_id,
        "opened_by": dispute.opened_by_role,
        "opened_at": iso(dispute.opened_at),
        "status": dispute.status,
        "outcome": dispute.outcome if resolved else None,
        "resolution": dispute.resolution if resolved else None,
        "compensation_minor": dispute.compensation_minor if resolved and tells_amount else None,
        "messages": [{"by": one.role, "at": iso(one.said_at), "message": one.body} for one in dispute.messages],
    }


def _about(dispute: Dispute) -> tuple[str, str | None]:
    if dispute.order_id is not None:
        return "order", session().get_one(Order, dispute.order_id).public_id
    if dispute.contact_id is not None:
        return "contact", session().get_one(Contact, dispute.contact_id).public_id
    if dispute.statement_id is not None:
        return "statement", session().get_one(Statement, dispute.statement_id).document.public_id
    return "effort", None
