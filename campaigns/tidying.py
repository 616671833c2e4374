"""The worker's part in letting go of what people no longer need: old notices, and forms nobody came back for."""

import logging
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from campaigns.people import kept_forms, old_notices
from config import Settings

log = logging.getLogger(__name__)

NOTICES_A_DAY = 1_000_000  # are let go at most; what is left goes tomorrow


def tidy(session: Session, settings: Settings, now: datetime) -> None:
    """Some thousand notices at a time, each time committed; then the forms that were kept and not asked for."""
    before = old_notices.Before(
        _days_ago(settings.notice_retention_days, now), _days_ago(settings.unread_notice_retention_days, now)
    )
    gone = after = 0
    while gone < NOTICES_A_DAY and (done := old_notices.let_go(session, before, after)):
        session.commit()
        gone, after = gone + done.gone, done.up_to
    if gone:
        log.info("let go of %s notices", gone)
    kept_forms.forget_old(session, now)


def _days_ago(days: int, now: datetime) -> datetime | None:
    return now - timedelta(days=days) if days else None
