"""Letters about registered customers, to whoever registered them, each in their language."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns.i18n import show_date, speaking
from campaigns.models import Registration
from campaigns.people.mail import queue_letter
from campaigns.planning.registration_words import why


def registered(session: Session, registration: Registration, base_url: str, now: datetime) -> None:
    """What became of it, also where it was impossible."""
    mine = registration.participation
    with speaking(mine.influencer.language):
        words, until = why(registration.reason), _day(registration, registration.binds_until)
    facts = {"status": registration.status, "words": words, "until": until, "reason": registration.note}
    _write(session, registration, "customer_registered", base_url, now, **facts)


def ended(session: Session, registration: Registration, reason: str, base_url: str, now: datetime) -> None:
    """A customer is no longer theirs; `reason` is what staff wrote."""
    with speaking(registration.participation.influencer.language):
        day = _day(registration, now)
    _write(session, registration, "customer_no_longer_yours", base_url, now, day=day, reason=reason)


def _day(registration: Registration, moment: datetime | None) -> str:
    zone = ZoneInfo(registration.participation.campaign.timezone)
    return show_date(moment.astimezone(zone).date()) if moment else ""


def _write(
    session: Session, registration: Registration, letter: str, base_url: str, now: datetime, **values: object
) -> None:
    mine = registration.participation
    influencer, campaign = mine.influencer, mine.campaign
    facts = {"name": influencer.name, "campaign": campaign.name, "shop": campaign.shop.name}
    link = f"{base_url}/me/campaigns/{mine.public_id}/customers"
    told = {"customer": registration.label, "link": link}
    queue_letter(session, influencer.email, influencer.language, letter, now, **facts, **told, **values)
