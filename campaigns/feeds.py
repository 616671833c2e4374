"""When shops are asked, and with what: the timers' work, and what the command line shares with them."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import JobRun
from campaigns.outbound import Client
from campaigns.planning.shop_codes.work import work_codes
from campaigns.tracking import pull, waiting
from campaigns.tracking.shop_api import Asking
from config import Settings


def read_back(session: Session, settings: Settings, now: datetime) -> None:
    """Read back orders that deliveries named without telling of them."""
    waiting.read_back_waiting(session, asking(settings), now)


def pull_shops(session: Session, settings: Settings, now: datetime) -> None:
    """Ask every shop what changed since the last time."""
    pull.pull_shops(session, asking(settings), now)


def pull_week(session: Session, settings: Settings, now: datetime) -> None:
    """Once a night, ask every shop what changed within a week: what an overlap of hours can't mend."""
    pull.pull_shops(session, asking(settings), now, back=pull.WEEK)


def week_waits(session: Session, now: datetime) -> bool:
    """Whether it is night or later in UTC, and this day's long pull is still to be made."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    of_today = JobRun.slot.between(today, now)
    made = select(JobRun.name).where(JobRun.name == "pull-week", JobRun.done, of_today).limit(1)
    return now.hour >= 1 and session.scalar(made) is None and bool(pull.pullable(session, 1))


def shop_codes(session: Session, settings: Settings, now: datetime) -> None:
    """Create, look after and end coupon codes in shops."""
    work_codes(session, asking(settings), now)


def asking(settings: Settings) -> Asking:
    """What it takes to ask shops."""
    return Asking(Client(private=settings.private_apis), settings.sealing_key, settings.identity_key)
