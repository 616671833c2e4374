"""Who makes the files of which paper: one worker at a time each, so that several share a closing's papers.

A paper is claimed by one statement, for as long as a lease lasts. A worker that dies in the middle leaves a lease that
runs out, and another takes the paper over; a try that failed sets the time of the next one, later every time. A claim
is only about not doing work twice: what is made is kept once in any case, by `keep_files`.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, case, delete, func, select, update
from sqlalchemy.orm import Session

from campaigns.db import insert_or_meet
from campaigns.models import Document, DocumentFile, PaperTask

LEASE = timedelta(seconds=20)  # four times what a long paper takes; made twice, it is still kept once
LATER = [timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5)]
TOLD_EVERY = timedelta(days=1)
LOOKED_AT = 40  # of the waiting: more than there are workers, so each finds one that is free


def waiting(session: Session, now: datetime, most: int = LOOKED_AT) -> list[int]:
    """Ids of papers without files that nobody is making now, the oldest first."""
    made = select(DocumentFile.id).where(DocumentFile.document_id == Document.id).exists()
    taken = select(PaperTask.document_id).where(PaperTask.document_id == Document.id, PaperTask.free_at > now).exists()
    return list(session.scalars(select(Document.id).where(~made, ~taken).order_by(Document.id).limit(most)))


def claim(session: Session, document_id: int, now: datetime) -> bool:
    """Take a paper, unless somebody else has; the caller commits."""
    task = insert_or_meet(session, PaperTask).values(
        document_id=document_id, free_at=now + LEASE, attempts=0, problem=""
    )
    task = task.on_conflict_do_update(
        index_elements=["document_id"], set_={"free_at": now + LEASE}, where=PaperTask.free_at <= now
    )
    return session.scalar(task.returning(PaperTask.document_id)) is not None


def is_made(session: Session, document_id: int) -> bool:
    """Whether a paper has its files."""
    return session.scalar(select(DocumentFile.id).filter_by(document_id=document_id).limit(1)) is not None


def done(session: Session, document_id: int) -> None:
    """Nothing is left to do for a paper; in the transaction that keeps its files."""
    session.execute(delete(PaperTask).where(PaperTask.document_id == document_id))


def put_off(session: Session, document_id: int, problem: str, now: datetime) -> None:
    """A paper could not be made: why, and when to try again."""
    task = session.get_one(PaperTask, document_id, populate_existing=True)
    task.problem = problem
    task.free_at = now + LATER[min(task.attempts, len(LATER) - 1)]
    task.attempts += 1
    session.flush()


def in_trouble(session: Session, now: datetime, every: timedelta = TOLD_EVERY) -> list[str]:
    """What keeps papers from being made and staff have not been told of lately, in words."""
    stuck = select(PaperTask.problem).where(PaperTask.problem != "").distinct()
    known = set(session.scalars(stuck.where(PaperTask.told_at > now - every)))
    return sorted(set(session.scalars(stuck)) - known)


def untold(session: Session, now: datetime, every: timedelta = TOLD_EVERY) -> list[str]:
    """As `in_trouble`, and from now on they have been told: for who holds the lock and writes to them."""
    news = in_trouble(session, now, every)
    if news:
        session.execute(update(PaperTask).where(PaperTask.problem.in_(news)).values(told_at=now))
    return news


@dataclass(frozen=True)
class Progress:
    """How far the papers of one campaign, or of all, are; `problem` says why some wait longer, if they do."""

    made: int
    issued: int
    problem: str = ""

    @property
    def complete(self) -> bool:
        """Whether nothing is left to be made."""
        return self.made == self.issued


def progress(session: Session, campaign_id: int | None = None) -> Progress:
    """How many of the papers issued have their files."""
    has_files = select(DocumentFile.id).where(DocumentFile.document_id == Document.id).exists()
    count = select(func.count(), func.coalesce(func.sum(case((has_files, 1), else_=0)), 0)).select_from(Document)
    problem: Select[str] = (
        select(PaperTask.problem)
        .join(Document, Document.id == PaperTask.document_id)
        .where(PaperTask.problem != "")
        .order_by(PaperTask.document_id)
        .limit(1)
    )
    if campaign_id is not None:
        count, problem = (one.where(Document.campaign_id == campaign_id) for one in (count, problem))
    issued, made = session.execute(count).one()
    return Progress(int(made), int(issued), session.scalar(problem) or "")
