"""Letters in their reader's language, queued with their cause and sent after it."""

import socketserver
import threading
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import Mail
from campaigns.people import deliver, mail
from tests.factories import NOW

FROM = "Agency <campaigns@agency.example>"


class SmtpSession(socketserver.StreamRequestHandler):
    """Enough of RFC 5321 to take one mail, or to refuse its recipient."""

    def handle(self) -> None:
        self.say("220 fake")
        while line := self.rfile.readline().decode().strip():
            verb = line.split(" ")[0].upper()
            if verb == "DATA":
                self.say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.received.append(b"".join(lines))  # type: ignore[attr-defined]
            refuses = verb == "RCPT" and self.server.refuses  # type: ignore[attr-defined]
            self.say("450 not now" if refuses else "221 bye" if verb == "QUIT" else "250 ok")
            if verb == "QUIT":
                return

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class SmtpServer(socketserver.ThreadingTCPServer):
    """A mail server of this test's own."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), SmtpSession)
        self.received: list[bytes] = []
        self.refuses = False
        self.url = f"smtp://127.0.0.1:{self.server_address[1]}"


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.shutdown()


def queue(session: Session, subject: str = "שלום") -> Mail:
    queued = mail.queue_mail(session, "mina@example.com", "he", subject, "גוף המכתב\n", NOW)
    session.commit()
    return queued


def test_a_letter_is_written_in_its_readers_language():
    subject, body = mail.write_letter("forgotten_password", "he", agency="Glow", link="https://x.example/1")
    assert "Glow" in subject and "\n" not in subject
    assert "https://x.example/1" in body.splitlines()
    assert body.isascii() is False


def test_a_letter_without_a_value_it_needs_is_not_written():
    with pytest.raises(Exception, match="link"):
        mail.write_letter("invitation", "en", agency="Glow", name="Mina")


def test_a_subject_brings_no_header_along(session: Session):
    assert queue(session, "Hello\r\nBcc: eve@example.com").subject == "Hello Bcc: eve@example.com"


def test_mail_goes_out_once(session: Session, smtp: SmtpServer, tmp_path: Path):
    queue(session)
    assert deliver.send_due(session, smtp.url, FROM, tmp_path, NOW) == 1
    assert deliver.send_due(session, smtp.url, FROM, tmp_path, NOW) == 0
    message = message_from_bytes(smtp.received[0], policy=default)
    assert (message["To"], message["Subject"]) == ("mina@example.com", "שלום")
    assert message.get_content().strip() == "גוף המכתב"


def test_a_refused_mail_waits_longer_each_time_and_then_arrives(session: Session, smtp: SmtpServer, tmp_path: Path):
    queued, smtp.refuses = queue(session), True
    assert deliver.send_due(session, smtp.url, FROM, tmp_path, NOW) == 0
    assert (queued.retry_at, queued.last_error) == (NOW + timedelta(minutes=1), "SMTPRecipientsRefused 450")
    deliver.send_due(session, smtp.url, FROM, tmp_path, NOW + timedelta(minutes=1))
    assert queued.retry_at == NOW + timedelta(minutes=6)
    smtp.refuses = False
    assert deliver.send_due(session, smtp.url, FROM, tmp_path, NOW + timedelta(minutes=5)) == 0
    assert deliver.send_due(session, smtp.url, FROM, tmp_path, NOW + timedelta(minutes=6)) == 1


def test_a_server_that_is_away_loses_nothing(session: Session, tmp_path: Path):
    queued = queue(session)
    assert deliver.send_due(session, "smtp://127.0.0.1:1", FROM, tmp_path, NOW) == 0
    assert (queued.sent_at, queued.attempts, queued.last_error) == (None, 1, "ConnectionRefusedError")


def test_a_password_never_travels_in_the_open(session: Session, smtp: SmtpServer, tmp_path: Path):
    queued = queue(session)
    url = smtp.url.replace("//", "//omar:secret@")
    assert deliver.send_due(session, url, FROM, tmp_path, NOW) == 0
    assert queued.last_error == "SMTPNotSupportedError"


def test_without_a_server_each_mail_is_a_private_file(session: Session, tmp_path: Path):
    queue(session)
    queue(session)
    assert deliver.send_due(session, "", FROM, tmp_path / "mail", NOW) == 2
    files = sorted((tmp_path / "mail").iterdir())
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600, 0o600]
    assert session.scalars(select(Mail).where(Mail.sent_at.is_(None))).all() == []
