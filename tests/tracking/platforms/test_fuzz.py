"""Whatever a signed body holds, reading it gives an event or Unreadable: nothing else may come out."""

import copy
import dataclasses
import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.errors import Forged, Unreadable
from campaigns.models import Order
from campaigns.money import LARGEST_MINOR
from campaigns.tracking.events import READ_BACK, Envelope, ShopEvent
from campaigns.tracking.platforms.registry import PLATFORMS
from tests.tracking.platforms.event_payloads import (
    adobe_credit_memo,
    adobe_event,
    adobe_order,
    salla_event,
    salla_order,
    shopware_event,
    shopware_order,
    shopware_payment,
    shopware_refund,
    stripe_dispute,
    stripe_event,
    stripe_invoice,
    stripe_item,
    stripe_refund,
    stripe_session,
    unsigned_token,
    wix_claims,
    wix_documents,
    wix_event,
    wix_order,
    wix_refund,
)
from tests.tracking.platforms.payloads import shopify_order, shopify_refund, standard, woo_order
from tests.tracking.platforms.read_back_payloads import (
    bigcommerce,
    bigcommerce_product,
    bigcommerce_refund,
    dollars,
    ecwid_item,
    ecwid_order,
    squarespace_order,
)

REFUND_LINE = {"line_id": "1", "quantity": 1, "total": "80.00", "tax": "12.20"}
SEEDS: list[tuple[str, str, dict[str, Any]]] = [
    ("shopify", "orders/updated", shopify_order(refunds=[shopify_refund()], note_attributes=[{"name": "click_id"}])),
    ("shopify", "refunds/create", shopify_refund()),
    ("shopify", "orders/delete", {"id": 1}),
    ("woocommerce", "order.updated", woo_order(refunds=[{"id": 1, "total": "-1.00"}], meta_data=[{"key": "click_id"}])),
    ("woocommerce", "order.deleted", {"id": 1}),
    ("standard", "order.updated", standard(refunds=[{"id": "r", "lines": [REFUND_LINE]}])),
    ("standard", "refund.created", standard("refund.created", refunds=[{"id": "r", "lines": [REFUND_LINE]}])),
]
UNITS = {"item_type": "PRODUCT", "item_id": 31, "quantity": 1, "requested_amount": None}
GOODWILL = {"item_type": "ORDER", "item_id": 218, "requested_amount": 5}
DISCOUNTED = bigcommerce_product(applied_discounts=[{"amount": "5.0000"}])
SEEDS += [
    ("bigcommerce", "store/order/created", {"data": {"type": "order", "id": 250}}),
    ("bigcommerce", READ_BACK, bigcommerce(bigcommerce_refund(UNITS, GOODWILL), products=[DISCOUNTED])),
    ("ecwid", "order.updated", {"entityId": 103, "data": {"orderId": "XJ12H"}}),
    ("ecwid", READ_BACK, {"order": ecwid_order(items=[ecwid_item(), ecwid_item()], refunds=[{"amount": 1}])}),
    ("squarespace", "order.create", {"data": {"orderId": "585d"}}),
    ("squarespace", READ_BACK, {"order": squarespace_order(refundedTotal=dollars("1.00"))}),
]
PROMOTED = stripe_session(discounts=[{"promotion_code": {"code": "NOA10"}}, {"coupon": "c"}])
LISTED = {"payment_intent": "pi_1", "refunds": {"data": [stripe_refund()]}}
CAPTURED = shopware_payment("paid", captures=[{"refunds": [shopware_refund()]}])
SEEDS += [
    ("stripe", "checkout.session.completed", stripe_event("", PROMOTED | {"line_items": {"data": [stripe_item()]}})),
    ("stripe", "invoice.paid", stripe_event("", stripe_invoice())),
    ("stripe", "charge.refunded", stripe_event("", LISTED)),
    ("stripe", "charge.dispute.created", stripe_event("", stripe_dispute())),
    ("stripe", READ_BACK, {"session": stripe_session(invoice={"id": "in_1", "payments": {"data": []}})}),
    ("stripe", READ_BACK, {"payment": {"id": "pi_1", "created": 1, "latest_charge": LISTED}}),
    ("shopware", "checkout.order.placed", shopware_event("", {"order": shopware_order(transactions=[CAPTURED])})),
    ("shopware", "order.written", shopware_event("", [{"entity": "order", "operation": "update", "primaryKey": "a"}])),
    ("shopware", READ_BACK, {"order": {"data": shopware_order(transactions=[CAPTURED])}}),
    ("salla", "order.created", salla_event("order.created", salla_order(coupon={"code": "NOA10"}))),
    ("salla", "order.deleted", salla_event("order.deleted", {"id": 1})),
    ("wix", "wix.ecom.v1.order_created", wix_event("created", wix_order())),
    ("wix", "wix.ecom.v1.order_approved", wix_event("approved", wix_order(shippingInfo={"cost": {}}))),
    ("wix", "", wix_event("updated", {}, kind="wix.ecom.v1.order_transactions")),
    ("wix", READ_BACK, wix_documents(wix_refund())),
    ("adobe-commerce", "observer.sales_order_save_commit_after", adobe_event(adobe_order())),
    ("adobe-commerce", "observer.sales_order_creditmemo_save_after", adobe_event(adobe_credit_memo())),
    ("adobe-commerce", READ_BACK, {"order": adobe_order(), "credit_memos": {"items": [adobe_credit_memo()]}}),
]

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        ["", "0", "-1", "1e9", "9" * 400, "a\0", "\ud800", "NaN", "2026-05-01", "9999-12-31T23:59:59-23:59", "http://["]
    )
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


