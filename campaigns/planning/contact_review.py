"""Contacts that staff reject as fake, or accept all the same: the decision, the books, the audit log, the letters.

A lead is easily faked: by somebody who answers once and never meant to buy, or by friends who call. Who listens to the
recording or calls back decides, with a reason that the influencer reads. What the shop itself rejected stays so: its
brand would be charged for it.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from campaigns.errors import Conflict, Invalid, Said
from campaigns.ids import masked
from campaigns.models import Contact, Participation
from campaigns.planning import notices
from campaigns.planning.audit import note
from campaigns.reasons import read_reason
from campaigns.tracking.contact_decisions import BY_HAND
from campaigns.tracking.contacts import decide_by_hand, hold_contacts
from campaigns.tracking.people import acceptance_in_force


def reject_contact(
    session: Session, contact: Contact, user_id: int, reason: str, base_url: str, key: bytes, now: datetime
) -> Contact:
    """Take a contact from whoever it is credited to; the same again by the same person does and sends nothing."""
    reason = read_reason(reason)
    before = _held(session, contact)
    if _is_that(contact, None, user_id, reason):
        return contact
    decide_by_hand(session, contact, None, None, reason, user_id, key, now)
    _told(session, contact, "contact.rejected", user_id, reason, before, None, now)
    if before is not None:
        notices.contact_decided(session, before, "contact_rejected", *_facts(contact, reason), base_url, now)
    return contact


def accept_contact(
    session: Session,
    contact: Contact,
    participation: Participation,
    user_id: int,
    reason: str,
    base_url: str,
    key: bytes,
    now: datetime,
) -> Contact:
    """Credit a contact to a participant of its shop, whatever the rules found. Raises Invalid or Conflict."""
    reason = read_reason(reason)
    if participation.campaign.shop_id != contact.shop_id:
        raise Invalid({"participant": [Said("takes part in a campaign of another shop")]})
    before = _held(session, contact)
    if _is_that(contact, participation, user_id, reason):
        return contact
    if contact.test:
        raise Conflict("a test earns nothing for anyone")
    if contact.status == "rejected":
        raise Conflict("the shop rejected this contact: it earns nothing while the shop does")
    acceptance = acceptance_in_force(participation.acceptances, contact.happened_at)
    if acceptance is None:
        raise Conflict("this influencer has not accepted the terms")
    if "leads" not in acceptance.terms:
        raise Conflict("the terms this influencer accepted pay nothing for contacts")
    decide_by_hand(session, contact, participation, acceptance, reason, user_id, key, now)
    _told(session, contact, "contact.accepted", user_id, reason, before, participation, now)
    if before is None or before.id != participation.id:
        told = (*_facts(contact, reason), base_url, now)
        notices.contact_decided(session, participation, "contact_accepted", *told)
        if before is not None:
            notices.contact_decided(session, before, "contact_rejected", *told)
    return contact


def _held(session: Session, contact: Contact) -> Participation | None:
    """Hold the shop's contacts before this one is read: a delivery may be deciding on it. Whose it is until now."""
    session.flush()
    hold_contacts(session.connection(), [contact.shop_id])
    session.refresh(contact)
    return contact.participation


def _is_that(contact: Contact, participation: Participation | None, user_id: int, reason: str) -> bool:
    """Whether it has been decided so already: somebody pressed the button twice."""
    whose = participation.id if participation else None
    decided = (contact.decided_by_user_id, contact.participation_id, contact.reason)
    meant = (user_id, whose, "manual" if participation else BY_HAND)
    return decided == meant and contact.evidence.get("assigned_because") == reason


def _facts(contact: Contact, reason: str) -> tuple[str, datetime, str]:
    return masked(contact.external_id), contact.happened_at, reason


def _told(
    session: Session,
    contact: Contact,
    action: str,
    user_id: int,
    reason: str,
    before: Participation | None,
    after: Participation | None,
    now: datetime,
) -> None:
    moved = {"to": after.public_id if after else None, "was": before.public_id if before else None}
    note(session, user_id, action, f"contact:{contact.public_id}", now, reason=reason, **moved)
