"""What those a paper is for say to it: seen and accepted, or doubted with a reason. Added, and never changed.

Somebody may accept a paper once and doubt it once; accepting is no waiver, so a paper that was accepted can be doubted
later. What a doubt leads to is decided elsewhere.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.db import lock_name
from campaigns.errors import Conflict, Said
from campaigns.models import Document, DocumentAnswer, User
from campaigns.reasons import read_reason

ACKNOWLEDGED, DISPUTED = "acknowledged", "disputed"
LONGEST_REASON = 4000


def acknowledge(session: Session, document: Document, user: User, now: datetime) -> DocumentAnswer:
    """They have seen it and accept it; said twice it is said once."""
    hold_answers(session, document)
    said = _given(session, document, user, ACKNOWLEDGED)
    return said or _add(session, document, user, ACKNOWLEDGED, "", now)


def dispute(session: Session, document: Document, user: User, reason: str, now: datetime) -> DocumentAnswer:
    """They doubt it, and why; raises Invalid without a reason, Conflict where they have said so before."""
    words = read_reason(reason, LONGEST_REASON)
    hold_answers(session, document)
    if _given(session, document, user, DISPUTED) is not None:
        raise Conflict(Said("you have said what is wrong with this paper already"))
    return _add(session, document, user, DISPUTED, words, now)


def hold_answers(session: Session, document: Document) -> None:
    """Nobody else answers a paper before the transaction ends."""
    lock_name(session, f"answer:{document.id}")


def answers_to(session: Session, document_ids: Collection[int]) -> dict[int, list[tuple[DocumentAnswer, User]]]:
    """The answers to papers, the oldest first: paper -> answers with who gave them."""
    found = session.execute(
        select(DocumentAnswer, User)
        .join(User, User.id == DocumentAnswer.user_id)
        .where(DocumentAnswer.document_id.in_(document_ids))
        .order_by(DocumentAnswer.id)
    )
    answers = defaultdict(list)
    for one, user in found:
        answers[one.document_id].append((one, user))
    return dict(answers)


def _given(session: Session, document: Document, user: User, answer: str) -> DocumentAnswer | None:
    return session.scalar(select(DocumentAnswer).filter_by(document_id=document.id, user_id=user.id, answer=answer))


def _add(session: Session, document: Document, user: User, answer: str, reason: str, now: datetime) -> DocumentAnswer:
    made = DocumentAnswer(document_id=document.id, user_id=user.id, answer=answer, reason=reason, answered_at=now)
    session.add(made)
    session.flush()
    return made
