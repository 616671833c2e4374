"""Papers that wait: those payees sent, to be looked at, and ours that can't be made."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import Document, Influencer, PaperTask, ReceivedDocument
from campaigns.planning.today.waiting import Waiting, first_of


def received(session: Session, now: datetime) -> Waiting | None:
    """Invoices and receipts of payees that nobody has accepted or refused."""
    sent = (
        select(ReceivedDocument.received_at, Influencer.name, ReceivedDocument.public_id)
        .join(Influencer, Influencer.id == ReceivedDocument.influencer_id)
        .where(ReceivedDocument.status == "received")
        .order_by(ReceivedDocument.id)
    )
    return first_of(session, "papers_received", sent)


def not_made(session: Session, now: datetime) -> Waiting | None:
    """Issued, and their files could not be made so far."""
    stuck = (
        select(Document.issued_at, Document.number, Document.public_id)
        .join(PaperTask, PaperTask.document_id == Document.id)
        .where(PaperTask.problem != "")
        .order_by(PaperTask.document_id)
    )
    return first_of(session, "papers_not_made", stuck)
