"""Letters about studio hours: to the influencer whose they are, and to the photographer."""

from datetime import datetime

from sqlalchemy.orm import Session

from campaigns.i18n import show_time, speaking
from campaigns.models import Participation, StudioSlot
from campaigns.people.mail import queue_letter


def booked(session: Session, slot: StudioSlot, participation: Participation, base_url: str, now: datetime) -> None:
    """When and where, and what to bring."""
    _to_both(session, "studio_booked", slot, participation, base_url, now)


def given_back(session: Session, slot: StudioSlot, participation: Participation, now: datetime) -> None:
    """The influencer has freed it: the photographer is told."""
    _to_photographer(session, "studio_called_off", slot, participation, now)


def called_off(session: Session, slot: StudioSlot, participation: Participation, base_url: str, now: datetime) -> None:
    """The house has taken it back, and why."""
    _to_both(session, "studio_called_off", slot, participation, base_url, now)


def _to_both(
    session: Session, letter: str, slot: StudioSlot, participation: Participation, base_url: str, now: datetime
) -> None:
    influencer = participation.influencer
    link = f"{base_url}/me/campaigns/{participation.public_id}/studio"
    _write(session, letter, influencer.email, influencer.language, slot, participation, link, now)
    _to_photographer(session, letter, slot, participation, now)


def _to_photographer(
    session: Session, letter: str, slot: StudioSlot, participation: Participation, now: datetime
) -> None:
    if slot.studio.email:
        language = participation.campaign.language
        _write(session, letter, slot.studio.email, language, slot, participation, "", now)


def _write(
    session: Session,
    letter: str,
    email: str,
    language: str,
    slot: StudioSlot,
    participation: Participation,
    link: str,
    now: datetime,
) -> None:
    with speaking(language):
        moment = show_time(slot.starts_at, slot.studio.timezone)
    facts = {"name": participation.influencer.name, "campaign": participation.campaign.name, "wishes": slot.wishes}
    place = {"studio": slot.studio.name, "photographer": slot.studio.photographer, "address": slot.studio.address}
    told = {"note": slot.studio.note, "reason": slot.called_off_reason, "moment": moment, "link": link}
    queue_letter(session, email, language, letter, now, **facts, **place, **told)
