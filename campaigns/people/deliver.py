"""Sends the queued mail: SMTP where there is a server, else one .eml file each.

Nothing outward happens inside a transaction, so this is the one place among people's affairs that commits: a mail is
claimed (which also sets the time of its next try, should we die), sent, and marked. A mail can go out twice after a
crash between the last two, then under the same Message-ID; it is never lost.
"""

import logging
import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from campaigns.crash import crash_point
from campaigns.models import Mail

LEASE = timedelta(minutes=5)
RETRIES = [timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 300, 600, 840, 1200, 1440)]
MOST_ATTEMPTS = len(RETRIES) + 1
SMTP_SECONDS = 20

logger = logging.getLogger(__name__)


def send_due(session: Session, smtp_url: str, mail_from: str, mail_dir: Path, now: datetime, limit: int = 50) -> int:
    """Send what is due, oldest first, at most `limit`; returns how many went out. Commits after each."""
    send = _by_smtp(smtp_url) if smtp_url else _to_folder(mail_dir)
    sent = 0
    for _ in range(limit):
        claimed = _claim(session, now)
        if claimed is None:
            break
        message = _message(claimed, mail_from)
        mail_id, attempts = claimed.id, claimed.attempts
        session.commit()
        try:
            send(message)
            error = ""
        except (OSError, smtplib.SMTPException) as failure:
            error = _reason(failure)
        crash_point("mail.handed_over")
        _mark(session, mail_id, attempts, error, now)
        session.commit()
        sent += not error
    session.rollback()
    return sent


def mail_waits(session: Session, now: datetime) -> bool:
    """Whether there is anything to send."""
    return session.scalar(select(Mail.id).where(*_due(now)).limit(1)) is not None


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Mail.sent_at.is_(None), Mail.attempts < MOST_ATTEMPTS, or_(Mail.retry_at.is_(None), Mail.retry_at <= now)


def _claim(session: Session, now: datetime) -> Mail | None:
    """The next mail that is due, leased to us; other workers skip it."""
    oldest = select(Mail).where(*_due(now)).order_by(Mail.id).limit(1).with_for_update(skip_locked=True)
    found = session.scalar(oldest)
    if found is not None:
        found.attempts += 1
        found.retry_at = now + LEASE
        session.flush()
    return found


def _mark(session: Session, mail_id: int, attempts: int, error: str, now: datetime) -> None:
    mail = session.get_one(Mail, mail_id)
    mail.last_error = error
    if not error:
        mail.sent_at, mail.retry_at = now, None
        logger.info("mail sent mail=%s", mail_id)
    else:
        mail.retry_at = now + RETRIES[min(attempts, len(RETRIES)) - 1]
        logger.warning("mail not sent mail=%s attempt=%s error=%s", mail_id, attempts, error)


def _message(mail: Mail, mail_from: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = mail_from
    message["To"] = mail.recipient
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.created_at)
    domain = mail_from.rpartition("@")[2].strip(" >") or "localhost"
    message["Message-ID"] = f"<mail-{mail.id}.{int(mail.created_at.timestamp())}@{domain}>"
    message["Content-Language"] = mail.language
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body)
    return message


def _by_smtp(smtp_url: str) -> Callable[[EmailMessage], None]:
    """A sender for smtp://user:password@host:587 or smtps://…; a password only ever travels encrypted."""
    parts = urlsplit(smtp_url)
    host, secure = parts.hostname or "localhost", parts.scheme == "smtps"
    user, password = unquote(parts.username or ""), unquote(parts.password or "")

    def send(message: EmailMessage) -> None:
        context = ssl.create_default_context()
        port = parts.port or (465 if secure else 587 if user else 25)
        server: smtplib.SMTP
        if secure:
            server = smtplib.SMTP_SSL(host, port, timeout=SMTP_SECONDS, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=SMTP_SECONDS)
        with server:
            server.ehlo()
            if not secure and (user or server.has_extn("starttls")):
                server.starttls(context=context)
            if user:
                server.login(user, password)
            server.send_message(message)

    return send


def _to_folder(folder: Path) -> Callable[[EmailMessage], None]:
    """A "server" for machines without one: each message a file only this account can read."""

    def send(message: EmailMessage) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{str(message['Message-ID']).strip('<>').partition('@')[0]}.eml"
        path.touch(mode=0o600)
        path.write_bytes(bytes(message))

    return send


def _reason(failure: Exception) -> str:
    """What went wrong, without anybody's address in it."""
    code = getattr(failure, "smtp_code", None)
    if isinstance(failure, smtplib.SMTPRecipientsRefused):
        code = next(iter(failure.recipients.values()))[0]
    return f"{type(failure).__name__} {code}" if code else type(failure).__name__
