"""Shops through outages of our database: Shopify's retries and the pull together lose no order and double none.

Hours pass in seconds. Each protection is also taken away once, and then orders must be missing.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.db import db, reading
from campaigns.models import Delivery, Mail
from campaigns.settlement.books.check import breaches
from campaigns.tracking.alarms import open_alarms
from tests.faults import shopify, woocommerce
from tests.faults.books import posted, stored_orders
from tests.faults.senders import FAILURES, PATIENCE, PAUSES, Post, ShopifySender, WooCommerceSender
from tests.faults.sizes import seeded, told
from tests.faults.trading import ALL_TIMERS, Market, market

RETRIES_ALONE = ALL_TIMERS - {"pull-shops"}
AWAY = (503, "5")
HOUR = 60  # minutes

OpenMarket = Callable[..., Market]


@pytest.fixture
def open_market(
    session: Session, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OpenMarket]:
    with ExitStack() as stack:
        yield lambda platform, timers=ALL_TIMERS: stack.enter_context(
            market(session, platform, database_url, tmp_path, monkeypatch, timers)
        )


def through(place: Market, minutes: int) -> range:
    """Half an hour of trade, then an outage, then the first minute after it; the places of the orders in between."""
    place.trading.go_on(30)
    first = len(place.trading.numbers)
    place.outage.begin()
    place.trading.go_on(minutes)
    place.outage.end()
    return range(first, len(place.trading.numbers))


def missing(session: Session, place: Market) -> list[int]:
    """The orders of the shop that aren't ours; one that is there twice fails."""
    with reading():
        stored = stored_orders(session)
        session.rollback()
    assert len(stored) == len(set(stored))
    return sorted(set(place.trading.numbers) - set(stored))


def assert_balanced(session: Session, place: Market, commission_minor: int, fee_minor: int) -> None:
    """Every order is credited once, and nothing else is."""
    orders = len(place.trading.numbers)
    with reading():
        assert posted(session, "influencer_pending") == -commission_minor * orders
        assert posted(session, "agency_income") == -fee_minor * orders
        assert set(session.scalars(select(Delivery.status))) == {"processed"}
        assert breaches(db.session()) == []
        session.rollback()


def letters(session: Session) -> list[str]:
    """What staff were written about."""
    with reading():
        subjects = list(session.scalars(select(Mail.subject).where(Mail.recipient == "omar@example.com")))
        session.rollback()
    return subjects


def alarms(session: Session) -> list[str]:
    with reading():
        kinds = [alarm.kind for alarm in open_alarms(session)]
        session.rollback()
    return kinds


def test_shopifys_eight_pauses_double_and_are_four_hours_in_all() -> None:
    assert (len(PAUSES), sum(PAUSES, timedelta())) == (8, timedelta(hours=4))
    assert all(abs(later - 2 * earlier) < timedelta(milliseconds=1) for earlier, later in pairwise(PAUSES))


def test_shopifys_retries_bring_every_order_once_through_three_hours_and_a_half(
    session: Session, open_market: OpenMarket
) -> None:
    place = open_market("shopify", RETRIES_ALONE)
    sender = place.trading.send_by(ShopifySender, seeded())
    during = through(place, 3 * HOUR + 30)
    assert len(missing(session, place)) == len(during) == 42
    place.trading.go_on(30)
    place.trading.go_on(4 * HOUR, selling=False)
    told("tries", sum(sender.answers.values()), orders=len(place.trading.numbers), doubled=sender.doubled)
    assert (missing(session, place), sender.off_since) == ([], None)
    assert sender.answers.keys() == {(200, ""), AWAY} and sender.slowest < PATIENCE
    assert sender.answers[200, ""] > len(place.trading.numbers)  # some came twice
    assert_balanced(session, place, shopify.COMMISSION_MINOR, shopify.FEE_MINOR)


def kind(post: Post) -> Post:
    """An application that never says no: what it can't store it thanks for."""
    return lambda signed: replace(post(signed), status=200, retry_after="")


def test_were_the_answer_200_while_the_database_is_away_orders_would_be_lost(
    session: Session, open_market: OpenMarket
) -> None:
    place = open_market("shopify", RETRIES_ALONE)
    place.trading.send_by(ShopifySender, seeded(), post=kind(place.trading.post))
    during = through(place, 3 * HOUR + 30)
    place.trading.go_on(4 * HOUR + 30, selling=False)
    lost = missing(session, place)
    assert set(lost) <= {place.trading.numbers[number] for number in during}
    assert len(lost) > len(during) // 2  # but for those that happened to be sent twice


@pytest.mark.parametrize("pulled", [True, False])
def test_what_shopify_gives_up_over_five_hours_is_pulled_within_a_quarter_of_an_hour(
    session: Session, open_market: OpenMarket, pulled: bool
) -> None:
    place = open_market("shopify", ALL_TIMERS if pulled else RETRIES_ALONE)
    sender = place.trading.send_by(ShopifySender, seeded())
    during = through(place, 5 * HOUR)
    assert sender.off_since is not None
    place.trading.go_on(15, selling=False)
    assert len(missing(session, place)) == (0 if pulled else len(during))
    place.trading.go_on(30)
    place.trading.go_on(15, selling=False)
    assert len(missing(session, place)) == (0 if pulled else len(during) + 6)
    assert alarms(session) == (["hook_disabled"] if pulled else [])
    if pulled:
        assert_balanced(session, place, shopify.COMMISSION_MINOR, shopify.FEE_MINOR)
        assert [subject.endswith("seems to be switched off") for subject in letters(session)] == [True]


@pytest.mark.parametrize("pulled", [True, False])
@pytest.mark.parametrize("most", FAILURES.values(), ids=FAILURES.keys())
def test_what_woocommerce_tries_once_only_is_pulled_within_a_quarter_of_an_hour_and_staff_hear_of_its_hook(
    session: Session, open_market: OpenMarket, most: int, pulled: bool
) -> None:
    place = open_market("woocommerce", ALL_TIMERS if pulled else RETRIES_ALONE)
    sender = place.trading.send_by(WooCommerceSender, most)
    during = through(place, 2 * HOUR)
    assert sender.answers == {(200, ""): 6, AWAY: most} and sender.off_since is not None
    place.trading.go_on(15, selling=False)
    assert len(missing(session, place)) == (0 if pulled else len(during))
    place.trading.go_on(30)
    place.trading.go_on(15, selling=False)
    assert len(missing(session, place)) == (0 if pulled else len(during) + 6)
    assert alarms(session) == (["hook_disabled"] if pulled else [])
    if pulled:
        assert_balanced(session, place, woocommerce.COMMISSION_MINOR, woocommerce.FEE_MINOR)
        assert [subject.endswith("seems to be switched off") for subject in letters(session)] == [True]


def test_a_hook_that_stays_on_after_some_failures_is_no_reason_to_write(
    session: Session, open_market: OpenMarket
) -> None:
    place = open_market("woocommerce")
    sender = place.trading.send_by(WooCommerceSender, FAILURES["its program"])
    during = through(place, 30)
    assert (len(during), sender.answers[AWAY]) == (6, 6)
    place.trading.go_on(2 * HOUR)
    place.trading.go_on(15, selling=False)
    assert (missing(session, place), sender.off_since, alarms(session), letters(session)) == ([], None, [], [])
    assert_balanced(session, place, woocommerce.COMMISSION_MINOR, woocommerce.FEE_MINOR)
