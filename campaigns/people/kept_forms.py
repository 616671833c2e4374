"""What somebody typed into a form that came too late: kept for an hour, for them alone, and never sent for them.

It is kept under the user whose ended session the form came with, so whoever signs in on the same browser next sees it
only if they are the same person. Secrets, bank details and identity numbers are not kept at all.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from campaigns.db import insert_or_meet
from campaigns.models import KeptForm

LASTS = timedelta(hours=1)
LONGEST = 100_000  # characters of a form, names and values together
LONGEST_ADDRESS = 2000
SECRET = ("password", "current", "secret", "token", "key")  # words in the names of what is never given back
NEVER = (*SECRET, "bank", "iban", "bic", "id_number", "tax_number", "birth")  # nor kept here


def worth_keeping(sent: Iterable[tuple[str, str]]) -> list[list[str]]:
    """The fields that may be kept, as many as there is room for.

    >>> worth_keeping([("note", "Hello"), ("password", "a secret"), ("bank_account", "1234")])
    [['note', 'Hello']]
    """
    fields, room = [], LONGEST
    for name, value in sent:
        room -= len(name) + len(value)
        if room >= 0 and not any(word in name for word in NEVER):
            fields.append([name, value.replace("\x00", "")])
    return fields


def keep(
    session: Session, user_id: int, page: str, action: str, sent: Iterable[tuple[str, str]], now: datetime
) -> bool:
    """Keep a form instead of the one kept before; False where there is nothing to be kept."""
    fields = worth_keeping(sent)
    if not any(value for _, value in fields) or max(len(page), len(action)) > LONGEST_ADDRESS:
        return False
    said = {"page": page, "action": action, "fields": fields, "kept_at": now}
    row = insert_or_meet(session, KeptForm).values(user_id=user_id, **said)
    session.execute(row.on_conflict_do_update(index_elements=["user_id"], set_=said))
    return True


def kept(session: Session, user_id: int, now: datetime) -> KeptForm | None:
    """What is kept for a user, while it is."""
    found = session.get(KeptForm, user_id)
    return found if found is not None and now < found.kept_at + LASTS else None


def typed(fields: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    """The pairs as they were sent."""
    return [(name, value) for name, value in fields]


def forget(session: Session, user_id: int) -> None:
    """It was sent again, or is not wanted."""
    session.execute(delete(KeptForm).where(KeptForm.user_id == user_id))


def forget_old(session: Session, now: datetime) -> None:
    """Let go of what nobody came back for."""
    session.execute(delete(KeptForm).where(KeptForm.kept_at <= now - LASTS))