WRONG: list[Any] = [None, True, [], [[]], {}, [{}], "", "x", "\0", -1, 10**30, 0.1, "9" * 30, "x" * 300, "a\n" * 200]
# What the table of orders has a length for.
SHORT = ("external_id", "number", "raw_status", "currency", "landing_url", "source")


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else []
    return [path, *(place for name, member in inner for place in places(member, (*path, name)))]


def texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else []
    return [text for member in inner for text in texts(member)]


def replaced(payload: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    changed = copy.deepcopy(payload)
    owner = changed
    for name in path[:-1]:
        owner = owner[name]
    owner[path[-1]] = value
    return changed


def written(platform: str, topic: str, payload: Any) -> bytes:
    """A payload as the platform writes it: what Wix sends is a token."""
    if platform == "wix" and topic != READ_BACK:
        return unsigned_token(wix_claims(payload))
    return json.dumps(payload).encode()


def read_safely(platform: str, topic: str, body: bytes, zone: str = "Asia/Jerusalem") -> None:
    try:
        event = PLATFORMS[platform].read(Envelope(topic, "d"), body, "ILS", zone)
    except Unreadable as refusal:
        assert "\0" not in str(refusal)
        return
    assert isinstance(event, ShopEvent)
    assert [
        event.order is not None,
        bool(event.refunds),
        event.deleted,
        event.look_up,
        event.ignored is not None,
    ].count(True) == 1
    if event.order is not None:
        order = event.order
        assert order.version.utcoffset() == datetime.fromisoformat("2026-01-01T00:00Z").utcoffset()
        assert abs(sum(line.net_minor for line in order.lines)) <= LARGEST_MINOR
        assert order.status in {"pending", "paid", "refunded", "cancelled"}
        for name in SHORT:
            column: Any = Order.__table__.c[name].type
            assert len(getattr(order, name) or "") <= column.length
        for text in texts(dataclasses.asdict(order)):
            assert "\0" not in text
            text.encode()


@pytest.mark.parametrize("times", [80, pytest.param(4000, marks=[pytest.mark.faults, pytest.mark.timeout(1800)])])
@pytest.mark.parametrize("seed", range(len(SEEDS)), ids=[f"{platform} {topic}" for platform, topic, _ in SEEDS])
def test_a_field_changed_to_anything_is_read_or_refused(seed: int, times: int) -> None:
    platform, topic, genuine = SEEDS[seed]

    @settings(max_examples=times, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(data=st.data())
    def read_changed(data: st.DataObject) -> None:
        payload = genuine
        for _ in range(data.draw(st.integers(1, 3))):
            path = data.draw(st.sampled_from(places(payload)))
            payload = replaced(payload, path, data.draw(ANYTHING))
        read_safely(platform, topic, written(platform, topic, payload))

    read_changed()


@pytest.mark.parametrize("seed", range(len(SEEDS)), ids=[f"{platform} {topic}" for platform, topic, _ in SEEDS])
def test_every_field_left_out_or_of_every_wrong_type_is_read_or_refused(seed: int) -> None:
    platform, topic, payload = SEEDS[seed]
    for path in places(payload):
        for wrong in WRONG:
            read_safely(platform, topic, written(platform, topic, replaced(payload, path, wrong)))


@pytest.mark.parametrize(("platform", "topic"), [(platform, topic) for platform, topic, _ in SEEDS])
@settings(max_examples=50, deadline=None)
@given(value=ANYTHING)
def test_any_json_is_read_or_refused(platform: str, topic: str, value: Any) -> None:
    read_safely(platform, topic, written(platform, topic, value))


@pytest.mark.parametrize(("platform", "topic"), [(platform, topic) for platform, topic, _ in SEEDS])
@settings(max_examples=100, deadline=None)
@given(body=st.binary(max_size=60))
def test_any_bytes_are_read_or_refused_and_always_have_an_envelope(platform: str, topic: str, body: bytes) -> None:
    read_safely(platform, topic, body)
    assert PLATFORMS[platform].envelope({}, body).delivery_id


@settings(max_examples=200, deadline=None)
@given(fields=st.dictionaries(st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature"]), st.text()))
def test_any_headers_are_forged_and_nothing_else(fields: dict[str, str]) -> None:
    now = datetime.fromisoformat("2026-05-01T10:00:00+00:00")
    for platform in PLATFORMS.values():
        headers = fields | {"x-shopify-hmac-sha256": fields.get("webhook-signature", "")}
        with pytest.raises(Forged):
            platform.verify(["secret"], headers, b"{}", now)
