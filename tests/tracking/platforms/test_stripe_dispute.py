"""Stripe's disputes: what the buyer's bank holds back counts as given back, until it lets it go."""

from dataclasses import replace
from datetime import datetime
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy.orm import configure_mappers

from campaigns.errors import Unreadable
from campaigns.tracking.events import OrderSnapshot, Refund, ShopEvent
from campaigns.tracking.known import Told
from campaigns.tracking.platforms.stripe_dispute import DISPUTE_TOPICS, HELD_BACK, INQUIRY, LET_GO, REINSTATED
from campaigns.tracking.snapshots import apply
from tests.factories import NOW
from tests.tracking.platforms.event_payloads import STARTED, stripe_dispute, stripe_event, stripe_refund, stripe_session
from tests.tracking.platforms.payloads import read, without
from tests.tracking.platforms.telling import left, sale

CREATED, UPDATED, CLOSED = (f"charge.dispute.{word}" for word in ("created", "updated", "closed"))
WITHDRAWN = "charge.dispute.funds_withdrawn"
KEY = bytes(32)

configure_mappers()  # rows of no session are changed here, before any session is


def event(topic: str, minutes: int = 1, **fields: Any) -> ShopEvent:
    return read("stripe", topic, stripe_event(topic, stripe_dispute(**fields), STARTED + 60 * minutes))


def told(topic: str, minutes: int = 1, **fields: Any) -> Refund:
    (refund,) = event(topic, minutes, **fields).refunds
    return refund


def order(*refunds: Refund) -> OrderSnapshot:
    """90.00 of goods, 20.00 of shipping, 19.80 of tax."""
    session = stripe_event("checkout.session.completed", stripe_session())
    found = read("stripe", "checkout.session.completed", session).order
    assert found is not None
    return replace(found, refunds=refunds)


def end(events: Any) -> tuple[tuple[int, datetime | None], ...]:
    """What stands of the disputes of one order after these events, in this order: the sum and its time."""
    known = Told()
    for one in events:
        apply(known, 1, "pi_1", one, KEY, NOW)
    return tuple((row.body["unsplit_minor"], row.version) for _, row in sorted(known.refunds.items()))


@pytest.mark.parametrize("topic", sorted(DISPUTE_TOPICS - {REINSTATED}))
@pytest.mark.parametrize("status", sorted(HELD_BACK))
def test_while_the_bank_holds_the_money_the_disputed_sum_counts_as_given_back(topic: str, status: str) -> None:
    found = told(topic, status=status, amount=6490)
    assert (found.refund_id, found.unsplit_minor, found.money_minor, found.currency) == ("du_1", 6490, 6490, "ILS")
    assert (event(topic, status=status).order_id, found.lines, found.shipping_minor) == ("pi_1", (), 0)


@pytest.mark.parametrize("topic", sorted(DISPUTE_TOPICS))
@pytest.mark.parametrize("status", sorted(LET_GO))
def test_a_dispute_that_was_won_or_prevented_gives_nothing_back(topic: str, status: str) -> None:
    found = told(topic, status=status)
    assert (found.refund_id, found.unsplit_minor, found.money_minor) == ("du_1", 0, 0)


@pytest.mark.parametrize("status", sorted(HELD_BACK | LET_GO | INQUIRY))
def test_reinstated_funds_give_nothing_back_whatever_the_dispute_still_says(status: str) -> None:
    assert told(REINSTATED, status=status).unsplit_minor == 0


@pytest.mark.parametrize("topic", sorted(DISPUTE_TOPICS - {REINSTATED}))
@pytest.mark.parametrize("status", sorted(INQUIRY))
def test_an_inquiry_moves_no_money_and_is_no_refund(topic: str, status: str) -> None:
    found = event(topic, status=status)
    assert (found.ignored, found.refunds, found.order_id) == ("a dispute: no money moved so far", (), None)


def test_a_dispute_of_nothing_waits_for_its_sum() -> None:
    assert event(CREATED, amount=0).ignored == "a dispute: no money moved so far"
    assert end([event(CREATED, amount=0), event(UPDATED, 2, amount=500)])[0][0] == 500


