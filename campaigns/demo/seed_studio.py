"""Studios of the demo data: hours that are booked, one that was called off, and enough that are free."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns.demo.seed_house import House
from campaigns.models import Participation, Studio, StudioSlot
from campaigns.people.records import find_user
from campaigns.planning import studio_letters, studios
from campaigns.planning.audit import note

TIMEZONE = "Asia/Jerusalem"
WORKING_DAYS = (6, 0, 1, 2, 3)  # Sunday to Thursday
TEL_AVIV = {
    "name": "סטודיו אור",
    "photographer": "דנה אלון",
    "email": "dana@studio.test",
    "address": "רחוב לדוגמה 7, תל אביב",
    "note": "קומה שנייה, קוד לדלת בהודעה. להביא שתי חולצות חלקות.",
}
HAIFA = {
    "name": "סטודיו כרמל",
    "photographer": "ראיד נסאר",
    "email": "",
    "address": "שדרות הדוגמה 12, חיפה",
    "note": "חניה מול הכניסה.",
}
WISHES = "שלוש תמונות של הבקבוק ביד, ואחת של הפנים באור רך."


def hours(session: Session, house: House, people: Mapping[str, Participation], now: datetime) -> None:
    """Last week's, next week's, and who comes when."""
    opened = now - timedelta(days=7)
    tel_aviv = _open(session, house, TEL_AVIV, opened)
    last_week = _offer(session, house, tel_aviv, opened, (2, 8))
    next_week = _offer(session, house, tel_aviv, now - timedelta(days=2), (4, 11))
    _offer(session, house, _open(session, house, HAIFA, opened), now - timedelta(days=2), (5, 12))
    _book(session, house, last_week[0], people["dasha"], "Видео у окна.", opened)
    _book(session, house, next_week[1], people["noa"], WISHES, now - timedelta(hours=20))
    _book(
        session,
        house,
        next_week[4],
        people["maya"],
        "The bottle on stone, and one portrait.",
        now - timedelta(hours=11),
    )
    _book(session, house, next_week[6], people["tamar"], "עם הילדים.", now - timedelta(hours=30))
    _call_off(session, house, next_week[6], "הצלמת במילואים ביום הזה. אפשר לבחור שעה אחרת.", now - timedelta(hours=6))


def _open(session: Session, house: House, facts: Mapping[str, str], at: datetime) -> Studio:
    studio = Studio(**facts, timezone=TIMEZONE, created_at=at)
    session.add(studio)
    session.flush()
    note(session, house.staff.id, "studio.opened", f"studio:{studio.public_id}", at)
    return studio


def _offer(session: Session, house: House, studio: Studio, at: datetime, days: tuple[int, int]) -> Sequence[StudioSlot]:
    """Mornings of the working days from so many days after `at` until so many; each week has five of them."""
    today = at.astimezone(ZoneInfo(TIMEZONE)).date()
    first, last = (today + timedelta(days=number) for number in days)
    series = studios.Series(first, last, WORKING_DAYS, time(10), time(13), 60)
    slots = studios.offer(session, studio, series, at)
    note(session, house.staff.id, "studio.hours_offered", f"studio:{studio.public_id}", at, count=len(slots))
    return slots


def _book(session: Session, house: House, slot: StudioSlot, mine: Participation, wishes: str, at: datetime) -> None:
    studios.book(session, slot, mine, wishes, at)
    user = find_user(session, mine.influencer.email)
    subject = f"participation:{mine.public_id}"
    note(session, user.id if user else None, "studio.booked", subject, at, slot=slot.public_id)
    studio_letters.booked(session, slot, mine, house.public_url, at)


def _call_off(session: Session, house: House, slot: StudioSlot, reason: str, at: datetime) -> None:
    studios.call_off(session, slot, reason, at)
    facts = {"slot": slot.public_id, "reason": slot.called_off_reason}
    note(session, house.staff.id, "studio.called_off", f"studio:{slot.studio.public_id}", at, **facts)
    if slot.participation is not None:
        studio_letters.called_off(session, slot, slot.participation, house.public_url, at)
