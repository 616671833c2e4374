"""Letters about talks and incidents: to those who may read what they tell of, other than whoever caused it.

What is not passed on is written of to staff only. An influencer is written to at their own address, a brand at those of
everyone who signs in for it.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.i18n import N_, gettext, speaking
from campaigns.models import Incident, Talk, TalkMessage, User
from campaigns.people.mail import queue_letter
from campaigns.planning.money_letters import addresses
from campaigns.planning.talking.readers import people_of
from campaigns.planning.talking.subjects import subject_for

INCIDENT_WORDS = {
    "handling": N_("It is being handled."),
    "put_right": N_("It is put right."),
    "not_accepted": N_("It was not accepted."),
}


def said(session: Session, talk: Talk, message: TalkMessage, url: str, now: datetime) -> None:
    """Something was said, or passed on: to the sides that read it; to staff where it waits for them."""
    for role in ("influencer", "brand"):
        if message.role != role and {"influencer": message.for_influencer, "brand": message.for_brand}[role]:
            to = sides(session, talk, role)
            _write(session, to, "talk_message", talk, role, url, now, words=message.body)
    waits = message.role != "agency" and message.passes_id is None and talk.status == "open"
    if waits:
        asked = message.asks_passing
        _write(session, _staff(session), "talk_waits", talk, "agency", url, now, words=message.body, asked=asked)


def incident_moved(session: Session, incident: Incident, by: User, url: str, now: datetime) -> None:
    """An incident is handled, or has ended: to both sides that know of it."""
    talk = incident.talk
    seen = select(TalkMessage.for_influencer, TalkMessage.for_brand).filter_by(talk_id=talk.id)
    rows = session.execute(seen).all()
    knows = {"influencer": any(row.for_influencer for row in rows), "brand": any(row.for_brand for row in rows)}
    ended = incident.ended_at is not None
    for role in ("influencer", "brand"):
        if not knows[role] or role == by.role:
            continue
        for email, language in sides(session, talk, role):
            with speaking(language):
                status = gettext(INCIDENT_WORDS[incident.status])
            facts = {"status": status, "outcome": incident.outcome if ended else ""}
            _write(session, [(email, language)], "incident_moved", talk, role, url, now, **facts)


def sides(session: Session, talk: Talk, role: str) -> list[tuple[str, str]]:
    """(address, language) of everyone of a role in a talk."""
    if role == "influencer":
        return [found for person in people_of(session, talk) for found in addresses(session, person)]
    return addresses(session, talk.brand) if talk.brand else []


def _staff(session: Session) -> list[tuple[str, str]]:
    users = session.scalars(select(User).filter_by(role="agency", active=True).order_by(User.id))
    return [(user.email, user.language) for user in users]


def _write(
    session: Session,
    to: Iterable[tuple[str, str]],
    letter: str,
    talk: Talk,
    role: str,
    url: str,
    now: datetime,
    **facts: object,
) -> None:
    campaign = talk.campaign.name if talk.campaign else ""
    link = f"{url}/talks/{talk.public_id}"
    known = {"campaign": campaign, "link": link}
    for email, language in to:
        with speaking(language):
            subject = subject_for(talk, role)
        queue_letter(session, email, language, letter, now, subject=subject, **known, **facts)
