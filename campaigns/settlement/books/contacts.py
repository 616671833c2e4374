"""`books check` of leads and calls: each has a decision that holds together, and what is posted for it is its target.

Worked out anew from the rows, as for orders: under a plan all contacts of the participant together.
"""

from collections.abc import Iterator

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from campaigns.commissions.contact_accrual import dues, lacking, posted_for
from campaigns.models import Acceptance, Contact, LedgerTransaction, Posting


def breaches_of_contacts(session: Session, campaign_id: int | None = None) -> list[str]:
    """The breaches of one campaign, or of all."""
    return [*_postings(session, campaign_id), *_decisions(session, campaign_id), *_strays(session)]


def _postings(session: Session, campaign_id: int | None) -> Iterator[str]:
    """I4: what is posted for each contact is its target, also where that is nothing any more."""
    posted_once = select(LedgerTransaction.contact_id).where(LedgerTransaction.contact_id.is_not(None))
    if campaign_id is not None:
        posted_once = posted_once.join(Posting).where(Posting.campaign_id == campaign_id)
    wanted = select(Contact.id, Contact.public_id, Contact.participation_id).order_by(Contact.id)
    wanted = wanted.where(or_(Contact.participation_id.is_not(None), Contact.id.in_(posted_once)))
    if campaign_id is not None:
        wanted = wanted.where(or_(Contact.campaign_id == campaign_id, Contact.id.in_(posted_once)))
    rows = session.execute(wanted).all()
    ids = [row.id for row in rows]
    people = {row.participation_id for row in rows if row.participation_id is not None}
    due, posted = dues(session.connection(), ids, people), posted_for(session.connection(), ids)
    for contact_id, public_id, _ in rows:
        for leg, amount in lacking(due.get(contact_id), posted.get(contact_id, {})).items():
            if amount:
                yield f"I4 contact {public_id}: {leg.kind} lacks {amount} {leg.currency} minor units"


def _decisions(session: Session, campaign_id: int | None) -> Iterator[str]:
    """I5: a contact has a reason; one that is somebody's names the terms that person accepted, a refused one nobody."""
    half = or_(
        Contact.reason == "",
        Contact.participation_id.is_(None) != Contact.acceptance_id.is_(None),
        Contact.participation_id.is_not(None) & Contact.reason.startswith("refused"),
    )
    for contact in session.scalars(_of(campaign_id, select(Contact.public_id).where(half))):
        yield f"I5 contact {contact}: its decision does not hold together"
    others = (
        select(Contact.public_id)
        .join(Acceptance, Acceptance.id == Contact.acceptance_id)
        .where(Acceptance.participation_id != Contact.participation_id)
    )
    for contact in session.scalars(_of(campaign_id, others)):
        yield f"I5 contact {contact}: credited under terms that somebody else accepted"


def _of(campaign_id: int | None, wanted: Select[str]) -> Select[str]:
    return wanted if campaign_id is None else wanted.where(Contact.campaign_id == campaign_id)


def _strays(session: Session) -> Iterator[str]:
    """I5: a transaction that names a contact names one that there is."""
    named = LedgerTransaction.contact_id
    stray = select(LedgerTransaction.id).where(named.is_not(None), named.not_in(select(Contact.id)))
    for transaction in session.scalars(stray):
        yield f"I5 ledger transaction {transaction}: there is no such contact"
