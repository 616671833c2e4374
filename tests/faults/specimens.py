"""Genuine messages of every platform, to be spoilt: our own, and those of real shops where they lie beside the project.

The latter are not ours to copy: without them there are fewer to begin with, and the same is asked of each.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from campaigns.tracking.platforms import adobe_commerce, shopware
from tests.tracking.platforms import cases, event_payloads, payloads, read_back_payloads
from tests.tracking.platforms.event_payloads import STARTED

CODE = "NOA10"  # the code our own orders were placed with
SHARED = Path(__file__).parents[2] / "../shared/webhooks/fixtures"
FOLDERS = {"adobe-commerce": "magento"}  # where a platform's goes by another name
ORDER_TOPICS = {"shopify": "orders/updated", "woocommerce": "order.updated"}
# What our own bodies call the order.
ORDER_IDS = {
    "shopify": "5001", "woocommerce": "727", "standard": "SO-1", "bigcommerce": "218", "ecwid": "XJ12H",
    "squarespace": "65aa", "stripe": "pi_1", "shopware": "0a1b", "salla": "2116149737", "wix": "o-1",
    "adobe-commerce": "5",
}  # fmt: skip


@dataclass(frozen=True)
class Specimen:
    """One message as JSON; `topic` where that stands outside of it, in a header or around the event in a token.

    `asked` is no delivery but what a shop's API answers when we ask it for an order.
    """

    payload: Any
    topic: str = ""
    asked: bool = False


def specimens(platform: str) -> list[Specimen]:
    """All there are, in an order that stays."""
    return [*OURS[platform], *_fixtures(platform), *_shared(platform)]


def renamed(value: Any, old: str, number: int) -> Any:
    """The same message about another order, whose id stays of its type."""
    if isinstance(value, dict):
        return {name: renamed(member, old, number) for name, member in value.items()}
    if isinstance(value, list):
        return [renamed(member, old, number) for member in value]
    if type(value) not in (str, int) or str(value) != old:
        return value
    return f"{value}-{number}" if isinstance(value, str) else 10_000_000 + number


def _announcements(platform: str) -> list[Specimen]:
    topics = {
        "bigcommerce": ("store/order/created", "store/order/refund/created", "store/cart/couponApplied"),
        "ecwid": ("order.created", "order.deleted", "unfinished_order.created"),
        "squarespace": ("order.create", "order.update", "extension.uninstall"),
    }
    return [Specimen(_announcement(platform, topic)) for topic in topics[platform]]


def _announcement(platform: str, topic: str) -> dict[str, Any]:
    if platform == "bigcommerce":
        data = {"type": "order", "id": 218}
        return {"scope": topic, "store_id": "7", "data": data, "hash": "h1", "created_at": STARTED, "producer": "s/7"}
    if platform == "ecwid":
        event = {"eventId": "e1", "eventCreated": STARTED, "eventType": topic, "storeId": 7, "entityId": 103}
        return event | {"data": {"orderId": "XJ12H", "newPaymentStatus": "PAID"}}
    event = {"id": "n1", "topic": topic, "createdOn": "2026-05-01T09:05:00.123Z", "websiteId": "w1"}
    return event | {"data": {"orderId": "65aa"}}


def _shopify() -> Iterator[Specimen]:
    attributes = [{"name": "click_id", "value": "k1"}]
    yield Specimen(payloads.shopify_order(), "orders/paid")
    yield Specimen(
        payloads.shopify_order(refunds=[payloads.shopify_refund()], note_attributes=attributes), "orders/updated"
    )
    yield Specimen(payloads.shopify_refund(), "refunds/create")
    yield Specimen({"id": 5001}, "orders/delete")


def _woocommerce() -> Iterator[Specimen]:
    refunds, meta = [{"id": 1, "reason": "", "total": "-1.00"}], [{"key": "click_id", "value": "k1"}]
    yield Specimen(payloads.woo_order(), "order.created")
    yield Specimen(payloads.woo_order(refunds=refunds, meta_data=meta), "order.updated")
    yield Specimen({"order": payloads.woo_order()}, "order.updated")
    yield Specimen({"id": 727}, "order.deleted")


def _standard() -> Iterator[Specimen]:
    line = {"line_id": "1", "quantity": 1, "total": "80.00", "tax": "12.20"}
    refunds = [{"id": "r1", "created_at": "2026-05-09T10:00:00Z", "lines": [line], "shipping": "5.00"}]
    yield Specimen(payloads.standard("order.paid"))
    yield Specimen(payloads.standard("order.updated", refunds=refunds))
    yield Specimen(payloads.standard("refund.created", refunds=refunds))
    yield Specimen({"type": "lead.created", "data": {"id": "l1"}})


def _bigcommerce() -> Iterator[Specimen]:
    yield from _announcements("bigcommerce")
    units = {"item_type": "PRODUCT", "item_id": 31, "quantity": 1, "requested_amount": None}
    goodwill = {"item_type": "ORDER", "item_id": 218, "requested_amount": 5}
    discounted = read_back_payloads.bigcommerce_product(applied_discounts=[{"id": "coupon", "amount": "5.0000"}])
    yield Specimen(read_back_payloads.bigcommerce(), asked=True)
    refund = read_back_payloads.bigcommerce_refund(units, goodwill)
    yield Specimen(read_back_payloads.bigcommerce(refund, products=[discounted]), asked=True)


def _ecwid() -> Iterator[Specimen]:
    yield from _announcements("ecwid")
    yield Specimen({"order": read_back_payloads.ecwid_order()}, asked=True)
    refunds = [{"amount": 53.1, "date": "2026-05-09 10:00:00 +0000", "source": "CP", "reason": ""}]
    yield Specimen({"order": read_back_payloads.ecwid_order(refunds=refunds, refundedAmount=53.1)}, asked=True)


def _squarespace() -> Iterator[Specimen]:
    yield from _announcements("squarespace")
    yield Specimen({"order": read_back_payloads.squarespace_order()}, asked=True)
    dollar = read_back_payloads.dollars("1.00")
    yield Specimen({"order": read_back_payloads.squarespace_order(refundedTotal=dollar)}, asked=True)


def _stripe() -> Iterator[Specimen]:
    listed = {"payment_intent": "pi_1", "refunds": {"data": [event_payloads.stripe_refund()]}}
    named = [{"promotion_code": {"code": CODE}}, {"coupon": "c"}]
    session = event_payloads.stripe_session(discounts=named)
    lines = {"line_items": {"data": [event_payloads.stripe_item()]}}
    things = {"checkout.session.completed": session | lines, "invoice.paid": event_payloads.stripe_invoice()}
    things |= {"charge.refunded": listed, "refund.created": event_payloads.stripe_refund()}
    things |= {"charge.dispute.created": event_payloads.stripe_dispute()}
    yield from (Specimen(event_payloads.stripe_event(topic, thing)) for topic, thing in things.items())
    yield Specimen({"session": session | lines}, asked=True)
    yield Specimen({"payment": {"id": "pi_1", "created": STARTED, "latest_charge": listed}}, asked=True)


def _shopware() -> Iterator[Specimen]:
    payment = event_payloads.shopware_payment("paid", captures=[{"refunds": [event_payloads.shopware_refund()]}])
    orders = [event_payloads.shopware_order(), event_payloads.shopware_order(transactions=[payment])]
    yield from (Specimen(event_payloads.shopware_event(shopware.PLACED, {"order": order})) for order in orders)
    change = {"entity": "order", "operation": "update", "primaryKey": "0a1b", "updatedFields": ["amountTotal"]}
    yield Specimen(event_payloads.shopware_event(shopware.WRITTEN, [change]))
    yield from (Specimen({"order": {"data": order}}, asked=True) for order in orders)


def _salla() -> Iterator[Specimen]:
    order = event_payloads.salla_order(coupon={"code": CODE})
    yield Specimen(event_payloads.salla_event("order.created", order))
    yield Specimen(event_payloads.salla_event("order.refunded", order))
    yield Specimen(event_payloads.salla_event("order.deleted", {"id": 2116149737}))


def _wix() -> Iterator[Specimen]:
    order = event_payloads.wix_order()
    yield Specimen(event_payloads.wix_event("created", order), "wix.ecom.v1.order_created")
    yield Specimen(event_payloads.wix_event("approved", order), "wix.ecom.v1.order_approved")
    kind = "wix.ecom.v1.order_transactions"
    yield Specimen(event_payloads.wix_event("updated", {}, kind=kind), f"{kind}_updated")
    event = event_payloads.wix_event("updated", order)
    yield Specimen({"data": {"eventType": "wix.ecom.v1.order_updated", "instanceId": "i-1", "data": event}})
    yield Specimen(event_payloads.wix_documents(), asked=True)
    yield Specimen(event_payloads.wix_documents(event_payloads.wix_refund()), asked=True)


def _adobe_commerce() -> Iterator[Specimen]:
    order, memo = event_payloads.adobe_order(), event_payloads.adobe_credit_memo()
    yield Specimen(event_payloads.adobe_event(order), adobe_commerce.ORDER_SAVED)
    yield Specimen(event_payloads.adobe_event(order) | {"type": adobe_commerce.ORDER_SAVED})
    yield Specimen(event_payloads.adobe_event(memo), adobe_commerce.CREDIT_MEMO_SAVED)
    yield Specimen({"order": order, "credit_memos": {"items": []}}, asked=True)
    yield Specimen({"order": order, "credit_memos": {"items": [memo]}}, asked=True)


OURS: dict[str, list[Specimen]] = {
    "shopify": [*_shopify()],
    "woocommerce": [*_woocommerce()],
    "standard": [*_standard()],
    "bigcommerce": [*_bigcommerce()],
    "ecwid": [*_ecwid()],
    "squarespace": [*_squarespace()],
    "stripe": [*_stripe()],
    "shopware": [*_shopware()],
    "salla": [*_salla()],
    "wix": [*_wix()],
    "adobe-commerce": [*_adobe_commerce()],
}


def _fixtures(platform: str) -> Iterator[Specimen]:
    """The deliveries that the adapters' own tests keep in files."""
    for case in cases.cases():
        if case.platform == platform and not isinstance(case.facts["body"], str):
            topic = next((text for name, text in case.headers.items() if name.endswith("-topic")), "")
            yield Specimen(case.facts["body"], topic)


