from datetime import UTC, datetime
from typing import Any

import pytest

from campaigns.errors import Forged, Unreadable
from campaigns.tracking.events import READ_BACK
from campaigns.tracking.platforms import bigcommerce as adapter
from campaigns.tracking.platforms.signature import sign
from tests.tracking.platforms.payloads import read, without
from tests.tracking.platforms.read_back_payloads import (
    ASKED_AT,
    bigcommerce,
    bigcommerce_order,
    bigcommerce_product,
    bigcommerce_refund,
    read_back,
    read_documents,
)

NOW = datetime(2026, 5, 1, 10, 0, tzinfo=UTC)


def order(*refunds: Any, **fields: Any) -> Any:
    return read_back("bigcommerce", bigcommerce(*refunds, **fields))


def webhook(scope: str, **fields: Any) -> dict[str, Any]:
    body = {"scope": scope, "data": {"type": "order", "id": 250}, "hash": "h1", "created_at": 1777629600}
    return body | fields


@pytest.mark.parametrize("topic", ["created", "updated", "statusUpdated", "refund/created"])
def test_a_webhook_of_an_orders_state_asks_for_the_order(topic: str) -> None:
    event = read("bigcommerce", f"store/order/{topic}", webhook(f"store/order/{topic}"))
    assert (event.order_id, event.look_up, event.order) == ("250", True, None)


@pytest.mark.parametrize("topic", ["store/order/archived", "store/order/message/created", "store/cart/couponApplied"])
def test_a_webhook_of_something_else_is_kept_with_the_reason(topic: str) -> None:
    event = read("bigcommerce", topic, webhook(topic))
    assert event.ignored and event.ignored != "unknown topic" and not event.look_up
    assert read("bigcommerce", "store/customer/created", {}).ignored == "unknown topic"


@pytest.mark.parametrize("order_id", [None, "", "..", "1/../../catalog", [], {"id": 1}])
def test_an_id_that_leads_elsewhere_is_refused(order_id: object) -> None:
    with pytest.raises(Unreadable, match=r"^data\.id: "):
        read("bigcommerce", "store/order/updated", webhook("store/order/updated", data={"id": order_id}))


def test_an_envelope_is_read_from_the_body_and_never_passes_for_our_own_reading() -> None:
    found = adapter.envelope({}, b'{"scope": "store/order/created", "hash": "h1", "created_at": 1777629600}')
    assert (found.topic, found.delivery_id, found.occurred_at) == ("store/order/created", "h1", NOW)
    forged = adapter.envelope({}, b'{"scope": "%s", "order": {}}' % READ_BACK.encode())
    assert (forged.topic, forged.occurred_at) == ("", None)


def test_the_merchants_own_header_is_believed_when_it_holds_the_secret() -> None:
    adapter.verify(["old", "סוד"], {"x-webhook-secret": " סוד "}, b"{}", NOW)
    for sent in ("", "ol", "olds", "old\udcff", "none"):
        with pytest.raises(Forged):
            adapter.verify(["", "old"], {"x-webhook-secret": sent}, b"{}", NOW)


def test_a_wrong_header_is_not_saved_by_a_good_signature() -> None:
    stamp = str(int(NOW.timestamp()))
    headers = {"webhook-id": "m1", "webhook-timestamp": stamp}
    headers["webhook-signature"] = "v1," + sign(b"key", f"m1.{stamp}.{{}}".encode()).decode()
    adapter.verify(["key"], headers, b"{}", NOW)
    with pytest.raises(Forged):
        adapter.verify(["key"], headers | {"x-webhook-secret": "other"}, b"{}", NOW)


def test_net_is_the_total_less_what_is_no_goods_all_without_tax() -> None:
    fields = {"total_ex_tax": "117.0000", "handling_cost_ex_tax": "4.0000", "wrapping_cost_ex_tax": "3.0000"}
    found = order(**fields)
    (line,) = found.lines
    assert (line.net_minor, line.tax_minor, line.quantity, line.sku) == (10000, 1800, "2", "SO")
    assert (found.shipping_minor, found.fees_minor, found.tax_minor, found.total_minor) == (1000, 700, 1980, 12980)


