import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from campaigns.errors import Forged, Unreadable
from campaigns.tracking.events import OrderSnapshot
from campaigns.tracking.platforms import stripe as adapter
from campaigns.tracking.platforms.signature import sign_hex
from tests.tracking.platforms.event_payloads import (
    STARTED,
    stripe_event,
    stripe_invoice,
    stripe_item,
    stripe_refund,
    stripe_session,
)
from tests.tracking.platforms.payloads import read, without
from tests.tracking.platforms.read_back_payloads import ASKED_AT, read_back, read_documents

COMPLETED = "checkout.session.completed"
NOW = datetime(2026, 5, 1, 10, 0, tzinfo=UTC)
STAMP = int(NOW.timestamp())
PROMOTED = [{"coupon": "c1", "promotion_code": {"id": "promo_1", "code": "NOA10"}}]


def event(topic: str, thing: Any, created: int = STARTED + 60) -> Any:
    return read("stripe", topic, stripe_event(topic, thing, created))


def order(topic: str = COMPLETED, **fields: Any) -> OrderSnapshot:
    found = event(topic, stripe_session(**fields)).order
    assert found is not None
    return found


def renewal(**fields: Any) -> OrderSnapshot:
    found = event("invoice.paid", stripe_invoice(**fields)).order
    assert found is not None
    return found


def amounts(snapshot: OrderSnapshot) -> tuple[int, ...]:
    (line,) = snapshot.lines
    parts = (snapshot.shipping_minor, snapshot.tax_minor, snapshot.total_minor)
    return (line.net_minor, line.tax_minor, *parts)


def signed(body: bytes, secret: str = "whsec_a", stamp: int = STAMP, scheme: str = "v1") -> dict[str, str]:
    signature = sign_hex(secret.encode(), f"{stamp}.".encode() + body).decode()
    return {"stripe-signature": f"t={stamp}, {scheme}={signature}"}


def test_goods_are_the_total_less_tax_and_shipping() -> None:
    assert amounts(order()) == (9000, 1620, 2000, 1980, 12980)
    assert not order().prices_include_tax


def test_tax_inside_the_prices_is_taken_out_once() -> None:
    details = {"amount_discount": 0, "amount_shipping": 595, "amount_tax": 1900}
    cost = {"amount_subtotal": 500, "amount_tax": 95, "amount_total": 595}
    found = order(amount_subtotal=11305, amount_total=11900, total_details=details, shipping_cost=cost)
    assert amounts(found) == (9500, 1805, 500, 1900, 11900)
    assert found.prices_include_tax


def test_a_session_without_shipping_has_none() -> None:
    details = {"amount_discount": 1000, "amount_shipping": None, "amount_tax": 1620}
    assert amounts(order(amount_total=10620, total_details=details, shipping_cost=None)) == (9000, 1620, 0, 1620, 10620)


def test_shipping_whose_tax_is_unknown_is_refused() -> None:
    with pytest.raises(Unreadable, match="shipping_cost"):
        order(shipping_cost=None)


def test_tax_and_shipping_above_the_total_are_refused() -> None:
    with pytest.raises(Unreadable, match="amount_total"):
        order(amount_total=3979)


@pytest.mark.parametrize("name", ["amount_total", "currency", "livemode", "created", "payment_status", "total_details"])
def test_a_session_without_a_required_field_is_refused(name: str) -> None:
    with pytest.raises(Unreadable, match="amount_tax" if name == "total_details" else name):
        event(COMPLETED, without(stripe_session(), name))


@pytest.mark.parametrize(("currency", "sent", "minor"), [("jpy", 500, 500), ("kwd", 5000, 5000), ("isk", 50000, 500)])
def test_amounts_are_whole_units_of_stripes_own(currency: str, sent: int, minor: int) -> None:
    details = {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0}
    found = order(currency=currency, amount_total=sent, total_details=details, shipping_cost=None)
    assert (found.currency, found.total_minor) == (currency.upper(), minor)


@pytest.mark.parametrize("amount", [129.8, "12980", True, None])
def test_an_amount_that_is_no_whole_number_is_refused(amount: object) -> None:
    with pytest.raises(Unreadable, match="amount_total: not an amount"):
        order(amount_total=amount)


@pytest.mark.parametrize(
    ("topic", "payment_status", "status"),
    [
        (COMPLETED, "paid", "paid"),
        (COMPLETED, "no_payment_required", "paid"),
        (COMPLETED, "unpaid", "pending"),
        ("checkout.session.async_payment_succeeded", "paid", "paid"),
        ("checkout.session.async_payment_failed", "unpaid", "cancelled"),
    ],
)
def test_only_what_was_paid_for_is_a_sale(topic: str, payment_status: str, status: str) -> None:
    assert order(topic, payment_status=payment_status).status == status


