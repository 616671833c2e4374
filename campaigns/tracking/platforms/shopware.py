"""Shopware 6's app webhooks: hex HMAC-SHA256 of the raw body, event and id inside it, the order entity as the payload.

https://developer.shopware.com/docs/guides/plugins/apps/lifecycle/webhook.html. While a shop changes its secret it signs
with the former one too, in a header of its own. How an app is registered, which is what makes a shop sign at all, is in
shopware_app.py. `order.written` brings ids only, and an order that comes without its currency, lines, payments or their
states can't be read for certain: both are read back from the shop's API, by a token that lives ten minutes and is given
for the access key of an integration: https://shopware.stoplight.io/docs/admin-api/ZG9jOjEwODA3NjQx-authentication.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from campaigns.errors import Unreadable
from campaigns.tracking import events
from campaigns.tracking.events import Envelope, ShopEvent
from campaigns.tracking.json_body import JsonObject, read_object
from campaigns.tracking.platforms.announcements import announced, announced_order
from campaigns.tracking.platforms.moments import unix_seconds
from campaigns.tracking.platforms.reading_back import Exchange, ReadBack
from campaigns.tracking.platforms.shopware_order import has_states, is_whole, partly_refunded, read_order
from campaigns.tracking.platforms.signature import require_signature, sign_hex

PLACED = "checkout.order.placed"
WRITTEN = "order.written"
STATES = ("state_enter.order.state.", "state_enter.order_transaction.state.")
SIGNATURES = ("shopware-shop-signature", "shopware-shop-signature-previous")


def verify(secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Raise Forged unless one of the secrets signed these bytes. The time inside is when the event was first sent."""
    sent = [headers[name] for name in SIGNATURES if name in headers]
    require_signature([secret.encode() for secret in secrets], body, sent, sign_hex)


def _timestamp(body: JsonObject) -> datetime:
    return unix_seconds(body, "timestamp")


# The same event sent again has the same id.
envelope = announced("data.event", "source.eventId", _timestamp)


def read(envelope: Envelope, body: bytes, shop_currency: str, shop_timezone: str) -> ShopEvent:
    """The delivery in our vocabulary; raises Unreadable. Times carry their offset; the currency stands in the order."""
    topic, occurred_at = envelope.topic, envelope.occurred_at
    if topic == events.READ_BACK:
        document = read_object(body).object("order")
        order = read_order(document.object("data") if document.has("data") else document)
        return ShopEvent(topic, order_id=order.external_id, order=order, occurred_at=occurred_at)
    if topic == WRITTEN:
        return _written(read_object(body).object("data").objects("payload"), occurred_at)
    if topic != PLACED and not topic.startswith(STATES):
        return ShopEvent(topic, ignored="unknown topic", occurred_at=occurred_at)
    entity = read_object(body).object("data").object("payload").object("order")
    if not is_whole(entity) or not has_states(entity) or partly_refunded(entity):
        return ShopEvent(topic, order_id=announced_order(entity, "id"), look_up=True, occurred_at=occurred_at)
    order = read_order(entity)
    return ShopEvent(topic, order_id=order.external_id, order=order, occurred_at=occurred_at)


def _written(changes: Sequence[JsonObject], occurred_at: datetime | None) -> ShopEvent:
    """One delivery may tell of the order, its versions and several of their fields; it is one order all the same."""
    orders = [change for change in changes if change.text("entity") == "order"]
    ids = {announced_order(change, "primaryKey"): change for change in orders}
    if not ids:
        return ShopEvent(WRITTEN, ignored="nothing of an order was written", occurred_at=occurred_at)
    if len(ids) > 1:
        raise Unreadable("data.payload: several orders in one delivery")
    ((order_id, change),) = ids.items()
    if change.text("operation") == "delete":
        return ShopEvent(WRITTEN, order_id=order_id, deleted=True, occurred_at=occurred_at)
    return ShopEvent(WRITTEN, order_id=order_id, look_up=True, occurred_at=occurred_at)


def _headers(credentials: Mapping[str, str]) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {credentials['token']}", "Accept": "application/json"}


def _asking_for_a_token(credentials: Mapping[str, str]) -> Mapping[str, str]:
    return {
        "grant_type": "client_credentials",
        "client_id": credentials["access_key_id"],
        "client_secret": credentials["secret_access_key"],
    }


def _with(*associations: str) -> str:
    return "&".join(
        f"associations%5B{name.replace('.', '%5D%5Bassociations%5D%5B')}%5D%5B%5D=" for name in associations
    )


# Since Shopware 6.6 states come only where they are asked for: https://github.com/shopware/shopware/issues/3717.
_STATES = ("stateMachineState", "transactions.stateMachineState", "transactions.captures.refunds.stateMachineState")

READ_BACK = ReadBack(
    documents={
        "order": "/api/order/{order}?" + _with("currency", "lineItems", "orderCustomer", "billingAddress", *_STATES)
    },
    fields=(("access_key_id", "Access key ID", False), ("secret_access_key", "Secret access key", True)),
    headers=_headers,
    exchange=Exchange("/api/oauth/token", _asking_for_a_token),
    no_order="0" * 32,  # a shorter one is no address of the API, and answered before the token is looked at
)
