"""A campaign of its real size, to the last agora: 12 influencers, 10,000 orders, 8 % given back in part, 3 % edited.

What each order earns is worked out here with a pencil, beside the product. Two of the twelve have a tier: 15 % of the
first 20,000.00 they sell, 20 % of what goes beyond.
"""

import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.commissions.ledger import earned_by_participation
from campaigns.documents.issue import contents_of
from campaigns.models import Bill, Campaign, Participation, Statement
from campaigns.settlement.books.check import breaches
from campaigns.settlement.close import close
from campaigns.settlement.reconciling.reconciliation import reconcile
from campaigns.settlement.reconciling.shop_exports import JSON, read_export
from campaigns.tracking import orders
from campaigns.tracking.events import Customer, Line, OrderSnapshot, Refund, RefundLine, ShopEvent
from campaigns.tracking.orders import Taking
from tests import factories
from tests.factories import END, START, identity_key
from tests.settlement.exports import standard

COUNT, PEOPLE, AT_ONCE = 10_000, 12, 500
STEP = (END - START) / (COUNT + 1)
TIER_FROM, TIERED = 2_000_000, (3, 7)
SECOND = timedelta(seconds=1)
LATER = END + timedelta(days=20)


class Sold(NamedTuple):
    """One order as it ends: whose code, its net, and what of it came back, minor units; `edited_from` its first net."""

    number: int
    who: int
    placed_at: datetime
    net_minor: int
    back_minor: int
    edited_from: int | None

    @property
    def base_minor(self) -> int:
        return self.net_minor - self.back_minor


