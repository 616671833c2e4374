"""Clicks, orders and what became of them, for the demo data: drawn by lot, with the same lots every time.

Everything goes in as it would from outside: clicks through the link, orders as signed deliveries through the inbox.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from sqlalchemy.orm import Session

from campaigns.demo import shopify_bodies, woo_bodies
from campaigns.demo.goods import BALM, CREAM, SERUM, SET, SOAP, Product
from campaigns.demo.shopify_bodies import Message, Purchase, message
from campaigns.demo.told import created, paid, purchase
from campaigns.ids import TimeOrdered
from campaigns.models import Campaign, Participation, Shop
from campaigns.tracking import inbox
from campaigns.tracking.click_ids import signed
from campaigns.tracking.clicks import ClickRow, Visit, click_row, write_clicks
from campaigns.tracking.links import find_target

SHOP_ORDERS, OUTLET_ORDERS = 68, 40
# How much is sold through somebody, relative to the others: nobody's audience is like another's.
PULL = dict(noa=10, maya=8, dasha=12, layla=3, yoav=6, amir=2, olga=5, samer=3, tamar=7, irina=4, rima=2, gal=3, lena=5)
BASKETS: tuple[list[tuple[Product, int]], ...] = (
    [(SERUM, 1)],
    [(SERUM, 1), (CREAM, 1)],
    [(CREAM, 2)],
    [(SOAP, 3), (BALM, 1)],
    [(SERUM, 2), (SOAP, 1)],
    [(SET, 1)],
)
BROWSERS = (
    "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile Instagram 390.0",
    "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Version/18.5 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/137.0 Mobile Safari/537.36",
    "Mozilla/5.0 (Linux; Android 15) musical_ly_2024 TikTok",
    "WhatsApp/2.25 A",
)
# Buys again and again with one code: perhaps to sell it on.
EAGER, EAGER_EMAIL, EAGER_ORDERS = "dasha", "beauty.bar@buyers.test", 12

People = Mapping[str, Participation]
Clicks = Mapping[str, list[ClickRow]]


def clicks(session: Session, people: People, first: datetime, last: datetime, key: bytes) -> dict[str, list[ClickRow]]:
    """Visits of everybody's link, link previews among them; handle -> those that count, oldest first."""
    lots = Random(2026)
    found: dict[str, list[ClickRow]] = {}
    for handle, participation in people.items():
        count = 6 + 3 * PULL.get(handle, 1)
        rows = visits(session, participation.links[-1].slug, lots, count, (first, last), key)
        found[handle] = [row for row in rows if not row.uncounted]
    return found


def visits(
    session: Session, slug: str, lots: Random, count: int, between: tuple[datetime, datetime], key: bytes
) -> list[ClickRow]:
    """Visits of one link between two moments, oldest first; their ids tell when they were."""
    moments = sorted(_moment(lots, *between) for _ in range(count))
    seen = [Visit("GET", {"user-agent": lots.choice(BROWSERS)}, f"203.0.113.{lots.randrange(250)}") for _ in moments]
    target = find_target(session.connection(), slug)
    assert target is not None  # a link in use
    numbers = TimeOrdered()
    rows = [
        click_row(target, visit, numbers.next(moment), key, moment) for visit, moment in zip(seen, moments, strict=True)
    ]
    write_clicks(session.connection(), rows, 0)
    return rows


def shop_sales(
    session: Session, campaign: Campaign, people: People, clicked: Clicks, key: bytes, now: datetime
) -> None:
    """The Shopify shop's orders since the start, in the order of time, and then the odd ones."""
    lots = Random(8)
    last = now - timedelta(hours=2)
    moments = sorted(_moment(lots, campaign.starts_at + timedelta(hours=6), last) for _ in range(SHOP_ORDERS))
    for place, placed_at in enumerate(moments):
        handle = _drawn(lots, people)
        earlier = [signed(key, click.id) for click in clicked[handle] if click.clicked_at < placed_at]
        by_link = bool(earlier) and place % 4 == 0
        code = "" if by_link and place % 8 == 0 else people[handle].codes[-1].code
        goods = lots.choices(BASKETS, (6, 3, 3, 3, 2, 1))[0]
        bought = purchase(2001 + place, placed_at, goods, code, earlier[-1] if by_link else "")
        _tell(session, campaign.shop, paid(bought), key, placed_at + timedelta(seconds=8))
        if place % 9 == 4:
            _give_back(session, campaign.shop, bought, key, min(placed_at + timedelta(days=2), last))
    _odd_orders(session, campaign, people, key, last)
    for place in range(EAGER_ORDERS):
        soap = purchase(2201 + place, last, [(SOAP, 1)], people[EAGER].codes[-1].code, email=EAGER_EMAIL)
        _tell(session, campaign.shop, paid(soap), key, last)


