"""Codes in a WooCommerce shop: no beginning there, small letters, an end with its offset."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from campaigns.planning import codes
from tests.factories import BEFORE, NOW, START
from tests.fakes.shop_server import serving_shop
from tests.fakes.woocommerce_codes import WooCommerceCodes
from tests.planning.shop_codes.codes import in_shop, problem, selling, work

HOUR = timedelta(hours=1)
ENDS = "2026-05-22T18:00:00"


@pytest.fixture
def shop() -> Iterator[WooCommerceCodes]:
    with serving_shop(WooCommerceCodes()) as serving:
        yield serving


def test_a_code_is_created_in_small_letters_to_the_second_of_its_end(session: Session, shop: WooCommerceCodes) -> None:
    _, mina = selling(session, shop, "woocommerce")
    work(session)
    assert mina.code is not None
    (coupon,) = shop.coupons
    assert (coupon["code"], coupon["amount"]) == (mina.code.code.lower(), "10.00")
    assert (coupon["date_expires_gmt"], coupon["discount_type"]) == (ENDS, "percent")
    assert (in_shop(session, mina).state, in_shop(session, mina).external_id) == ("created", "700")


def test_a_code_without_a_beginning_is_created_an_hour_before_the_campaign(
    session: Session, shop: WooCommerceCodes
) -> None:
    _, mina = selling(session, shop, "woocommerce")
    work(session, BEFORE)
    assert shop.coupons == [] and in_shop(session, mina).retry_at == START - HOUR
    work(session, START - HOUR)
    assert len(shop.coupons) == 1 and in_shop(session, mina).state == "created"


def test_a_code_without_a_discount_is_created_all_the_same(session: Session, shop: WooCommerceCodes) -> None:
    _, mina = selling(session, shop, "woocommerce", coupon_percent_off=0)
    work(session)
    assert (shop.coupons[0]["amount"], in_shop(session, mina).state) == ("0.00", "created")


def test_a_code_made_before_with_the_same_terms_is_taken_for_ours(session: Session, shop: WooCommerceCodes) -> None:
    _, mina = selling(session, shop, "woocommerce")
    assert mina.code is not None
    shop.put(mina.code.code, "10", ENDS, usage_count=4)
    work(session)
    assert len(shop.coupons) == 1
    assert (in_shop(session, mina).state, in_shop(session, mina).usage_count) == ("created", 4)


def test_a_code_for_some_products_only_is_told(session: Session, shop: WooCommerceCodes) -> None:
    _, mina = selling(session, shop, "woocommerce")
    assert mina.code is not None
    shop.put(mina.code.code, "10", ENDS, product_ids=[93])
    work(session)
    assert in_shop(session, mina).state == "failed"
    assert problem(session, mina) == "the shop has this code already, with conditions of its own"


def test_a_leaked_code_is_over_in_the_shop_and_keeps_its_uses(session: Session, shop: WooCommerceCodes) -> None:
    _, mina = selling(session, shop, "woocommerce")
    work(session)
    shop.coupons[0]["usage_count"] = 3
    codes.replace_code(session, mina, NOW)
    work(session, NOW)
    assert [one["date_expires_gmt"] for one in shop.coupons] == ["2026-05-10T12:00:00", ENDS]
    assert (in_shop(session, mina, 0).state, in_shop(session, mina, 0).usage_count) == ("ended", 3)


def test_a_key_that_may_only_read_is_told(session: Session, shop: WooCommerceCodes) -> None:
    _, mina = selling(session, shop, "woocommerce")
    shop.may_write = False
    work(session)
    assert problem(session, mina) == "the shop's API refuses the credentials, or they may not write discounts"
    assert in_shop(session, mina).state == "waiting"


@pytest.mark.parametrize("body", ["html", "redirect"])
def test_an_answer_of_something_else_is_told_and_changes_nothing(
    session: Session, shop: WooCommerceCodes, body: str
) -> None:
    _, mina = selling(session, shop, "woocommerce")
    shop.faults = [body]
    work(session)
    assert (in_shop(session, mina).state, shop.coupons) == ("waiting", [])
    assert problem(session, mina) in (
        "what answers at the shop's address is not its API",
        "127.0.0.1 sends us to another address; enter that one",
    )