@pytest.mark.parametrize("status", ["escalated", "charge_refunded", "Won", "succeeded"])
@pytest.mark.parametrize("topic", [CREATED, REINSTATED])
def test_a_status_nobody_documented_is_refused(topic: str, status: str) -> None:
    with pytest.raises(Unreadable, match=r"^data\.object\.status: an unknown status$"):
        event(topic, status=status)


@pytest.mark.parametrize("name", ["id", "amount", "currency", "status"])
def test_a_dispute_without_a_required_field_is_refused(name: str) -> None:
    with pytest.raises(Unreadable, match=rf"^data\.object\.{name}: "):
        read("stripe", CREATED, stripe_event(CREATED, without(stripe_dispute(), name)))


def test_a_dispute_below_zero_is_refused() -> None:
    with pytest.raises(Unreadable, match="amount: below zero"):
        event(CREATED, amount=-1)


def test_a_dispute_outside_a_checkout_is_ignored() -> None:
    assert event(CREATED, payment_intent=None).ignored == "not from a checkout"


def test_the_time_of_the_event_is_kept_and_not_that_of_the_dispute() -> None:
    at = {topic: told(topic, 7).created_at for topic in DISPUTE_TOPICS}
    assert set(at.values()) == {datetime.fromisoformat("2026-05-01T09:07:00Z")}


WON = [event(CREATED, 1), event(WITHDRAWN, 1), event(UPDATED, 2, status="under_review"), event(CLOSED, 3, status="won")]
LOST = [*WON[:3], event(CLOSED, 3, status="lost")]
LOST_THEN_WON = [WON[0], LOST[3], event(UPDATED, 4, status="won"), event(REINSTATED, 4, status="won")]
BACK_EARLY = [WON[0], event(REINSTATED, 2, status="under_review"), event(UPDATED, 3, status="under_review")]
ASKED_FIRST = [event(CREATED, 0, status="warning_needs_response"), event(UPDATED, 1), event(WITHDRAWN, 2)]
ONLY_ASKED = [ASKED_FIRST[0], event(CLOSED, 3, status="warning_closed")]


@pytest.mark.parametrize(
    ("story", "stands"),
    [(WON, [0]), (LOST, [12980]), (LOST_THEN_WON, [0]), (BACK_EARLY, [0]), (ASKED_FIRST, [12980]), (ONLY_ASKED, [])],
    ids=["won", "lost", "lost then won", "back early", "asked first", "only asked"],
)
@pytest.mark.parametrize("times", [1, 2], ids=["once", "each twice"])
def test_whichever_word_comes_first_the_end_is_the_same(story: list[ShopEvent], stands: list[int], times: int) -> None:
    ends = {end(arrival * times) for arrival in permutations(story)}
    assert [[amount for amount, _ in one] for one in ends] == [stands]


def test_two_disputes_of_one_payment_stand_each_for_itself() -> None:
    second = [event(CREATED, 5, id="dp_2", amount=3000)]
    assert [amount for amount, _ in end(WON + second)] == [3000, 0]  # dp_2, du_1


def test_a_disputed_half_takes_half_of_the_goods_back() -> None:
    # 64.90 of 129.80 paid: 45.00 of 90.00, and 8.10 of the 16.20 of tax on them
    worth = sale(order(told(CREATED, amount=6490)))
    assert (worth.net_minor, worth.refunded_minor, worth.refunded_tax_minor) == (9000, 4500, 810)


def test_a_dispute_of_all_after_a_refund_of_half_gives_back_no_more_than_was_paid() -> None:
    refund = stripe_event("refund.created", stripe_refund())  # 64.90
    (half,) = read("stripe", "refund.created", refund).refunds
    held, won = told(CREATED), told(CLOSED, 3, status="won")
    assert (left(order(half)), left(order(half, held)), left(order(half, won))) == (4500, 0, 4500)
    worth = sale(order(half, held))
    assert (worth.refunded_minor, worth.refunded_tax_minor) == (9000, 1620)


def test_a_dispute_of_the_rest_after_a_refund_of_half_leaves_exactly_nothing() -> None:
    (half,) = read("stripe", "refund.created", stripe_event("refund.created", stripe_refund())).refunds
    assert left(order(half, told(CREATED, amount=6490))) == 0
