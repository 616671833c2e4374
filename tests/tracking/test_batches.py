"""Deliveries taken many at a time end as they do one at a time: in any order, cut into any batches, on both databases.

Group commit puts what happens to come together into one transaction. Nobody may be able to tell from the tables.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import timedelta
from itertools import count, pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from campaigns.clock import iso
from campaigns.db import begin_writing, db
from campaigns.models import (
    AttributionDecision,
    Delivery,
    LedgerAccount,
    LedgerTransaction,
    Order,
    OrderRefund,
    Posting,
    Shop,
)
from campaigns.settlement.books.check import breaches
from campaigns.tracking import inbox
from campaigns.tracking.events import Envelope
from campaigns.tracking.inbox import Arrival
from tests import factories
from tests.factories import NOW, identity_key
from tests.tracking.platforms.payloads import shopify_line, shopify_order, shopify_refund

LOCKING = {**factories.TERMS, "attribution": {"customer_lock_days": 60}}
MINUTE = timedelta(minutes=1)
BROKEN = "666"  # the number of an order that the database refuses: see `refuse`

_hundreds = count(3000)  # of four digits, and no year


@pytest.fixture
def stage(session: Session) -> tuple[Shop, list[str]]:
    """A shop, and the codes of a campaign whose terms lock buyers."""
    campaign = factories.live_campaign(session, shop=factories.shop(session, platform="shopify"), terms=LOCKING)
    codes = [person.codes[0].code for person in factories.participants(session, campaign)]
    session.commit()
    begin_writing()
    return campaign.shop, codes


def told(shop: Shop, topic: str, payload: dict[str, Any] | bytes, name: str) -> Arrival:
    """A delivery of the shop."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return inbox.arrival(shop, Envelope(topic, name, occurred_at=NOW), body, NOW)


def order(number: int, version: int, code: str = "", buyer: int = 0, **fields: Any) -> dict[str, Any]:
    """An order of two creams, as Shopify tells it `version` minutes later."""
    codes = [{"code": code, "amount": "18.00", "type": "percentage"}] if code else []
    applied = [{"type": "discount_code", "code": code}] if code else []
    placed_at = NOW + number % 100 * MINUTE
    times = {"created_at": iso(placed_at), "updated_at": iso(placed_at + version * MINUTE)}
    whose = {"email": f"buyer{buyer or number}@example.com", "customer": {"id": buyer or number}}
    own = {"id": number, "name": f"#{number}", "discount_codes": codes, "discount_applications": applied}
    return shopify_order(**own, **times, **whose, **fields)


def three_orders(shop: Shop, codes: Sequence[str], hundred: int) -> list[Arrival]:
    """All that is told of three orders of one buyer: one credited, one that follows it, one changed and given back."""
    first, second, third = (hundred * 100 + number for number in (1, 2, 3))
    refund = shopify_refund(id=third, order_id=third)
    three = [shopify_line(quantity=3)]
    facts: list[tuple[str, dict[str, Any] | bytes]] = [
        ("orders/create", order(first, 0, codes[0], first, financial_status="pending")),
        ("orders/paid", order(first, 1, codes[0], first)),
        ("orders/paid", order(second, 1, buyer=first)),
        ("orders/create", order(third, 0, codes[1], first)),
        ("orders/updated", order(third, 2, codes[1], first, line_items=three)),
        ("refunds/create", refund),
        ("orders/updated", order(third, 4, codes[1], first, line_items=three, refunds=[refund])),
        ("orders/cancelled", order(first, 5, codes[0], first, cancelled_at=iso(NOW))),
        ("orders/updated", order(first, 6, codes[0], first)),
        ("orders/paid", b'{"id": '),
        ("app/uninstalled", {"id": 1}),
    ]
    return [told(shop, topic, payload, f"{hundred}-{number}") for number, (topic, payload) in enumerate(facts)]


