"""Leads and calls as pages list them: how far each has come, why it is whose, and what it earns.

The person it was with is on none of these pages. A call that was long enough is shown as qualified, whoever said so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, Text, cast, func, or_, select
from sqlalchemy.orm import Session, joinedload

from campaigns.commissions.contact_accrual import earned_by_contact
from campaigns.commissions.contacts_earned import ContactFact, qualifies
from campaigns.models import Contact, Hold, Participation
from campaigns.settlement.disputing.holds import open_holds

PAGE = 25


@dataclass(frozen=True)
class ListedContact:
    """A contact, the status to show, and both shares in minor units."""

    contact: Contact
    status: str
    commission_minor: int
    agency_fee_minor: int
    hold: Hold | None = None  # what keeps the commission back

    @property
    def brand_charge_minor(self) -> int:
        """What the brand pays for it."""
        return self.commission_minor + self.agency_fee_minor


def listed(session: Session, contacts: Iterable[Contact]) -> list[ListedContact]:
    """Contacts as they are shown."""
    rows = list(contacts)
    ids = [contact.id for contact in rows]
    earned, holds = earned_by_contact(session, ids), open_holds(session, Contact, ids)
    return [ListedContact(one, status_of(one), *earned.get(one.id, (0, 0)), holds.get(one.id)) for one in rows]


def contacts_in(campaign_id: int, participation_id: int | None = None) -> Select[Contact]:
    """A campaign's contacts that are somebody's, or those of one participant, newest first."""
    mine = Contact.participation_id
    return (
        select(Contact)
        .options(
            joinedload(Contact.acceptance),
            joinedload(Contact.campaign),
            joinedload(Contact.participation).joinedload(Participation.influencer),
        )
        .where(
            Contact.campaign_id == campaign_id,
            mine.is_not(None) if participation_id is None else mine == participation_id,
        )
        .order_by(Contact.happened_at.desc(), Contact.id.desc())
    )


def page_of_contacts(session: Session, wanted: Select[Contact], skip: int = 0) -> tuple[list[ListedContact], bool]:
    """Some of the wanted contacts, and whether there are more."""
    rows: Sequence[Contact] = session.scalars(wanted.offset(skip).limit(PAGE + 1)).all()
    return listed(session, rows[:PAGE]), len(rows) > PAGE


def passed_over_contacts(session: Session, participation: Participation, most: int = PAGE) -> list[tuple[Contact, str]]:
    """(contact, reason) of contacts that came with the participant's code or link and are not theirs, newest first.

    The reason is the decision's own; `other` where somebody else is credited, `window_over` for a click too long ago.
    """
    speaks_of_them = cast(Contact.evidence, Text).contains(participation.public_id, autoescape=True)
    rows = session.scalars(
        select(Contact)
        .where(
            Contact.campaign_id == participation.campaign_id,
            or_(Contact.participation_id.is_(None), Contact.participation_id != participation.id),
            speaks_of_them,
        )
        .order_by(Contact.happened_at.desc(), Contact.id.desc())
        .limit(most)
    )
    return [(contact, why_no_contact(contact)) for contact in rows]


def counts_by_status(session: Session, campaign_id: int, participation_id: int | None = None) -> dict[str, int]:
    """status -> how many contacts of a campaign are somebody's, or one participant's, by how far they have come."""
    wanted = select(Contact.status, func.count()).where(
        Contact.campaign_id == campaign_id, Contact.participation_id.is_not(None)
    )
    if participation_id is not None:
        wanted = wanted.where(Contact.participation_id == participation_id)
    return {status: count for status, count in session.execute(wanted.group_by(Contact.status))}


def counted_contacts(session: Session, campaign_ids: Iterable[int]) -> dict[tuple[int, int], int]:
    """(campaign id, participation id) -> how many contacts are theirs and were not rejected."""
    rows = session.execute(
        select(Contact.campaign_id, Contact.participation_id, func.count())
        .where(
            Contact.campaign_id.in_(list(campaign_ids)),
            Contact.participation_id.is_not(None),
            Contact.status != "rejected",
        )
        .group_by(Contact.campaign_id, Contact.participation_id)
    )
    return {
        (campaign, person): count for campaign, person, count in rows if campaign is not None and person is not None
    }


def status_of(contact: Contact) -> str:
    """How far a contact has come, as it is shown."""
    terms = contact.acceptance.terms if contact.acceptance else {}
    fact = ContactFact(contact.id, contact.happened_at, contact.external_id, contact.status, contact.seconds, terms)
    return "qualified" if contact.status == "created" and terms.get("leads") and qualifies(fact) else contact.status


def why_no_contact(contact: Contact) -> str:
    """Why a contact with something of an influencer's is not theirs, as `passed_over_contacts` tells it."""
    if contact.participation_id is not None:
        return "manual" if contact.decided_by_user_id is not None else "other"
    return "window_over" if contact.reason == "none" and "clicks" in contact.evidence else contact.reason
