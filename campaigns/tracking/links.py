"""Links: whom a slug belongs to, and where a visitor of it is sent.

A `Target` is all that the redirect needs, loaded once and kept for seconds (lanes/kept.py). Deep links lead to pages
of the shop's registered hosts and nowhere else; anything that isn't one leads to the campaign's landing page, for a
visitor is there to shop and not to be told about addresses.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from campaigns.models import AffiliateLink, Brand, Campaign, CouponCode, Influencer, Participation, Shop
from campaigns.tracking.landing import source_mark

CLICK_PARAMETER = "click_id"
DEEP_LINK_PARAMETER = "to"
LONGEST_DEEP_LINK = 1000


@dataclass(frozen=True)
class Target:
    """What stands behind a slug in use."""

    link_id: int
    campaign_id: int
    participation_id: int
    landing_url: str
    marks: Mapping[str, str]  # utm_…, as they are appended
    hosts: frozenset[str]  # where a deep link may lead
    link_domain: str
    discount_code: str  # goes through Shopify's /discount/<code> where not empty
    earns_from: datetime
    earns_to: datetime
    zone: ZoneInfo


def find_target(connection: Connection, slug: str) -> Target | None:
    """The target of a slug, unless it or its participant has been withdrawn, or its campaign was called off."""
    row = connection.execute(
        select(
            AffiliateLink.id,
            Participation.id.label("participation_id"),
            Participation.ended_at,
            Campaign.id.label("campaign_id"),
            Campaign.public_id,
            Campaign.status,
            Campaign.landing_url,
            Campaign.starts_at,
            Campaign.ends_at,
            Campaign.grace_days,
            Campaign.timezone,
            Campaign.apply_coupon_by_link,
            Shop.platform,
            Shop.domain,
            Shop.hosts,
            Brand.link_domain,
            Influencer.accounts,
        )
        .join(Participation, Participation.id == AffiliateLink.participation_id)
        .join(Influencer, Influencer.id == Participation.influencer_id)
        .join(Campaign, Campaign.id == Participation.campaign_id)
        .join(Brand, Brand.id == Campaign.brand_id)
        .join(Shop, Shop.id == Campaign.shop_id)
        .where(AffiliateLink.slug == slug, AffiliateLink.withdrawn_at.is_(None))
    ).one_or_none()
    if row is None or row.ended_at is not None or row.status == "cancelled":
        return None
    through = row.apply_coupon_by_link and row.platform == "shopify"
    landing_host = urlsplit(row.landing_url).netloc.lower()
    return Target(
        link_id=row.id,
        campaign_id=row.campaign_id,
        participation_id=row.participation_id,
        landing_url=row.landing_url,
        marks={
            "utm_source": source_mark(row.accounts),
            "utm_medium": "influencer",
            "utm_campaign": row.public_id,
        },
        hosts=frozenset({row.domain, landing_host, *row.hosts}),
        link_domain=row.link_domain,
        discount_code=_newest_code(connection, row.participation_id) if through else "",
        earns_from=row.starts_at,
        earns_to=row.ends_at + timedelta(days=row.grace_days),
        zone=ZoneInfo(row.timezone),
    )


def _newest_code(connection: Connection, participation_id: int) -> str:
    codes = select(CouponCode.code).where(CouponCode.participation_id == participation_id)
    return connection.scalar(codes.order_by(CouponCode.id.desc()).limit(1)) or ""


def link_url(public_url: str, link_domain: str, slug: str) -> str:
    """The address an influencer shares: on the brand's own link domain where it has one.

    >>> link_url("https://agency.example", "", "abc"), link_url("https://agency.example", "go.brand.example", "abc")
    ('https://agency.example/r/abc', 'https://go.brand.example/r/abc')
    """
    return f"https://{link_domain}/r/{slug}" if link_domain else f"{public_url}/r/{slug}"


def destination(target: Target, click_id: str, deep_link: str = "") -> str:
    """The page a visitor is sent to, with our marks appended and the rest of its address left as it is.

    `click_id` is empty for a visit that isn't counted.
    """
    page = deep_page(target, deep_link) or target.landing_url
    marks = {CLICK_PARAMETER: click_id, **target.marks} if click_id else target.marks
    landing = append_query(page, marks)
    return _through_discount(landing, target.discount_code) if target.discount_code else landing


def deep_page(target: Target, deep_link: str) -> str:
    """The page of the shop that a deep link names, "" where it is none: a path of the shop, or a registered address.

    Browsers take a backslash for a slash and skip control characters, so neither may stand in it.
    """
    wanted = deep_link.strip()
    if not wanted or len(wanted) > LONGEST_DEEP_LINK or "\\" in wanted or not wanted.isprintable() or " " in wanted:
        return ""
    shop = urlsplit(target.landing_url)
    try:
        parts = urlsplit(wanted)
        host = parts.netloc.lower()
    except ValueError:
        return ""
    if not parts.scheme and not host and wanted.startswith("/") and not wanted.startswith("//"):
        return urlunsplit((shop.scheme, shop.netloc, parts.path, parts.query, parts.fragment))
    if parts.scheme != "https" or host not in target.hosts:
        return ""
    return urlunsplit(("https", host, parts.path, parts.query, parts.fragment))


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
