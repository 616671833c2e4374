"""Finding deliveries among a million of them: no page of a list and no figure looks at more than some thousand rows.

A list goes on from the last row shown, by indexes: newest first by id, of one shop by the time they came. What no index
knows (words, origin, the common statuses) is looked for among the next ten thousand; where that brings too little, the
list says how far back it has looked and goes on from there when asked. An order's number or id is looked up directly.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_
from sqlalchemy.orm import Session, defer, joinedload

from campaigns.db import unindexed
from campaigns.models import Delivery, Order
from campaigns.tracking.periods import first_id, last_id

PER_PAGE = 50
LOOKED_THROUGH = 10_000
COUNTED = timedelta(days=30)
# Few are in these, and an index knows them.
RARE = ("failed", "waiting")
MOST_RARE = 1000
MOST_NUMBERED = 1000


@dataclass(frozen=True)
class Search:
    """What to look for; None and "" ask for nothing. `shop_ids` None is every shop."""

    words: str = ""
    shop_ids: tuple[int, ...] | None = None
    status: str = ""
    origin: str = ""
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True)
class Found:
    """One page. `after`: where to go on, "" at the end; `looked_back_to`: how far a page that is not full looked."""

    deliveries: list[Delivery]
    after: str = ""
    looked_back_to: datetime | None = None


def find(session: Session, search: Search, after: str = "") -> Found:
    """The next page of what is looked for, newest first."""
    named = _named(session, search) if search.words else None
    if named is not None:
        conditions = [named, *_unindexed(replace(search, words="")), *_indexed(session, search)]
        return _page(session, search, _newest_first(search, _going_on(session, search, after)).where(*conditions))
    ranged = _newest_first(search, _going_on(session, search, after)).where(*_indexed(session, search))
    narrowing = _unindexed(search)
    if not narrowing:
        return _page(session, search, ranged)
    some = ranged.with_only_columns(Delivery.id).limit(LOOKED_THROUGH).subquery()
    page = _page(session, search, ranged.where(Delivery.id.in_(select(some.c.id)), *narrowing))
    return page if page.after else _looked_further(session, page, ranged)


def counts(session: Session, shop_ids: tuple[int, ...] | None, now: datetime) -> dict[str, int]:
    """Deliveries of the last 30 days by status; failed and waiting up to 1,001, the others of the newest 10,000."""
    search = Search(shop_ids=shop_ids, since=now - COUNTED)
    recent = _newest_first(search).where(*_indexed(session, search)).with_only_columns(Delivery.status)
    some = recent.limit(LOOKED_THROUGH).subquery()
    by_status = select(some.c.status, func.count()).group_by(some.c.status)
    found: dict[str, int] = {row[0]: row[1] for row in session.execute(by_status)}
    for status in RARE:
        few = select(Delivery.id).where(Delivery.status == status, Delivery.received_at >= now - COUNTED)
        if shop_ids is not None:
            few = few.where(_of_shops(shop_ids, rare=True))
        found[status] = session.scalar(select(func.count()).select_from(few.limit(MOST_RARE + 1).subquery())) or 0
    return found


def _one_shop(search: Search) -> bool:
    return search.shop_ids is not None and len(search.shop_ids) == 1


def _newest_first(search: Search, going_on: ColumnElement[bool] | None = None) -> Select[Delivery]:
    """Along an index: of one shop by the time they came, of several by id."""
    order = (Delivery.received_at.desc(), Delivery.id.desc()) if _one_shop(search) else (Delivery.id.desc(),)
    wanted = select(Delivery).order_by(*order)
    return wanted if going_on is None else wanted.where(going_on)


def _going_on(session: Session, search: Search, after: str) -> ColumnElement[bool] | None:
    """Only what comes after the delivery that was shown last."""
    if not after:
        return None
    last = session.execute(select(Delivery.id, Delivery.received_at).filter_by(public_id=after)).one_or_none()
    if last is None:
        return None
    if _one_shop(search):
        return tuple_(Delivery.received_at, Delivery.id) < tuple_(last.received_at, last.id)
    return Delivery.id < last.id


def _indexed(session: Session, search: Search) -> list[ColumnElement[bool]]:
    """What an index answers: shop, period, and the statuses few are in."""
    conditions: list[ColumnElement[bool]] = []
    if search.shop_ids is not None:
        conditions.append(_of_shops(search.shop_ids, search.status in RARE))
    if search.since is not None:
        conditions.append(Delivery.received_at >= search.since)
    if search.until is not None:
        conditions.append(Delivery.received_at < search.until)
    if search.status in RARE:
        conditions.append(Delivery.status == search.status)
    if not _one_shop(search):
        conditions += _ids_of_period(session, search)
    return conditions


def _of_shops(shop_ids: tuple[int, ...], rare: bool) -> ColumnElement[bool]:
    """With a rare status, the index on the status is the one to use."""
    return (unindexed(Delivery.shop_id) if rare else Delivery.shop_id).in_(shop_ids)


def _ids_of_period(session: Session, search: Search) -> list[ColumnElement[bool]]:
    """A walk by id should not begin today and look for last year."""
    conditions: list[ColumnElement[bool]] = []
    if search.since is not None:
        conditions.append(Delivery.id >= first_id(session, search.since))
    if search.until is not None:
        conditions.append(Delivery.id <= last_id(session, search.until))
    return conditions


def _unindexed(search: Search) -> list[ColumnElement[bool]]:
    """What no index answers."""
    conditions: list[ColumnElement[bool]] = []
    if search.origin:
        conditions.append(Delivery.origin == search.origin)
    if search.status and search.status not in RARE:
        conditions.append(Delivery.status == search.status)
    if search.words:
        texts = (Delivery.topic, Delivery.delivery_id, Delivery.reason)
        conditions.append(or_(*(func.lower(text).contains(search.words.lower(), autoescape=True) for text in texts)))
    return conditions


def _named(session: Session, search: Search) -> ColumnElement[bool] | None:
    """What the words name, if they name a delivery of ours or an order by its id or number; None where they don't.

    A number is many shops' at once, each with an order of its own behind it, and the newest come first.
    """
    words = search.words
    numbered = select(Order.shop_id, Order.external_id).where(Order.number.in_({words, f"#{words}", words.lstrip("#")}))
    if search.shop_ids is not None:
        numbered = numbered.where(Order.shop_id.in_(search.shop_ids))
    orders = [(row[0], row[1]) for row in session.execute(numbered.order_by(Order.id.desc()).limit(MOST_NUMBERED))]
    named = or_(Delivery.public_id == words, Delivery.order_external_id == words)
    if orders:
        theirs = Delivery.order_external_id.in_({external_id for _, external_id in orders})  # what the index knows
        named |= theirs & tuple_(Delivery.shop_id, Delivery.order_external_id).in_(orders)
    return named if session.scalar(select(Delivery.id).where(named).limit(1)) is not None else None


def _page(session: Session, search: Search, wanted: Select[Any]) -> Found:
    whole = wanted.options(defer(Delivery.body), joinedload(Delivery.shop)).limit(PER_PAGE + 1)
    rows = list(session.scalars(whole))
    return Found(rows[:PER_PAGE], rows[PER_PAGE - 1].public_id if len(rows) > PER_PAGE else "")


def _looked_further(session: Session, page: Found, ranged: Select[Delivery]) -> Found:
    """A page that is not full: how far it has looked, where there is more behind."""
    end = ranged.with_only_columns(Delivery.public_id, Delivery.received_at).offset(LOOKED_THROUGH - 1).limit(1)
    last = session.execute(end).one_or_none()
    return page if last is None else Found(page.deliveries, last.public_id, last.received_at)
