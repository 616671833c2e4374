"""What only WooCommerce's API brings: refunds with their items, and orders in the trash."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.addresses import Unreachable
from campaigns.models import Order, OrderRefund, Shop
from campaigns.tracking import inbox
from campaigns.tracking.events import Envelope
from campaigns.tracking.pull import pull_shop
from tests.factories import NOW, identity_key
from tests.fakes.shop_server import serving_shop
from tests.fakes.woocommerce_rest import WooCommerceRest, woo_refund
from tests.tracking.asking import asking, joined_shop


@pytest.fixture
def fake() -> Iterator[WooCommerceRest]:
    with serving_shop(WooCommerceRest()) as serving:
        yield serving


@pytest.fixture
def place(session: Session, fake: WooCommerceRest) -> Shop:
    return joined_shop(session, fake, "woocommerce")


def pulled(session: Session, place: Shop) -> Order:
    pull_shop(session, place.id, asking(), NOW)
    return session.scalars(select(Order)).one()


def test_a_refund_takes_back_its_items_and_not_a_share_of_its_sum(session: Session, fake: WooCommerceRest, place: Shop):
    # 26.24 of 52.48 went back: a share of the sum would be 18.00 of 36.00 by accident, so shipping stays here.
    fake.add(101, refunds=[{"id": 900, "reason": "", "total": "-21.24"}])
    fake.refunds[101] = [woo_refund(amount="21.24", shipping_lines=[])]
    order = pulled(session, place)
    assert (order.net_minor, order.refunded_minor, order.refunded_tax_minor) == (3600, 1800, 324)
    assert fake.asked[1].endswith("/orders/101/refunds?per_page=100")


def test_a_refund_of_shipping_alone_takes_nothing_back(session: Session, fake: WooCommerceRest, place: Shop):
    fake.add(101, refunds=[{"id": 900, "reason": "", "total": "-5.00"}])
    fake.refunds[101] = [woo_refund(amount="5.00", line_items=[])]
    assert pulled(session, place).refunded_minor == 0


def test_without_refunds_no_order_is_asked_for_twice(session: Session, fake: WooCommerceRest, place: Shop):
    fake.add(101)
    pulled(session, place)
    assert len(fake.asked) == 2  # the list, and the trash


def test_details_of_other_refunds_than_the_order_names_are_left_aside(
    session: Session, fake: WooCommerceRest, place: Shop
):
    fake.add(101, refunds=[{"id": 900, "reason": "", "total": "-26.24"}])
    fake.refunds[101] = [woo_refund(), woo_refund(901)]
    assert pulled(session, place).refund_ids == ["900"]
    assert session.scalars(select(OrderRefund)).one().body["unsplit_minor"] == 2624


def test_an_order_put_into_the_trash_is_cancelled(session: Session, fake: WooCommerceRest, place: Shop):
    fake.add(101)
    assert pulled(session, place).status == "paid"
    fake.add(101, status="trash", date_modified_gmt="2026-05-10T11:30:00")
    order = pulled(session, place)
    assert (order.status, order.is_sale) == ("cancelled", False)


def test_where_details_can_not_be_had_the_pull_is_not_at_its_end(session: Session, fake: WooCommerceRest, place: Shop):
    fake.add(101, refunds=[{"id": 900, "reason": "", "total": "-26.24"}])
    fake.faults = [None, 403]
    with pytest.raises(Unreachable):
        pull_shop(session, place.id, asking(), NOW)
    assert place.pulled_to is None and session.scalar(select(Order.id)) is None


@pytest.mark.parametrize("told_first", ["the sum", "the details"])
@pytest.mark.parametrize("amount", ["21.24", "21.25", "21.23"])
def test_details_of_a_refund_stand_over_its_sum_whichever_came_first(
    session: Session, fake: WooCommerceRest, place: Shop, told_first: str, amount: str
):
    fake.add(101, refunds=[{"id": 900, "reason": "", "total": f"-{amount}"}])
    fake.refunds[101] = [woo_refund(amount=amount, shipping_lines=[])]
    body = json.dumps(fake.orders[101]).encode()
    told = inbox.arrival(place, Envelope("order.updated", "d1"), body, NOW)
    session.commit()
    if told_first == "the details":
        pull_shop(session, place.id, asking(), NOW)
    inbox.keep(session.connection(), [told], identity_key(), NOW)
    session.commit()
    if told_first == "the sum":
        pull_shop(session, place.id, asking(), NOW)
    assert session.scalars(select(Order)).one().refunded_minor == 1800
