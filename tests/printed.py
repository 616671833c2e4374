"""The worker's part with papers, in the test's own process: files that only stand for papers, and the letters."""

from datetime import datetime

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns import printing
from campaigns.clock import utc_now
from campaigns.db import begin_writing
from campaigns.documents.issue import keep_files
from campaigns.models import Document
from tests.factories import seal_key


def stand_in_files(session: Session, now: datetime) -> None:
    """A file for each paper that has none; what it looks like is tests/documents' business."""
    begin_writing()
    for document in session.scalars(select(Document).order_by(Document.id)):
        body = f"%PDF of {document.number}".encode()
        keep_files(session, document.id, [("application/pdf", body)], seal_key(), now)
    session.commit()


def mail_papers(session: Session, now: datetime | None = None, files: bool = True) -> None:
    """Everything issued is made and mailed."""
    moment = now or utc_now()
    session.commit()
    if files:
        stand_in_files(session, moment)
    begin_writing()
    printing.mail_papers(session, current_app.extensions["settings"], moment)
    session.commit()
    session.expire_all()
