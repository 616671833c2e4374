"""Shops: where webhooks come from, and the secret they are signed with."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.clock import time_zones
from campaigns.errors import Invalid, Said, Unreadable
from campaigns.models import Brand, Shop
from campaigns.money import exponent
from campaigns.planning.hosts import host_problem, read_host, read_hosts
from campaigns.tracking.platforms.registry import PLATFORMS

LONGEST_NAME = 200  # as the columns have them
LONGEST_SECRET = 4000
ROTATION = timedelta(hours=24)  # Shopify signs with the old secret for up to an hour after a change


def create_shop(
    session: Session,
    brand: Brand,
    platform: str,
    name: str,
    domain: str,
    currency: str,
    timezone: str,
    now: datetime,
    webhook_secret: str | None = None,
    hosts: Iterable[str] = (),
) -> Shop:
    """Add a shop to a brand; raises Invalid. Without a secret of the shop's own, one is made."""
    domain = read_host(domain)
    hosts, errors = _checked(name, domain, timezone, hosts)
    if platform not in PLATFORMS:
        errors["platform"] = [Said("must be one of %(choices)s", choices=", ".join(PLATFORMS))]
    try:
        exponent(currency)
    except Unreadable as error:
        errors["currency"] = [str(error)]
    if len((webhook_secret or "").strip()) > LONGEST_SECRET:
        errors["webhook_secret"] = [Said("has more than %(most)s characters", most=LONGEST_SECRET)]
    if errors:
        raise Invalid(errors)
    shop = Shop(
        brand_id=brand.id,
        platform=platform,
        name=name.strip(),
        domain=domain,
        hosts=hosts,
        currency=currency,
        timezone=timezone,
        webhook_secret=(webhook_secret or "").strip() or PLATFORMS[platform].new_secret(),
        created_at=now,
    )
    session.add(shop)
    session.flush()
    return shop


def change_shop(
    session: Session, shop: Shop, name: str, domain: str, timezone: str, hosts: Iterable[str] | None = None
) -> Shop:
    """Another name, hosts or zone; platform and currency stay, for orders were read by them. Raises Invalid.

    Without `hosts` the further ones stay as they are.
    """
    domain = read_host(domain)
    further, errors = _checked(name, domain, timezone, shop.hosts if hosts is None else hosts)
    if errors:
        raise Invalid(errors)
    shop.name, shop.domain, shop.timezone, shop.hosts = name.strip(), domain, timezone, further
    session.flush()
    return shop


def change_secret(session: Session, shop: Shop, now: datetime, webhook_secret: str = "") -> str:
    """Give a shop a new secret (or the one it made itself); the old one is honoured for a day. Returns the new one."""
    shop.previous_secret, shop.previous_secret_until = shop.webhook_secret, now + ROTATION
    shop.webhook_secret = webhook_secret.strip() or PLATFORMS[shop.platform].new_secret()
    session.flush()
    return shop.webhook_secret


def shops_of(session: Session, brand: Brand) -> list[Shop]:
    """A brand's shops, oldest first."""
    return list(session.scalars(select(Shop).filter_by(brand_id=brand.id).order_by(Shop.id)))


def _checked(name: str, domain: str, timezone: str, hosts: Iterable[str]) -> tuple[list[str], dict[str, list[str]]]:
    """The further hosts, and what is wrong."""
    errors: dict[str, list[str]] = {}
    further: list[str] = []
    if not name.strip():
        errors["name"] = [Said("is missing")]
    elif len(name.strip()) > LONGEST_NAME:
        errors["name"] = [Said("has more than %(most)s characters", most=LONGEST_NAME)]
    if problem := host_problem(domain):
        errors["domain"] = [problem]
    try:
        further = [host for host in read_hosts(hosts) if host != domain]
    except Invalid as invalid:
        errors |= invalid.errors
    if timezone not in time_zones():
        errors["timezone"] = [Said("must be an IANA time zone such as Asia/Jerusalem")]
    return further, errors
