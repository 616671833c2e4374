"""The worker's part with papers: making their files, each by one worker, and mailing what is made.

Rendering takes a tenth of a second and more, so it holds no transaction: a paper is claimed in one, made outside of
any, and kept in another. Killed in between, nothing of it is there, and the next worker takes it over when the claim
has run out.
"""

import logging
import time
from datetime import datetime, timedelta
from http import HTTPStatus
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.crash import crash_point
from campaigns.db import lock_name, reading
from campaigns.documents import making
from campaigns.documents.issue import frozen, keep_files
from campaigns.documents.labels import paper_name
from campaigns.documents.render import Form, files
from campaigns.documents.signing import Asked, CannotSign, signing
from campaigns.errors import Said
from campaigns.i18n import N_, said, speaking
from campaigns.models import User
from campaigns.outbound import Client, Unreachable
from campaigns.people.mail import queue_letter
from campaigns.planning import paper_letters
from config import Settings

log = logging.getLogger(__name__)

A_RING = timedelta(minutes=2)  # then the slot ends, well within its lease
STAMP_SECONDS = 5.0
LONGEST_STAMP = 64 * 1024
NOT_RENDERED = N_("a paper could not be rendered; the log says why")


def make_papers(session: Session, settings: Settings, now: datetime) -> None:
    """Make the files of documents just issued, each committed by itself: a long batch loses nothing when killed."""
    began = time.monotonic()
    while (spent := timedelta(seconds=time.monotonic() - began)) < A_RING:
        document_id = _take(session, now + spent)
        if document_id is None:
            break
        _make(session, settings, document_id, now + spent)
    _tell_staff(session, settings, now)


def papers_wait(session: Session, now: datetime) -> bool:
    """Whether a paper is to be made that nobody is making."""
    return bool(making.waiting(session, now, 1))


def mail_papers(session: Session, settings: Settings, now: datetime) -> None:
    """Write to everyone whose papers are made, a letter for each bundle, committed by itself."""
    with reading():
        ready = paper_letters.unmailed(session, now)
        session.rollback()
    lasts = timedelta(days=settings.paper_link_days)
    for bundle in ready:
        key, url = settings.paper_link_key, settings.public_url
        count = paper_letters.mail_bundle(session, bundle, key, paper_name, url, lasts, now)
        session.commit()
        log.info("papers of %s are mailed: %s letters", bundle[2], count)


def letters_wait(session: Session, now: datetime) -> bool:
    """Whether papers are made that nobody has been written to about."""
    return bool(paper_letters.unmailed(session, now, 1))


def _take(session: Session, now: datetime) -> int | None:
    """Claim the oldest paper that is free."""
    with reading():
        free = making.waiting(session, now)
        session.rollback()
    for document_id in free:
        claimed = making.claim(session, document_id, now)
        session.commit()
        if claimed:
            return document_id
    return None


def _make(session: Session, settings: Settings, document_id: int, now: datetime) -> None:
    with reading():
        # Between the look and the claim somebody may have made it.
        document = None if making.is_made(session, document_id) else frozen(session, document_id)
        session.rollback()
    if document is not None:
        try:
            form = _form(settings, now)
            rendered = files(document.kind, document.contents, settings.data_dir / "fonts", form)
        except CannotSign as refused:
            log.error("document=%s waits: %s", document_id, refused)
            _put_off(session, document_id, refused.sentence, now)
            return
        except Exception:
            # One paper that can't be made must not keep the others from being made.
            log.exception("document=%s could not be rendered", document_id)
            _put_off(session, document_id, NOT_RENDERED, now)
            return
        crash_point("papers.rendered")
        keep_files(session, document_id, rendered, settings.paper_seal_key, now)
    making.done(session, document_id)
    session.commit()
    log.info("document=%s is made", document_id)


def _form(settings: Settings, now: datetime) -> Form:
    if not settings.pdf_signing_file:
        return Form(settings.pdf_variant)
    asked = asking(settings.pdf_timestamp_url) if settings.pdf_timestamp_url else None
    sign = signing(Path(settings.pdf_signing_file), settings.pdf_signing_password, now, asked)
    return Form(settings.pdf_variant, sign)


def asking(url: str) -> Asked:
    """How a time-stamp authority is asked. https://www.rfc-editor.org/rfc/rfc3161#section-3.4"""
    # Whoever runs the server wrote the address, so it may be in their network; and many are plain HTTP, as the answer
    # is signed. A paper's claim (making.LEASE) outlasts the patience.
    client = Client(private=True, patience=STAMP_SECONDS, read_seconds=STAMP_SECONDS, longest=LONGEST_STAMP)
    headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}

    def ask(request: bytes) -> bytes:
        try:
            answer = client.send("POST", url, headers, request)
        except Unreachable as error:
            log.warning("no time stamp: %s", error)
            raise CannotSign(Said("the time-stamp authority does not answer")) from error
        if answer.status != HTTPStatus.OK:
            log.warning("no time stamp: HTTP status %s", answer.status)
            raise CannotSign(Said("the time-stamp authority refused"))
        return answer.body

    return ask


def _put_off(session: Session, document_id: int, problem: str, now: datetime) -> None:
    making.put_off(session, document_id, problem, now)
    session.commit()


def _tell_staff(session: Session, settings: Settings, now: datetime) -> None:
    """Write to everyone of the agency about what keeps papers waiting: once a day for each trouble."""
    with reading():
        trouble = making.in_trouble(session, now)
        session.rollback()
    if not trouble:
        return
    lock_name(session, "papers:told")
    news = making.untold(session, now)
    if not news:
        return
    for user in session.scalars(select(User).filter_by(role="agency", active=True).order_by(User.id)):
        with speaking(user.language):
            problems = [said(one) for one in news]
        facts = {"problems": problems, "link": f"{settings.public_url}/console/documents"}
        queue_letter(session, user.email, user.language, "papers_waiting", now, **facts)
    log.error("papers wait: %s", "; ".join(news))