def test_an_order_is_known_by_its_payment_and_shown_by_its_session() -> None:
    found = order()
    assert (found.external_id, found.number) == ("pi_1", "cs_live_1")
    assert event(COMPLETED, stripe_session()).order_id == "pi_1"
    assert (found.customer.external_id, found.customer.email) == ("cus_1", "dana@example.com")
    assert (found.click_ids, found.source, found.test) == (("k1", "k2"), "checkout", False)


def test_the_event_that_came_last_is_the_newest_state() -> None:
    later = event(COMPLETED, stripe_session(), STARTED + 61)
    assert later.order.version - order().version == timedelta(seconds=1)
    assert later.order.placed_at == order().placed_at


def test_a_sale_for_nothing_is_known_by_its_session() -> None:
    details = {"amount_discount": 10000, "amount_shipping": 0, "amount_tax": 0}
    free: dict[str, Any] = {"amount_total": 0, "total_details": details, "shipping_cost": None, "payment_intent": None}
    assert order(payment_status="no_payment_required", **free).external_id == "cs_live_1"


def test_a_session_of_test_mode_is_a_test() -> None:
    assert order(livemode=False).test


def test_promotion_codes_are_codes_and_coupons_of_the_shops_own_are_typed() -> None:
    found = order(discounts=[*PROMOTED, {"coupon": "SPRING", "promotion_code": None}])
    assert (found.codes, found.typed_codes) == (("NOA10",), ("SPRING",))


@pytest.mark.parametrize("discounts", [[{"coupon": "c1", "promotion_code": "promo_1"}], ["di_1"]])
def test_a_code_named_by_its_id_only_is_looked_up(discounts: Any) -> None:
    found = event(COMPLETED, stripe_session(discounts=discounts))
    assert (found.look_up, found.order_id, found.order) == (True, "cs_live_1", None)


def test_a_subscriptions_first_payment_is_looked_up_for_its_invoice() -> None:
    session = stripe_session(mode="subscription", payment_intent=None, invoice="in_1")
    assert event(COMPLETED, session).look_up
    invoice = {"id": "in_1", "payments": {"data": [{"payment": {"payment_intent": "pi_9"}}]}}
    found = read_back("stripe", {"session": session | {"invoice": invoice}})
    assert (found.external_id, found.source, found.version) == ("pi_9", "subscription", ASKED_AT)


def test_what_was_read_back_is_the_last_word_on_its_payment_but_not_on_its_codes() -> None:
    assert read_back("stripe", {"session": stripe_session(payment_intent=None)}).external_id == "cs_live_1"
    with pytest.raises(Unreadable, match="promotion code"):
        read_documents("stripe", {"session": stripe_session(discounts=["di_1"])})


def test_line_items_are_the_lines_where_they_add_up() -> None:
    (line,) = order(line_items={"data": [stripe_item()], "has_more": False}).lines
    assert (line.line_id, line.sku, line.title, line.quantity) == ("li_1", "prod_1", "Cream", "2")
    assert (line.net_minor, line.tax_minor, line.discount_minor) == (9000, 1620, 1000)


@pytest.mark.parametrize(
    "listed", [{"data": [stripe_item(amount_total=10619)]}, {"data": [stripe_item()], "has_more": True}]
)
def test_line_items_that_are_not_all_of_it_are_one_line(listed: Any) -> None:
    (line,) = order(line_items=listed).lines
    assert (line.line_id, line.net_minor) == ("checkout", 9000)


@pytest.mark.parametrize(
    ("fields", "why"),
    [({"mode": "setup"}, "no sale: a payment method was set up"), ({"status": "open"}, "not an order yet")],
)
def test_a_session_that_sells_nothing_is_ignored(fields: dict[str, str], why: str) -> None:
    assert event(COMPLETED, stripe_session(**fields)).ignored == why


def test_a_refund_joins_the_order_by_its_payment() -> None:
    found = event("refund.created", stripe_refund())
    (refund,) = found.refunds
    assert (found.order_id, found.order_id) == (order().external_id, "pi_1")
    assert (refund.refund_id, refund.unsplit_minor, refund.money_minor, refund.currency) == ("re_1", 6490, 6490, "ILS")


def test_a_refund_that_failed_later_gives_nothing_back() -> None:
    (first,) = event("refund.created", stripe_refund()).refunds
    (last,) = event("refund.updated", stripe_refund(status="failed"), STARTED + 120).refunds
    assert (last.refund_id, last.unsplit_minor) == (first.refund_id, 0)
    assert last.created_at > first.created_at


def test_a_refund_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(Unreadable, match="status"):
        event("refund.updated", stripe_refund(status="bounced"))


def test_a_refund_outside_a_checkout_is_ignored() -> None:
    assert event("refund.created", stripe_refund(payment_intent=None)).ignored == "not from a checkout"