def keep(session: Session, arrivals: Sequence[Arrival]) -> list[str]:
    """One batch, committed."""
    begin_writing()
    statuses = inbox.keep(session.connection(), arrivals, identity_key(), NOW)
    session.commit()
    return statuses


def end(session: Session, hundred: int) -> dict[str, Any]:
    """Everything the tables say of three orders, with their numbers made equal."""
    prefix = f"{hundred}"
    begin_writing()
    rows: dict[str, Any] = {
        "orders": session.execute(
            select(Order.external_id, Order.status, Order.version, Order.net_minor, Order.refunded_minor)
            .where(Order.external_id.startswith(prefix))
            .order_by(Order.external_id)
        ),
        "refunds": session.execute(
            select(OrderRefund.order_external_id, OrderRefund.version)
            .where(OrderRefund.order_external_id.startswith(prefix))
            .order_by(OrderRefund.id)
        ),
        "decisions": session.execute(
            select(Order.external_id, AttributionDecision.reason, AttributionDecision.participation_id)
            .join(Order, Order.id == AttributionDecision.order_id)
            .where(AttributionDecision.superseded_at.is_(None), Order.external_id.startswith(prefix))
            .order_by(Order.external_id)
        ),
        "books": session.execute(
            select(Order.external_id, LedgerAccount.kind, Posting.participation_id, func.sum(Posting.amount_minor))
            .join(LedgerTransaction, LedgerTransaction.order_id == Order.id)
            .join(Posting, Posting.transaction_id == LedgerTransaction.id)
            .join(LedgerAccount, LedgerAccount.id == Posting.account_id)
            .where(Order.external_id.startswith(prefix))
            .group_by(Order.external_id, LedgerAccount.kind, Posting.participation_id)
            .having(func.sum(Posting.amount_minor) != 0)
            .order_by(Order.external_id, LedgerAccount.kind, Posting.participation_id)
        ),
        "deliveries": session.execute(
            select(Delivery.delivery_id, Delivery.status, Delivery.reason)
            .where(Delivery.delivery_id.startswith(prefix + "-"))
            .order_by(Delivery.delivery_id)
        ),
    }
    return {name: [tuple(row) for row in found] for name, found in rows.items()}


def in_batches(arrivals: Sequence[Arrival], cuts: Iterable[int]) -> list[Sequence[Arrival]]:
    """Cut before these places."""
    places = sorted({0, *cuts, len(arrivals)})
    return [arrivals[begin:stop] for begin, stop in pairwise(places)]


TOLD = range(11)
CASE = st.tuples(st.permutations(TOLD), st.sets(st.sampled_from(TOLD)), st.lists(st.sampled_from(TOLD), max_size=4))


@pytest.mark.parametrize("times", [40, pytest.param(500, marks=[pytest.mark.faults, pytest.mark.timeout(1800)])])
def test_any_order_cut_into_any_batches_ends_as_one_delivery_at_a_time_does(
    session: Session, stage: tuple[Shop, list[str]], times: int
) -> None:
    shop, codes = stage

    def play(batches: Sequence[Sequence[int]]) -> dict[str, Any]:
        hundred = next(_hundreds)
        arrivals = three_orders(shop, codes, hundred)
        for batch in batches:
            keep(session, [arrivals[number] for number in batch])
        found = json.dumps(end(session, hundred), default=str)
        session.rollback()
        made_equal: dict[str, Any] = json.loads(found.replace(f'"{hundred}', '"'))
        return made_equal

    expected = play([[number] for number in TOLD])
    assert {row[1] for row in expected["decisions"]} == {"coupon", "customer_lock"}

    @settings(max_examples=times, deadline=None, print_blob=True, suppress_health_check=list(HealthCheck))
    @given(CASE)
    def all_end_alike(case: tuple[list[int], set[int], list[int]]) -> None:
        places, cuts, doubled = case
        arriving = [*places, *doubled]
        assert play(in_batches(arriving, cuts)) == expected  # type: ignore[arg-type]

    all_end_alike()
    assert breaches(db.session()) == []


