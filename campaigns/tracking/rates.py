"""The rate of a day: what an order in another currency than its campaign's is converted by, and nothing else is.

Staff enter rates with their source; the live row that holds the day the order was placed, in the campaign's time zone,
is the order's. The decision keeps it as evidence, so that what was posted can be worked out again. Without a row the
order stays refused.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from campaigns.models import ExchangeRate, Order
from campaigns.questions import Question, among
from campaigns.tracking.people import Person

_LIVE = Question(
    select(
        ExchangeRate.public_id,
        ExchangeRate.from_currency,
        ExchangeRate.to_currency,
        ExchangeRate.from_date,
        ExchangeRate.to_date,
        ExchangeRate.rate_millionths,
        ExchangeRate.source,
    )
    .where(
        among(ExchangeRate.from_currency, "froms"),
        among(ExchangeRate.to_currency, "tos"),
        ExchangeRate.superseded_at.is_(None),
    )
    .order_by(ExchangeRate.id)
)

# What evidence says of a rate: its row, both currencies, the rate, the day it was taken of, and the source.
Told = dict[str, Any]


def rate_in(evidence: Mapping[str, Any]) -> int | None:
    """The rate, in millionths, that a decision's evidence names; None where the order needed none."""
    told = evidence.get("rate")
    return int(told["rate_millionths"]) if told else None


def day_in(placed_at: datetime, timezone: str) -> date:
    """The day an order was placed on, as the campaign's people call it."""
    return placed_at.astimezone(ZoneInfo(timezone)).date()


def rate_of_day(connection: Connection, from_currency: str, to_currency: str, on: date) -> Told | None:
    """What evidence says of the live rate of a day; None where there is none."""
    return _on(_LIVE.ask(connection, froms=[from_currency], tos=[to_currency]), from_currency, to_currency, on)


def rates_of(
    connection: Connection, orders: Sequence[Order], concerned: Mapping[int, Person]
) -> dict[int, dict[int, Told]]:
    """Order id -> campaign id -> the rate of its day. Nothing is asked where every order is in its shop's currency."""
    by_shop: dict[int, dict[int, Person]] = defaultdict(dict)
    for person in concerned.values():
        by_shop[person.shop_id][person.campaign_id] = person
    foreign = [
        (order, person)
        for order in orders
        for person in by_shop.get(order.shop_id, {}).values()
        if person.currency != order.currency
    ]
    if not foreign:
        return {}
    live = _LIVE.ask(
        connection,
        froms={order.currency for order, _ in foreign},
        tos={person.currency for _, person in foreign},
    )
    found: dict[int, dict[int, Told]] = defaultdict(dict)
    for order, person in foreign:
        told = _on(live, order.currency, person.currency, day_in(order.placed_at, person.timezone))
        if told is not None:
            found[order.id][person.campaign_id] = told
    return found


def _on(live: Iterable[Any], from_currency: str, to_currency: str, on: date) -> Told | None:
    for row in live:
        if (row.from_currency, row.to_currency) == (from_currency, to_currency) and row.from_date <= on <= row.to_date:
            return {
                "id": row.public_id,
                "from": from_currency,
                "to": to_currency,
                "rate_millionths": row.rate_millionths,
                "on": on.isoformat(),
                "source": row.source,
            }
    return None
