"""Letters to payees about the papers they sent: accepted, and what is paid of it; or refused, and why."""

from datetime import datetime

from sqlalchemy.orm import Session

from campaigns.models import ReceivedDocument
from campaigns.money import format_minor
from campaigns.people.mail import queue_letter


def accepted(session: Session, paper: ReceivedDocument, paid_minor: int, base_url: str, now: datetime) -> None:
    """The paper is accepted: what will be paid, with VAT and less what is withheld."""
    amount = f"{format_minor(paid_minor, paper.currency)} {paper.currency}"
    _write(session, paper, "paper_accepted", now, amount=amount, link=f"{base_url}/me/earnings")


def refused(session: Session, paper: ReceivedDocument, base_url: str, now: datetime) -> None:
    """The paper is refused: why, and where to send another one."""
    link = f"{base_url}/me/statements/{paper.statement.document.public_id}/paper"
    _write(session, paper, "paper_refused", now, reason=paper.reason, link=link)


def _write(session: Session, paper: ReceivedDocument, template: str, now: datetime, **values: object) -> None:
    payee = paper.influencer
    facts = {"name": payee.name, "number": paper.number, "statement": paper.statement.document.number}
    queue_letter(session, payee.email, payee.language, template, now, **facts, **values)
