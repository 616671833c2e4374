"""Mail, written in the transaction of its cause: what is rolled back is never sent, what is committed always is.

A letter is a text template in templates/mail/: its first line is the subject, the rest after a blank line the body.
It is written in its reader's language, whatever language the page speaks that causes it.
"""

from datetime import datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlalchemy.orm import Session

from campaigns import i18n
from campaigns.models import Mail
from campaigns.people.notices import put_up, reader_of

TEMPLATES = Path(__file__).parent.parent / "templates"


def queue_letter(
    session: Session, recipient: str, language: str, template: str, now: datetime, **values: object
) -> Mail | None:
    """Write the letter `template` (such as "invitation") with its values, and queue it.

    Who signs in with the address finds it on their board too (people/notices.py); `link` is where it leads. None where
    they chose not to be written to.
    """
    user, ways = reader_of(session, recipient, template)
    if not (ways.by_mail or ways.in_app):
        return None
    subject, body = write_letter(template, language, **values)
    if user is not None and ways.in_app:
        put_up(session, user, template, language, subject, values.get("link"), now)
    return queue_mail(session, recipient, language, subject, body, now) if ways.by_mail else None


def queue_mail(session: Session, recipient: str, language: str, subject: str, body: str, now: datetime) -> Mail:
    """Queue one message; a subject is one line."""
    mail = Mail(
        recipient=recipient,
        language=language,
        subject=" ".join(subject.split())[:300],
        body=body,
        created_at=now,
        attempts=0,
        last_error="",
    )
    session.add(mail)
    session.flush()
    return mail


def write_letter(template: str, language: str, **values: object) -> tuple[str, str]:
    """Subject and body in `language`; a value the template needs and doesn't get is an error, not a blank."""
    with i18n.speaking(language):
        text = _environment().get_template(f"mail/{template}.txt").render(language=language, **values)
    subject, _, body = text.strip().partition("\n")
    return subject.strip(), body.strip() + "\n"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(disabled_extensions=("txt",), default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(_=i18n.gettext, ngettext=i18n.ngettext)
    environment.filters.update(ltr=i18n.ltr, iso=i18n.iso)
    return environment
