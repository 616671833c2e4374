"""The three campaigns of the demo data: closed two months ago, live for eight days, and looking for people."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from campaigns.deductions.entered import tables
from campaigns.demo import (
    seed_codes,
    seed_contacts,
    seed_incidents,
    seed_launching,
    seed_money,
    seed_plans,
    seed_sales,
    seed_studio,
    seed_talks,
    seed_training,
)
from campaigns.demo.goods import COUPON_PERCENT
from campaigns.demo.paper_day import paper_day
from campaigns.demo.planned import BRIEF, LENGTH, OWN_RATE, TERMS
from campaigns.demo.seed_house import House
from campaigns.models import Campaign, Participation, Shop
from campaigns.people.records import find_user
from campaigns.planning import life, notices, participation, plans
from campaigns.planning.audit import note
from campaigns.planning.matching.proposals import By, Wish, propose
from campaigns.planning.matching.ranking import EVEN
from campaigns.settlement.close import close

LIVE_CAST = ("noa", "maya", "dasha", "layla", "yoav", "amir", "olga", "samer", "tamar", "ben", "irina", "rima")
CLOSED_CAST = ("noa", "maya", "dasha", "layla", "yoav", "amir", "olga", "samer", "tamar", "gal", "lena")
ACCEPTED = ("maya", "dasha", "yoav", "amir", "olga", "samer", "gal", "lena")
UNDECIDED = ("noa", "tamar", "irina")
DECLINED = "ben"
HELD_CALL = 5  # Yoav's, of the live campaign


def closed_campaign(session: Session, house: House, now: datetime) -> Campaign:
    """Three weeks at the WooCommerce outlet, closed after the return window, two months ago; its papers are issued."""
    starts_at, closed_at = _day(now, -97), _day(now, -60)
    campaign = _plan(session, house, house.outlet, "Glow outlet: summer's end", "en", starts_at, seed_plans.OUTLET)
    seed_launching.vetted(session, house, campaign, campaign.created_at, seed_launching.BUSINESS)
    people = {handle: _accepted(session, house, campaign, handle) for handle in CLOSED_CAST}
    _launch(session, house, campaign, starts_at - timedelta(days=2))
    seed_codes.created(session, house, campaign, people, starts_at - timedelta(days=1))
    life.advance(session, campaign, starts_at)
    seed_sales.clicks(session, people, starts_at, campaign.ends_at, house.key)
    seed_sales.outlet_sales(session, campaign, people, house.key)
    seed_contacts.calls(session, campaign, people, _day(now, -90), house.key)
    seed_incidents.put_right(session, house, campaign, people["tamar"], _day(now, -84))
    life.advance(session, campaign, campaign.ends_at)
    seed_money.hold_an_order(session, house, people["tamar"], campaign.ends_at)
    on = paper_day(closed_at.astimezone(ZoneInfo(campaign.timezone)).date(), tables(session))
    close(session, campaign, house.agency, on, closed_at, house.staff.id)
    note(session, house.staff.id, "campaign.closed", f"campaign:{campaign.public_id}", closed_at, reason="")
    seed_money.settled(session, house, campaign, closed_at, now)
    return campaign


def live_campaign(session: Session, house: House, now: datetime) -> Campaign:
    """Twelve people since eight days at the Shopify shop, with everything that happens to orders."""
    starts_at = _day(now, -8)
    campaign = _plan(session, house, house.shop, "Glow: the night serum", "he", starts_at, seed_plans.SERUM)
    looked_at = campaign.created_at + timedelta(hours=5)
    seed_launching.vetted(session, house, campaign, looked_at, seed_launching.BUSINESS, seed_launching.PRODUCT)
    seed_launching.given_material(session, house, campaign, looked_at + timedelta(days=1))
    seed_training.answers(session, house, campaign, looked_at + timedelta(days=1))
    people = {handle: _accepted(session, house, campaign, handle) for handle in LIVE_CAST}
    launched_at = starts_at - timedelta(days=2)
    _launch(session, house, campaign, launched_at)
    seed_codes.created(session, house, campaign, people, launched_at + timedelta(hours=3), seed_codes.NOT_YET)
    life.advance(session, campaign, now)
    clicks = seed_sales.clicks(session, people, starts_at, now, house.key)
    seed_sales.shop_sales(session, campaign, people, clicks, house.key, now)
    told = seed_contacts.calls(session, campaign, people, _day(now, -6), house.key)
    seed_money.hold_a_premium(session, house, told[HELD_CALL], now - timedelta(hours=4))
    seed_money.compared(session, house, campaign, now - timedelta(hours=1))
    _busy(session, house, campaign, people, now)
    return campaign


def recruiting_campaign(session: Session, house: House, now: datetime) -> Campaign:
    """Starts in a week: eight have accepted, one has declined, three have not decided; others are proposed."""
    campaign = _plan(
        session, house, house.shop, "Glow: winter hands", "he", _day(now, 7), seed_plans.HANDS, at=_day(now, -1)
    )
    for handle in ACCEPTED:
        _accepted(session, house, campaign, handle)
    for handle in UNDECIDED:
        asked = participation.invite(session, campaign, house.influencers[handle], _day(now, -1))
        notices.invited(session, asked, house.public_url, _day(now, -1))
    unwilling = participation.invite(session, campaign, house.influencers[DECLINED], _day(now, -1))
    participation.decline(session, unwilling, "I'm abroad that week.", _day(now, -1) + timedelta(hours=3))
    propose(session, campaign, Wish(2, 2, EVEN), By(house.staff.id, "", now - timedelta(hours=1)))
    seed_launching.vetted(session, house, campaign, now - timedelta(hours=4), seed_launching.UNDECIDED)
    seed_launching.asked(session, house, campaign, now - timedelta(hours=3))
    return campaign


def _busy(
    session: Session, house: House, campaign: Campaign, people: Mapping[str, Participation], now: datetime
) -> None:
    """What people of a live campaign do beside selling: talk, book a studio, make links, have a code replaced."""
    seed_codes.links(session, people["noa"], house.key, now)
    seed_codes.replaced(session, house, campaign, people[seed_codes.LEAKED], now - timedelta(hours=4))
    seed_incidents.handled(session, house, campaign, people["noa"], now - timedelta(hours=30))
    seed_talks.of_live_campaign(session, house, campaign, now)
    seed_incidents.reported(session, house, campaign, now - timedelta(hours=2))
    seed_studio.hours(session, house, people, now)


def _plan(
    session: Session,
    house: House,
    shop: Shop,
    name: str,
    language: str,
    starts_at: datetime,
    said: Mapping[str, Any],
    at: datetime | None = None,
) -> Campaign:
    written = plans.Plan(
        name=name,
        starts_at=starts_at,
        ends_at=starts_at + LENGTH,
        timezone=shop.timezone,
        landing_url=f"https://{shop.domain}/serum",
        language=language,
        coupon_percent_off=COUPON_PERCENT,
        terms=TERMS | {"leads": seed_contacts.LEADS},
        **{"brief": BRIEF, **said},
    )
    return plans.create_campaign(session, house.brand, shop, written, at or starts_at - timedelta(days=10))


def _accepted(session: Session, house: House, campaign: Campaign, handle: str) -> Participation:
    influencer = house.influencers[handle]
    own = {"influencer_rate_bps": OWN_RATE[handle]} if handle in OWN_RATE else {}
    invited_at = campaign.created_at + timedelta(hours=1)
    made = participation.invite(session, campaign, influencer, invited_at, own)
    user = find_user(session, influencer.email)
    participation.mark_viewed(session, made, invited_at + timedelta(hours=2))
    accepted_at = invited_at + timedelta(hours=3)
    participation.accept(
        session, made, campaign.terms.version, influencer.language, accepted_at, user.id if user else None
    )
    return made


def _launch(session: Session, house: House, campaign: Campaign, at: datetime) -> None:
    seed_launching.approved(session, campaign, at - timedelta(hours=6), house.public_url)
    life.launch(session, campaign, at)
    notices.launched(session, campaign, house.public_url, at)
    note(session, house.staff.id, "campaign.launched", f"campaign:{campaign.public_id}", at, reason="")


def _day(now: datetime, days: int) -> datetime:
    """Six o'clock (UTC) of a day, nine in the morning where the shop is."""
    return (now + timedelta(days=days)).replace(hour=6, minute=0, second=0, microsecond=0)
