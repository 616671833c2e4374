"""Links: whom a slug belongs to, and where a visitor of it is sent.

A `Target` is all that the redirect needs, loaded once and kept for seconds (lanes/kept.py). Deep links lead to pages
of the shop's registered hosts and nowhere else; anything that isn't one leads to the campaign's landing page, for a
visitor is there to shop and not to be told about addresses.
"""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from urllib.parse import SplitResult, quote, unquote_plus, urlencode, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from campaigns.models import AffiliateLink, Brand, Campaign, CouponCode, Influencer, Participation, Shop
from campaigns.tracking.landing import source_mark
from campaigns.tracking.platforms.registry import PLATFORMS

CLICK_PARAMETER = "click_id"
DEEP_LINK_PARAMETER = "to"
LONGEST_DEEP_LINK = 1000
_AS_THEY_ARE = ":/?#[]@!$&'()*+,;=%~"  # what quoting leaves alone in an address
_PLACE = "CLICKIDGOESHERE"


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
    discount_code: str  # is applied on the way where not empty, in the way of the shop's platform
    through_discount: Callable[[str, str], str] | None
    earns_from: datetime
    earns_to: datetime
    zone: ZoneInfo

    @cached_property
    def landing(self) -> tuple[str, str]:
        """The landing page with our marks, before and after the place of a click's id."""
        before, _, after = _page_with(self, self.landing_url, _PLACE).partition(_PLACE)
        return before, after


def find_target(connection: Connection, slug: str) -> Target | None:
    """The target of a slug, unless it or its participant has been withdrawn, or its campaign was called off."""
    row = connection.execute(
        select(
            AffiliateLink.id,
            AffiliateLink.page,
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
    through = PLATFORMS[row.platform].through_discount if row.apply_coupon_by_link else None
    landing_host = urlsplit(row.landing_url).netloc.lower()
    target = Target(
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
        through_discount=through,
        earns_from=row.starts_at,
        earns_to=row.ends_at + timedelta(days=row.grace_days),
        zone=ZoneInfo(row.timezone),
    )
    # A page that was the shop's when its link was made, and is no more, is not led to.
    page = deep_page(target, row.page) if row.page else ""
    return replace(target, landing_url=page) if page else target


def _newest_code(connection: Connection, participation_id: int) -> str:
    codes = select(CouponCode.code).where(CouponCode.participation_id == participation_id)
    return connection.scalar(codes.order_by(CouponCode.id.desc()).limit(1)) or ""


def destination(target: Target, click_id: str, deep_link: str = "") -> str:
    """The page a visitor is sent to, with our marks appended and the rest of its address left as it is.

    `click_id` is empty for a visit that isn't counted.
    """
    page = deep_page(target, deep_link) if deep_link else ""
    if click_id and not page:
        return click_id.join(target.landing)
    return _page_with(target, page or target.landing_url, click_id)


def _page_with(target: Target, page: str, click_id: str) -> str:
    marks = {CLICK_PARAMETER: click_id, **target.marks} if click_id else target.marks
    landing = append_query(page, marks)
    if not landing.isascii():
        landing = quote(landing, safe=_AS_THEY_ARE)  # a header holds no other letters
    if target.through_discount is None or not target.discount_code:
        return landing
    return target.through_discount(landing, target.discount_code)


def deep_page(target: Target, deep_link: str) -> str:
    """The page of the shop that a deep link names, "" where it is none: a path of the shop, or a registered address.

    Browsers take a backslash for a slash and skip control characters, so neither may stand in it; and a path that
    begins with two slashes is another host's address as soon as somebody takes it out of ours.
    """
    wanted = deep_link.strip()
    if not wanted or len(wanted) > LONGEST_DEEP_LINK or "\\" in wanted or not wanted.isprintable() or " " in wanted:
        return ""
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return ""
    scheme, host = parts.scheme, parts.netloc.lower()
    if not scheme and not host and wanted.startswith("/") and not wanted.startswith("//"):
        shop = urlsplit(target.landing_url)
        scheme, host = shop.scheme, shop.netloc
    elif scheme != "https" or not host or host not in target.hosts:
        return ""
    if parts.path.startswith("//"):
        return ""
    return urlunsplit((scheme, host, parts.path, _without(parts, {CLICK_PARAMETER}), parts.fragment))


def told_page(target: Target, pasted: str) -> str | None:
    """What a link's `to` says for a page that somebody pasted; None for one that isn't the shop's.

    People paste what they see: without https://, or with the marks of the very link they came through.
    """
    wanted = pasted.strip()
    if wanted.lower().startswith("http://"):
        wanted = f"https://{wanted[7:]}"
    elif not wanted.startswith("/") and "://" not in wanted:
        wanted = f"https://{wanted}"
    parts = urlsplit(deep_page(target, wanted))
    if not parts.netloc:
        return None
    at_home = parts.netloc.lower() == urlsplit(target.landing_url).netloc.lower()
    scheme, host = ("", "") if at_home else ("https", parts.netloc)
    return urlunsplit((scheme, host, parts.path or "/", _without(parts, target.marks), parts.fragment))


def _without(parts: SplitResult, names: Container[str]) -> str:
    """The query without the parameters of these names."""
    return "&".join(one for one in parts.query.split("&") if unquote_plus(one.partition("=")[0]) not in names)


def append_query(url: str, values: Mapping[str, str]) -> str:
    """`url` with `values` at the end of its query, nothing else disturbed.

    >>> append_query("https://s.example/sale?ref=x#top", {"click_id": "c1"})
    'https://s.example/sale?ref=x&click_id=c1#top'
    """
    parts = urlsplit(url)
    query = "&".join(filter(None, (parts.query, urlencode(values))))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, parts.fragment))
