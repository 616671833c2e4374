"""The inbox: kept once, with its effect or with the reason why there is none."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaigns.errors import Forged
from campaigns.jobs import retry_delivery
from campaigns.models import Delivery, Order
from campaigns.planning.shops import change_secret
from campaigns.settlement.books.check import breaches
from campaigns.tracking import inbox
from campaigns.tracking.events import Envelope
from campaigns.tracking.platforms.signature import sign
from tests.factories import NOW, deliver, delivery, identity_key, live_campaign, participants, shop
from tests.tracking.platforms.payloads import standard_data


def counts(session: Session) -> tuple[int, int]:
    return tuple(session.scalar(select(func.count()).select_from(model)) for model in (Delivery, Order))


def order_body(**fields) -> dict:
    return {"type": "order.paid", "data": standard_data(**fields)}


def test_a_delivery_is_kept_with_its_effect(session: Session):
    kept = delivery(session, shop=shop(session), body=order_body())
    assert (kept.status, kept.order_external_id, counts(session)) == ("processed", "SO-1", (1, 1))


def test_the_same_delivery_again_is_known_and_changes_nothing(session: Session):
    place = shop(session)
    envelope = Envelope("order.paid", "msg_1", occurred_at=NOW)
    body = json.dumps(order_body()).encode()
    (first, kept), (second, again) = (deliver(session, place, envelope, body) for _ in range(2))
    assert (first, second, again.id) == ("processed", "duplicate", kept.id)
    assert counts(session) == (1, 1)


def test_one_delivery_id_with_two_bodies_is_two_deliveries(session: Session):
    place = shop(session)
    envelope = Envelope("order.paid", "msg_1", occurred_at=NOW)
    for number in ("SO-1", "SO-2"):
        body = json.dumps(order_body(id=number)).encode()
        assert deliver(session, place, envelope, body)[0] == "processed"
    assert counts(session) == (2, 2)


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b"\xff\xfe", b'{"type": "order.paid"}', b'{"type": "order.paid", "data": {"id": "1"}}']
)
def test_what_can_not_be_read_is_kept_as_failed_with_its_reason(session: Session, body: bytes):
    kept = delivery(session, shop=shop(session), body=body)
    assert kept.status == "failed" and kept.reason and kept.retry_at == NOW + timedelta(minutes=1)
    assert counts(session) == (1, 0)


def test_an_unknown_topic_is_kept_and_ignored(session: Session):
    kept = delivery(session, shop=shop(session), body={"type": "cart.abandoned", "data": {"id": "1"}})
    assert (kept.status, counts(session)) == ("ignored", (1, 0))


def test_a_fault_of_ours_keeps_the_delivery_and_a_retry_gives_it_its_effect(
    session: Session, monkeypatch: pytest.MonkeyPatch
):
    campaign = live_campaign(session, accepted=10)
    code = participants(session, campaign)[0].code.code
    with monkeypatch.context() as broken:
        broken.setattr("campaigns.tracking.orders.settle_all", lambda *_: 1 // 0)
        kept = delivery(session, shop=campaign.shop, body=order_body(coupon_codes=[code], placed_at=NOW.isoformat()))
    assert (kept.status, kept.reason, counts(session)) == ("failed", "internal fault (ZeroDivisionError)", (1, 0))
    assert retry_delivery(session, kept.id, identity_key(), NOW).status == "processed"
    assert counts(session) == (1, 1)
    assert breaches(session) == []


def test_after_its_last_try_a_delivery_waits_for_a_person(session: Session):
    kept = delivery(session, shop=shop(session), body=b"{")
    for _ in range(len(inbox.RETRY_AFTER)):
        inbox.replay(session, kept, identity_key(), NOW)
    assert kept.status == "failed" and kept.retry_at is None


def test_a_refund_may_come_before_its_order(session: Session):
    place = shop(session)
    refund = {"id": "r1", "created_at": "2026-05-10T10:00:00Z", "currency": "ILS", "shipping": "0.00",
              "lines": [{"line_id": "1", "quantity": 1, "total": "80.00", "tax": "12.20"}]}  # fmt: skip
    delivery(session, shop=place, body={"type": "refund.created", "data": {"id": "SO-1", "refunds": [refund]}})
    assert counts(session) == (1, 0)
    delivery(session, shop=place, body=order_body())
    assert session.scalars(select(Order)).one().refunded_minor == 6780  # 80.00 with 12.20 of tax inside


def test_an_older_snapshot_never_overwrites_a_newer_one(session: Session):
    place = shop(session)
    delivery(session, shop=place, body=order_body(version="2026-05-02T10:00:00Z", number="#new"))
    delivery(session, shop=place, body=order_body(version="2026-05-01T10:00:00Z", number="#old"))
    assert session.scalars(select(Order)).one().number == "#new"


def test_of_two_snapshots_of_one_second_the_one_further_along_stands(session: Session):
    place = shop(session)
    for status in ("paid", "pending"):
        delivery(session, shop=place, body=order_body(status=status))
    assert session.scalars(select(Order)).one().status == "paid"


def test_both_secrets_hold_while_one_is_replaced_and_only_the_new_one_after(session: Session):
    place = shop(session, platform="shopify", secret="old secret")
    body = b'{"id": 1}'
    headers = {"x-shopify-hmac-sha256": sign(b"old secret", body).decode()}
    change_secret(session, place, NOW)
    assert inbox.verify(place, headers, body, NOW + timedelta(hours=23)) is not None
    with pytest.raises(Forged):
        inbox.verify(place, headers, body, NOW + timedelta(hours=25))
