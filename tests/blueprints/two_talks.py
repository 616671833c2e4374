"""The talks of one side: what both read, what was not passed on, and what is another influencer's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.blueprints.access import talks_for
from campaigns.models import TalkMessage, User
from campaigns.planning.talking import incidents, talks
from campaigns.planning.talking.unread import mark_seen
from tests import factories
from tests.whole_campaign import Cast


@dataclass(frozen=True)
class Talks:
    """Public ids, and the words that a role may never read."""

    own: list[str]
    messages: list[str]
    incidents: list[str]
    others: list[str]
    hidden_from_brand: list[str]
    hidden_from_influencer: list[str]


def talks_of(session: Session, live: Cast, word: str, now: datetime) -> Talks:
    """Mina and the brand talk through staff, and of an incident; Noa talks with the agency."""
    place, brand = live.campaign, live.campaign.brand
    staff = factories.user(session)
    mina, noa = factories.user(session, influencer=live.mina.influencer), live.noa.influencer
    office = factories.user(session, brand=brand)
    opening = talks.Opening("question", f"{word} question", f"{word} asks", ["brand"], place, mina.influencer, brand)
    talk, first = talks.open_talk(session, mina, opening, now)
    talks.pass_on(session, talk, first, staff, f"{word} asks kindly", f"{word} question", now)
    rude = talks.say(session, talk, mina, f"{word} rude words", ["brand"], now)
    talks.keep(session, talk, rude, staff, now)
    draft = talks.say(session, talk, office, f"{word} office draft", ["influencer"], now)
    talks.say(session, talk, staff, f"{word} note", [], now)
    alone = talks.Opening("question", f"{word} secret of Noa", f"{word} Noa asks", [], place, noa)
    hers, _ = talks.open_talk(session, factories.user(session, influencer=noa), alone, now)
    report = incidents.Report(place, "review", f"{word} review", f"{word} is sour", "Serum", mina.influencer)
    incident, sour = incidents.report(session, staff, report, now)
    return Talks(
        own=[talk.public_id, incident.talk.public_id],
        messages=[draft.public_id, sour.public_id],
        incidents=[incident.public_id],
        others=[hers.public_id],
        hidden_from_brand=[f"{word} rude words", f"{word} note", f"{word} secret of Noa", f"{word} Noa asks"],
        hidden_from_influencer=[f"{word} office draft", f"{word} note", f"{word} secret of Noa", f"{word} Noa asks"],
    )


def everyone_has_read(session: Session, people: Sequence[User]) -> None:
    """Nothing is new to anybody: looking at a talk then changes nothing."""
    for user in people:
        for talk in session.scalars(talks_for(user)):
            mark_seen(session, talk, user)
    assert session.scalar(select(TalkMessage.id).limit(1)) is not None
