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

FILE = Path(__file__).parents[3] / "../shared/webhooks/vectors.json"
OURS = {"shopify": "shopify", "woocommerce": "woocommerce", "standard-webhooks": "standard", "generic": "standard"}
SIGNATURES = {"shopify": "hmac-sha256", "woocommerce": "signature", "standard": "webhook-signature"}


def vectors() -> list[dict[str, Any]]:
    listed = json.loads(FILE.read_text())["vectors"] if FILE.exists() else []
    return [vector for vector in listed if vector["platform"] in OURS]


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


# "implementation choice" is the newline that Ruby's encode64 leaves after the signature: we strip it.
VALID = chosen(True, "implementation choice")


@pytest.mark.parametrize("vector", VALID)
def test_a_genuine_delivery_is_believed(vector: dict[str, Any]) -> None:
    assert holds(vector)


@pytest.mark.parametrize("vector", chosen(False, "unsigned: answer exactly 200, do nothing"))
def test_a_forged_stale_or_unsigned_delivery_is_not(vector: dict[str, Any]) -> None:
    assert not holds(vector)


@pytest.mark.parametrize("vector", VALID)
def test_no_bit_of_the_body_may_change(vector: dict[str, Any]) -> None:
    body = vector["body"].encode()
    for place in range(len(body) * 8):
        changed = bytearray(body)
        changed[place // 8] ^= 1 << place % 8
        assert not holds(vector, body=bytes(changed)), place


@pytest.mark.parametrize("vector", VALID)
def test_no_bit_of_the_signature_may_change(vector: dict[str, Any]) -> None:
    headers = headers_of(vector)
    name = next(name for name in headers if name.endswith(SIGNATURES[OURS[vector["platform"]]]))
    genuine = headers[name].strip()
    signature = next(part for part in reversed(genuine.split()) if holds(vector, headers=headers | {name: part}))
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
