"""Any bytes at all, as a shop of each platform sends them: signed with its secret, so that they are genuine."""

import base64
import json
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import jwt
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from campaigns.errors import Unreadable
from campaigns.tracking.json_body import read_object
from campaigns.tracking.platforms.signature import sign, sign_hex
from campaigns.tracking.platforms.standard import SECRET_PREFIX

# Their proof is inside the body, so of one that can't be read nobody knows who sent it: that is 401.
PROOF_INSIDE = {"ecwid", "wix", "adobe-commerce"}
CLIENT = "client-1"


class Message(NamedTuple):
    """What is to be signed: bytes, the topic that stands outside of them, a number of its own, the Unix time."""

    body: bytes
    topic: str
    number: int
    at: int


class Sent(NamedTuple):
    """What is posted."""

    body: bytes
    headers: dict[str, str]


def secret_of(platform: str) -> str | None:
    """What a shop of the platform is to be given for a secret; None where ours will do."""
    written = {"wix": _public_key(), "adobe-commerce": f"{CLIENT} {_public_key()}"}
    return written.get(platform)


def _shopify(secret: str, message: Message) -> Sent:
    own = {"X-Shopify-Topic": message.topic, "X-Shopify-Webhook-Id": f"delivery-{message.number}"}
    return Sent(message.body, own | {"X-Shopify-Hmac-Sha256": sign(secret.encode(), message.body).decode()})


def _woocommerce(secret: str, message: Message) -> Sent:
    own = {"X-WC-Webhook-Topic": message.topic, "X-WC-Webhook-Delivery-ID": f"{message.number}"}
    return Sent(message.body, own | {"X-WC-Webhook-Signature": sign(secret.encode(), message.body).decode()})


def _standard(secret: str, message: Message) -> Sent:
    return _standard_webhook(base64.b64decode(secret.removeprefix(SECRET_PREFIX)), message)


def _bigcommerce(secret: str, message: Message) -> Sent:
    return _standard_webhook(secret.encode(), message)


def _standard_webhook(key: bytes, message: Message) -> Sent:
    name = f"msg_{message.number}"
    signature = sign(key, f"{name}.{message.at}.".encode() + message.body).decode()
    own = {"webhook-id": name, "webhook-timestamp": str(message.at)}
    return Sent(message.body, own | {"webhook-signature": f"v1,{signature}"})


def _ecwid(secret: str, message: Message) -> Sent:
    try:
        event = read_object(message.body)
        signed = f"{event.identifier('eventCreated')}.{event.identifier('eventId')}".encode()
    except Unreadable:
        signed = b""
    return Sent(message.body, {"X-Ecwid-Webhook-Signature": sign(secret.encode(), signed).decode()})


def _squarespace(secret: str, message: Message) -> Sent:
    return _hexadecimal("Squarespace-Signature", bytes.fromhex(secret), message)


def _shopware(secret: str, message: Message) -> Sent:
    return _hexadecimal("shopware-shop-signature", secret.encode(), message)


def _salla(secret: str, message: Message) -> Sent:
    return _hexadecimal("X-Salla-Signature", secret.encode(), message)


def _hexadecimal(header: str, key: bytes, message: Message) -> Sent:
    return Sent(message.body, {header: sign_hex(key, message.body).decode()})


def _stripe(secret: str, message: Message) -> Sent:
    signature = sign_hex(secret.encode(), f"{message.at}.".encode() + message.body).decode()
    return Sent(message.body, {"Stripe-Signature": f"t={message.at},v1={signature}"})


def _wix(secret: str, message: Message) -> Sent:
    """A token of the bytes; with a topic they are the event, a JSON text within a JSON text."""
    claims = message.body
    if message.topic:
        event = message.body.decode("utf-8", "surrogateescape")
        data = json.dumps({"eventType": message.topic, "instanceId": "i-1", "data": event})
        claims = json.dumps({"data": data}).encode()
    return Sent(jwt.PyJWS().encode(claims, _private_key(), algorithm="RS256").encode(), {})


def _adobe_commerce(secret: str, message: Message) -> Sent:
    signature = base64.b64encode(_private_key().sign(message.body, PKCS1v15(), SHA256())).decode()
    own = {"x-adobe-event-code": f"com.adobe.commerce.{message.topic}", "x-adobe-event-id": f"{message.number}"}
    return Sent(message.body, own | {"x-adobe-digital-signature-2": signature})


SIGNERS: dict[str, Callable[[str, Message], Sent]] = {
    "shopify": _shopify,
    "woocommerce": _woocommerce,
    "standard": _standard,
    "bigcommerce": _bigcommerce,
    "ecwid": _ecwid,
    "squarespace": _squarespace,
    "stripe": _stripe,
    "shopware": _shopware,
    "salla": _salla,
    "wix": _wix,
    "adobe-commerce": _adobe_commerce,
}


@cache
def _private_key() -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


def _public_key() -> str:
    return _private_key().public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
