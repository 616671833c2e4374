"""Demo data for the first start: an agency at work, with one campaign behind it, one running and one being filled.

Made by the domain's own functions, as if the days had passed: orders come through the inbox as signed deliveries, the
closed campaign was closed, its papers issued and its people paid, but for one. The same on every day it is made, but
for codes and links.
"""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.demo import seed_codes, seed_profiles, seed_roster_file, seed_training
from campaigns.demo.people import AGENCY_EMAIL, BRAND_EMAIL, CAST, COLLEAGUE_EMAIL, INFLUENCER_EMAIL, PASSWORD
from campaigns.demo.seed_campaigns import closed_campaign, live_campaign, recruiting_campaign
from campaigns.demo.seed_house import House
from campaigns.models import Influencer, User
from campaigns.people import records
from campaigns.planning.shops import create_shop
from config import Settings

TIMEZONE = "Asia/Jerusalem"
BEFORE_EVERYTHING = timedelta(days=120)


def seed(session: Session, settings: Settings, now: datetime) -> bool:
    """Fill an empty database, uncommitted; False, and nothing done, where somebody signs in already."""
    if session.scalar(select(User.id).limit(1)) is not None:
        return False
    house = _house(session, settings, now - BEFORE_EVERYTHING)
    seed_training.lessons(session, house, now - BEFORE_EVERYTHING)
    seed_profiles.profiles(session, house, now)
    seed_roster_file.files(session, house, now)
    closed_campaign(session, house, now)
    live_campaign(session, house, now)
    recruiting_campaign(session, house, now)
    seed_codes.looked_after(session, now)
    return True


def _house(session: Session, settings: Settings, now: datetime) -> House:
    staff = records.create_user(session, AGENCY_EMAIL, "agency", now, PASSWORD, "en")
    colleague = records.create_user(session, COLLEAGUE_EMAIL, "agency", now, PASSWORD, "en")
    brand = records.create_brand(session, "Glow", BRAND_EMAIL, "Glow Cosmetics Ltd", "510000011", now)
    records.create_user(session, BRAND_EMAIL, "brand", now, PASSWORD).language = "en"
    shop = create_shop(session, brand, "shopify", "Glow", "glow.example", "ILS", TIMEZONE, now)
    outlet = create_shop(session, brand, "woocommerce", "Glow outlet", "outlet.glow.example", "ILS", TIMEZONE, now)
    influencers = {person.handle: _influencer(session, person.handle, now) for person in CAST}
    records.create_user(session, INFLUENCER_EMAIL, "influencer", now, PASSWORD)
    key, agency, address = settings.identity_key, settings.agency(), settings.public_url
    return House(staff, colleague, brand, shop, outlet, influencers, key, agency, address)


def _influencer(session: Session, handle: str, now: datetime) -> Influencer:
    person = next(person for person in CAST if person.handle == handle)
    who = (
        person.name,
        person.email,
        now,
        person.language,
        [person.niche],
        seed_profiles.at_first(person),
        person.payee,
    )
    return records.create_influencer(session, *who, **person.matching)
