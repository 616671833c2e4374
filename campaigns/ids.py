"""Names we make up: public ids for addresses, slugs for links, codes for people to say aloud.

Integers stay inside; what leaves the house is short and random. A spoken code has no 0 O 1 I L, so it survives a
story, a voice message and a tired thumb.
"""

import secrets

import shortuuid

SPOKEN_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

_spoken = shortuuid.ShortUUID(alphabet=SPOKEN_ALPHABET)
_opaque = shortuuid.ShortUUID()


def public_id() -> str:
    """A short opaque id, 14 characters of a 57-letter alphabet: 81 bits."""
    return str(_opaque.random(length=14))


def link_slug() -> str:
    """The last part of an affiliate link, 9 characters: 52 bits."""
    return str(_opaque.random(length=9))


def click_id() -> str:
    """The id a click carries to the shop and back, 20 characters: 116 bits."""
    return str(_opaque.random(length=20))


def spoken_tail(length: int) -> str:
    """Random characters of the spoken alphabet, for the end of a coupon code."""
    return str(_spoken.random(length=length))


def secret_token() -> str:
    """A bearer secret of 256 bits, stored only as its hash."""
    return secrets.token_urlsafe(32)