def _shared(platform: str) -> Iterator[Specimen]:
    for path in sorted((SHARED / FOLDERS.get(platform, platform)).glob("*.json")):
        yield _enclosed(platform, path.stem, json.loads(path.read_text()))


def _enclosed(platform: str, name: str, thing: Any) -> Specimen:
    """A document of a real shop within the message that it comes in."""
    if platform == "shopify":
        return Specimen(thing, "refunds/create" if "refund_line_items" in thing else "orders/updated")
    if platform == "adobe-commerce":
        memo = name.startswith("creditmemo")
        topic = adobe_commerce.CREDIT_MEMO_SAVED if memo else adobe_commerce.ORDER_SAVED
        return Specimen(thing if "event" in thing else event_payloads.adobe_event(thing), topic)
    if platform == "stripe" and thing.get("object") != "event":
        topics = {"charge": "charge.refunded", "refund": "refund.created"}
        return Specimen(event_payloads.stripe_event(topics.get(thing["object"], "checkout.session.completed"), thing))
    if platform == "shopware" and name.startswith("order"):
        return Specimen(event_payloads.shopware_event(shopware.PLACED, {"order": thing}))
    if platform in ("bigcommerce", "ecwid", "squarespace") and name.startswith("order-"):
        products = {"products": [read_back_payloads.bigcommerce_product()]} if platform == "bigcommerce" else {}
        return Specimen({"order": thing, **products}, asked=True)
    return Specimen(thing, ORDER_TOPICS.get(platform, ""))
