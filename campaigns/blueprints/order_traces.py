"""An order followed to its postings, for whoever is signed in: what the three pages that show it have in common."""

from typing import Any

from campaigns.blueprints.access import disputes_for, documents_for
from campaigns.blueprints.context import now, session
from campaigns.blueprints.signed_in import person
from campaigns.i18n import N_
from campaigns.models import Dispute, Document, Order
from campaigns.settlement.tracing.traces import Reader, Trace, trace

# What a transaction about an order is.
ENTRIES = {
    "accrual": N_("What the order earns"),
    "collection": N_("The buyer's money, taken by the influencer"),
    "compensation": N_("Compensation after a dispute"),
}


def followed(order: Order) -> dict[str, Any]:
    """What templates/trace.html shows of an order to the person signed in."""
    user = person()
    found = trace(session(), order, Reader(user.role, user.brand_id, user.influencer_id), now())
    about_it = disputes_for(user).where(Dispute.order_id == order.id).order_by(Dispute.id)
    return {
        "trace": found,
        "entries": ENTRIES,
        "disputes": session().scalars(about_it).all(),
        "readable": set(session().scalars(documents_for(user).with_only_columns(Document.id).where(_papers_in(found)))),
    }


def _papers_in(found: Trace) -> Any:
    lines = [line for entry in found.entries for line in entry.lines]
    papers = [paper for line in lines for paper in (line.statement, line.bill) if paper is not None]
    return Document.id.in_({paper.id for paper in papers})
