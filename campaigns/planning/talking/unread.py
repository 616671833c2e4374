"""What somebody has not read yet, and what waits for the agency.

An influencer and a brand count messages they have not seen; staff share one list, so they count the talks in which
somebody waits for an answer or for a message to be passed on.
"""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from campaigns.db import lock_name
from campaigns.models import Talk, TalkMessage, TalkReader, User
from campaigns.planning.talking.readers import marked_for, readable


def unread(session: Session, user: User) -> int:
    """How many messages somebody has not seen; of staff, how many talks wait for the agency."""
    if user.role == "agency":
        return int(session.scalar(select(func.count()).select_from(Talk).where(_waits())) or 0)
    return sum(_counted(session, user, readable(user)).values())


def unread_by_talk(session: Session, user: User, talk_ids: Collection[int]) -> dict[int, int]:
    """Talk id -> how many messages in it they have not seen, those without any left out; of staff too."""
    return _counted(session, user, Talk.id.in_(talk_ids))


def waiting_for_staff(session: Session, campaign_id: int | None = None) -> list[Talk]:
    """The talks that wait for the agency, who waits longest first; of one campaign, or of all."""
    found = select(Talk).where(_waits()).order_by(Talk.said_at, Talk.id)
    return list(session.scalars(found if campaign_id is None else found.where(Talk.campaign_id == campaign_id)))


def mark_seen(session: Session, talk: Talk, user: User) -> bool:
    """Note that somebody has read all of it that is theirs to read; whether there was anything new."""
    newest = session.scalar(_last(talk, user))
    if newest is None or newest <= _seen(session, talk, user):
        return False
    lock_name(session, f"talk_reader:{talk.id}:{user.id}")
    mark = session.get(TalkReader, (talk.id, user.id), populate_existing=True)
    if mark is None:
        session.add(TalkReader(talk_id=talk.id, user_id=user.id, message_id=newest))
    elif mark.message_id < newest:
        mark.message_id = newest
    session.flush()
    return True


def has_news(session: Session, talk: Talk, user: User) -> bool:
    """Whether there is something in it that somebody has not seen, or has written since they last looked."""
    return (session.scalar(_last(talk, user)) or 0) > _seen(session, talk, user)


def _last(talk: Talk, user: User) -> Select[int | None]:
    return select(func.max(TalkMessage.id)).where(TalkMessage.talk_id == talk.id, marked_for(user.role))


def _seen(session: Session, talk: Talk, user: User) -> int:
    return session.scalar(select(TalkReader.message_id).filter_by(talk_id=talk.id, user_id=user.id)) or 0


def _counted(session: Session, user: User, where: ColumnElement[bool]) -> dict[int, int]:
    """Messages of others that were marked for them since they last looked."""
    rows = session.execute(
        select(TalkMessage.talk_id, func.count())
        .join(Talk, Talk.id == TalkMessage.talk_id)
        .outerjoin(TalkReader, (TalkReader.talk_id == Talk.id) & (TalkReader.user_id == user.id))
        .where(where, marked_for(user.role), TalkMessage.role != user.role)
        .where(TalkMessage.id > func.coalesce(TalkReader.message_id, 0), _is_told_to(user))
        .group_by(TalkMessage.talk_id)
    )
    return {talk_id: count for talk_id, count in rows}


def _is_told_to(user: User) -> ColumnElement[bool]:
    """Staff read originals; what passes one on is their own deed."""
    return TalkMessage.passes_id.is_(None) if user.role == "agency" else TalkMessage.id.is_not(None)


def _waits() -> ColumnElement[bool]:
    decision = aliased(TalkMessage)
    undecided = (
        select(TalkMessage.id)
        .outerjoin(decision, decision.passes_id == TalkMessage.id)
        .where(TalkMessage.talk_id == Talk.id, TalkMessage.asks_passing, decision.id.is_(None))
        .exists()
    )
    return (Talk.status == "open") | (undecided & (Talk.status != "closed"))
