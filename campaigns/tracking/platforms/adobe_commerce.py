"""Adobe Commerce through Adobe I/O Events: two RSA-SHA256 signatures of the raw body, either of which suffices.

https://developer.adobe.com/events/docs/guides. Adobe signs the events of all its customers with the same keys, and
anybody may be one; whom an event is for only the body says. So the shop's secret is the client id of its own project in
Adobe's console followed by Adobe's public keys, and an event for another client is forged, however well it is signed.
A webhook is registered with a question, `GET …?challenge=x`, that is answered with x.

Only the fields that a subscription names are sent. Where one is missing that an order can't be valued without, the
order is read back from the shop's API.
"""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import unquote

from campaigns.errors import Forged, Unreadable
from campaigns.tracking import events
from campaigns.tracking.events import Envelope, ShopEvent
from campaigns.tracking.json_body import JsonObject, read_object
from campaigns.tracking.platforms.adobe_commerce_order import ORDER_FIELDS, order_id_of, read_order
from campaigns.tracking.platforms.adobe_commerce_refund import is_whole, read_credit_memo
from campaigns.tracking.platforms.announcements import announced_order
from campaigns.tracking.platforms.public_keys import rsa_keys, rsa_signed, words_around
from campaigns.tracking.platforms.reading_back import ReadBack
from campaigns.tracking.platforms.signature import body_digest

ORDER_SAVED = "observer.sales_order_save_commit_after"
CREDIT_MEMO_SAVED = "observer.sales_order_creditmemo_save_after"

_CODE = re.compile(r"(^|\.)(?P<event>(observer|plugin)\.[A-Za-z0-9_.]+)$")
_CHALLENGE = re.compile(r"[A-Za-z0-9._~-]{1,200}")


def verify(secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Raise Forged unless Adobe signed these bytes, and they are for the shop's own client."""
    signatures = [_decoded(headers.get(f"x-adobe-digital-signature-{number}", "")) for number in (1, 2)]
    for secret in secrets:
        keys = rsa_keys(secret)
        if any(rsa_signed(key, body, sent) for key in keys for sent in signatures if sent) and _is_for(secret, body):
            return
    raise Forged("not signed by Adobe, or not for this shop")


def challenge(secrets: Sequence[str], headers: Mapping[str, str], query: bytes, address: str) -> str | None:
    """What to answer, as plain text, to a registration's question; None where there is none."""
    pairs = (pair.partition("=") for pair in query.decode("utf-8", "replace").split("&"))
    asked = next((unquote(value) for name, _, value in pairs if name == "challenge"), "")
    return asked if _CHALLENGE.fullmatch(asked) else None


def envelope(headers: Mapping[str, str], body: bytes) -> Envelope:
    """What headers and body say. The event's code is in the signed body where it comes as a CloudEvent."""
    try:
        outer = read_object(body)
        inside = outer.text("type").strip()
    except Unreadable:
        inside = ""
    code = _CODE.search(inside or _header(headers, "event-code"))
    return Envelope(
        topic=code["event"] if code else "",
        delivery_id=_header(headers, "event-id") or body_digest(body),
    )


def read(envelope: Envelope, body: bytes, shop_currency: str, shop_timezone: str) -> ShopEvent:
    """The delivery in our vocabulary; raises Unreadable. Times are UTC without saying so; the currency is named."""
    topic = envelope.topic
    if topic == events.READ_BACK:
        documents = read_object(body)
        order = read_order(documents.object("order"), documents.object("credit_memos").objects("items"))
        return ShopEvent(topic, order_id=order.external_id, order=order)
    if topic == ORDER_SAVED:
        value = _value(read_object(body))
        if not value.values.keys() >= ORDER_FIELDS:
            return ShopEvent(topic, order_id=_named(order_id_of(value)), look_up=True)
        order = read_order(value, [])
        return ShopEvent(topic, order_id=order.external_id, order=order)
    if topic == CREDIT_MEMO_SAVED:
        value = _value(read_object(body))
        order_id = announced_order(value, "order_id")
        if not is_whole(value):
            return ShopEvent(topic, order_id=order_id, look_up=True)
        return ShopEvent(topic, order_id=order_id, refunds=(read_credit_memo(value),))
    return ShopEvent(topic, ignored="unknown topic")


def _value(outer: JsonObject) -> JsonObject:
    """The fields of an event, whose envelope is Adobe's older one or a CloudEvent."""
    owner = outer.object("event") if outer.has("event") else outer
    return owner.object("data").object("value")


def _named(order_id: str) -> str:
    return announced_order(JsonObject({"entity_id": order_id}), "entity_id")


def _is_for(secret: str, body: bytes) -> bool:
    try:
        outer = read_object(body)
    except Unreadable:
        return False
    named = [outer.values.get(name) for name in ("recipient_client_id", "recipientclientid") if outer.has(name)]
    ours = words_around(secret)
    return bool(named) and all(name in ours for name in named)


def _decoded(written: str) -> bytes:
    """The bytes of a signature; none where it is not written as base64 writes them, to the last bit."""
    sent = written.strip().encode("utf-8", "replace")
    try:
        decoded = base64.b64decode(sent, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return decoded if base64.b64encode(decoded) == sent else b""


def _header(headers: Mapping[str, str], name: str) -> str:
    return headers.get(f"x-adobe-{name}", "").strip()[:255]


def _headers(credentials: Mapping[str, str]) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {credentials['token']}"}


_OF_ORDER = "searchCriteria%5BfilterGroups%5D%5B0%5D%5Bfilters%5D%5B0%5D"
READ_BACK = ReadBack(
    documents={
        "order": "/rest/V1/orders/{order}",
        "credit_memos": f"/rest/V1/creditmemos?{_OF_ORDER}%5Bfield%5D=order_id&{_OF_ORDER}%5Bvalue%5D={{order}}",
    },
    fields=(("token", "API access token", True),),
    headers=_headers,
)
