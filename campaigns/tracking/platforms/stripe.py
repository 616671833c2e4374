"""Stripe's webhooks, for shops that sell through Stripe Checkout: hex HMAC-SHA256 of `t.body`, a whole object inside.

https://docs.stripe.com/webhooks. The key is the endpoint's secret as text, `whsec_` included; the time must be within
five minutes of ours; while a secret is rolled there are several `v1`; other schemes are passed over.

An order's id is that of its payment (`pi_…`), because that is all a refund or dispute says of its sale. Only a sale
that nobody paid for is known by its session (`cs_…`) or invoice (`in_…`). Where an object doesn't name its payment, or
names a promotion code by its id only, it is read back; what is read back of a payment are its refunds.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from campaigns.errors import Forged, Unreadable
from campaigns.tracking import events
from campaigns.tracking.events import Envelope, Refund, ShopEvent
from campaigns.tracking.json_body import JsonObject, read_object
from campaigns.tracking.platforms.announcements import announced
from campaigns.tracking.platforms.moments import unix_seconds
from campaigns.tracking.platforms.reading_back import ReadBack
from campaigns.tracking.platforms.signature import require_signature, sign_hex
from campaigns.tracking.platforms.stripe_dispute import DISPUTE_TOPICS, REINSTATED, read_dispute
from campaigns.tracking.platforms.stripe_invoice import RENEWALS, read_invoice
from campaigns.tracking.platforms.stripe_object import UnnamedYet, reference
from campaigns.tracking.platforms.stripe_refund import listed_refunds, read_refund
from campaigns.tracking.platforms.stripe_session import read_session

TOLERANCE_SECONDS = 300
SESSION_TOPICS = frozenset(
    {
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
    }
)
REFUND_TOPICS = frozenset({"refund.created", "refund.updated", "refund.failed", "charge.refund.updated"})
ELSEWHERE = "not from a checkout"


def verify(secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Raise Forged unless one of the secrets signed time and body, and the time is now."""
    pairs = [part.strip().partition("=") for part in headers.get("stripe-signature", "").split(",")]
    stamp = next((value for name, _, value in pairs if name == "t"), "")
    if not re.fullmatch(r"[0-9]{1,12}", stamp):
        raise Forged("no time")
    if abs(now.timestamp() - int(stamp)) > TOLERANCE_SECONDS:
        raise Forged("signed more than five minutes from now")
    keys = [secret.encode() for secret in secrets]
    require_signature(keys, f"{stamp}.".encode() + body, [value for name, _, value in pairs if name == "v1"], sign_hex)


def _created(event: JsonObject) -> datetime:
    return unix_seconds(event, "created")


envelope = announced("type", "id", _created)


def read(envelope: Envelope, body: bytes, shop_currency: str, shop_timezone: str) -> ShopEvent:
    """The delivery in our vocabulary; raises Unreadable. Every object names its currency, and times are UTC."""
    topic = envelope.topic
    if topic == events.READ_BACK:
        found = _read_back(read_object(body), envelope.occurred_at)
        return replace(found, topic=topic, occurred_at=envelope.occurred_at)
    if topic not in SESSION_TOPICS | REFUND_TOPICS | DISPUTE_TOPICS | {"charge.refunded", "invoice.paid"}:
        return ShopEvent(topic, ignored="unknown topic", occurred_at=envelope.occurred_at)
    event = read_object(body)
    happened = unix_seconds(event, "created")
    thing = event.object("data").object("object")
    if not thing.values:
        raise Unreadable("data.object: missing")
    return replace(_event(topic, thing, happened), topic=topic, occurred_at=happened)


def _event(topic: str, thing: JsonObject, happened: datetime) -> ShopEvent:
    if topic in SESSION_TOPICS:
        return _session(thing, happened, failed=topic.endswith("_failed"))
    if topic == "invoice.paid":
        return _invoice(thing, happened)
    payment = reference(thing, "payment_intent")
    if payment is None:
        return ShopEvent("", ignored=ELSEWHERE)
    if topic in REFUND_TOPICS:
        return ShopEvent("", order_id=payment, refunds=(read_refund(thing, happened),))
    if topic in DISPUTE_TOPICS:
        return _dispute(payment, read_dispute(thing, happened, reinstated=topic == REINSTATED))
    # Since 2022 a charge leaves its refunds out; those it lists are the same ones that come by themselves.
    refunds = listed_refunds(thing, happened)
    return ShopEvent("", order_id=payment, refunds=refunds, look_up=not refunds)


def _dispute(payment: str, told: Refund | None) -> ShopEvent:
    if told is None:
        return ShopEvent("", ignored="a dispute: no money moved so far")
    return ShopEvent("", order_id=payment, refunds=(told,))


def _session(session: JsonObject, happened: datetime, *, failed: bool = False, last_word: bool = False) -> ShopEvent:
    if session.text("mode") == "setup":
        return ShopEvent("", ignored="no sale: a payment method was set up")
    if session.text("status") == "open":
        return ShopEvent("", ignored="not an order yet")
    try:
        order = read_session(session, happened, failed=failed, last_word=last_word)
    except UnnamedYet:
        return _look_up(session, last_word)
    return ShopEvent("", order_id=order.external_id, order=order)


def _invoice(invoice: JsonObject, happened: datetime, *, last_word: bool = False) -> ShopEvent:
    reason = invoice.text("billing_reason")
    if reason not in RENEWALS:
        # A subscription's first invoice is the sale that its checkout session tells of.
        first = "the first payment comes with its checkout session"
        return ShopEvent("", ignored=first if reason == "subscription_create" else ELSEWHERE)
    try:
        order = read_invoice(invoice, happened, last_word=last_word)
    except UnnamedYet:
        return _look_up(invoice, last_word)
    return ShopEvent("", order_id=order.external_id, order=order)


def _look_up(thing: JsonObject, last_word: bool) -> ShopEvent:
    if last_word:
        raise Unreadable(f"{thing.at('discounts')}: a promotion code without its name")
    return ShopEvent("", order_id=thing.identifier("id"), look_up=True)


def _read_back(documents: JsonObject, at: datetime | None) -> ShopEvent:
    for name, reader in (("session", _session), ("invoice", _invoice)):
        if documents.has(name):
            thing = documents.object(name)
            return reader(thing, at or unix_seconds(thing, "created"), last_word=True)
    payment = documents.object("payment")
    charge = payment.object("latest_charge")
    refunds = listed_refunds(charge, at or unix_seconds(payment, "created"))
    if not refunds:
        raise Unreadable(f"{charge.at('refunds')}: missing")
    return ShopEvent("", order_id=payment.identifier("id"), refunds=refunds)


def _headers(credentials: Mapping[str, str]) -> Mapping[str, str]:
    # What the account's own version is, nobody can know; answers come in this one's shape.
    return {"Authorization": f"Bearer {credentials['key']}", "Stripe-Version": "2025-03-31.basil"}


def _expanded(path: str, *fields: str) -> str:
    return path + "?" + "&".join(f"expand%5B%5D={field}" for field in fields)


# An id begins with the kind of thing it names, so of the three one is there.
READ_BACK = ReadBack(
    documents={
        "session": _expanded(
            "/v1/checkout/sessions/{order}", "line_items", "discounts.promotion_code", "invoice.payments"
        ),
        "invoice": _expanded("/v1/invoices/{order}", "payments", "discounts.promotion_code"),
        "payment": _expanded("/v1/payment_intents/{order}", "latest_charge.refunds"),
    },
    fields=(("key", "API key", True),),
    headers=_headers,
    base="https://api.stripe.com",
    optional=frozenset({"session", "invoice", "payment"}),
)
