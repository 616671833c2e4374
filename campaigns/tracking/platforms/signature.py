"""What makes a delivery genuine: an HMAC-SHA256 over its raw bytes, compared in constant time.

A shop may have several secrets at once, the new and the old one while it rotates them; any of them may have signed.
No secret means nobody can have signed: the delivery is forged.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable

from campaigns.errors import Forged


def sign(key: bytes, message: bytes) -> bytes:
    """The base64 text of HMAC-SHA256 that Shopify, WooCommerce and Standard Webhooks send.

    >>> sign(b"test_secret_key", b'{"foo": "bar"}')
    b'B23tXN681gZ0qIWNRrgtzBE9XSDo5yaUu6wfmhu3a7g='
    """
    return base64.b64encode(hmac.new(key, message, hashlib.sha256).digest())


def require_signature(keys: Iterable[bytes], message: bytes, signatures: Iterable[str]) -> None:
    """Raise Forged unless one of the signatures is by one of the keys. Every pair is compared, none is told apart."""
    sent = [signature.strip().encode("utf-8", "replace") for signature in signatures]
    genuine = False
    for key in keys:
        expected = sign(key, message)
        for signature in sent:
            genuine |= bool(key) and hmac.compare_digest(signature, expected)
    if not genuine:
        raise Forged("the signature does not hold")


def body_digest(*parts: bytes) -> str:
    """A delivery id for a platform that sends none of its own: the same bytes are the same delivery.

    >>> body_digest(b"{}")[:11], body_digest(b"{}", b"7") == body_digest(b"{}7")
    ('sha256:7cf4', False)
    """
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return "sha256:" + digest.hexdigest()