def refuse(session: Session) -> None:
    """Let the database refuse one order, as a fault of ours would."""
    if session.get_bind().dialect.name == "sqlite":
        session.execute(
            text(
                f'CREATE TRIGGER refuse BEFORE INSERT ON "order" WHEN NEW.external_id = {BROKEN!r} '
                "BEGIN SELECT RAISE(ABORT, 'broken'); END"
            )
        )
    else:
        body = f"BEGIN IF NEW.external_id = {BROKEN!r} THEN RAISE 'broken'; END IF; RETURN NEW; END"
        session.execute(text(f"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $${body}$$"))
        session.execute(text('CREATE TRIGGER refuse BEFORE INSERT ON "order" FOR EACH ROW EXECUTE FUNCTION refuse()'))
    session.commit()


def stored(session: Session) -> list[str]:
    begin_writing()
    return sorted(session.scalars(select(Order.external_id)))


@pytest.mark.parametrize("place", range(3))
def test_one_that_can_not_be_taken_in_fails_alone_and_the_others_of_its_batch_go_in(
    session: Session, stage: tuple[Shop, list[str]], place: int
) -> None:
    shop, codes = stage
    refuse(session)
    batch = [told(shop, "orders/paid", order(number, 1, codes[0]), f"d{number}") for number in (101, 102)]
    batch.insert(place, told(shop, "orders/paid", order(int(BROKEN), 1, codes[0]), "broken"))
    statuses = keep(session, batch)
    assert statuses.pop(place) == "failed" and statuses == ["processed"] * 2
    assert stored(session) == ["101", "102"]
    failed = session.scalars(select(Delivery).filter_by(status="failed")).one()
    assert (failed.delivery_id, failed.reason[:14], failed.retry_at) == ("broken", "internal fault", NOW + MINUTE)
    session.rollback()
    assert breaches(db.session()) == []


def test_one_nobody_can_read_fails_alone(session: Session, stage: tuple[Shop, list[str]]) -> None:
    shop, codes = stage
    readable = told(shop, "orders/paid", order(101, 1, codes[0]), "d1")
    assert keep(session, [told(shop, "orders/paid", b"{", "d0"), readable]) == ["failed", "processed"]
    assert stored(session) == ["101"]


def test_two_deliveries_of_one_order_in_one_batch_earn_once(session: Session, stage: tuple[Shop, list[str]]) -> None:
    shop, codes = stage
    batch = [told(shop, "orders/updated", order(101, version, codes[0]), f"d{version}") for version in (2, 1)]
    assert keep(session, batch) == ["processed"] * 2
    assert stored(session) == ["101"]
    assert session.scalar(select(func.count()).select_from(LedgerTransaction)) == 1
    assert session.scalars(select(Order.version)).one() == NOW + 3 * MINUTE


def test_one_delivery_twice_in_one_batch_is_kept_once(session: Session, stage: tuple[Shop, list[str]]) -> None:
    shop, codes = stage
    same, again = (told(shop, "orders/paid", order(101, 1, codes[0]), "d1") for _ in range(2))
    assert keep(session, [same, again]) == ["processed", "duplicate"]
    assert keep(session, [same, told(shop, "orders/paid", order(102, 1), "d2")]) == ["duplicate", "processed"]
    assert session.scalar(select(func.count()).select_from(Delivery)) == 2


def test_deliveries_of_two_shops_in_one_batch_do_not_meet(session: Session, stage: tuple[Shop, list[str]]) -> None:
    shop, codes = stage
    other = factories.shop(session, platform="shopify")
    session.commit()
    batch = [told(one, "orders/paid", order(101, 1, codes[0]), "d1") for one in (shop, other)]
    assert keep(session, batch) == ["processed"] * 2
    reasons = select(Order.shop_id, AttributionDecision.reason).join(AttributionDecision)
    assert set(map(tuple, session.execute(reasons))) == {(shop.id, "coupon"), (other.id, "none")}
