"""Changing somebody's record. A change of bank details is told to the address they had before, and written down.

Whoever took over a mailbox or a signed-in browser would begin there: so it is noticed by its owner, and by the agency.
What matching asks of them is written down too: who changed which of it, not what it says.
"""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from campaigns.models import Influencer
from campaigns.people.payee import bank_details
from campaigns.people.records import update_influencer
from campaigns.planning.audit import note
from campaigns.planning.payment_notices import bank_details_changed

PROFILE = ("niches", "accounts", "styles", "content_languages", "audience", "away", "leaderboard")


def change_influencer(
    session: Session,
    influencer: Influencer,
    user_id: int | None,
    agency: str,
    now: datetime,
    source: str = "typed",
    **sent: Any,
) -> bool:
    """Change what was sent, as update_influencer does; whether bank details are among what changed. Raises Invalid."""
    before, old_email = bank_details(influencer), influencer.email
    changed = update_influencer(session, influencer, now, source, **sent)
    subject = f"influencer:{influencer.public_id}"
    if told := [column for column in changed if column in PROFILE]:
        note(session, user_id, "profile.changed", subject, now, fields=told)
    after = bank_details(influencer)
    if before == after:
        return False
    note(session, user_id, "payee.bank_changed", subject, now, before=before[-1][-3:], after=after[-1][-3:])
    bank_details_changed(session, influencer, old_email, after[-1], agency, now)
    return True
