"""Who some orders point to: the codes, clicks, names and earlier orders that the tables know, for a batch at once.

Each kind of evidence is one question to the tables. The answers name participants; those are loaded together, and
then every order gets the matches that attribution.py judges.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, or_, select

from campaigns.models import (
    AffiliateLink,
    AttributionDecision,
    Campaign,
    Click,
    CouponCode,
    Influencer,
    Order,
    Participation,
)
from campaigns.questions import Question, among
from campaigns.tracking.click_ids import named as click_named
from campaigns.tracking.click_ids import signed
from campaigns.tracking.landing import NOBODY, named_in_landing, source_mark
from campaigns.tracking.matches import ClickMatch, CodeMatch, LockMatch, NamedMatch, RegisteredMatch, fold
from campaigns.tracking.people import Person, people
from campaigns.tracking.registered import Registered, ask_registered, registered_matches

# Decisions by evidence of the order's own: these lock a buyer, where the terms say so.
OWN_EVIDENCE = ("coupon", "link", "both", "landing", "affiliate", "registered", "registered_late", "manual")

_CODES = Question(
    select(
        CouponCode.shop_id,
        CouponCode.folded,
        CouponCode.participation_id,
        CouponCode.valid_from,
        CouponCode.valid_to,
        CouponCode.ended_at,
    ).where(among(CouponCode.shop_id, "shops"), among(CouponCode.folded, "folded"))
)
_CLICK = select(Click.id, Click.participation_id, Click.clicked_at, Click.former_id)
_CLICKS = Question(_CLICK.where(among(Click.id, "numbers")))
_FORMER_CLICKS = Question(_CLICK.where(among(Click.former_id, "told")))
_SLUGS = Question(
    select(AffiliateLink.slug, AffiliateLink.participation_id, AffiliateLink.withdrawn_at).where(
        among(AffiliateLink.slug, "names")
    )
)
_SOURCES = Question(
    select(Campaign.public_id, Participation.id, Influencer.accounts)
    .join(Participation, Participation.campaign_id == Campaign.id)
    .join(Influencer, Influencer.id == Participation.influencer_id)
    .where(among(Campaign.public_id, "campaigns"))
    .order_by(Participation.id)
)
_EARLIER = Question(
    select(
        Order.id,
        Order.shop_id,
        Order.customer_key,
        Order.external_id,
        Order.public_id,
        Order.placed_at,
        AttributionDecision.participation_id,
    )
    .join(AttributionDecision, AttributionDecision.order_id == Order.id)
    .where(
        among(Order.shop_id, "shops"),
        among(Order.customer_key, "buyers"),
        Order.is_sale,
        AttributionDecision.superseded_at.is_(None),
        AttributionDecision.participation_id.is_not(None),
        AttributionDecision.reason.in_(OWN_EVIDENCE),
    )
)


@dataclass
class Pointing:
    """What in one order points to whom."""

    codes: list[CodeMatch] = field(default_factory=list)
    unknown_codes: list[str] = field(default_factory=list)
    clicks: list[ClickMatch] = field(default_factory=list)
    named: list[NamedMatch] = field(default_factory=list)
    lock: LockMatch | None = None
    registered: list[RegisteredMatch] = field(default_factory=list)


@dataclass(frozen=True)
class Known:
    """What the tables answered, by what was asked; `people` are those whom any of it names."""

    codes: dict[tuple[int, str], Any]
    numbers: dict[str, int]  # of the clicks that signed ids name
    clicks: dict[int, Any]
    former_clicks: dict[str, Any]
    slugs: dict[str, Any]
    sources: dict[tuple[str, str], list[int]]
    earlier: dict[tuple[int, str], list[Any]]
    registered: Registered
    people: dict[int, Person]


def pointing(
    connection: Connection,
    orders: Sequence[Order],
    also: Iterable[int],
    key: bytes,
    registering: Collection[int] = (),
) -> tuple[dict[int, Pointing], dict[int, Person]]:
    """order id -> what it points to; and the participants concerned, with those of `also`.

    `registering` are the shops that have registered customers: only there is anybody asked for.
    """
    known = _ask(connection, orders, set(also), key, registering)
    found: dict[int, Pointing] = {}
    for order in orders:
        mine = found[order.id] = Pointing()
        _match_codes(order, known, mine)
        mine.clicks = list(_clicks(order, known, key))
        mine.named = [*_names(order, known)]
        mine.lock = _lock(order, known)
        mine.registered = list(registered_matches(order, known.registered, known.people))
    return found, known.people


def _ask(
    connection: Connection, orders: Sequence[Order], also: set[int], key: bytes, registering: Collection[int]
) -> Known:
    shops = {order.shop_id for order in orders}
    names = {name for order in orders for name in _refs(order)}
    folded = {fold(code) for order in orders for code in (*order.codes, *order.typed_codes)} | set(map(fold, names))
    codes = {(row.shop_id, row.folded): row for row in _CODES.ask(connection, shops=shops, folded=folded)}
    told = {public for order in orders for public in order.click_ids}
    numbers = {public: number for public in told if (number := click_named(key, public)) is not None}
    clicks = {row.id: row for row in _ask_clicks(connection, set(numbers.values()), told)}
    slugs = {row.slug: row for row in _SLUGS.ask(connection, names=names)}
    sources = _ask_sources(connection, orders)
    earlier = _ask_earlier(connection, orders, shops)
    registered = ask_registered(connection, orders, registering)
    ids = also | {row.participation_id for row in (*codes.values(), *clicks.values(), *slugs.values())}
    ids |= {participation_id for some in sources.values() for participation_id in some}
    ids |= {row.participation_id for some in (*earlier.values(), *registered.values()) for row in some}
    return Known(
        codes=codes,
        numbers=numbers,
        clicks=clicks,
        former_clicks={row.former_id: row for row in clicks.values() if row.former_id},
        slugs=slugs,
        sources=sources,
        earlier=earlier,
        registered=registered,
        people=people(connection, ids, key),
    )


def _ask_clicks(connection: Connection, numbers: set[int], told: set[str]) -> Iterator[Any]:
    yield from _CLICKS.ask(connection, numbers=numbers)
    if len(numbers) < len(told):  # ids of the time before they were signed
        yield from _FORMER_CLICKS.ask(connection, told=told)


def _ask_sources(connection: Connection, orders: Sequence[Order]) -> dict[tuple[str, str], list[int]]:
    """(campaign's public id, utm_source) -> participants; a mark that several share names nobody."""
    campaigns = {named_in_landing(order.landing_url).utm_campaign for order in orders if order.landing_url} - {""}
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for campaign, participation_id, accounts in _SOURCES.ask(connection, campaigns=campaigns):
        found[campaign, source_mark(accounts)].append(participation_id)
    return {name: some for name, some in found.items() if len(some) == 1 and name[1] != NOBODY}


def _ask_earlier(connection: Connection, orders: Sequence[Order], shops: set[int]) -> dict[tuple[int, str], list[Any]]:
    """(shop, buyer) -> their sales credited by evidence of their own, oldest first."""
    found: dict[tuple[int, str], list[Any]] = defaultdict(list)
    rows = _EARLIER.ask(connection, shops=shops, buyers={order.customer_key for order in orders} - {""})
    for row in sorted(rows, key=lambda row: (row.placed_at, row.external_id)):
        found[row.shop_id, row.customer_key].append(row)
    return found


def _match_codes(order: Order, known: Known, mine: Pointing) -> None:
    sent = [(code, False) for code in order.codes] + [(code, True) for code in order.typed_codes]
    for code, by_staff in sent:
        row = known.codes.get((order.shop_id, fold(code)))
        person = known.people.get(row.participation_id) if row else None
        if row is None or person is None:
            mine.unknown_codes.append(code)
        else:
            mine.codes.append(CodeMatch(code, person.candidate(row.valid_from, row.valid_to, row.ended_at), by_staff))


def _clicks(order: Order, known: Known, key: bytes) -> Iterator[ClickMatch]:
    rows = [known.clicks.get(known.numbers.get(public, 0)) or known.former_clicks.get(public)
            for public in order.click_ids]  # fmt: skip
    for row in sorted(filter(None, rows), key=lambda row: (row.clicked_at, row.id)):
        person = known.people.get(row.participation_id)
        if person is not None and person.shop_id == order.shop_id:
            yield ClickMatch(row.former_id or signed(key, row.id), row.clicked_at, person.candidate())


def _refs(order: Order) -> tuple[str, ...]:
    refs = named_in_landing(order.landing_url).refs if order.landing_url else ()
    return (*refs, *order.affiliates)


def _names(order: Order, known: Known) -> Iterator[NamedMatch]:
    landing = named_in_landing(order.landing_url)
    for participation_id in known.sources.get((landing.utm_campaign, landing.utm_source), ()):
        person = known.people.get(participation_id)
        if person is not None and person.shop_id == order.shop_id:
            yield NamedMatch("landing", landing.utm_source, person.candidate())
    hows: list[tuple[Literal["landing", "affiliate"], Iterable[str]]] = [
        ("landing", landing.refs),
        ("affiliate", order.affiliates),
    ]
    for how, values in hows:
        for value in values:
            if match := _named(how, value, order, known):
                yield match


def _named(how: Literal["landing", "affiliate"], value: str, order: Order, known: Known) -> NamedMatch | None:
    """Whom a slug or a code in text names."""
    ended: datetime | None
    if slug := known.slugs.get(value):
        participation_id, ended = slug.participation_id, slug.withdrawn_at
    elif code := known.codes.get((order.shop_id, fold(value))):
        participation_id, ended = code.participation_id, code.ended_at
    else:
        return None
    person = known.people.get(participation_id)
    if person is None or person.shop_id != order.shop_id:
        return None
    return NamedMatch(how, value, person.candidate(ended_at=ended))


def _lock(order: Order, known: Known) -> LockMatch | None:
    """The buyer's last earlier order whose influencer's terms lock them, or pay for what they buy again."""
    place = (order.placed_at, order.external_id)
    rows = [
        row
        for row in known.earlier.get((order.shop_id, order.customer_key), [])
        if row.id != order.id and (row.placed_at, row.external_id) < place
    ]
    for row in reversed(rows):
        person = known.people.get(row.participation_id)
        if person is None or not person.binds:
            continue
        first = next(one for one in rows if one.participation_id == row.participation_id)
        until = person.recurs_until(first.placed_at)
        if until is not None and (order.placed_at <= until or not person.lock):
            theirs = person.candidate(earns_to=max(until, person.earns_to))
            return LockMatch(first.public_id, first.placed_at, theirs, until - first.placed_at)
        return LockMatch(row.public_id, row.placed_at, person.candidate(), person.lock)
    return None


def followers(
    connection: Connection, orders: Sequence[Order], was: Mapping[int, tuple[str, datetime]] | None = None
) -> set[tuple[int, str]]:
    """(shop, external id) of the later orders of the same buyers: a change of these may change those.

    `was` holds, by order id, the buyer and the time an order had before: what it locked then is judged again too.
    """
    before = was or {}
    marks = {(order.shop_id, order.id, order.customer_key, order.placed_at) for order in orders}
    marks |= {(order.shop_id, order.id, *before[order.id]) for order in orders if order.id in before}
    wanted = [
        (Order.shop_id == shop_id)
        & (Order.customer_key == buyer)
        & (Order.placed_at >= placed_at)
        & (Order.id != order_id)
        for shop_id, order_id, buyer, placed_at in marks
        if buyer
    ]
    if not wanted:
        return set()
    rows = connection.execute(select(Order.shop_id, Order.external_id).where(or_(*wanted)))
    return {(row[0], row[1]) for row in rows}
