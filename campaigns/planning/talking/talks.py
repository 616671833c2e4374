"""Talks: opened, talked in, passed on by staff, and closed; the only writer of their rows.

What an influencer writes to a brand, or a brand to an influencer, waits for staff, who pass it on as it is or in other
words, or keep it and answer themselves. Each message is decided on once. In a talk that staff opened to both sides
what is written goes across at once; what waited before still waits.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.errors import Conflict, Invalid, Said
from campaigns.models import Brand, Campaign, Influencer, Talk, TalkMessage, User
from campaigns.planning.talking.readers import OTHER_SIDE

LONGEST_MESSAGE, LONGEST_SUBJECT = 4000, 200


@dataclass(frozen=True)
class Opening:
    """A talk to be: what it is about, who is in it beside the agency, and who of them reads the first message."""

    kind: str
    subject: str
    words: str
    to: Collection[str] = field(default=())  # "influencer", "brand": whom the first message is meant for
    campaign: Campaign | None = None
    influencer: Influencer | None = None
    brand: Brand | None = None
    everybody: bool = False


def open_talk(session: Session, user: User, opening: Opening, now: datetime) -> tuple[Talk, TalkMessage]:
    """Begin a talk with its first message; raises Invalid for a subject or words that are missing or too long."""
    words = {"subject": (opening.subject, LONGEST_SUBJECT), "message": (opening.words, LONGEST_MESSAGE)}
    wrong = {name: found for name, (text, most) in words.items() if (found := _wrong(text, most))}
    if wrong:
        raise Invalid(wrong)
    talk = Talk(
        kind=opening.kind,
        subject=" ".join(opening.subject.split()),
        campaign_id=opening.campaign.id if opening.campaign else None,
        influencer_id=opening.influencer.id if opening.influencer else None,
        brand_id=opening.brand.id if opening.brand else None,
        everybody=opening.everybody,
        opened_by_user_id=user.id,
        opened_by_role=user.role,
        opened_at=now,
        said_at=now,
        unmediated=False,
    )
    session.add(talk)
    session.flush()
    return talk, _add(session, talk, user, opening.words.strip(), opening.to, now)


def say(session: Session, talk: Talk, user: User, words: str, to: Collection[str], now: datetime) -> TalkMessage:
    """Say something to `to`, of "influencer" and "brand"; to neither it is for the agency, of staff a note.

    Raises Conflict where an influencer would answer in a talk with everybody: others would read it.
    """
    if found := _wrong(words, LONGEST_MESSAGE):
        raise Invalid({"message": found})
    if talk.everybody and user.role == "influencer":
        raise Conflict(Said("everybody reads this: answer in a talk of your own"))
    _take(session, talk)
    return _add(session, talk, user, words.strip(), to, now)


def pass_on(
    session: Session, talk: Talk, message: TalkMessage, user: User, words: str, subject: str, now: datetime
) -> TalkMessage:
    """Let the other side read a message, in these words; raises Conflict where it is decided on already."""
    long = {"words": (words, LONGEST_MESSAGE), "subject": (subject, LONGEST_SUBJECT)}
    if wrong := {name: found for name, (text, most) in long.items() if (found := _wrong(text, most))}:
        raise Invalid(wrong)
    _take(session, talk)
    _undecided(session, message)
    if not talk.told_subject:
        talk.told_subject = " ".join(subject.split())
    talk.status, talk.said_at = "passed_on", now
    return _decide(session, message, user, words.strip(), OTHER_SIDE[message.role], now)


def keep(session: Session, talk: Talk, message: TalkMessage, user: User, now: datetime) -> TalkMessage:
    """Decide that a message is not passed on; raises Conflict where it is decided on already."""
    _take(session, talk)
    _undecided(session, message)
    return _decide(session, message, user, message.body, "", now)


def mediate(session: Session, talk: Talk, unmediated: bool) -> None:
    """Open a talk between its two sides, or have staff read first again; raises Conflict without two sides."""
    _take(session, talk)
    if talk.brand_id is None or not talk.has_influencers:
        raise Conflict(Said("only one side talks with the agency here"))
    talk.unmediated = unmediated
    if unmediated:
        talk.told_subject = talk.told_subject or talk.subject
    session.flush()


def close(session: Session, talk: Talk) -> None:
    """Nothing more is expected here; who writes all the same opens it again."""
    _take(session, talk)
    talk.status = "closed"
    session.flush()


def _add(session: Session, talk: Talk, user: User, words: str, to: Collection[str], now: datetime) -> TalkMessage:
    """One message: staff's are read at once, the others' by the other side only where the talk is open to both."""
    in_it = {"influencer": talk.has_influencers, "brand": talk.brand_id is not None}
    meant = {side for side in to if in_it[side]} - {user.role}
    across = bool(meant) and user.role != "agency"
    at_once = meant if user.role == "agency" or talk.unmediated else set()
    reads = at_once | {user.role}
    said = TalkMessage(
        talk_id=talk.id,
        user_id=user.id,
        role=user.role,
        body=words,
        for_influencer="influencer" in reads,
        for_brand="brand" in reads,
        asks_passing=across and not talk.unmediated,
        said_at=now,
    )
    talk.said_at = now
    if user.role != "agency":
        talk.status = "passed_on" if across and talk.unmediated else "open"
    elif meant:
        talk.status = "answered"
    session.add(said)
    session.flush()
    return said


def _decide(session: Session, message: TalkMessage, user: User, words: str, side: str, now: datetime) -> TalkMessage:
    decision = TalkMessage(
        talk_id=message.talk_id,
        user_id=user.id,
        role=message.role,
        body=words,
        for_influencer=side == "influencer",
        for_brand=side == "brand",
        passes_id=message.id,
        said_at=now,
    )
    session.add(decision)
    session.flush()
    return decision


def _take(session: Session, talk: Talk) -> None:
    """Hold the talk until the transaction ends, as it stands now: its messages follow one another."""
    session.refresh(talk, with_for_update=True)


def _undecided(session: Session, message: TalkMessage) -> None:
    decided = select(TalkMessage.id).where(TalkMessage.passes_id == message.id)
    if not message.asks_passing or session.scalar(decided) is not None:
        raise Conflict(Said("somebody has decided on this message already"))


def _wrong(text: str, most: int) -> list[str]:
    if not text.strip():
        return [Said("is missing")]
    return [Said("must have at most %(most)s characters", most=most)] if len(text.strip()) > most else []
