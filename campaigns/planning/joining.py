"""Accepting and declining with all that follows: proof, audit, and the letter with a code where the campaign runs."""

from datetime import datetime

from sqlalchemy.orm import Session

from campaigns.models import Participation
from campaigns.planning import notices
from campaigns.planning.audit import note
from campaigns.planning.matching.vacancies import given_up
from campaigns.planning.participation import accept, decline


def join(
    session: Session,
    participation: Participation,
    terms_version: int,
    language: str,
    base_url: str,
    now: datetime,
    user_id: int,
) -> None:
    """Record consent to the terms that were read; who joins a running campaign gets a code at once."""
    had_code = participation.code is not None
    accept(session, participation, terms_version, language, now, user_id)
    note(session, user_id, "terms.accepted", f"participation:{participation.public_id}", now, version=terms_version)
    if not had_code:
        notices.code_given(session, participation, base_url, now)


def refuse(
    session: Session, participation: Participation, reason: str, base_url: str, now: datetime, user_id: int
) -> None:
    """Record a no; the next in line has the chance, where the campaign gives it by itself."""
    decline(session, participation, reason, now)
    note(session, user_id, "invitation.declined", f"participation:{participation.public_id}", now)
    given_up(session, participation, base_url, now)
