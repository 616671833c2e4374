"""The letter of the week: on Monday at eight in its reader's zone, once for each person, and none without news.

Who may get one is found by a row that is missing in `week_summed`; writing that row is the claim, in the transaction
that queues the letter, so however many workers try there is one letter. A worker that was away on Monday morning
writes late, up to two days; after that the week is old news.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from campaigns.db import insert_or_meet, reading
from campaigns.i18n import N_, gettext, show_date, show_time, speaking
from campaigns.models import Campaign, Influencer, Participation, User, WeekSummed
from campaigns.money import format_minor
from campaigns.people.mail import queue_letter
from campaigns.planning.today.today import needed
from campaigns.settlement.earnings import sums
from campaigns.settlement.figures import Figures, total
from campaigns.settlement.weekly import Week, week_figures
from config import Settings

log = logging.getLogger(__name__)

AT = time(8)
LATEST = timedelta(days=2)
USUAL_ZONE = "Asia/Jerusalem"  # of whoever has no campaign
FARTHEST_EAST = timedelta(hours=14)  # where Monday begins first
RUNNING = ("recruiting", "ready", "live", "ended", "reconciling")
SOON = timedelta(days=8)
MOST = 200  # people looked up at a time
A_RING = timedelta(minutes=2)  # well within a slot's lease
# What is next for an influencer, by the word for it in `_dates`.
NEXT = {
    "answer": N_("Answer the invitation to “%(campaign)s” until %(moment)s."),
    "start": N_("“%(campaign)s” starts on %(moment)s."),
    "end": N_("“%(campaign)s” ends on %(moment)s."),
}

Told = tuple[str, dict[str, Any]]  # the letter and its facts


@dataclass(frozen=True)
class Reader:
    """Somebody whose week may be summed up, and where their Monday begins."""

    user_id: int
    week: Week


def due(session: Session, now: datetime, most: int = MOST) -> list[Reader]:
    """Whose letter is due and not written, the first `most` of them. Who came later was not here in that week."""
    monday = _monday(now)
    summed = select(WeekSummed.user_id).where(WeekSummed.user_id == User.id, WeekSummed.week == monday)
    people = select(User).where(User.active, ~summed.exists()).order_by(User.id)
    found: list[Reader] = []
    for user in session.scalars(people):
        zone = _zone(session, user)
        begins = datetime.combine(monday, AT, ZoneInfo(zone))
        if user.created_at < begins <= now < begins + LATEST:
            found.append(Reader(user.id, Week(monday, zone)))
            if len(found) == most:
                break
    return found


def summaries_wait(session: Session, now: datetime) -> bool:
    """Whether anybody's letter is due. On most days nobody's can be, and nothing is asked."""
    latest = datetime.combine(_monday(now), AT, ZoneInfo("Etc/GMT+12")) + LATEST
    return now < latest and bool(due(session, now, 1))


def write_summaries(session: Session, settings: Settings, now: datetime) -> None:
    """Write everybody's that is due, each committed by itself; what a ring has no time for is the next one's."""
    end = monotonic() + A_RING.total_seconds()
    while monotonic() < end:
        with reading():
            readers = due(session, now)
            session.rollback()
        if not readers:
            break
        for reader in readers:
            told = sum_up(session, reader, settings.public_url, now)
            session.commit()
            if told:
                log.info("week of %s: user=%s is written to", reader.week.monday, reader.user_id)


def sum_up(session: Session, reader: Reader, base_url: str, now: datetime) -> bool:
    """Claim one person's week, and write to them if there is anything to tell. The caller commits."""
    if not claim(session, reader, now):
        return False
    user = session.get_one(User, reader.user_id)
    with speaking(user.language):
        told = _told(session, user, reader.week, base_url, now)
        days = {"first": show_date(reader.week.first), "last": show_date(reader.week.last)}
    if told is None:
        return False
    letter, facts = told
    queue_letter(session, user.email, user.language, letter, now, **facts, **days)
    mine = (WeekSummed.user_id == user.id) & (WeekSummed.week == reader.week.monday)
    session.execute(update(WeekSummed).where(mine).values(told=True))
    return True


def claim(session: Session, reader: Reader, now: datetime) -> bool:
    """Note that this week of this person is summed up; False where it is already."""
    row = {"user_id": reader.user_id, "week": reader.week.monday, "told": False, "summed_at": now}
    statement = (
        insert_or_meet(session, WeekSummed).values(**row).on_conflict_do_nothing(index_elements=["user_id", "week"])
    )
    return session.scalar(statement.returning(WeekSummed.user_id)) is not None


def _monday(now: datetime) -> date:
    """The Monday whose letters may be due somewhere."""
    east = (now + FARTHEST_EAST).date()
    return east - timedelta(days=east.weekday())


def _zone(session: Session, user: User) -> str:
    """That of the newest campaign they have to do with."""
    newest: Select[str] = select(Campaign.timezone).order_by(Campaign.id.desc()).limit(1)
    if user.brand_id is not None:
        return session.scalar(newest.where(Campaign.brand_id == user.brand_id)) or USUAL_ZONE
    if user.influencer_id is not None:
        mine = select(Participation.campaign_id).where(Participation.influencer_id == user.influencer_id)
        return session.scalar(newest.where(Campaign.id.in_(mine))) or USUAL_ZONE
    return USUAL_ZONE


