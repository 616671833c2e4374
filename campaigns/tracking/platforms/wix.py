"""Wix's webhooks: the body is a token (JWT, RS256) and nothing else, signed for the shop's own app.

https://dev.wix.com/docs/build-apps/develop-your-app/extensions/backend-extensions/events. The shop's secret is the
app's public key. Inside the token's `data` is JSON as a text, and in its `data` once more: the event, with an id of its
own. Wix documents no other claims, so of those only an expiry is held to, by our clock.

Events of an order carry it whole; events of its payments and refunds make it be read back, as does a partial refund,
which the order itself only mentions.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from datetime import datetime

import jwt

from campaigns.errors import Forged, Unreadable
from campaigns.tracking import events
from campaigns.tracking.events import Envelope, ShopEvent
from campaigns.tracking.json_body import JsonObject, clean_text, parse_moment, read_object
from campaigns.tracking.platforms.announcements import announced_order
from campaigns.tracking.platforms.public_keys import rsa_keys
from campaigns.tracking.platforms.reading_back import ReadBack
from campaigns.tracking.platforms.signature import body_digest
from campaigns.tracking.platforms.wix_order import NOT_YET, partly_refunded, read_order

ORDER = "wix.ecom.v1.order"
TRANSACTIONS = "wix.ecom.v1.order_transactions"
# Where an event of each kind has the order; the others of an order have it in the body of an action.
CREATED, UPDATED = "createdEvent", "updatedEvent"


def verify(secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Raise Forged unless the body is a token signed with one of the shop's keys, and not expired."""
    token = body.strip()
    for key in [key for secret in secrets for key in rsa_keys(secret)] if _written_plainly(token) else []:
        try:
            claims = read_object(jwt.PyJWS().decode(token, key, algorithms=["RS256"]))
        except (jwt.PyJWTError, Unreadable, ValueError, RecursionError):
            continue
        expires = claims.values.get("exp")
        if expires is None or (type(expires) is int and now.timestamp() < expires):
            return
    raise Forged("not a token that the shop's app signed")


def envelope(headers: Mapping[str, str], body: bytes) -> Envelope:
    """What the token says: the event's type, id and time. Unreadable, they stay empty."""
    try:
        outer, event = _opened(body)
        topic, delivery_id = outer.text("eventType").strip(), event.text("id").strip()
    except Unreadable:
        return Envelope(topic="", delivery_id=body_digest(body))
    return Envelope(
        topic="" if topic == events.READ_BACK else topic,
        delivery_id=delivery_id or body_digest(body),
        occurred_at=_event_time(event),
    )


def read(envelope: Envelope, body: bytes, shop_currency: str, shop_timezone: str) -> ShopEvent:
    """The delivery in our vocabulary; raises Unreadable. Orders name their currency, and times are UTC."""
    topic, occurred_at = envelope.topic, envelope.occurred_at
    if topic == events.READ_BACK:
        documents = read_object(body)
        order = read_order(documents.object("order").object("order"), documents.object("transactions"))
        return ShopEvent(topic, order_id=order.external_id, order=order, occurred_at=occurred_at)
    _, event = _opened(body)
    kind = event.text("entityFqdn").strip()
    if kind == TRANSACTIONS:
        order_id = announced_order(event, "entityId")
        return ShopEvent(topic, order_id=order_id, look_up=True, occurred_at=occurred_at)
    if kind != ORDER:
        return ShopEvent(topic, ignored="unknown topic", occurred_at=occurred_at)
    entity = _order(event)
    if entity.text("status") in NOT_YET:
        return ShopEvent(topic, ignored="not an order yet", occurred_at=occurred_at)
    if partly_refunded(entity):
        return ShopEvent(topic, order_id=announced_order(entity, "id"), look_up=True, occurred_at=occurred_at)
    order = read_order(entity, None)
    return ShopEvent(topic, order_id=order.external_id, order=order, occurred_at=occurred_at)


def _opened(body: bytes) -> tuple[JsonObject, JsonObject]:
    """The token's `data`, and the event in it, whose signature was held to when it came; raises Unreadable."""
    parts = body.strip().split(b".")
    if len(parts) != 3:
        raise Unreadable("the body is not a token")
    try:
        payload = base64.urlsafe_b64decode(parts[1] + b"=" * (-len(parts[1]) % 4))
    except (binascii.Error, ValueError) as error:
        raise Unreadable("the body is not a token") from error
    outer = _inner(read_object(payload), "data")
    return outer, _inner(outer, "data")


def _written_plainly(token: bytes) -> bool:
    """Whether the signature is written as base64 writes it: else one token could be sent in several writings."""
    written = token.rpartition(b".")[2]
    try:
        decoded = base64.urlsafe_b64decode(written + b"=" * (-len(written) % 4))
    except (binascii.Error, ValueError):
        return False
    return base64.urlsafe_b64encode(decoded).rstrip(b"=") == written


def _inner(owner: JsonObject, name: str) -> JsonObject:
    """A member that is an object, or the JSON text of one."""
    value = owner.values.get(name)
    if value is None:
        raise Unreadable(f"{owner.at(name)}: missing")
    if not isinstance(value, str):
        return owner.object(name)
    return JsonObject(read_object(clean_text(value, owner.at(name)).encode()).values, owner.at(name))


def _order(event: JsonObject) -> JsonObject:
    for place, name in ((CREATED, "entity"), (UPDATED, "currentEntity")):
        if event.has(place):
            return _entity(event.object(place), name)
    return _inner(_entity(event.object("actionEvent"), "body"), "order")


def _entity(owner: JsonObject, name: str) -> JsonObject:
    return _inner(owner, name if owner.has(name) else f"{name}AsJson")


def _event_time(event: JsonObject) -> datetime | None:
    try:
        return parse_moment(event.values.get("eventTime"), "eventTime")
    except Unreadable:
        return None


def _headers(credentials: Mapping[str, str]) -> Mapping[str, str]:
    return {"Authorization": credentials["key"], "wix-site-id": credentials["site"]}


READ_BACK = ReadBack(
    documents={"order": "/ecom/v1/orders/{order}", "transactions": "/ecom/v1/payments/orders/{order}"},
    fields=(("site", "Site ID", False), ("key", "API key", True)),
    headers=_headers,
    base="https://www.wixapis.com",
)
