"""Customers registered in advance, over the API."""

from typing import Any

from sqlalchemy import select

from campaigns.blueprints import access
from campaigns.blueprints.api import registrations_schemas as schemas
from campaigns.blueprints.api.api import caller, operation, page_of
from campaigns.blueprints.context import now, session, settings
from campaigns.clock import iso
from campaigns.errors import Invalid
from campaigns.models import Participation, Registration
from campaigns.planning import registrations as planning
from campaigns.planning.customers import read_customer


@operation("GET", "/campaigns/{campaign_id}/registrations", answer=schemas.RegistrationList, query=("cursor", "limit"))
def list_registrations(campaign_id: str) -> dict[str, Any]:
    """A campaign's registered customers, each with what became of it."""
    campaign = access.campaign_for(session(), caller(), campaign_id)
    people = select(Participation.id).where(Participation.campaign_id == campaign.id)
    return page_of(
        select(Registration).where(Registration.participation_id.in_(people)), Registration.id, show_registration
    )


@operation(
    "POST", "/campaigns/{campaign_id}/registrations", schemas.RegistrationIn, schemas.RegistrationOut, status=201
)
def register_customer(campaign_id: str, body: schemas.RegistrationIn) -> dict[str, Any]:
    """Register a customer for a participant, who is told; whoever has them already gets that registration again."""
    campaign = access.campaign_for(session(), caller(), campaign_id)
    mine = session().scalar(select(Participation).filter_by(public_id=body.participant, campaign_id=campaign.id))
    if mine is None:
        raise Invalid({"participant": ["there is no such participant in this campaign"]})
    known = settings()
    customer = read_customer(body.email, body.phone, known.identity_key)
    by = planning.By(caller().id, known.public_url, known.identity_key, now())
    if body.reason.strip():
        return show_registration(planning.attach_at_request(session(), mine, customer, body.reason, by))
    made, _ = planning.register(session(), mine, customer, by)
    return show_registration(made)


def show_registration(registration: Registration) -> dict[str, Any]:
    """A registration as answered."""
    return {
        "id": registration.public_id,
        "participant": registration.participation.public_id,
        "customer": registration.label,
        "status": planning.state(registration, now()),
        "alone": registration.exclusive,
        "reason": registration.reason,
        "registered_at": iso(registration.registered_at),
        "binds_until": iso(registration.binds_until) if registration.binds_until else None,
        "ended_at": iso(registration.ended_at) if registration.ended_at else None,
    }
