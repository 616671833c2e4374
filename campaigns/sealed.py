"""Secrets of others that lie in the database, closed with a key that does not: shops' API credentials.

AES-256-GCM (https://csrc.nist.gov/pubs/sp/800/38/d/final) with a nonce of 96 random bits. What is sealed is bound to a
text that names its row and use, so a value copied to another row does not open there.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from campaigns.errors import DomainError, Said

_FORM = b"\x01"  # how the rest is to be read; another cipher would begin with another byte
_NONCE_BYTES = 12


class Unopenable(DomainError):
    """Raised when something sealed does not open: another key, another row, or changed bytes."""


def seal(key: bytes, plain: bytes, bound_to: str) -> bytes:
    """`plain` closed with a 32-byte key; the same `bound_to` opens it."""
    nonce = os.urandom(_NONCE_BYTES)
    return _FORM + nonce + AESGCM(key).encrypt(nonce, plain, bound_to.encode())


def unseal(key: bytes, sealed: bytes, bound_to: str) -> bytes:
    """What was sealed; raises Unopenable."""
    nonce, closed = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        if sealed[:1] != _FORM or len(nonce) != _NONCE_BYTES:
            raise InvalidTag
        return AESGCM(key).decrypt(nonce, closed, bound_to.encode())
    except InvalidTag as error:
        raise Unopenable(Said("what is kept under lock does not open; it must be entered again")) from error
