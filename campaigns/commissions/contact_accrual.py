"""What contacts earn, brought to the books: of each contact its target less what is posted for it, as of an order.

A contact may change what another one earns only where terms pay a base for a plan: there all contacts of the
participant are worked out together. Whoever calls this holds the shop's contacts.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from campaigns.commissions.accrual import Credit, basis, hold_campaigns, target
from campaigns.commissions.contacts_earned import ContactFact, earned_by_contacts
from campaigns.commissions.ledger import Entry, Leg, difference, post_all, posted_for_contacts
from campaigns.commissions.run import Earned
from campaigns.models import Acceptance, Campaign, Contact, Participation
from campaigns.questions import Question, among

AT_ONCE = 500

_CREDITED = (
    select(
        Contact.id,
        Contact.happened_at,
        Contact.external_id,
        Contact.status,
        Contact.seconds,
        Contact.participation_id,
        Participation.influencer_id,
        Campaign.id.label("campaign_id"),
        Campaign.brand_id,
        Campaign.currency,
        Acceptance.terms,
        Acceptance.terms_version,
    )
    .join(Participation, Participation.id == Contact.participation_id)
    .join(Campaign, Campaign.id == Participation.campaign_id)
    .join(Acceptance, Acceptance.id == Contact.acceptance_id)
    .order_by(Contact.id)
)
_SOME = Question(_CREDITED.where(among(Contact.id, "contacts")))
_OF_PEOPLE = Question(_CREDITED.where(among(Contact.participation_id, "participations")))
_ACCEPTED = Question(
    select(Acceptance.participation_id, Acceptance.terms).where(among(Acceptance.participation_id, "participations"))
)


class Due(NamedTuple):
    """What one contact earns, whom, and under which terms."""

    credit: Credit
    earned: Earned


def accrue_contacts(
    connection: Connection, contact_ids: Collection[int], participation_ids: Collection[int], now: datetime
) -> None:
    """Bring the books of some contacts to their targets, and of all that depend on them.

    `participation_ids` are all whom these contacts are credited to, or were before.
    """
    due = dues(connection, contact_ids, participation_ids)
    posted = posted_for(connection, {*contact_ids, *due})
    entries = [_entry(contact, due.get(contact), posted.get(contact, {})) for contact in sorted({*contact_ids, *due})]
    touched = {leg.campaign_id for entry in entries for leg, amount in entry.amounts.items() if amount}
    hold_campaigns(connection, touched)
    post_all(connection, entries, now)


def dues(connection: Connection, contact_ids: Collection[int], participation_ids: Collection[int]) -> dict[int, Due]:
    """Contact id -> what it earns: these contacts, and all of those participants who have a plan to fulfil."""
    planned = _with_a_plan(connection, participation_ids)
    rows = {row.id: row for row in _SOME.ask(connection, contacts=contact_ids)}
    rows |= {row.id: row for row in _OF_PEOPLE.ask(connection, participations=planned)}
    by_person: dict[int, list[Any]] = {}
    for row in rows.values():
        by_person.setdefault(row.participation_id, []).append(row)
    found: dict[int, Due] = {}
    for mine in by_person.values():
        earned = earned_by_contacts(_fact(row) for row in mine)
        found |= {row.id: Due(_credit(row), earned[row.id]) for row in mine}
    return found


def posted_for(connection: Connection, contact_ids: Iterable[int]) -> dict[int, dict[Leg, int]]:
    """Contact id -> what is posted for it, some hundred asked for at a time."""
    wanted = sorted(set(contact_ids))
    posted: dict[int, dict[Leg, int]] = {}
    for begin in range(0, len(wanted), AT_ONCE):
        posted |= posted_for_contacts(connection, wanted[begin : begin + AT_ONCE])
    return posted


def lacking(due: Due | None, posted: Mapping[Leg, int]) -> dict[Leg, int]:
    """What must be posted for a contact, by leg; zeros included."""
    wanted = target(due.credit, due.earned, due.credit.currency) if due else {}
    return difference(wanted, posted)


def earned_by_contact(session: Session, contact_ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    """Contact id -> (commission, agency fee) as accruals stand, minor units; contacts that earn nothing are missing."""
    session.flush()
    found = {}
    for contact_id, legs in posted_for(session.connection(), contact_ids).items():
        kinds = {"influencer_pending": 0, "agency_income": 0, "brand_receivable": 0}
        for leg, amount in legs.items():
            kinds[leg.kind] -= amount
        found[contact_id] = (kinds["influencer_pending"], kinds["agency_income"])
    return found


def _with_a_plan(connection: Connection, participation_ids: Iterable[int]) -> set[int]:
    rows = _ACCEPTED.ask(connection, participations=participation_ids)
    return {row.participation_id for row in rows if "plan_leads" in row.terms.get("leads", {})}


def _entry(contact_id: int, due: Due | None, posted: Mapping[Leg, int]) -> Entry:
    told = basis(due.credit, due.earned) if due else None
    return Entry("accrual", lacking(due, posted), contact_id=contact_id, basis=told)


def _fact(row: Any) -> ContactFact:
    return ContactFact(row.id, row.happened_at, row.external_id, row.status, row.seconds, row.terms)


def _credit(row: Any) -> Credit:
    return Credit(
        brand_id=row.brand_id,
        influencer_id=row.influencer_id,
        campaign_id=row.campaign_id,
        participation_id=row.participation_id,
        terms=row.terms,
        terms_version=row.terms_version,
        currency=row.currency,
    )
