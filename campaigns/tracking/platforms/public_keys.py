"""Secrets that are none: a platform's public RSA keys, pasted as PEM, one after another.

A form's one-line field drops the line ends of what is pasted, so a key is found by its first and last line and its
base64 is read without any spaces. What stands around the keys is left to the platform.
"""

import base64
import binascii
import re

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

SHORTEST_KEY = 2048  # bits; shorter ones have been broken

_KEY = re.compile(r"-----BEGIN PUBLIC KEY-----(.*?)-----END PUBLIC KEY-----", re.DOTALL)


def rsa_keys(secret: str) -> list[RSAPublicKey]:
    """The keys in `secret`; what is no RSA key, or too short a one, is passed over, and so signs nothing."""
    return [key for written in _KEY.findall(secret) if (key := _rsa_key(written)) is not None]


def words_around(secret: str) -> list[str]:
    """The words of `secret` that belong to no key.

    >>> words_around("client-1 -----BEGIN PUBLIC KEY-----MIIB-----END PUBLIC KEY-----")
    ['client-1']
    """
    return _KEY.sub(" ", secret).split()


def rsa_signed(key: RSAPublicKey, message: bytes, signature: bytes) -> bool:
    """Whether `signature` is the key's own over `message`, by RSASSA-PKCS1-v1_5 with SHA-256."""
    try:
        key.verify(signature, message, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def _rsa_key(written: str) -> RSAPublicKey | None:
    try:
        encoded = "".join(written.replace("\\n", "").split())
        key = load_der_public_key(base64.b64decode(encoded, validate=True))
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, RSAPublicKey) and key.key_size >= SHORTEST_KEY else None
