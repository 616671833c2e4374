"""What needs somebody of the agency today: every question of the room, the most pressing first."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from campaigns.planning.today import brands, codes, invitations, money, papers, running, shops, talks
from campaigns.planning.today.waiting import Waiting

QUESTIONS: tuple[Callable[[Session, datetime], Waiting | None], ...] = (
    shops.alarms,
    shops.failed_deliveries,
    money.disputes,
    talks.waiting,
    money.payouts_to_release,
    brands.changes_asked,
    running.to_launch,
    running.ending,
    running.to_close,
    invitations.expiring,
    invitations.unanswered,
    papers.not_made,
    papers.received,
    codes.leaking,
    money.held_commissions,
    shops.nobodys_orders,
    money.tables_to_verify,
)


def needed(session: Session, now: datetime) -> list[Waiting]:
    """What waits, subject by subject; nothing where all is done."""
    answers = (question(session, now) for question in QUESTIONS)
    return [answer for answer in answers if answer is not None]