def outlet_sales(session: Session, campaign: Campaign, people: People, key: bytes) -> None:
    """The WooCommerce shop's orders of the whole campaign; every tenth is given back in full."""
    lots = Random(3)
    moments = sorted(_moment(lots, campaign.starts_at, campaign.ends_at) for _ in range(OUTLET_ORDERS))
    for place, placed_at in enumerate(moments):
        code = people[_drawn(lots, people)].codes[-1].code
        bought = purchase(0, placed_at, lots.choices(BASKETS, (4, 3, 3, 3, 2, 2))[0], code)
        bought = replace(bought, order_id=701 + place)
        _tell_woo(
            session, campaign.shop, "order.created", woo_bodies.order(bought, "processing", placed_at), key, placed_at
        )
        if place % 10 == 6:
            at = placed_at + timedelta(days=5)
            whole = sum(line.paid_minor for line in bought.lines) + bought.shipping_minor
            body = woo_bodies.order(bought, "refunded", at, refunded_minor=whole)
            _tell_woo(session, campaign.shop, "order.updated", body, key, at)


def _odd_orders(session: Session, campaign: Campaign, people: People, key: bytes, at: datetime) -> None:
    """What nobody is credited for, each for its own reason; and two deliveries that are no orders."""
    noa, maya, yoav = (people[handle].codes[-1].code for handle in ("noa", "maya", "yoav"))
    serum: list[tuple[Product, int]] = [(SERUM, 1)]
    odd = [
        purchase(2101, at, serum),
        purchase(2102, at, serum, "WELCOME10"),
        purchase(2103, at, serum, noa, email=people["noa"].influencer.email),
        replace(purchase(2104, at, serum, yoav), currency="USD"),
        purchase(2105, campaign.starts_at - timedelta(days=1), serum, maya),
        replace(purchase(2106, at, serum, maya), test=True),
    ]
    for bought in odd:
        _tell(session, campaign.shop, paid(bought), key, at)
    _tell(session, campaign.shop, created(purchase(2107, at, serum, maya)), key, at)
    cancelled = purchase(2108, at - timedelta(hours=3), serum, yoav)
    gone = shopify_bodies.order(cancelled, "voided", at, cancelled_at=at)
    _tell(session, campaign.shop, paid(cancelled), key, at - timedelta(hours=3))
    _tell(session, campaign.shop, message("orders/cancelled", gone, "2108"), key, at)
    two = purchase(2109, at, [(CREAM, 1)], maya)
    _tell(session, campaign.shop, paid(replace(two, codes=(maya, yoav))), key, at)
    cut_short = message("orders/paid", paid(purchase(2110, at, serum, noa)).body[:400], "2110")
    _tell(session, campaign.shop, cut_short, key, at)
    inbox.count_refusal(session.connection(), campaign.shop_id)


def _give_back(session: Session, shop: Shop, bought: Purchase, key: bytes, at: datetime) -> None:
    """One unit of the first line comes back."""
    given = shopify_bodies.refund(bought, bought.order_id + 9, at, ((bought.lines[0], 1),))
    _tell(session, shop, message("refunds/create", given, bought.number), key, at)


def _tell(session: Session, shop: Shop, sent: Message, key: bytes, at: datetime) -> None:
    signed = shopify_bodies.headers(sent, shop.webhook_secret, shop.domain, at)
    _receive(session, shop, signed, sent.body, key, at)


def _tell_woo(session: Session, shop: Shop, topic: str, body: dict[str, object], key: bytes, at: datetime) -> None:
    signed, raw = woo_bodies.signed(topic, body, shop.webhook_secret)
    _receive(session, shop, signed, raw, key, at)


def _receive(session: Session, shop: Shop, signed: Mapping[str, str], body: bytes, key: bytes, at: datetime) -> None:
    envelope = inbox.verify(shop, {name.lower(): value for name, value in signed.items()}, body, at)
    assert envelope is not None, "no ping was sent"
    session.flush()
    inbox.keep(session.connection(), [inbox.arrival(shop, envelope, body, at)], key, at)
    session.expire_all()


def _moment(lots: Random, first: datetime, last: datetime) -> datetime:
    return first + timedelta(seconds=lots.randrange(int((last - first).total_seconds())))


def _drawn(lots: Random, people: People) -> str:
    handles = [handle for handle in people if handle in PULL]
    return lots.choices(handles, [PULL[handle] for handle in handles])[0]
