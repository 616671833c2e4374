"""Signatures published by the vendors or checked against their libraries; and that no bit of any may change."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from campaigns.errors import Forged
from campaigns.tracking.platforms.registry import PLATFORMS
from campaigns.tracking.platforms.shopware_app import proof, register

FILE = Path(__file__).parents[3] / "../shared/webhooks/vectors.json"
OURS = {"shopify": "shopify", "woocommerce": "woocommerce", "standard-webhooks": "standard", "generic": "standard"}
OURS |= {"bigcommerce": "bigcommerce", "ecwid": "ecwid", "squarespace": "squarespace"}
SIGNATURES = {"shopify": "hmac-sha256", "woocommerce": "signature", "standard": "webhook-signature"}
SIGNATURES |= {"bigcommerce": "webhook-signature", "ecwid": "webhook-signature", "squarespace": "signature"}
OURS |= {"stripe": "stripe", "shopware": "shopware", "salla": "salla", "wix": "wix"}
OURS |= {"magento-adobe-io-events": "adobe-commerce"}
SIGNATURES |= {"stripe": "stripe-signature", "shopware": "shop-signature", "salla": "salla-signature"}
SIGNATURES |= {"adobe-commerce": "digital-signature-1"}
# Adobe's keys are everybody's: the secret has the client in it too.
CLIENT = "client-1\n"
# Platforms that sign some values of the body and not its bytes.
SIGNED_VALUES = {"ecwid": ("eventCreated", "eventId")}


def vectors() -> list[dict[str, Any]]:
    listed = json.loads(FILE.read_text())["vectors"] if FILE.exists() else []
    ours = [vector for vector in listed if vector["platform"] in OURS and "body" in vector]
    return [{"secret": CLIENT + vector.get("public_key_pem", ""), "headers": {}} | vector for vector in ours]


def chosen(*outcomes: object) -> list[Any]:
    missing = pytest.mark.skip(reason=f"{FILE} is not present")
    listed = [pytest.param(vector, id=vector["origin"][:50]) for vector in vectors() if vector["valid"] in outcomes]
    return listed or [pytest.param({}, marks=missing)]


def headers_of(vector: dict[str, Any]) -> dict[str, str]:
    return {name.lower(): value for name, value in vector["headers"].items()}


def holds(vector: dict[str, Any], *, headers: dict[str, str] | None = None, body: bytes | None = None) -> bool:
    now = datetime.fromtimestamp(vector.get("now", 0), UTC)
    sent = vector["body"].encode() if body is None else body
    verify = PLATFORMS[OURS[vector["platform"]]].verify
    try:
        verify([vector["secret"]], headers_of(vector) if headers is None else headers, sent, now)
    except Forged:
        return False
    return True


def signed_bytes(vector: dict[str, Any]) -> list[int]:
    """The places in the body that the signature covers."""
    body = vector["body"].encode()
    names = SIGNED_VALUES.get(OURS[vector["platform"]])
    values = [str(json.loads(body)[name]).encode() for name in names] if names else [body]
    return [place for value in values for place in range(body.index(value), body.index(value) + len(value))]


# "implementation choice" is the newline that Ruby's encode64 leaves after the signature: we strip it.
VALID = chosen(True, "implementation choice")


# Salla's other strategy sends the secret itself, and signs nothing.
SIGNED = [each for each in VALID if "Authorization" not in each.values[0].get("headers", {})]
# Wix signs a token, which is the body.
SIGNED_IN_HEADERS = [each for each in SIGNED if each.values[0].get("platform") != "wix"]


@pytest.mark.parametrize("vector", VALID)
def test_a_genuine_delivery_is_believed(vector: dict[str, Any]) -> None:
    assert holds(vector)


@pytest.mark.parametrize("vector", chosen(False, "unsigned: answer exactly 200, do nothing"))
def test_a_forged_stale_or_unsigned_delivery_is_not(vector: dict[str, Any]) -> None:
    assert not holds(vector)


@pytest.mark.parametrize("vector", SIGNED)
def test_no_bit_of_the_body_may_change(vector: dict[str, Any]) -> None:
    body = vector["body"].encode()
    for place in (byte * 8 + bit for byte in signed_bytes(vector) for bit in range(8)):
        changed = bytearray(body)
        changed[place // 8] ^= 1 << place % 8
        assert not holds(vector, body=bytes(changed)), place


def signature_in(vector: dict[str, Any]) -> tuple[str, str]:
    """A header's name and the one signature in it that holds."""
    headers = headers_of(vector)
    name = next(name for name in headers if name.endswith(SIGNATURES[OURS[vector["platform"]]]))
    parts = headers[name].strip().split("," if name == "stripe-signature" else None)
    stamp = f"{parts[0]}," if name == "stripe-signature" else ""
    candidates = [stamp + part for part in reversed(parts)]
    return name, next(part for part in candidates if holds(vector, headers=headers | {name: part}))


@pytest.mark.parametrize("vector", SIGNED_IN_HEADERS)
def test_no_bit_of_the_signature_may_change(vector: dict[str, Any]) -> None:
    headers, (name, signature) = headers_of(vector), signature_in(vector)
    for place in range(len(signature) * 8):
        changed = bytearray(signature.encode())
        changed[place // 8] ^= 1 << place % 8
        assert not holds(vector, headers=headers | {name: changed.decode("latin-1")}), place


@pytest.mark.parametrize("vector", VALID)
def test_another_secret_does_not_hold(vector: dict[str, Any]) -> None:
    other = "whsec_" + base64.b64encode(b"x" * 24).decode()
    assert not holds(vector | {"secret": other})


@pytest.mark.parametrize(
    "vector", [each for each in VALID if OURS.get(each.values[0].get("platform")) in ("standard", None)]
)
def test_the_published_library_signs_the_same(vector: dict[str, Any]) -> None:
    headers = headers_of(vector)
    moment = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
    theirs = Webhook(vector["secret"]).sign(headers["webhook-id"], moment, vector["body"])
    assert holds(vector, headers=headers | {"webhook-signature": theirs})


@pytest.mark.parametrize("vector", chosen("unsigned: answer exactly 200, do nothing"))
def test_the_unsigned_ping_is_recognised(vector: dict[str, Any]) -> None:
    assert PLATFORMS["woocommerce"].is_ping(headers_of(vector), vector["body"].encode())


def handshakes(header: str) -> list[Any]:
    listed = json.loads(FILE.read_text())["vectors"] if FILE.exists() else []
    found = [pytest.param(vector) for vector in listed if header in vector.get("headers", {})]
    return found or [pytest.param({}, marks=pytest.mark.skip(reason=f"{FILE} is not present"))]


@pytest.mark.parametrize("vector", handshakes("shopware-app-signature"))
def test_a_shops_registration_of_the_app_is_believed_as_signed(vector: dict[str, Any]) -> None:
    query = vector["signed"].encode()
    assert (
        register([vector["secret"]], vector["headers"], query, "https://agency.example")["secret"] == vector["secret"]
    )
    for place in range(len(query)):
        with pytest.raises(Forged):
            register([vector["secret"]], vector["headers"], query[:place] + b"~" + query[place + 1 :], "")


@pytest.mark.parametrize("vector", handshakes("(json) proof"))
def test_the_proof_we_answer_a_registration_with_is_the_expected_one(vector: dict[str, Any]) -> None:
    assert proof(vector["secret"], "test", "test.de", "test") == vector["headers"]["(json) proof"]