def _told(session: Session, user: User, week: Week, base_url: str, now: datetime) -> Told | None:
    if user.role == "agency":
        return _of_agency(session, week, base_url, now)
    if user.influencer is not None:
        return _of_influencer(session, user.influencer, week, base_url, now)
    return _of_brand(session, user, week, base_url)


def _of_influencer(session: Session, person: Influencer, week: Week, base_url: str, now: datetime) -> Told | None:
    mine = {
        one.id: one
        for one in session.scalars(
            select(Participation)
            .join(Campaign, Campaign.id == Participation.campaign_id)
            .where(Participation.influencer_id == person.id, Campaign.status.in_(RUNNING))
        )
    }
    rows = week_figures(session, {one.campaign_id for one in mine.values()}, week, mine.keys())
    dates = _dates(mine.values(), now)
    if not rows and not dates:
        return None
    by_currency = _by_currency(rows, {one.campaign_id: one.campaign for one in mine.values()})
    earned = [_amount(sum_.commission_minor, currency) for currency, sum_ in by_currency.items()]
    return "week_of_influencer", {
        "name": person.name,
        "clicks": sum(row.clicks for row in rows.values()),
        "orders": sum(row.orders for row in rows.values()),
        "earned": earned,
        "pending": [_amount(one.pending_minor, one.currency) for one in sums(session, person.id) if one.pending_minor],
        "dates": dates,
        "link": f"{base_url}/me/earnings",
    }


def _dates(mine: Iterable[Participation], now: datetime) -> list[str]:
    """What is next within SOON, in sentences, the first to come first."""
    coming: list[tuple[datetime, str, Campaign]] = []
    for one in mine:
        if one.status in ("invited", "viewed") and one.expires_at is not None:
            coming.append((one.expires_at, "answer", one.campaign))
        elif one.status in ("accepted", "active"):
            coming.append((one.campaign.starts_at, "start", one.campaign))
            coming.append((one.campaign.ends_at, "end", one.campaign))
    soon = sorted((row for row in coming if now < row[0] <= now + SOON), key=lambda row: row[0])
    return [
        gettext(NEXT[what], campaign=campaign.name, moment=show_time(moment, campaign.timezone))
        for moment, what, campaign in soon
    ]


def _of_brand(session: Session, user: User, week: Week, base_url: str) -> Told | None:
    running = select(Campaign).where(Campaign.brand_id == user.brand_id, Campaign.status.in_(RUNNING))
    campaigns = {one.id: one for one in session.scalars(running)}
    rows = week_figures(session, campaigns.keys(), week)
    if not rows or user.brand is None:
        return None
    people = _people(session, rows)
    told = []
    for campaign in campaigns.values():
        own = {key: row for key, row in rows.items() if key[0] == campaign.id}
        if own:
            all_ = total(own.values())
            told.append(
                {
                    "name": campaign.name,
                    **_sold(all_, campaign.currency),
                    "people": [{"name": people[key[1]], **_sold(row, campaign.currency)} for key, row in own.items()],
                }
            )
    return "week_of_brand", {"name": user.brand.name, "campaigns": told, "link": f"{base_url}/brand"}


def _of_agency(session: Session, week: Week, base_url: str, now: datetime) -> Told | None:
    running = select(Campaign).where(Campaign.status.in_(RUNNING))
    campaigns = {one.id: one for one in session.scalars(running)}
    rows = week_figures(session, campaigns.keys(), week)
    waiting = needed(session, now)
    if not rows and not waiting:
        return None
    sold = [_sold(sum_, currency) for currency, sum_ in _by_currency(rows, campaigns).items()]
    things = sum(one.count for one in waiting)
    return "week_of_agency", {"sold": sold, "things": things, "link": f"{base_url}/console"}


def _by_currency(rows: Mapping[tuple[int, int], Figures], campaigns: Mapping[int, Campaign]) -> dict[str, Figures]:
    parts: dict[str, list[Figures]] = defaultdict(list)
    for (campaign_id, _), row in rows.items():
        parts[campaigns[campaign_id].currency].append(row)
    return {currency: total(parts[currency]) for currency in sorted(parts)}


def _people(session: Session, rows: Iterable[tuple[int, int]]) -> dict[int, str]:
    """participation id -> name."""
    named = select(Participation.id, Influencer.name).join(Influencer, Influencer.id == Participation.influencer_id)
    found = session.execute(named.where(Participation.id.in_({key[1] for key in rows})))
    return {participation_id: name for participation_id, name in found}


def _sold(figures: Figures, currency: str) -> dict[str, Any]:
    return {
        "orders": figures.orders,
        "clicks": figures.clicks,
        "sales": _amount(figures.sales_minor - figures.refunded_minor, currency),
        "cost": _amount(figures.brand_charge_minor, currency),
        "commission": _amount(figures.commission_minor, currency),
        "fee": _amount(figures.agency_fee_minor, currency),
    }


def _amount(minor: int, currency: str) -> str:
    return f"{format_minor(minor, currency)} {currency}"
