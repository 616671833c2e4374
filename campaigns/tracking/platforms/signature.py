"""What makes a delivery genuine: a keyed hash over its raw bytes, compared in constant time.

A shop may have several secrets at once, the new and the old one while it rotates them; any of them may have signed.
No secret means nobody can have signed: the delivery is forged. `body_hmac` makes the verifier of every platform that
signs the body alone; those that sign more have their own in their file.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from campaigns.errors import Forged

Verify = Callable[[Sequence[str], Mapping[str, str], bytes, datetime], None]


def sign(key: bytes, message: bytes) -> bytes:
    """The base64 text of HMAC-SHA256 that Shopify, WooCommerce and Standard Webhooks send.

    >>> sign(b"test_secret_key", b'{"foo": "bar"}')
    b'B23tXN681gZ0qIWNRrgtzBE9XSDo5yaUu6wfmhu3a7g='
    """
    return base64.b64encode(hmac.digest(key, message, "sha256"))


def sign_hex(key: bytes, message: bytes) -> bytes:
    """The lower-case hexadecimal text of HMAC-SHA256 that Stripe, Shopware, Salla and Squarespace send."""
    return hmac.digest(key, message, "sha256").hex().encode()


def require_signature(
    keys: Iterable[bytes],
    message: bytes,
    signatures: Iterable[str],
    written: Callable[[bytes, bytes], bytes] = sign,
) -> None:
    """Raise Forged unless one of the signatures is by one of the keys. Every pair is compared, none is told apart."""
    sent = [signature.strip().encode("utf-8", "replace") for signature in signatures]
    genuine = False
    for key in keys:
        expected = written(key, message)
        for signature in sent:
            genuine |= bool(key) and hmac.compare_digest(signature, expected)
    if not genuine:
        raise Forged("the signature does not hold")


def body_hmac(
    header: str,
    written: Callable[[bytes, bytes], bytes] = sign,
    key: Callable[[str], bytes] = str.encode,
) -> Verify:
    """The verifier of a platform that signs the raw body with the shop's secret and puts the text in `header`.

    `key` turns the stored secret into the key's bytes; empty bytes are no key.
    """

    def verify(secrets: Sequence[str], headers: Mapping[str, str], body: bytes, now: datetime) -> None:
        require_signature(map(key, secrets), body, [headers.get(header, "")], written)

    return verify


def body_digest(*parts: bytes) -> str:
    """A delivery id for a platform that sends none of its own: the same bytes are the same delivery.

    >>> body_digest(b"{}")[:11], body_digest(b"{}", b"7") == body_digest(b"{}7")
    ('sha256:7cf4', False)
    """
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return "sha256:" + digest.hexdigest()
