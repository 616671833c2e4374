"""Who reads what of a talk: each side what is marked for it, staff everything.

A talk is there for a side once something in it is marked for that side; until then it does not exist for them, nor does
its subject. A campaign's talk with everybody is for those who take part in it now.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, false, select, true
from sqlalchemy.orm import Session, aliased, joinedload

from campaigns.models import Influencer, Participation, Talk, TalkMessage, User
from campaigns.planning.roster import TOOK_PART

OTHER_SIDE = {"influencer": "brand", "brand": "influencer"}


def marked_for(role: str, said: type[TalkMessage] = TalkMessage) -> ColumnElement[bool]:
    """The messages people of a role read; `said` is the table, or another name of it."""
    marks: dict[str, ColumnElement[bool]] = {
        "agency": true(),
        "influencer": said.for_influencer.is_(True),
        "brand": said.for_brand.is_(True),
    }
    return marks.get(role, false())


def readable(user: User) -> ColumnElement[bool]:
    """The talks somebody reads."""
    if user.role == "agency":
        return true()
    something = aliased(TalkMessage)
    said = select(something.id).where(something.talk_id == Talk.id, marked_for(user.role, something)).exists()
    return _is_in(user) & said


def _is_in(user: User) -> ColumnElement[bool]:
    if user.role == "brand" and user.brand_id is not None:
        return Talk.brand_id == user.brand_id
    if user.role == "influencer" and user.influencer_id is not None:
        mine = select(Participation.campaign_id).where(
            Participation.influencer_id == user.influencer_id, Participation.status.in_(TOOK_PART)
        )
        return (Talk.influencer_id == user.influencer_id) | (Talk.everybody & Talk.campaign_id.in_(mine))
    return false()


def people_of(session: Session, talk: Talk) -> list[Influencer]:
    """The influencers of a talk: the one, or everybody who takes part in its campaign now."""
    if not talk.everybody:
        return [talk.influencer] if talk.influencer else []
    taking_part = (
        select(Participation.influencer_id)
        .where(Participation.campaign_id == talk.campaign_id, Participation.status.in_(TOOK_PART))
        .scalar_subquery()
    )
    return list(session.scalars(select(Influencer).where(Influencer.id.in_(taking_part)).order_by(Influencer.id)))


@dataclass(frozen=True)
class Told:
    """A message as one reader sees it.

    `passing` is "" where nothing was asked, else what became of it: waiting, passed, reworded, kept. `passed` is the
    row of staff's decision: for staff always, for its author without other words than its time.
    """

    message: TalkMessage
    passing: str = ""
    passed: TalkMessage | None = None

    @property
    def at(self) -> datetime:
        """When this reader could first read it."""
        return self.message.said_at


def told(session: Session, talk: Talk, role: str) -> list[Told]:
    """What people of a role read of a talk, in the order in which they could. The originals show staff's decisions."""
    asked = select(TalkMessage).where(TalkMessage.talk_id == talk.id).options(joinedload(TalkMessage.user))
    rows = list(session.scalars(asked.order_by(TalkMessage.id)))
    decided = {row.passes_id: row for row in rows if row.passes_id is not None}
    if role == "agency":
        read: Iterable[TalkMessage] = (row for row in rows if row.passes_id is None)
    else:
        read = (row for row in rows if is_marked_for(row, role))
    return [_as_told(row, decided.get(row.id), role) for row in read]


def is_marked_for(message: TalkMessage, role: str) -> bool:
    """Whether people of a role read it."""
    return {"agency": True, "influencer": message.for_influencer, "brand": message.for_brand}[role]


def _as_told(message: TalkMessage, decision: TalkMessage | None, role: str) -> Told:
    if not message.asks_passing or role not in ("agency", message.role):
        return Told(message)
    if decision is None:
        return Told(message, "waiting")
    if not decision.is_read_outside:
        return Told(message, "kept", decision)
    return Told(message, "passed" if decision.body == message.body else "reworded", decision)
