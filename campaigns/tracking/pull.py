"""Changed orders pulled from shops, so that a delivery that never came costs nothing but a quarter of an hour.

WooCommerce never repeats a delivery that failed and switches a webhook off after some; Shopify gives up after hours.
So every shop whose API we may ask is asked for what changed since the last time, with an overlap. What comes goes
through the inbox like a delivery; a known state changes nothing. Asking happens outside any transaction, each page is
kept in one, and `pulled_to` moves on after the last page only: a pull that is killed is simply begun again.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.crash import crash_point
from campaigns.db import reading
from campaigns.errors import Conflict, DomainError
from campaigns.models import Campaign, Shop
from campaigns.outbound import Client
from campaigns.tracking import pull_shopify, pull_woocommerce
from campaigns.tracking.alarms import API_UNREACHABLE, clear_alarm, raise_alarm, reason_of
from campaigns.tracking.asked import arrivals, keep_told, shop_apart
from campaigns.tracking.events import Envelope
from campaigns.tracking.shop_api import Asking, api_of

log = logging.getLogger(__name__)

OVERLAP = timedelta(hours=2)
WEEK = timedelta(days=7)
# Campaigns whose orders still count for something.
IN_PROGRESS = ("ready", "live", "ended", "reconciling")

Pages = Callable[[Client, str, Mapping[str, str], datetime], Iterator[list[bytes]]]


@dataclass(frozen=True)
class Pull:
    """How a platform's changed orders are asked for. `fields` are the credentials, as in ReadBack."""

    pages: Pages
    envelope: Envelope
    fields: tuple[tuple[str, str, bool], ...]


PULLS: dict[str, Pull] = {
    "shopify": Pull(
        pull_shopify.pages,
        Envelope("orders/updated", "", pull_shopify.VERSION),
        (("access_token", "Admin API access token", True),),
    ),
    "woocommerce": Pull(
        pull_woocommerce.pages,
        Envelope("order.updated", "", pull_woocommerce.VERSION),
        (("consumer_key", "Consumer key", True), ("consumer_secret", "Consumer secret", True)),
    ),
}


@dataclass(frozen=True)
class Pulled:
    """What a pull brought: orders changed in the shop, and how many states of them were new to us."""

    orders: int
    new: int


def pull_shop(session: Session, shop_id: int, asking: Asking, now: datetime, since: datetime | None = None) -> Pulled:
    """Pull what changed in a shop since a moment, else since the last pull; commits. Raises DomainError.

    Where the shop can't be asked an alarm stands until it can. What the session holds uncommitted is let go.
    """
    shop = shop_apart(session, shop_id)
    pull, begin = PULLS.get(shop.platform), since or _since(session, shop, now)
    if pull is None or shop.api_credentials is None:
        raise Conflict("orders of this shop can't be pulled: it has no credentials, or its platform no way")
    orders = new = 0
    try:
        api = api_of(shop, asking.sealing_key)
        for page in pull.pages(asking.client, api.api_url, api.credentials, begin):
            told = arrivals(shop, pull.envelope, page, now, "pull")
            new += keep_told(session, told, asking.identity_key, now)
            session.commit()
            crash_point("pull.page_kept")
            orders += len(page)
    except DomainError as error:
        session.rollback()
        raise_alarm(session, shop_id, API_UNREACHABLE, now, **reason_of(error))
        session.commit()
        raise
    _finish(session, shop_id, begin, now)
    log.info("pulled shop=%s orders=%s new=%s", shop_id, orders, new)
    return Pulled(orders, new)


def ask_whole_campaign(session: Session, campaign: Campaign) -> None:
    """Let the worker's next pull go back to where a campaign began; the caller commits. Raises Conflict.

    Ten thousand orders are some hundred pages: nobody waits for that before a page of ours.
    """
    shop = session.get_one(Shop, campaign.shop_id, with_for_update=True, populate_existing=True)
    if shop.platform not in PULLS or shop.api_credentials is None:
        raise Conflict("orders of this shop can't be pulled: it has no credentials, or its platform no way")
    shop.pulled_to = min(shop.pulled_to or campaign.starts_at, campaign.starts_at)
    session.flush()


def pull_shops(session: Session, asking: Asking, now: datetime, back: timedelta | None = None) -> None:
    """Pull every shop whose API we may ask, the longest neglected first; `back` goes back at least that far."""
    with reading():
        shops = pullable(session)
        session.rollback()
    for shop_id, begin in shops:
        since = min(now - back, begin - OVERLAP) if back and begin else None
        try:
            pull_shop(session, shop_id, asking, now, since)
        except DomainError as error:
            log.warning("shop=%s could not be pulled: %s", shop_id, error)


def pullable(session: Session, most: int | None = None) -> list[tuple[int, datetime | None]]:
    """Shops with credentials on a platform that can be pulled, and how far each has been."""
    found = session.execute(
        select(Shop.id, Shop.pulled_to)
        .where(Shop.api_credentials.is_not(None), Shop.platform.in_(PULLS))
        .order_by(Shop.pulled_to.is_not(None), Shop.pulled_to, Shop.id)
        .limit(most)
    )
    return [(row.id, row.pulled_to) for row in found]


def _since(session: Session, shop: Shop, now: datetime) -> datetime:
    """Before the last pull began; without one, where the first campaign in progress does, and a week ago at least.

    A pull by a clock that was ahead knows nothing of the time to come.
    """
    if shop.pulled_to is not None:
        return min(shop.pulled_to, now) - OVERLAP
    running = select(func.min(Campaign.starts_at)).where(Campaign.shop_id == shop.id, Campaign.status.in_(IN_PROGRESS))
    with reading():
        began = session.scalar(running)
        session.rollback()
    return min(began or now, now - WEEK)


def _finish(session: Session, shop_id: int, since: datetime, now: datetime) -> None:
    """Everything up to the moment the pull began is known, unless it began after where the last one ended."""
    shop = session.get_one(Shop, shop_id, with_for_update=True, populate_existing=True)
    if shop.pulled_to is None or since <= shop.pulled_to:
        shop.pulled_to = now
    clear_alarm(session, shop_id, API_UNREACHABLE, now)
    session.commit()
