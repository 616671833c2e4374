"""Studio hours: the house offers them, an influencer books one per campaign and gives it back in time.

Nobody is charged for it: neither the influencer nor the brand (requirements 3 and 106). One slot is somebody's by one
statement, so two who press at once are one booking and one refusal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session, joinedload

from campaigns.db import lock_name
from campaigns.errors import Conflict, Invalid, Said
from campaigns.models import Participation, Studio, StudioSlot
from campaigns.planning.participation import TAKING_PART
from campaigns.reasons import read_reason

GIVE_BACK = timedelta(hours=24)  # later than this before it begins only staff can call it off
MOST_SLOTS = 200  # of one series
MOST_AHEAD = timedelta(days=366)
OVER = ("closed", "archived", "cancelled")


@dataclass(frozen=True)
class Series:
    """Equal slots on some weekdays (Monday is 0): from one clock time to another, in the studio's zone."""

    first: date
    last: date
    weekdays: tuple[int, ...]
    begins: time
    ends: time
    minutes: int


def moments(series: Series, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """Beginning and end of each slot, in UTC; raises Invalid for a series that can't be.

    >>> jerusalem = ZoneInfo("Asia/Jerusalem")
    >>> day = date(2026, 6, 7)
    >>> [f"{start:%H:%M}" for start, _ in moments(Series(day, day, (6,), time(10), time(12), 60), jerusalem)]
    ['07:00', '08:00']
    """
    _check(series)
    days = (series.first + timedelta(days=number) for number in range((series.last - series.first).days + 1))
    found = [pair for day in days if day.weekday() in series.weekdays for pair in _of_day(series, day, zone)]
    if not found:
        raise Invalid({"weekdays": [Said("none of these weekdays lies between the two dates")]})
    if len(found) > MOST_SLOTS:
        raise Invalid(
            {"last": [Said("that makes %(count)s slots; %(most)s at most", count=len(found), most=MOST_SLOTS)]}
        )
    return found


def offer(session: Session, studio: Studio, series: Series, now: datetime) -> list[StudioSlot]:
    """Add a series of slots; raises Invalid where one lies in the past or meets one there is."""
    lock_name(session, f"studio:{studio.id}")
    wanted = moments(series, ZoneInfo(studio.timezone))
    if wanted[0][0] <= now or wanted[-1][0] > now + MOST_AHEAD:
        raise Invalid({"first": [Said("slots begin in the future, within a year")]})
    there = session.scalars(_standing(studio).where(StudioSlot.ends_at > wanted[0][0])).all()
    for start, end in wanted:
        if any(one.starts_at < end and start < one.ends_at for one in there):
            day = start.astimezone(ZoneInfo(studio.timezone))
            raise Invalid(
                {"begins": [Said("there is a slot at that time already: %(when)s", when=f"{day:%Y-%m-%d %H:%M}")]}
            )
    slots = [StudioSlot(studio_id=studio.id, starts_at=start, ends_at=end) for start, end in wanted]
    session.add_all(slots)
    session.flush()
    return slots


def free_slots(session: Session, now: datetime, most: int = 60) -> Sequence[StudioSlot]:
    """What can be booked, the soonest first."""
    return session.scalars(
        select(StudioSlot)
        .join(StudioSlot.studio)
        .options(joinedload(StudioSlot.studio))
        .where(
            StudioSlot.participation_id.is_(None),
            StudioSlot.called_off_at.is_(None),
            StudioSlot.starts_at > now,
            Studio.closed_at.is_(None),
        )
        .order_by(StudioSlot.starts_at, StudioSlot.id)
        .limit(most)
    ).all()


def booked_by(session: Session, participation: Participation) -> Sequence[StudioSlot]:
    """What a participant has or had, the latest first; slots called off by the house among them."""
    mine = select(StudioSlot).options(joinedload(StudioSlot.studio)).filter_by(participation_id=participation.id)
    return session.scalars(mine.order_by(StudioSlot.starts_at.desc(), StudioSlot.id.desc())).all()


def may_book(participation: Participation) -> bool:
    """Whoever takes part in a campaign that is not over."""
    return participation.status in TAKING_PART and participation.campaign.status not in OVER


def book(session: Session, slot: StudioSlot, participation: Participation, wishes: str, now: datetime) -> None:
    """Make a free slot somebody's; one slot to come per participation."""
    if not may_book(participation):
        raise Conflict(Said("who takes part in a campaign that runs books a studio"))
    lock_name(session, f"studio-of:{participation.id}")
    coming = [one for one in booked_by(session, participation) if one.called_off_at is None and one.starts_at > now]
    if coming:
        raise Conflict(Said("you have a slot already: give it back first"))
    taken = session.execute(
        update(StudioSlot)
        .where(
            StudioSlot.id == slot.id,
            StudioSlot.participation_id.is_(None),
            StudioSlot.called_off_at.is_(None),
            StudioSlot.starts_at > now,
        )
        .values(participation_id=participation.id, booked_at=now, wishes=wishes.strip()[:1000])
        .execution_options(synchronize_session=False)
    )
    session.refresh(slot)
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(Said("somebody else has just booked this slot"))


def give_back(session: Session, slot: StudioSlot, participation: Participation, now: datetime) -> None:
    """Free a slot of one's own, a day ahead at the latest."""
    session.refresh(slot, with_for_update=True)
    if slot.participation_id != participation.id or slot.called_off_at is not None:
        raise Conflict(Said("this slot is not yours"))
    if slot.starts_at - GIVE_BACK <= now:
        raise Conflict(Said("it begins in less than a day: please ask the agency"))
    slot.participation_id, slot.booked_at, slot.wishes = None, None, ""
    session.flush()


def call_off(session: Session, slot: StudioSlot, reason: str, now: datetime) -> None:
    """The house takes a slot back; a booked one needs a reason, which its influencer reads."""
    session.refresh(slot, with_for_update=True)
    if slot.called_off_at is not None or slot.starts_at <= now:
        raise Conflict(Said("this slot is over or called off already"))
    slot.called_off_reason = read_reason(reason, 1000) if slot.participation_id is not None else reason.strip()[:1000]
    slot.called_off_at = now
    session.flush()


def _check(series: Series) -> None:
    wrong: dict[str, list[str]] = {}
    if series.last < series.first or series.last - series.first > MOST_AHEAD:
        wrong["last"] = [Said("is not before the first day, and within a year of it")]
    if series.ends <= series.begins:
        wrong["ends"] = [Said("is later than the beginning")]
    if not 15 <= series.minutes <= 480:
        wrong["minutes"] = [Said("is from 15 to 480")]
    if not series.weekdays:
        wrong["weekdays"] = [Said("is missing")]
    if wrong:
        raise Invalid(wrong)


def _of_day(series: Series, day: date, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """The slots of one day that are whole before its end; lengths are of true time, also where the clocks change."""
    length = timedelta(minutes=series.minutes)
    start = datetime.combine(day, series.begins, zone).astimezone(UTC)
    end = datetime.combine(day, series.ends, zone).astimezone(UTC)
    found = []
    while start + length <= end:
        found.append((start, start + length))
        start += length
    return found


def _standing(studio: Studio) -> Select[StudioSlot]:
    return select(StudioSlot).where(StudioSlot.studio_id == studio.id, StudioSlot.called_off_at.is_(None))
