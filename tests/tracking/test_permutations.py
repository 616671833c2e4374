"""One order's six events in every order they can arrive, once and with each delivered twice: one state, one balance.

Eight tests share the 720 orders among them, each plays an eighth; in `make faults` each plays all of them.
"""

from dataclasses import dataclass
from datetime import timedelta
from itertools import permutations, product
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.models import AttributionDecision, LedgerAccount, LedgerTransaction, Order, Posting, Shop
from campaigns.settlement.books.check import breaches
from campaigns.tracking.events import Line as OrderLine
from campaigns.tracking.events import OrderSnapshot, Refund, RefundLine, ShopEvent
from campaigns.tracking.orders import take
from tests.factories import NOW, identity_key, live_campaign, participants

MINUTE = timedelta(minutes=1)


def snapshot(
    minutes: int, status: str, code: str, quantity: int = 2, refunds: tuple[Refund, ...] = ()
) -> OrderSnapshot:
    """Two creams at 100.00 net, 18 % VAT; the version is `minutes` after noon."""
    net, tax = 10000 * quantity, 1800 * quantity
    return OrderSnapshot(
        external_id="",
        number="#1001",
        version=NOW + minutes * MINUTE,
        placed_at=NOW,
        status=status,
        raw_status=status,
        currency="ILS",
        prices_include_tax=False,
        lines=(OrderLine("1", "CREAM", "Cream", "skin", str(quantity), net, tax, 0),),
        shipping_minor=2500,
        tax_minor=tax,
        fees_minor=0,
        total_minor=net + tax + 2500,
        codes=(code,),
        refunds=refunds,
    )


def refund(number: int, net_minor: int) -> Refund:
    line = RefundLine("1", "1", net_minor, net_minor * 18 // 100)
    return Refund(f"r{number}", NOW + (10 + number) * MINUTE, "ILS", (line,))


def six_events(code: str, last: str) -> list[ShopEvent]:
    """Created, paid, edited to three, two partial refunds, and cancelled or (to see money left) paid again."""
    first, second = refund(1, 5000), refund(2, 2500)
    return [
        ShopEvent("orders/create", order=snapshot(0, "pending", code)),
        ShopEvent("orders/paid", order=snapshot(1, "paid", code)),
        ShopEvent("orders/updated", order=snapshot(2, "paid", code, quantity=3)),
        ShopEvent("refunds/create", order_id="", refunds=(first,)),
        ShopEvent("refunds/create", order_id="", refunds=(second,)),
        ShopEvent("orders/updated", order=snapshot(20, last, code, quantity=3, refunds=(first, second))),
    ]


@dataclass(frozen=True)
class End:
    """What an order has come to."""

    state: str
    net: int
    refunded: int
    reason: str
    brand: int
    influencer: int
    agency: int


def play(session: Session, shop: Shop, external_id: str, events: list[ShopEvent]) -> None:
    from dataclasses import replace

    for event in events:
        named = replace(event.order, external_id=external_id) if event.order else None
        take(session, shop, replace(event, order=named, order_id=external_id), identity_key(), NOW)


def ends(session: Session) -> dict[End, int]:
    """How many orders came to which end."""
    books: dict[int, dict[str, int]] = {}
    for order_id, kind, total in session.execute(
        select(LedgerTransaction.order_id, LedgerAccount.kind, func.sum(Posting.amount_minor))
        .join(Posting, Posting.transaction_id == LedgerTransaction.id)
        .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
        .group_by(LedgerTransaction.order_id, LedgerAccount.kind)
    ):
        books.setdefault(order_id, {})[kind] = int(total)
    found: dict[End, int] = {}
    current = (
        select(Order, AttributionDecision.reason)
        .join(AttributionDecision)
        .where(AttributionDecision.superseded_at.is_(None))
    )
    for order, reason in session.execute(current):
        legs: dict[str, Any] = books.get(order.id, {})
        end = End(
            order.state, order.net_minor, order.refunded_minor, reason, legs.get("brand_receivable", 0),
            legs.get("influencer_pending", 0), legs.get("agency_income", 0),
        )  # fmt: skip
        found[end] = found.get(end, 0) + 1
    return found


TESTS = list(product(["sqlite", "postgresql"], [1, 2], ["cancelled", "paid"]))


def share(events: list[ShopEvent], place: int, shares: int) -> list[tuple[ShopEvent, ...]]:
    """The orders that one of so many tests plays; they are mixed, for neighbours differ in their last events only."""
    arrivals = list(permutations(events))
    Random(720).shuffle(arrivals)  # noqa: S311 - always the same
    return arrivals[place % shares :: shares]


@pytest.mark.parametrize("shares", [8, pytest.param(1, marks=[pytest.mark.faults, pytest.mark.timeout(1800)])])
@pytest.mark.parametrize("times", [1, 2], ids=["once", "each twice"])
@pytest.mark.parametrize(
    ("last", "end"),
    [
        ("cancelled", End("cancelled", 30000, 7500, "coupon", 0, 0, 0)),
        # 3 x 100.00 - 75.00 = 225.00: 15 % are 33.75, 3 % are 6.75, together 40.50
        ("paid", End("paid", 30000, 7500, "coupon", 4050, -3375, -675)),
    ],
)
def test_all_720_orders_of_delivery_end_alike(session: Session, last: str, end: End, times: int, shares: int):
    campaign = live_campaign(session, accepted=10)
    person = participants(session, campaign)[0]
    assert person.code is not None
    events = six_events(person.code.code, last)
    place = TESTS.index((session.get_bind().dialect.name, times, last))
    for number, arrival in enumerate(share(events, place, shares)):
        play(session, campaign.shop, f"o{number}", list(arrival) * times)
    assert ends(session) == {end: 720 // shares}
    assert breaches(session) == []
