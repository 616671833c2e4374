"""Leads and calls over the API: the message a shop's webhook would bring, and what became of each."""

from typing import Any

from flask import request
from sqlalchemy import select

from campaigns.blueprints import access
from campaigns.blueprints.api import contacts_schemas as schemas
from campaigns.blueprints.api.api import caller, operation, page_of
from campaigns.blueprints.context import now, session, settings
from campaigns.clock import iso
from campaigns.commissions.contact_accrual import earned_by_contact
from campaigns.models import Contact
from campaigns.tracking.posted_contacts import post_contact


@operation(
    "GET",
    "/campaigns/{campaign_id}/contacts",
    answer=schemas.ContactList,
    query=("cursor", "limit", "status", "reason"),
)
def list_contacts(campaign_id: str) -> dict[str, Any]:
    """The campaign's leads and calls with the decision on each; a brand sees those credited to somebody."""
    campaign = access.campaign_for(session(), caller(), campaign_id)
    wanted = select(Contact).where(Contact.campaign_id == campaign.id)
    if caller().role == "brand":
        wanted = wanted.where(Contact.participation_id.is_not(None))
    for name, column in (("status", Contact.status), ("reason", Contact.reason)):
        if request.args.get(name):
            wanted = wanted.where(column == request.args[name])
    return page_of(wanted, Contact.id, show_contact)


@operation("POST", "/campaigns/{campaign_id}/contacts", schemas.ContactIn, schemas.ContactOut, status=201)
def create_contact(campaign_id: str, body: schemas.ContactIn) -> dict[str, Any]:
    """Tell of a lead or call, or of how far it has come since; the newest version of it counts.

    It is judged as any contact of the campaign's shop: a code of another campaign there makes it that campaign's.
    """
    campaign = access.campaign_for(session(), caller(), campaign_id)
    raw = request.get_data(cache=True)
    return show_contact(post_contact(session(), campaign.shop, raw, settings().identity_key, now()))


def show_contact(contact: Contact) -> dict[str, Any]:
    """A contact as answered, with the decision in force and what it earns; nothing of the person."""
    commission, fee = earned_by_contact(session(), [contact.id]).get(contact.id, (0, 0))
    return {
        "id": contact.public_id,
        "external_id": contact.external_id,
        "campaign": contact.campaign.public_id if contact.campaign else None,
        "status": contact.status,
        "kind": contact.kind,
        "seconds": contact.seconds,
        "happened_at": iso(contact.happened_at),
        "test": contact.test,
        "attribution": {
            "participant": contact.participation.public_id if contact.participation else None,
            "reason": contact.reason,
            "evidence": contact.evidence,
        },
        "currency": contact.campaign.currency if contact.campaign else None,
        "commission_minor": commission,
        "agency_fee_minor": fee,
    }
