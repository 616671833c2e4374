"""What is known of the roster in the demo data: audiences that grew over four months, whom they reach, who is away.

Each number was told on its day: by staff, from a file, or by the influencer. Five wish to be seen on leaderboards,
where nobody is shown below three.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from campaigns.demo.people import CAST, INFLUENCER_EMAIL, Person
from campaigns.demo.seed_house import House
from campaigns.people.records import find_user
from campaigns.planning.payee_changes import change_influencer

AT_FIRST_PERCENT = 76
# (days ago, percent of today's followers, who told)
COUNTED = ((80, 85, "typed"), (40, 93, "typed"), (4, 100, "own"))
ON_THE_BOARD = ("noa", "maya", "dasha", "yoav", "tamar")
# handle -> (ages, women in percent) of whom they reach
REACHED = {
    "noa": (["18-24", "25-34"], 84),
    "maya": (["18-24", "25-34"], 78),
    "dasha": (["25-34", "35-44"], 88),
    "layla": (["18-24", "25-34"], 71),
    "yoav": (["18-24", "25-34"], 39),
    "amir": (["25-34", "35-44"], 34),
    "olga": (["25-34", "35-44"], 81),
    "samer": (["25-34", "35-44"], 47),
    "tamar": (["25-34", "35-44"], 76),
    "ben": (["18-24", "25-34"], 52),
    "irina": (["25-34", "35-44"], 79),
    "rima": (["18-24"], 69),
    "gal": (["25-34", "35-44"], 58),
    "lena": (["25-34", "45-54"], 63),
}
# handle -> first and last day away, in days from now
AWAY = {"noa": (45, 54), "maya": (38, 43), "lena": (50, 70)}
TIKTOK = {"network": "tiktok", "handle": "@noa.glow.tok", "followers": 7_450}


def at_first(person: Person) -> list[dict[str, Any]]:
    """Their account as it was when they joined."""
    return _accounts(person, AT_FIRST_PERCENT)


def profiles(session: Session, house: House, now: datetime) -> None:
    """Everybody's numbers as they grew, and with the last of them all that is matched by."""
    for days, percent, source in COUNTED:
        at = now - timedelta(days=days)
        for person in CAST:
            told: dict[str, Any] = {"accounts": _accounts(person, percent)}
            if percent == 100:
                told |= _told_of(person, now)
            _change(session, house, person.handle, at, source, told)


def _told_of(person: Person, now: datetime) -> dict[str, Any]:
    ages, women = REACHED[person.handle]
    told: dict[str, Any] = {
        "audience": {**person.matching["audience"], "ages": ages, "women_percent": women},
        "leaderboard": person.handle in ON_THE_BOARD,
    }
    if person.handle in AWAY:
        first, last = (now.date() + timedelta(days=days) for days in AWAY[person.handle])
        told["away"] = [{"from": first.isoformat(), "to": last.isoformat()}]
    if person.email == INFLUENCER_EMAIL:
        told |= {"accounts": [*person.accounts, TIKTOK], "content_languages": ["he", "en"]}
    return told


def _accounts(person: Person, percent: int) -> list[dict[str, Any]]:
    return [{**one, "followers": one["followers"] * percent // 100} for one in person.accounts]


def _change(session: Session, house: House, handle: str, at: datetime, source: str, told: Mapping[str, Any]) -> None:
    """By themselves where the number is their own, else by staff."""
    influencer = house.influencers[handle]
    user = find_user(session, influencer.email) if source == "own" else house.staff
    change_influencer(session, influencer, user.id if user else None, house.agency["name"], at, source, **told)
