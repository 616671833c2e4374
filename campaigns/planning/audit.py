"""The audit log: who did what to what, when, and why. Written in the transaction of the deed."""

from datetime import datetime

from sqlalchemy.orm import Session

from campaigns.models import AuditEntry


def note(session: Session, user_id: int | None, action: str, subject: str, now: datetime, **details: object) -> None:
    """Add an entry; `user_id` None is the system itself."""
    session.add(AuditEntry(at=now, user_id=user_id, action=action, subject=subject, details=details))