def test_a_charges_refunds_are_those_it_lists() -> None:
    charge = {"id": "ch_1", "payment_intent": "pi_1", "refunds": {"data": [stripe_refund(), stripe_refund(id="re_2")]}}
    found = event("charge.refunded", charge)
    assert [refund.refund_id for refund in found.refunds] == ["re_1", "re_2"] and not found.look_up


@pytest.mark.parametrize("refunds", [None, {"data": []}, {"data": [stripe_refund()], "has_more": True}])
def test_a_charge_that_lists_not_all_refunds_is_looked_up(refunds: Any) -> None:
    found = event("charge.refunded", {"id": "ch_1", "payment_intent": "pi_1", "refunds": refunds})
    assert (found.look_up, found.order_id, found.refunds) == (True, "pi_1", ())


def test_a_payment_read_back_tells_its_refunds() -> None:
    payment = {"id": "pi_1", "created": STARTED, "latest_charge": {"refunds": {"data": [stripe_refund()]}}}
    found = read_documents("stripe", {"payment": payment})
    assert (found.order_id, [refund.unsplit_minor for refund in found.refunds]) == ("pi_1", [6490])


@pytest.mark.parametrize("documents", [{}, {"payment": {"id": "pi_1", "created": STARTED}}])
def test_documents_that_tell_nothing_are_refused(documents: Any) -> None:
    with pytest.raises(Unreadable):
        read_documents("stripe", documents)


def test_a_renewal_is_an_order_of_its_own() -> None:
    found = renewal()
    assert (found.external_id, found.number, found.source, found.status) == ("pi_2", "A-2", "subscription", "paid")
    assert amounts(found) == (5000, 900, 0, 900, 5900)
    assert (found.click_ids, found.customer.email) == (("k3",), "dana@example.com")


def test_a_renewal_without_its_payment_is_looked_up() -> None:
    found = event("invoice.paid", stripe_invoice(payments=None))
    assert (found.look_up, found.order_id) == (True, "in_2")
    assert read_back("stripe", {"invoice": stripe_invoice(discounts=PROMOTED)}).codes == ("NOA10",)


def test_an_older_invoice_names_its_payment_itself() -> None:
    metadata = {"metadata": {"click_id": "k4"}}
    older = renewal(payment_intent="pi_7", payments=None, parent=None, subscription_details=metadata)
    assert (older.external_id, older.click_ids) == ("pi_7", ("k4",))


@pytest.mark.parametrize(
    ("reason", "why"),
    [("subscription_create", "the first payment comes with its checkout session"), ("manual", "not from a checkout")],
)
def test_an_invoice_that_is_no_renewal_is_ignored(reason: str, why: str) -> None:
    assert event("invoice.paid", stripe_invoice(billing_reason=reason)).ignored == why


@pytest.mark.parametrize("topic", ["terminal.reader.action_failed", "charge.expired", "", "checkout.session.expired"])
def test_other_topics_are_ignored_whatever_they_carry(topic: str) -> None:
    assert read("stripe", topic, 7).ignored == "unknown topic"


def test_an_event_without_its_object_is_refused() -> None:
    for topic in (COMPLETED, "refund.created", "charge.dispute.created", "invoice.paid"):
        with pytest.raises(Unreadable, match=r"data\.object"):
            read("stripe", topic, {"created": STARTED, "data": {}})


@pytest.mark.parametrize(("seconds", "held"), [(300, True), (-300, True), (301, False), (-301, False)])
def test_a_delivery_is_believed_five_minutes_either_way(seconds: int, held: bool) -> None:
    then = NOW + timedelta(seconds=seconds)
    if held:
        adapter.verify(["whsec_a"], signed(b"{}"), b"{}", then)
        return
    with pytest.raises(Forged, match="five minutes"):
        adapter.verify(["whsec_a"], signed(b"{}"), b"{}", then)


def test_the_key_is_the_whole_text_of_the_secret_and_the_scheme_is_v1() -> None:
    adapter.verify(["whsec_old", "whsec_a"], signed(b"{}"), b"{}", NOW)
    for headers in (signed(b"{}", "a"), signed(b"{}", scheme="v0"), {}, {"stripe-signature": "t=,v1=x"}):
        with pytest.raises(Forged):
            adapter.verify(["whsec_a"], headers, b"{}", NOW)


def test_an_envelope_has_the_events_type_id_and_time() -> None:
    found = adapter.envelope({}, json.dumps(stripe_event(COMPLETED, {}, STAMP)).encode())
    assert (found.topic, found.delivery_id, found.occurred_at) == (COMPLETED, "evt_1", NOW)
    ours = adapter.envelope({}, json.dumps(stripe_event("read-back", {}, STAMP)).encode())
    assert ours == replace(found, topic="")
