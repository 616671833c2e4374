"""What can be done with a signature of Ecwid's once seen, as it covers no word of the order: make us look, no more.

The same delivery with another body is another delivery; its order is asked for, and the shop's answer alone counts.
"""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaigns.models import Delivery, Order, Shop
from campaigns.tracking.events import READ_BACK
from tests.factories import NOW
from tests.fakes.ecwid_rest import ORDER, STORE, Ecwid
from tests.tracking.platforms.read_back_payloads import ecwid_order
from tests.tracking.test_read_back_shops import COMMISSION_MINOR, announce, earned, fake, place, post, work

__all__ = ["fake", "place"]
pytestmark = pytest.mark.parametrize("fake", [Ecwid], indirect=True)


def replayed(app: Flask, session: Session, shop: Shop, fake: Ecwid, **fields: Any) -> None:
    """The first delivery's signature over another body, taken as genuine for want of anything that says otherwise."""
    assert post(app, session, shop, fake.webhook(shop.webhook_secret, 1, NOW, **fields)) == 200
    work(session)


def orders(session: Session) -> list[tuple[str, str, int]]:
    session.rollback()
    found = session.execute(select(Order.external_id, Order.status, Order.net_minor).order_by(Order.external_id))
    return [(row[0], row[1], row[2]) for row in found]


def test_a_replayed_signature_with_another_order_has_that_order_read_and_believes_no_word_of_the_body(
    app: Flask, session: Session, fake: Ecwid, place: Shop
) -> None:
    announce(app, session, place, fake)
    work(session)
    fake.sell("", "OTHER", orderNumber=517, paymentStatus="AWAITING_PAYMENT")
    lies = {"order": ecwid_order(id="OTHER", total=99999, subtotal=99999), "paymentStatus": "PAID"}
    replayed(app, session, place, fake, data={"orderId": "OTHER", "newPaymentStatus": "PAID"}, **lies)
    assert [path.rpartition("/")[2] for path in fake.asked] == [ORDER, "OTHER"]
    assert orders(session) == [("OTHER", "pending", 9000), (ORDER, "paid", 9000)]
    assert earned(session) == COMMISSION_MINOR


def test_a_replayed_signature_that_calls_a_sale_deleted_finds_it_where_it_was(
    app: Flask, session: Session, fake: Ecwid, place: Shop
) -> None:
    announce(app, session, place, fake)
    work(session)
    replayed(app, session, place, fake, event="order.deleted", data={"orderId": ORDER, "newPaymentStatus": "CANCELLED"})
    assert len(fake.asked) == 2 and orders(session) == [(ORDER, "paid", 9000)]
    assert earned(session) == COMMISSION_MINOR


def test_an_order_called_deleted_that_the_api_knows_no_more_takes_its_commission_back_and_may_return(
    app: Flask, session: Session, fake: Ecwid, place: Shop
) -> None:
    announce(app, session, place, fake)
    work(session)
    shown = fake.orders.pop(ORDER)
    assert post(app, session, place, fake.webhook(place.webhook_secret, 2, NOW, event="order.deleted")) == 200
    work(session, minutes=1)
    session.rollback()
    assert session.scalars(select(Order.deleted)).one() and earned(session) == 0
    assert set(session.scalars(select(Delivery.status))) == {"processed"}
    fake.orders[ORDER] = shown
    fake.alter(int(NOW.timestamp()) + 90 - shown["createTimestamp"], {"paymentStatus": "PAID"})
    assert post(app, session, place, fake.webhook(place.webhook_secret, 3, NOW)) == 200
    work(session, minutes=2)
    assert earned(session) == COMMISSION_MINOR and orders(session) == [(ORDER, "paid", 9000)]


@pytest.mark.parametrize("event", ["order.updated", "order.deleted"])
def test_an_order_that_is_not_there_fails_visibly_unless_it_was_known_and_is_called_deleted(
    app: Flask, session: Session, fake: Ecwid, place: Shop, event: str
) -> None:
    announce(app, session, place, fake)
    work(session)
    named = "NEVER" if event == "order.deleted" else ORDER
    fake.orders.clear()
    replayed(app, session, place, fake, event=event, data={"orderId": named})
    session.rollback()
    reasons = session.scalars(select(Delivery.reason).filter_by(status="waiting")).all()
    assert reasons == [f"the shop has no order {named}"]
    assert orders(session) == [(ORDER, "paid", 9000)] and earned(session) == COMMISSION_MINOR


@pytest.mark.parametrize("named", ["../profile", "a/b", "..", ".", "X?token=1", "X#y", "%2e%2e", "../../1004/orders/A"])
def test_a_replayed_signature_leads_to_no_other_address_of_the_api(
    app: Flask, session: Session, fake: Ecwid, place: Shop, named: str
) -> None:
    replayed(app, session, place, fake, data={"orderId": named})
    assert all(path.startswith(f"/api/v3/{STORE}/orders/") and path.count("/") == 5 for path in fake.asked)
    assert not any("?" in path or "#" in path for path in fake.asked) and orders(session) == []


@pytest.mark.parametrize("event", [READ_BACK, "reconciled", "unfinished_order.updated", "application.uninstalled"])
def test_a_replayed_signature_under_another_name_brings_no_order_in(
    app: Flask, session: Session, fake: Ecwid, place: Shop, event: str
) -> None:
    replayed(app, session, place, fake, event=event, order=ecwid_order(id="MADE-UP"))
    assert orders(session) == [] and fake.asked == []
    assert session.scalars(select(Delivery.status)).all() == ["ignored"]


def test_a_webhook_of_an_older_store_names_the_number_and_is_about_the_same_order(
    app: Flask, session: Session, fake: Ecwid, place: Shop
) -> None:
    announce(app, session, place, fake)
    work(session)
    replayed(app, session, place, fake, data={"newPaymentStatus": "PAID"})
    assert [path.rpartition("/")[2] for path in fake.asked] == [ORDER, "516"]
    assert orders(session) == [(ORDER, "paid", 9000)] and earned(session) == COMMISSION_MINOR
