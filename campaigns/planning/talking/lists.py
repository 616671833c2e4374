"""Lists of talks as one reader sees them: by what was last said to them, with what they have not seen."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from campaigns.models import Talk, TalkMessage, User
from campaigns.planning.talking.readers import marked_for
from campaigns.planning.talking.unread import unread_by_talk

PAGE = 50


@dataclass(frozen=True)
class Listed:
    """A talk in a list. `said_at` is when somebody last said something that this reader reads."""

    talk: Talk
    said_at: datetime
    unread: int


def page_of_talks(session: Session, user: User, talks: Select[Talk], skip: int) -> tuple[list[Listed], bool]:
    """A page of talks, and whether there are more: for staff what waits for them first, then the newest words."""
    last = (
        select(TalkMessage.talk_id, func.max(TalkMessage.id).label("id"))
        .where(marked_for(user.role))
        .group_by(TalkMessage.talk_id)
        .subquery()
    )
    order = [(Talk.status == "open").desc(), last.c.id.desc()] if user.role == "agency" else [last.c.id.desc()]
    asked = talks.join(last, last.c.talk_id == Talk.id).join(TalkMessage, TalkMessage.id == last.c.id)
    rows = session.execute(
        asked.with_only_columns(Talk, TalkMessage.said_at).order_by(*order).offset(skip).limit(PAGE + 1)
    ).all()
    new = unread_by_talk(session, user, [talk.id for talk, _ in rows])
    return [Listed(talk, at, new.get(talk.id, 0)) for talk, at in rows[:PAGE]], len(rows) > PAGE