def test_a_discount_of_one_product_lowers_that_product_only() -> None:
    # 23.60 off with tax inside is 20.00 without it.
    cheaper = bigcommerce_product(id=32, applied_discounts=[{"id": "coupon", "amount": "23.6000"}])
    found = order(products=[bigcommerce_product(), cheaper], total_ex_tax="190.0000", total_tax="34.2000")
    assert [(line.net_minor, line.discount_minor) for line in found.lines] == [(10000, 0), (8000, 2360)]


def test_what_no_product_states_is_spread_to_the_last_unit() -> None:
    products = [bigcommerce_product(id=number) for number in (1, 2, 3)]
    found = order(products=products, total_ex_tax="110.0100")
    assert [line.net_minor for line in found.lines] == [3334, 3334, 3333]
    assert [line.tax_minor for line in found.lines] == [600, 600, 600]


def test_an_amount_without_products_is_refused() -> None:
    with pytest.raises(Unreadable, match="without lines"):
        order(products=[])
    assert order(products=[], total_ex_tax="10.0000", total_tax="1.8000").lines == ()


def test_four_decimals_are_rounded_half_away() -> None:
    found = order(total_ex_tax="110.0050", shipping_cost_ex_tax="10.0000", total_tax="19.8049", refunded_amount="0")
    assert (sum(line.net_minor for line in found.lines), found.tax_minor) == (10001, 1980)


def test_the_currency_is_the_one_the_buyer_pays_in() -> None:
    assert order().currency == "ILS"
    assert order(default_currency_code=None).currency == "EUR"
    with pytest.raises(Unreadable, match="currency_code"):
        order(default_currency_code="", currency_code="")


@pytest.mark.parametrize(
    ("number", "status"),
    [(1, "pending"), (2, "paid"), (3, "paid"), (4, "refunded"), (5, "cancelled"), (6, "cancelled"), (7, "pending")]
    + [(8, "paid"), (9, "paid"), (10, "paid"), (11, "paid"), (12, "pending"), (13, "pending"), (14, "paid")],
)
def test_the_status_goes_by_its_number_whatever_the_shop_calls_it(number: int, status: str) -> None:
    found = order(status_id=number, status="ממתין")
    assert (found.status, found.raw_status) == (status, f"{number} ממתין")


def test_an_incomplete_order_is_none_yet_and_an_unknown_status_is_refused() -> None:
    assert read_documents("bigcommerce", bigcommerce(status_id=0)).ignored == "not an order yet"
    with pytest.raises(Unreadable, match="status_id"):
        order(status_id=15)


def test_codes_come_from_their_own_document_which_may_be_missing() -> None:
    assert order().codes == ("NOA10",)
    documents = without(bigcommerce(), "coupons")
    assert read_back("bigcommerce", documents).codes == ()


def test_an_order_keeps_what_it_says_of_itself() -> None:
    found = order()
    assert (found.external_id, found.number, found.source, found.test) == ("218", "218", "www", False)
    assert found.version.isoformat() == "2026-05-01T09:05:00+00:00"
    assert found.placed_at.isoformat() == "2026-05-01T09:00:00+00:00"
    assert (found.customer.external_id, found.customer.email, found.customer.phone) == ("11", "dana@example.com", "050")
    assert order(customer_id=0).customer.external_id is None


def test_an_order_that_does_not_say_when_it_changed_is_as_of_our_asking() -> None:
    assert order(date_modified=None).version == ASKED_AT


@pytest.mark.parametrize("moment", ["", "01 May 2026", "Fri, 01 Mai 2026 09:00:00 +0000", "2026-05-01T09:00:00Z", 7])
def test_a_date_in_another_writing_is_refused(moment: object) -> None:
    with pytest.raises(Unreadable, match="date_created"):
        order(date_created=moment)


def test_the_test_payment_gateway_makes_a_test_order() -> None:
    assert order(payment_method="Test Payment Gateway").test


def test_a_gift_certificate_is_marked() -> None:
    (line,) = order(products=[bigcommerce_product(type="giftcertificate")]).lines
    assert line.gift_card


