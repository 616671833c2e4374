"""Codes in a Shopify shop: created once, taken for ours where they are, told where they are others', ended, counted."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from campaigns.planning import codes
from campaigns.planning.shop_codes import queue
from campaigns.tracking.shop_api import forget_credentials
from tests import factories
from tests.factories import END, NOW
from tests.fakes.shop_server import serving_shop
from tests.fakes.shopify_codes import ShopifyCodes
from tests.planning.shop_codes.codes import in_shop, problem, selling, work

HOUR = timedelta(hours=1)
STARTS, ENDS = "2026-05-01T06:00:00Z", "2026-05-22T18:00:00Z"


@pytest.fixture
def shop() -> Iterator[ShopifyCodes]:
    with serving_shop(ShopifyCodes()) as serving:
        yield serving


def test_a_code_minted_at_launch_is_created_with_its_percentage_and_dates(session: Session, shop: ShopifyCodes) -> None:
    _, mina = selling(session, shop, "shopify")
    work(session)
    assert mina.code is not None
    discount = shop.discounts[mina.code.code]["codeDiscount"]
    assert (discount["startsAt"], discount["endsAt"]) == (STARTS, ENDS)
    assert discount["customerGets"]["value"]["percentage"] == pytest.approx(0.1)
    row = in_shop(session, mina)
    assert (row.state, row.external_id, row.problem) == ("created", "gid://shopify/DiscountCodeNode/1", {})


def test_a_second_round_creates_nothing(session: Session, shop: ShopifyCodes) -> None:
    _, mina = selling(session, shop, "shopify")
    work(session)
    work(session, NOW + HOUR)
    assert len(shop.created) == 1 and in_shop(session, mina).state == "created"


def test_a_code_whose_answer_was_lost_is_taken_for_ours(session: Session, shop: ShopifyCodes) -> None:
    """The shop creates it and breaks off; a minute later it says that the code is taken."""
    _, mina = selling(session, shop, "shopify")
    shop.late_faults = ["cut"]
    work(session)
    assert (in_shop(session, mina).state, len(shop.created)) == ("waiting", 1)
    assert problem(session, mina) == "127.0.0.1 broke off its answer"
    work(session, NOW + timedelta(minutes=1))
    assert (in_shop(session, mina).state, len(shop.created), problem(session, mina)) == ("created", 1, "")


def test_a_worker_that_died_before_its_commit_doubles_nothing(session: Session, shop: ShopifyCodes) -> None:
    """Its claim holds five minutes; then the next worker takes what is there for ours."""
    _, mina = selling(session, shop, "shopify")
    job = queue.claim(session, in_shop(session, mina).id, NOW)
    assert job is not None
    shop.put(job.wanted.code, Decimal("0.1"), STARTS, ENDS)
    work(session, NOW + timedelta(minutes=4))
    assert in_shop(session, mina).state == "waiting" and shop.asked == []
    work(session, NOW + timedelta(minutes=5))
    assert (in_shop(session, mina).state, shop.created) == ("created", [])
    assert not queue.settle(session, job, {"state": "failed"})


@pytest.mark.parametrize(
    ("there", "told"),
    [
        ({"part": Decimal("0.15")}, "the shop has this code already, with 15% off instead of 10%"),
        (
            {"ends": "2026-06-30T00:00:00Z"},
            "already, for other dates: until 2026-06-30T00:00:00Z instead of 2026-05-22",
        ),
        ({"usageLimit": 1}, "the shop has this code already, with conditions of its own"),
        ({"context": {"__typename": "DiscountCustomers"}}, "with conditions of its own"),
        ({"status": "EXPIRED"}, "the shop has this code already, and it is switched off there"),
        ({"__typename": "DiscountCodeBxgy"}, "with ? off instead of 10%"),
    ],
)
def test_a_code_with_other_terms_is_told_and_left_alone(
    session: Session, shop: ShopifyCodes, there: dict[str, object], told: str
) -> None:
    _, mina = selling(session, shop, "shopify")
    assert mina.code is not None
    facts: dict[str, object] = {"part": Decimal("0.1"), "starts": STARTS, "ends": ENDS}
    shop.put(mina.code.code.lower(), **(facts | there))  # type: ignore[arg-type]
    work(session)
    assert in_shop(session, mina).state == "failed" and told in problem(session, mina)
    off_before = shop.off(mina.code.code)
    work(session, END + HOUR)
    assert in_shop(session, mina).state == "ended" and shop.off(mina.code.code) == off_before


def test_a_code_without_a_discount_is_refused_in_words(session: Session, shop: ShopifyCodes) -> None:
    _, mina = selling(session, shop, "shopify", coupon_percent_off=0)
    work(session)
    assert in_shop(session, mina).state == "failed"
    assert problem(session, mina).startswith("Shopify takes no code without a discount")


def test_a_token_without_the_scope_is_told_and_tried_again(session: Session, shop: ShopifyCodes) -> None:
    _, mina = selling(session, shop, "shopify")
    shop.scopes = frozenset({"read_discounts"})
    work(session)
    assert problem(session, mina) == "the shop's API refuses the credentials, or they may not write discounts"
    shop.scopes = frozenset({"read_discounts", "write_discounts"})
    work(session, NOW + timedelta(minutes=1))
    assert in_shop(session, mina).state == "created"


@pytest.mark.parametrize("busy", ["graphql", "http"])
def test_a_shop_that_asks_for_patience_gets_it(session: Session, shop: ShopifyCodes, busy: str) -> None:
    _, mina = selling(session, shop, "shopify")
    if busy == "graphql":
        shop.throttled = 1
    else:
        shop.faults = [(429, "300.0")]
    work(session)
    wait = timedelta(minutes=1) if busy == "graphql" else timedelta(minutes=5)
    assert (in_shop(session, mina).state, in_shop(session, mina).retry_at) == ("waiting", NOW + wait)


def test_pauses_between_tries_grow(session: Session, shop: ShopifyCodes) -> None:
    _, mina = selling(session, shop, "shopify")
    shop.faults, at, waited = [500] * 3, NOW, []
    for _ in range(3):
        work(session, at)
        retry_at = in_shop(session, mina).retry_at
        assert retry_at is not None
        waited.append(int((retry_at - at).total_seconds()))
        at = retry_at
    assert waited == [60, 120, 300]


def test_a_shop_that_does_not_answer_is_asked_once_a_round(session: Session, shop: ShopifyCodes) -> None:
    campaign = factories.live_campaign(session, accepted=3, shop=selling(session, shop, "shopify")[0].shop)
    shop.faults = [500] * 9
    work(session)
    assert len(shop.asked) == 1 and len(factories.participants(session, campaign)) == 3


def test_a_replaced_code_is_switched_off_and_the_new_one_created(session: Session, shop: ShopifyCodes) -> None:
    _, mina = selling(session, shop, "shopify")
    work(session)
    new = codes.replace_code(session, mina, NOW)
    work(session, NOW)
    old = mina.codes[0].code
    assert shop.off(old) and not shop.off(new.code)
    assert (in_shop(session, mina, 0).state, in_shop(session, mina).state) == ("ended", "created")


def test_codes_are_switched_off_when_the_grace_is_over(session: Session, shop: ShopifyCodes) -> None:
    _, mina = selling(session, shop, "shopify", grace_days=3)
    work(session)
    assert mina.code is not None
    work(session, END + timedelta(days=3) - HOUR)
    assert not shop.off(mina.code.code) and in_shop(session, mina).state == "created"
    shop.discounts[mina.code.code]["codeDiscount"]["endsAt"] = None  # somebody took the end away
    work(session, END + timedelta(days=3))
    assert shop.off(mina.code.code) and in_shop(session, mina).state == "ended"


def test_a_code_that_never_got_to_the_shop_is_ended_without_asking(session: Session, shop: ShopifyCodes) -> None:
    _, mina = selling(session, shop, "shopify")
    work(session, END)
    assert in_shop(session, mina).state == "ended" and shop.asked == []


def test_uses_that_no_order_explains_an_hour_later_are_missing_orders(session: Session, shop: ShopifyCodes) -> None:
    """Five uses in the shop, three orders here: two are missing. What was used within the hour is not counted yet."""
    campaign, mina = selling(session, shop, "shopify")
    work(session)
    assert mina.code is not None
    shop.use(mina.code.code, 5)
    work(session, NOW + HOUR)
    assert (in_shop(session, mina).usage_count, in_shop(session, mina).missing_orders) == (5, 0)
    for code in (mina.code.code, mina.code.code.lower(), mina.code.code, mina.code.code + "X"):
        factories.order(session, shop=campaign.shop, code=code)
    shop.use(mina.code.code, 1)
    work(session, NOW + 2 * HOUR)
    assert (in_shop(session, mina).usage_count, in_shop(session, mina).missing_orders) == (6, 2)


def test_a_code_deleted_in_the_shop_is_told(session: Session, shop: ShopifyCodes) -> None:
    _, mina = selling(session, shop, "shopify")
    work(session)
    shop.discounts.clear()
    work(session, NOW + HOUR)
    assert (in_shop(session, mina).state, problem(session, mina)) == ("created", "the code is not in the shop any more")


def test_a_shop_without_credentials_is_not_asked(session: Session, shop: ShopifyCodes) -> None:
    campaign, mina = selling(session, shop, "shopify")
    forget_credentials(campaign.shop)
    work(session)
    assert in_shop(session, mina).state == "waiting" and shop.asked == []
