"""Letters about money: a commission held or let go, a dispute's messages and its end, credit given, an offset.

Each to those it concerns, in their language. What staff decide is told with the reason they wrote; a brand is never
told what the agency gave an influencer, nor an influencer anything of the buyer.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.i18n import N_, gettext, speaking
from campaigns.ids import masked
from campaigns.models import (
    Brand,
    Campaign,
    Contact,
    Dispute,
    Influencer,
    Order,
    Participation,
    User,
)
from campaigns.money import format_minor
from campaigns.people.mail import queue_letter

HELD, RELEASED = "commission_held", "commission_released"
OUTCOMES = {"partner": N_("You were found right."), "agency": N_("It stays as it was.")}
OTHER_SIDE = {"partner": N_("The other side was found right."), "agency": N_("It stays as it was.")}


def held(
    session: Session,
    participation: Participation,
    letter: str,
    cause: Order | Contact,
    reason: str,
    base_url: str,
    now: datetime,
) -> None:
    """Their commission of an order or a contact is held (HELD) or let go (RELEASED), and why."""
    influencer = participation.influencer
    with speaking(influencer.language):
        why = gettext(reason)
    of_contact = isinstance(cause, Contact)
    number = cause.external_id if isinstance(cause, Contact) else cause.number
    facts = {"name": influencer.name, "campaign": participation.campaign.name, "number": masked(number), "reason": why}
    link = f"{base_url}/me/{'contacts' if of_contact else 'orders'}/{cause.public_id}"
    to = (influencer.email, influencer.language)
    queue_letter(session, *to, letter, now, **facts, of_contact=of_contact, link=link)


def dispute_said(session: Session, dispute: Dispute, by: User, words: str, base_url: str, now: datetime) -> None:
    """Something was said in a dispute: to everyone who reads it, other than whoever said it."""
    readers = [reader for reader in readers_of(session, dispute) if reader.id != by.id]
    _to_all(session, readers, "dispute_message", dispute, base_url, now, words=words)


def dispute_resolved(session: Session, dispute: Dispute, base_url: str, now: datetime) -> None:
    """How it ended, to both sides; what the agency gives is told to whoever opened it only."""
    currency = session.get_one(Campaign, dispute.campaign_id).currency
    for reader in readers_of(session, dispute):
        if reader.role == "agency":
            continue
        opener = reader.role == dispute.opened_by_role
        given = dispute.compensation_minor if opener else 0
        amount = f"{format_minor(given, currency)} {currency}" if given else ""
        with speaking(reader.language):
            outcome = gettext((OUTCOMES if opener else OTHER_SIDE)[dispute.outcome])
        facts = {"outcome": outcome, "words": dispute.resolution, "amount": amount}
        _to_all(session, [reader], "dispute_resolved", dispute, base_url, now, **facts)


def readers_of(session: Session, dispute: Dispute) -> list[User]:
    """Everyone who may read a dispute: staff, the influencer, and the brand where it is about an order or contact."""
    wanted = User.role == "agency"
    if dispute.participation_id is not None:
        wanted |= User.influencer_id == session.get_one(Participation, dispute.participation_id).influencer_id
    if brand_reads(dispute):
        wanted |= User.brand_id == session.get_one(Campaign, dispute.campaign_id).brand_id
    return list(session.scalars(select(User).where(wanted, User.active).order_by(User.id)))


def brand_reads(dispute: Dispute) -> bool:
    """Statements and effort are between the influencer and the agency."""
    return dispute.kind == "line" and dispute.statement_id is None


def credit_given(
    session: Session, party: Influencer | Brand, currency: str, amount_minor: int, reason: str, url: str, now: datetime
) -> None:
    """Credit that may be offset, and why it was given."""
    amount = f"{format_minor(amount_minor, currency)} {currency}"
    for email, language in addresses(session, party):
        facts = {"name": party.name, "amount": amount, "reason": reason, "link": f"{url}/{_room(party)}/wallet"}
        queue_letter(session, email, language, "credit_given", now, **facts)


def addresses(session: Session, party: Influencer | Brand) -> list[tuple[str, str]]:
    """(address, language) of a party: an influencer's own, a brand's of everyone who signs in for it."""
    if isinstance(party, Influencer):
        return [(party.email, party.language)]
    users = session.scalars(select(User).filter_by(brand_id=party.id, active=True).order_by(User.id))
    return [(user.email, user.language) for user in users]


def _room(party: Influencer | Brand) -> str:
    return "me" if isinstance(party, Influencer) else "brand"


def _to_all(
    session: Session, readers: list[User], letter: str, dispute: Dispute, base_url: str, now: datetime, **facts: object
) -> None:
    campaign = session.get_one(Campaign, dispute.campaign_id).name
    link = f"{base_url}/disputes/{dispute.public_id}"
    for reader in readers:
        queue_letter(session, reader.email, reader.language, letter, now, campaign=campaign, link=link, **facts)
