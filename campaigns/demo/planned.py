"""The demonstration's campaign, made by agency staff over the JSON API, from the brand to the launch."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from campaigns.clock import iso
from campaigns.demo.goods import COUPON_PERCENT
from campaigns.demo.over_http import Api, ShopFront
from campaigns.demo.people import BRAND_EMAIL, CAMPAIGN_CAST, Person

DOMAIN = "glow.example"
TIMEZONE = "Asia/Jerusalem"
RATE_BPS, FEE_BPS = 1500, 300
OWN_RATE = {"dasha": 2000}
TERMS = {
    "influencer_rate_bps": RATE_BPS,
    "agency_rate_bps": FEE_BPS,
    "base": "net",
    "attribution": {"precedence": "coupon", "link_window_days": 30},
    "return_window_days": 14,
}
BRIEF = "Show the serum in your own morning. Say what you think of it, and that the post is paid by sales."
STARTED = timedelta(days=10)
LENGTH = timedelta(days=21)


@dataclass(frozen=True)
class Planned:
    """A live campaign: its participants as answered by the API, by handle."""

    campaign_id: str
    starts_at: datetime
    shop: ShopFront
    participants: Mapping[str, Mapping[str, Any]]

    def ids(self) -> dict[str, str]:
        """participant id -> handle."""
        return {participant["id"]: handle for handle, participant in self.participants.items()}

    def codes(self) -> dict[str, str]:
        """handle -> coupon code."""
        return {handle: participant["coupon_code"] for handle, participant in self.participants.items()}


def rate_bps(handle: str) -> int:
    """The share agreed with somebody."""
    return OWN_RATE.get(handle, RATE_BPS)


def plan(api: Api, now: datetime) -> Planned:
    """Brand, shop, influencers, campaign, invitations, acceptances, launch."""
    brand = api.post("/brands", name="Glow", email=BRAND_EMAIL, legal_name="Glow Cosmetics Ltd")
    shop = api.post(
        "/shops", brand=brand["id"], platform="shopify", name="Glow", domain=DOMAIN, currency="ILS", timezone=TIMEZONE
    )
    influencers = {person.handle: _influencer(api, person) for person in CAMPAIGN_CAST}
    starts_at = (now - STARTED).replace(minute=0, second=0, microsecond=0)
    campaign = api.post(
        "/campaigns",
        brand=brand["id"],
        shop=shop["id"],
        name="Glow: the night serum",
        starts_at=iso(starts_at),
        ends_at=iso(starts_at + LENGTH),
        timezone=TIMEZONE,
        landing_url=f"https://{DOMAIN}/serum?ref=demo#buy",
        language="he",
        brief=BRIEF,
        coupon={"percent_off": COUPON_PERCENT},
        terms=TERMS,
    )
    for handle, influencer in influencers.items():
        own = {"influencer_rate_bps": OWN_RATE[handle]} if handle in OWN_RATE else {}
        invited = api.post(f"/campaigns/{campaign['id']}/participants", influencer=influencer, terms=own)
        api.post(f"/participants/{invited['id']}/accept", terms_version=campaign["terms_version"])
    api.post(f"/campaigns/{campaign['id']}/launch")
    handles = {influencer: handle for handle, influencer in influencers.items()}
    listed = api.get(f"/campaigns/{campaign['id']}/participants")["items"]
    front = ShopFront(api.server, urlsplit(shop["webhook_url"]).path, shop["webhook_secret"], DOMAIN)
    return Planned(campaign["id"], starts_at, front, {handles[each["influencer"]]: each for each in listed})


def _influencer(api: Api, person: Person) -> str:
    created = api.post(
        "/influencers",
        name=person.name,
        email=person.email,
        language=person.language,
        niches=[person.niche],
        accounts=person.accounts,
        payee=person.payee,
    )
    return str(created["id"])
