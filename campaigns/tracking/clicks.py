"""Clicks: one row on disk before the visitor is sent on, and where they are sent.

Robots, link previews, prefetches and anything that is not a person opening a page get the redirect but are not
counted; the row says why. A counted click's id rides to the shop in the landing URL and comes back with the order.
"""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from campaigns.ids import click_id
from campaigns.models import AffiliateLink, Campaign, Click, Participation

_ROBOTS = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|facebookexternalhit|facebot|whatsapp|telegrambot|twitterbot|slackbot|"
    r"discordbot|linkedinbot|pinterest|skypeuripreview|embedly|vkshare|viber|headless|lighthouse|monitor|uptime|"
    r"curl/|wget/|python-requests|python-urllib|go-http-client|okhttp|java/|libwww|axios/|node-fetch|scrapy",
    re.IGNORECASE,
)
_FAMILIES = (
    ("Instagram", "Instagram"), ("TikTok", "TikTok"), ("musical_ly", "TikTok"), ("FBAN", "Facebook"),
    ("FBAV", "Facebook"), ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung"), ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip


@dataclass(frozen=True)
class Visit:
    """What the request says about who came. `headers` has lower-case names."""

    method: str
    headers: Mapping[str, str]
    address: str


def find_link(session: Session, slug: str) -> AffiliateLink | None:
    """The link of a slug, unless it or its participant has been withdrawn, or its campaign was called off."""
    link = session.scalar(
        select(AffiliateLink)
        .where(AffiliateLink.slug == slug, AffiliateLink.withdrawn_at.is_(None))
        .options(joinedload(AffiliateLink.participation).joinedload(Participation.campaign).joinedload(Campaign.shop))
    )
    if link is None or link.participation.ended_at is not None:
        return None
    return None if link.participation.campaign.status == "cancelled" else link


def record(session: Session, link: AffiliateLink, visit: Visit, key: bytes, now: datetime) -> Click:
    """Write the click; the caller commits before it answers."""
    campaign = link.participation.campaign
    click = Click(
        click_id=click_id(),
        link_id=link.id,
        campaign_id=campaign.id,
        participation_id=link.participation_id,
        clicked_at=now,
        uncounted=why_uncounted(visit) or _outside(campaign, now),
        visitor=visitor_key(key, visit.address, now),
        agent=agent_family(visit.headers.get("user-agent", "")),
        referrer=(urlsplit(visit.headers.get("referer", "")[:2000]).hostname or "")[:253],
    )
    session.add(click)
    session.flush()
    return click


def why_uncounted(visit: Visit) -> str:
    """Why a visit is no click, or "" for one that counts.

    Browsers say what a request is for in Sec-Fetch-* and Sec-Purpose: https://www.w3.org/TR/fetch-metadata/
    """
    headers = visit.headers
    purpose = (headers.get("sec-purpose") or headers.get("purpose") or headers.get("x-moz") or "").lower()
    if visit.method != "GET":
        return visit.method.lower()
    if _ROBOTS.search(headers.get("user-agent", "")):
        return "robot"
    if "prefetch" in purpose or "preview" in purpose or "prerender" in purpose:
        return "prefetch"
    if (
        headers.get("sec-fetch-dest", "document") != "document"
        or headers.get("sec-fetch-mode", "navigate") != "navigate"
    ):
        return "not a navigation"
    return ""


def _outside(campaign: Campaign, now: datetime) -> str:
    until = campaign.ends_at + timedelta(days=campaign.grace_days)
    return "" if campaign.starts_at <= now <= until else "outside the dates"


def visitor_key(key: bytes, address: str, now: datetime) -> str:
    """A visitor for one day: the keyed hash of their address under that day's own key."""
    day_key = hmac.new(key, f"visitor:{now:%Y-%m-%d}".encode(), hashlib.sha256).digest()
    return hmac.new(day_key, address.encode(), hashlib.sha256).hexdigest()[:32]


def agent_family(user_agent: str) -> str:
    """The browser's family.

    >>> agent_family("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/140.0")
    'Firefox'
    """
    return next((family for mark, family in _FAMILIES if mark in user_agent), "other" if user_agent else "")


def destination(link: AffiliateLink, click: Click | None) -> str:
    """The landing URL with the click's id and source appended, its own query and fragment kept as they are."""
    participation = link.participation
    campaign = participation.campaign
    marks = {
        "utm_source": participation.influencer.handle or "influencer",
        "utm_medium": "influencer",
        "utm_campaign": campaign.public_id,
    }
    if click is not None and not click.uncounted:
        marks = {"click_id": click.click_id, **marks}
    landing = append_query(campaign.landing_url, marks)
    if campaign.apply_coupon_by_link and campaign.shop.platform == "shopify" and participation.code is not None:
        return _through_discount(landing, participation.code.code)
    return landing


def append_query(url: str, values: Mapping[str, str]) -> str:
    """`url` with `values` at the end of its query, nothing else disturbed.

    >>> append_query("https://s.example/sale?ref=x#top", {"click_id": "c1"})
    'https://s.example/sale?ref=x&click_id=c1#top'
    """
    parts = urlsplit(url)
    query = "&".join(filter(None, (parts.query, urlencode(values))))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, parts.fragment))


def _through_discount(landing: str, code: str) -> str:
    """Shopify applies a code at /discount/<code> and goes on to `redirect`, a path of the same shop."""
    parts = urlsplit(landing)
    inner = urlunsplit(("", "", parts.path or "/", parts.query, parts.fragment))
    return urlunsplit(
        (parts.scheme, parts.netloc, f"/discount/{quote(code, safe='')}", f"redirect={quote(inner, safe='')}", "")
    )
