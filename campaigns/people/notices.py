"""The app's own board: what was written to a user stands there too, until it is read and after.

A notice is made where its letter is queued (people/mail.py), in the same transaction and once for each letter. It
leads to a page of the app, never to a link that opens something by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from campaigns.db import insert_or_meet
from campaigns.errors import NotFound
from campaigns.models import Notice, NoticeChoice, User
from campaigns.people.topics import ALWAYS, MAILED_ALWAYS, TOPICS, topic_of, topics_for

PER_PAGE = 30
MOST_COUNTED = 100  # a bell that says "99+" looks at no more rows than that
LONGEST_PATH = 500
# Pages a signed-in person reads. A letter's link may also be one-time, or an influencer's own: those lead nowhere here.
ROOMS = ("/me/", "/brand/", "/console/", "/disputes/", "/shops/", "/papers/", "/answers/", "/talks/")
KEYS = ("/papers/link/",)  # opens a paper without a sign-in
# (letter, role): where a letter without a page of its own leads.
PLACES = {
    ("invited", "influencer"): "/me",
    ("launched", "influencer"): "/me",
    ("papers_ready", "influencer"): "/me/documents",
    ("papers_ready", "brand"): "/papers",
    ("password_changed", "agency"): "/account",
    ("password_changed", "brand"): "/account",
    ("password_changed", "influencer"): "/account",
    ("bank_details_changed", "influencer"): "/me/payment-details",
}


@dataclass(frozen=True)
class Ways:
    """How somebody is told: by a letter, by a notice, by both or by neither."""

    by_mail: bool = True
    in_app: bool = True


def reader_of(session: Session, recipient: str, letter: str) -> tuple[User | None, Ways]:
    """Who signs in with the address a letter goes to, and how they want to be told of its topic."""
    topic = topic_of(letter)
    of_topic = (NoticeChoice.user_id == User.id) & (NoticeChoice.topic == topic)
    row = session.execute(
        select(User, NoticeChoice).outerjoin(NoticeChoice, of_topic).where(User.email == recipient.strip().casefold())
    ).one_or_none()
    if row is None:
        return None, Ways(in_app=False)
    user, choice = row[0], row[1]
    if choice is None or topic == ALWAYS:
        return user, Ways(in_app=user.active)
    return user, Ways(choice.by_mail or letter in MAILED_ALWAYS, choice.in_app and user.active)


def put_up(
    session: Session, user: User, letter: str, language: str, subject: str, link: object, now: datetime
) -> Notice:
    """Hang a notice of a letter on a user's board."""
    notice = Notice(
        user_id=user.id,
        letter=letter,
        language=language,
        subject=" ".join(subject.split())[:300],
        path=path_to(letter, user.role, str(link or "")),
        created_at=now,
    )
    session.add(notice)
    session.flush()
    return notice


def path_to(letter: str, role: str, link: str) -> str:
    """The page a notice leads to: its letter's, if it is one of ours; else what its letter is about.

    >>> path_to("credit_given", "influencer", "https://agency.example/me/wallet")
    '/me/wallet'
    >>> path_to("invited", "influencer", "https://agency.example/set-password/secret")
    '/me'
    """
    path = urlsplit(link).path
    room = path.rstrip("/") + "/"
    if room.startswith(ROOMS) and not room.startswith(KEYS) and len(path) <= LONGEST_PATH:
        return path
    return PLACES.get((letter, role), "/")


def unread(session: Session, user: User) -> int:
    """How many notices a user has not read; MOST_COUNTED stands for that many and more."""
    some = select(Notice.id).where(Notice.user_id == user.id, Notice.read_at.is_(None)).limit(MOST_COUNTED)
    return int(session.scalar(select(func.count()).select_from(some.subquery())) or 0)


def board(session: Session, user: User, before: int | None = None) -> tuple[list[Notice], int | None]:
    """A page of a user's notices, newest first, and the id to go on from."""
    mine = select(Notice).where(Notice.user_id == user.id).order_by(Notice.id.desc())
    if before is not None:
        mine = mine.where(Notice.id < before)
    found = list(session.scalars(mine.limit(PER_PAGE + 1)))
    shown = found[:PER_PAGE]
    return shown, shown[-1].id if len(found) > PER_PAGE else None


def mark_read(session: Session, user: User, public_id: str, now: datetime) -> Notice:
    """One of one's own notices is read; raises NotFound for another's."""
    notice = session.scalar(select(Notice).where(Notice.user_id == user.id, Notice.public_id == public_id))
    if notice is None:
        raise NotFound("no such notice, or not yours")
    if notice.read_at is None:
        notice.read_at = now
        session.flush()
    return notice


def mark_all_read(session: Session, user: User, now: datetime) -> int:
    """All of them; how many were not."""
    mine = update(Notice).where(Notice.user_id == user.id, Notice.read_at.is_(None)).values(read_at=now)
    return int(session.execute(mine).rowcount)  # type: ignore[attr-defined]


def chosen(session: Session, user: User) -> dict[str, Ways]:
    """topic -> how a user wants to be told of it, for all they may switch."""
    rows = {row.topic: row for row in session.scalars(select(NoticeChoice).filter_by(user_id=user.id))}
    return {
        topic: Ways(rows[topic].by_mail, rows[topic].in_app) if topic in rows else Ways()
        for topic in topics_for(user.role)
    }


def choose(session: Session, user: User, wanted: Mapping[str, Ways], now: datetime) -> None:
    """Be told so from now on. What is already queued or on the board stays."""
    for topic, ways in wanted.items():
        if topic not in TOPICS:
            raise NotFound("there is no such topic")
        said = {"by_mail": ways.by_mail, "in_app": ways.in_app, "chosen_at": now}
        row = insert_or_meet(session, NoticeChoice).values(user_id=user.id, topic=topic, **said)
        session.execute(row.on_conflict_do_update(index_elements=["user_id", "topic"], set_=said))
