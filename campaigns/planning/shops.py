"""Shops: where webhooks come from, and the secret they are signed with."""

import re
from datetime import datetime, timedelta
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.errors import Invalid, Said, Unreadable
from campaigns.models import Brand, Shop
from campaigns.money import exponent
from campaigns.tracking.platforms.registry import PLATFORMS

_DOMAIN = re.compile(
    r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}(:\d{1,5})?|localhost(:\d{1,5})?"
)
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
) -> Shop:
    """Add a shop to a brand; raises Invalid. Without a secret of the shop's own, one is made."""
    domain = _host(domain)
    errors = _errors(name, domain, timezone)
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
        currency=currency,
        timezone=timezone,
        webhook_secret=(webhook_secret or "").strip() or PLATFORMS[platform].new_secret(),
        created_at=now,
    )
    session.add(shop)
    session.flush()
    return shop


def change_shop(session: Session, shop: Shop, name: str, domain: str, timezone: str) -> Shop:
    """Another name, host or zone; platform and currency stay, for orders were read by them. Raises Invalid."""
    domain = _host(domain)
    if errors := _errors(name, domain, timezone):
        raise Invalid(errors)
    shop.name, shop.domain, shop.timezone = name.strip(), domain, timezone
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


def _host(domain: str) -> str:
    return domain.strip().lower().removeprefix("https://").removeprefix("http://").rstrip("/")


def _errors(name: str, domain: str, timezone: str) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if not name.strip():
        errors["name"] = [Said("is missing")]
    elif len(name.strip()) > LONGEST_NAME:
        errors["name"] = [Said("has more than %(most)s characters", most=LONGEST_NAME)]
    if not _DOMAIN.fullmatch(domain):
        errors["domain"] = [Said("must be a host name such as shop.example.com")]
    if timezone not in available_timezones():
        errors["timezone"] = [Said("must be an IANA time zone such as Asia/Jerusalem")]
    return errors
