"""An order or a contact followed to its postings, for whoever is signed in: what the pages of it have in common."""

from dataclasses import dataclass
from typing import Any

from campaigns.blueprints.access import disputes_for, documents_for
from campaigns.blueprints.context import now, session
from campaigns.blueprints.signed_in import person
from campaigns.commissions.contacts_earned import least_seconds
from campaigns.i18n import N_
from campaigns.models import Contact, Dispute, Document
from campaigns.settlement.causes import Cause
from campaigns.settlement.contact_list import status_of
from campaigns.settlement.tracing.readers import Reader
from campaigns.settlement.tracing.traces import Trace, trace

# What a transaction about an order or a contact is.
ENTRIES = {
    "accrual": N_("What the order earns"),
    "collection": N_("The buyer's money, taken by the influencer"),
    "compensation": N_("Compensation after a dispute"),
}
CONTACT_ENTRIES = {"accrual": N_("What the contact earns")}


@dataclass(frozen=True)
class Measured:
    """How far a contact came. `told` is the shop's word for it, `status` what counts; `least_seconds` is of the terms
    that hold for it, None where they pay for no contacts.
    """

    told: str
    status: str
    seconds: int | None
    least_seconds: int | None


def followed(cause: Cause) -> dict[str, Any]:
    """What templates/trace.html shows of an order or a contact to the person signed in."""
    user = person()
    found = trace(session(), cause, Reader(user.role, user.brand_id, user.influencer_id), now())
    named = Dispute.contact_id if isinstance(cause, Contact) else Dispute.order_id
    about_it = disputes_for(user).where(named == cause.id).order_by(Dispute.id)
    return {
        "trace": found,
        "entries": CONTACT_ENTRIES if isinstance(cause, Contact) else ENTRIES,
        "disputes": session().scalars(about_it).all(),
        "readable": set(session().scalars(documents_for(user).with_only_columns(Document.id).where(_papers_in(found)))),
        **({"measured": _measured(cause, found)} if isinstance(cause, Contact) else {}),
    }


def _measured(contact: Contact, found: Trace) -> Measured:
    terms = found.acceptance.terms if found.acceptance else {}
    least = least_seconds(terms) if "leads" in terms else None
    return Measured(contact.status, status_of(contact), contact.seconds, least)


def _papers_in(found: Trace) -> Any:
    lines = [line for entry in found.entries for line in entry.lines]
    papers = [paper for line in lines for paper in (line.statement, line.bill) if paper is not None]
    return Document.id.in_({paper.id for paper in papers})