def test_a_product_given_back_takes_back_its_share_of_the_line() -> None:
    item = {"item_type": "PRODUCT", "item_id": 31, "quantity": 1, "requested_amount": None}
    (refund,) = order(bigcommerce_refund(item), refunded_amount="59.0000").refunds
    (line,) = refund.lines
    assert (line.line_id, line.quantity, line.amount_minor, line.tax_minor) == ("31", "1", 5000, 900)
    assert (refund.refund_id, refund.money_minor, refund.unsplit_minor) == ("12", 5900, 0)
    assert (refund.lines_include_tax, refund.created_at) == (False, datetime(2026, 5, 9, 10, 0, tzinfo=UTC))


def test_units_given_back_one_by_one_give_back_exactly_the_line() -> None:
    item = {"item_type": "PRODUCT", "item_id": 31, "quantity": 1}
    refunds = [bigcommerce_refund(item, id=number, total_amount=39.33) for number in (1, 2, 3, 4)]
    found = order(*refunds, products=[bigcommerce_product(quantity=3)])
    assert [refund.lines[0].amount_minor for refund in found.refunds] == [3333, 3334, 3333, 0]
    assert [refund.lines[0].tax_minor for refund in found.refunds] == [600, 600, 600, 0]


def test_a_refund_of_shipping_takes_back_no_goods_and_one_of_the_order_stays_unsplit() -> None:
    shipping = bigcommerce_refund({"item_type": "SHIPPING", "item_id": 5, "requested_amount": 10}, total_amount=10)
    whole = bigcommerce_refund({"item_type": "ORDER", "item_id": 218, "requested_amount": 7.5}, total_amount=7.5)
    first, second = order(shipping, whole).refunds
    assert (first.lines, first.shipping_minor, first.unsplit_minor) == ((), 1000, 0)
    assert (second.lines, second.shipping_minor, second.unsplit_minor) == ((), 0, 750)


def test_a_refund_that_the_payment_provider_declined_did_not_take_place() -> None:
    item = {"item_type": "PRODUCT", "item_id": 31, "quantity": 1}
    found = order(bigcommerce_refund(item, payments=[{"is_declined": True}]))
    assert (found.refunds, found.refunds_complete) == ((), True)


def test_what_was_refunded_beyond_the_refunds_listed_stays_unsplit() -> None:
    (rest,) = order(refunded_amount="12.9800").refunds
    assert (rest.refund_id, rest.unsplit_minor, rest.money_minor) == ("refunded-amount", 1298, 1298)


def test_a_refund_makes_the_order_newer() -> None:
    item = {"item_type": "PRODUCT", "item_id": 31, "quantity": 1}
    assert order(bigcommerce_refund(item)).version == datetime(2026, 5, 9, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "item"),
    [
        ("item_id", {"item_type": "PRODUCT", "item_id": 99, "quantity": 1}),
        ("item_type", {"item_type": "GOODWILL", "requested_amount": 5}),
        ("requested_amount", {"item_type": "PRODUCT", "item_id": 31, "quantity": None}),
    ],
)
def test_a_refund_that_cannot_be_told_is_refused_by_the_fields_name(name: str, item: dict[str, Any]) -> None:
    with pytest.raises(Unreadable, match=rf"refunds\.data\[0\]\.items\[0\]\.{name}: "):
        order(bigcommerce_refund(item))


@pytest.mark.parametrize("name", ["id", "status_id", "date_created", "total_ex_tax", "total_inc_tax", "total_tax"])
def test_an_order_without_a_required_field_is_refused_by_its_name(name: str) -> None:
    documents = bigcommerce() | {"order": without(bigcommerce_order(), name)}
    with pytest.raises(Unreadable, match=rf"^order\.{name}: "):
        read_back("bigcommerce", documents)


def test_the_api_is_asked_for_four_documents_with_the_token() -> None:
    way = adapter.READ_BACK
    assert list(way.documents) == ["order", "products", "coupons", "refunds"]
    path = way.documents["refunds"].format(store="abc1", order="218")
    assert way.base + path == "https://api.bigcommerce.com/stores/abc1/v3/orders/218/payment_actions/refunds"
    assert way.headers({"store": "abc1", "token": "t"}) == {"X-Auth-Token": "t"}