def story(chance: random.Random) -> list[Sold]:
    """All orders, in the order they are placed: 800 with a refund, 300 edited."""
    back = set(chance.sample(range(COUNT), COUNT * 8 // 100))
    edited = set(chance.sample(range(COUNT), COUNT * 3 // 100))
    found = []
    for number in range(COUNT):
        net = chance.randrange(1_000, 60_000)
        given_back = chance.randrange(1, net + 1) if number in back else 0
        before = chance.randrange(1_000, 60_000) if number in edited else None
        found.append(Sold(number, chance.randrange(PEOPLE), START + (number + 1) * STEP, net, given_back, before))
    return found


def told(sold: Sequence[Sold], codes: Sequence[str], shop_id: int, chance: random.Random) -> list[Taking]:
    """What the shop tells of them: each edited or given-back order twice. What is told comes in any order."""
    news = []
    for one in sold:
        if one.edited_from is not None or one.back_minor:
            first = one._replace(net_minor=one.edited_from or one.net_minor, back_minor=0)
            news.append(taking(first, codes, shop_id, one.placed_at))
        news.append(taking(one, codes, shop_id, one.placed_at + SECOND))
    chance.shuffle(news)
    return news


def taking(one: Sold, codes: Sequence[str], shop_id: int, version: datetime) -> Taking:
    refunds = (
        (
            Refund(
                "r1",
                version,
                None,
                (RefundLine("1", "1", one.back_minor, 0),),
                lines_include_tax=False,
                money_minor=one.back_minor,
            ),
        )
        if one.back_minor
        else ()
    )
    snapshot = OrderSnapshot(
        external_id=str(one.number), number=f"#{one.number}", version=version, placed_at=one.placed_at, status="paid",
        raw_status="paid", currency="ILS", prices_include_tax=True,
        lines=(Line("1", "SERUM", "Serum", "skin care", "1", one.net_minor, 0, 0),), shipping_minor=0, tax_minor=0,
        fees_minor=0, total_minor=one.net_minor, codes=(codes[one.who],),
        customer=Customer(email=f"buyer{one.number}@example.com"), refunds=refunds,
    )  # fmt: skip
    return Taking(shop_id, str(one.number), ShopEvent(topic="order.updated", order=snapshot))


def rounded(base_minor: int, rate_bps: int) -> int:
    return (base_minor * rate_bps + 5_000) // 10_000


def earned(sold: Sequence[Sold]) -> dict[int, list[int]]:
    """Whose -> [commission, fee] with a pencil."""
    sums: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    sales: dict[int, int] = defaultdict(int)
    for one in sold:
        base, before = one.base_minor, sales[one.who]
        sales[one.who] += base
        beyond = min(base, max(0, before + base - TIER_FROM)) if one.who in TIERED else 0
        sums[one.who][0] += ((base - beyond) * 1_500 + beyond * 2_000 + 5_000) // 10_000
        sums[one.who][1] += rounded(base, 300)
    return sums


def campaign_of_twelve(session: Session) -> tuple[Campaign, list[Participation]]:
    made = factories.campaign(session)
    tier = {"tiers": [{"from_sales_minor": TIER_FROM, "rate_bps": 2_000}]}
    for number in range(PEOPLE):
        factories.participation(session, campaign=made, overrides=tier if number in TIERED else None)
    factories.life.launch(session, made, factories.BEFORE, "")
    factories.life.advance(session, made, START + SECOND)
    return made, factories.participants(session, made)


def export(sold: Sequence[Sold], changed: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    """The shop's own list of the same orders, with some differences planted; None leaves an order out."""
    return [one for row in sold if (one := _listed(row, changed.get(row.number, {})))]


def _listed(one: Sold, changed: dict[str, Any]) -> dict[str, Any] | None:
    if changed.get("gone"):
        return None
    back = {"id": "r1", "lines": [{"line_id": "1", "quantity": 1, "total": money(one.back_minor)}]}
    line = {"id": "1", "sku": "SERUM", "title": "Serum", "quantity": 1, "total": money(one.net_minor)}
    facts = {"lines": [line], "total": money(one.net_minor), "refunds": [back] if one.back_minor else []}
    return standard(one.number, placed_at=one.placed_at, **{**facts, **changed})


def money(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02}"


def planted(sold: Sequence[Sold]) -> Iterator[tuple[int, dict[str, Any], str]]:
    """Four of the five differences; the fifth is an order that only the shop has."""
    whole = [one for one in sold if not one.back_minor]
    returned = next(one for one in sold if one.back_minor)
    yield whole[10].number, {"gone": True}, "missing_there"
    yield whole[20].number, {"total": money(whole[20].net_minor + 100)}, "amount_differs"
    yield whole[30].number, {"status": "cancelled"}, "status_differs"
    yield returned.number, {"refunds": []}, "amount_differs"


def test_ten_thousand_orders_close_in_one_go_and_all_papers_agree_to_the_unit(session: Session) -> None:
    chance = random.Random(20261123)
    campaign, people = campaign_of_twelve(session)
    sold = story(chance)
    codes = [person.codes[-1].code for person in people]
    news = told(sold, codes, campaign.shop_id, chance)
    for start in range(0, len(news), AT_ONCE):
        orders.take_all(session.connection(), news[start : start + AT_ONCE], identity_key(), END)
    session.expire_all()
    by_hand = {people[who].id: tuple(pair) for who, pair in earned(sold).items()}
    booked = earned_by_participation(session, [campaign.id])
    assert {person: pair for (_, person), pair in booked.items()} == by_hand

    differences = list(planted(sold))
    theirs = export(sold, {number: changes for number, changes, _ in differences}) + [standard(99_999)]
    body = json.dumps(theirs).encode()
    made = reconcile(session, campaign, read_export(body, JSON, "ILS", "UTC"), body, None, END)
    assert sorted((finding.external_id, finding.kind) for finding in made.findings) == sorted(
        [(str(number), kind) for number, _, kind in differences] + [("99999", "missing_here")]
    )

    agency = current_app.extensions["settings"].agency()
    report = contents_of(close(session, campaign, agency, LATER.date(), LATER, None, "the five are known"))
    commission, fee = (sum(pair[place] for pair in by_hand.values()) for place in (0, 1))
    assert (report["totals"]["commission_minor"], report["totals"]["agency_fee_minor"]) == (commission, fee)
    assert report["totals"]["orders"] == COUNT
    bill = session.scalars(select(Bill)).one()
    assert (bill.commission_minor, bill.fee_minor) == (commission, fee)
    assert session.scalar(select(func.sum(Statement.amount_minor))) == commission
    assert breaches(session) == []
