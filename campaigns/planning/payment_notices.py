"""Letters about payments to whoever is paid, in their language, queued in the transaction of what they tell.

An account is named by its last three digits, never more: mail is read by others too.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from campaigns.models import Influencer, PayoutLine
from campaigns.money import format_minor
from campaigns.people.mail import queue_letter


def not_paid(session: Session, line: PayoutLine, base_url: str, now: datetime) -> None:
    """The bank did not make a payment, or sent it back: why, and what to look at."""
    link = f"{base_url}/me/payment-details"
    _write(session, line, "payment_failed", now, link=link, reason=line.failure_reason)


def bank_details_changed(
    session: Session, influencer: Influencer, old_email: str, account: str, agency: str, now: datetime
) -> None:
    """To the address they had before: payments now go to another account, or to none yet."""
    facts = {"name": influencer.name, "ending": account[-3:], "agency": agency}
    queue_letter(session, old_email, influencer.language, "bank_details_changed", now, **facts)


def _write(session: Session, line: PayoutLine, template: str, now: datetime, **values: object) -> None:
    person = line.influencer
    amount = f"{format_minor(line.amount_minor, line.currency)} {line.currency}"
    facts = {"name": person.name, "amount": amount, "ending": str(line.payee["account"])[-3:]}
    queue_letter(session, person.email, person.language, template, now, **facts, **values)
