"""What the shop is told of a click: its number, signed, so that nobody makes up a click that brought an order.

The number grows with time and needs no index of its own; the signature is 40 bits of a keyed hash over it.
"""

import hmac

from campaigns.ids import number_of, written

NUMBER_LENGTH = 11  # 63 bits
TAG_LENGTH = 7  # 40 bits
_MOST = (1 << 63) - 1


def signed(key: bytes, number: int) -> str:
    """The public id of a click, 18 letters and digits.

    >>> named(b"k", signed(b"k", 12345)), named(b"other", signed(b"k", 12345))
    (12345, None)
    """
    return written(number, NUMBER_LENGTH) + written(_tag(key, number), TAG_LENGTH)


def named(key: bytes, public: str) -> int | None:
    """The click a public id names; None for one that isn't ours."""
    number = number_in(public)
    if number is None or not hmac.compare_digest(public.encode(), signed(key, number).encode()):
        return None
    return number


def number_in(public: str) -> int | None:
    """The number a public id speaks of, signed or not; None for what has another form."""
    if len(public) != NUMBER_LENGTH + TAG_LENGTH or not public.isascii():
        return None
    try:
        number = number_of(public[:NUMBER_LENGTH])
    except ValueError:
        return None
    return number if number <= _MOST else None


def _tag(key: bytes, number: int) -> int:
    digest = hmac.digest(key, b"click:%d" % number, "sha256")
    return int.from_bytes(digest[:5], "big")
