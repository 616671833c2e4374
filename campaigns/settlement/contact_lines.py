"""The lines of a statement that come from leads and calls: one for each contact, whatever was posted for it."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.clock import iso
from campaigns.models import Campaign, Contact


class OfContact(Protocol):
    """What is asked of an open posting."""

    @property
    def campaign_id(self) -> int: ...
    @property
    def contact_id(self) -> int | None: ...
    @property
    def earned_minor(self) -> int: ...


def contact_lines(session: Session, postings: Iterable[OfContact]) -> list[dict[str, Any]]:
    """A line for each contact among the postings, by the time it happened; one that came to nothing is left out.

    Of the person it was with nothing is said, here as everywhere.
    """
    earned = earned_by_contact(postings)
    found = session.scalars(select(Contact).where(Contact.id.in_({contact_id for _, contact_id in earned})))
    contacts = {contact.id: contact for contact in found}
    names = {campaign_id: session.get_one(Campaign, campaign_id).name for campaign_id, _ in earned}
    ordered = sorted(earned, key=lambda place: (contacts[place[1]].happened_at, contacts[place[1]].external_id))
    return [
        _line(contacts[contact_id], names[campaign_id], earned[campaign_id, contact_id])
        for campaign_id, contact_id in ordered
        if earned[campaign_id, contact_id]
    ]


def earned_by_contact(postings: Iterable[OfContact]) -> dict[tuple[int, int], int]:
    """(campaign, contact) -> what the postings that come from contacts add for the influencer."""
    earned: dict[tuple[int, int], int] = defaultdict(int)
    for posting in postings:
        if posting.contact_id is not None:
            earned[posting.campaign_id, posting.contact_id] += posting.earned_minor
    return earned


def _line(contact: Contact, campaign_name: str, earned_minor: int) -> dict[str, Any]:
    return {
        "kind": "contact",
        "campaign": campaign_name,
        "contact": contact.public_id,
        "order_number": contact.external_id,
        "placed_at": iso(contact.happened_at),
        "reason": "contact",
        "status": contact.status,
        "seconds": contact.seconds,
        "net_minor": 0,
        "refunded_minor": 0,
        "rate_bps": 0,
        "commission_minor": earned_minor,
    }
