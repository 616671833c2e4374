"""Names we make up: public ids for addresses, slugs for links, codes for people to say aloud.

Integers stay inside; what leaves the house is short and random. A spoken code has no 0 O 1 I L, so it survives a
story, a voice message and a tired thumb.
"""

import secrets
import threading
from datetime import UTC, datetime

import shortuuid
from shortuuid.main import int_to_string, string_to_int

SPOKEN_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

_spoken = shortuuid.ShortUUID(alphabet=SPOKEN_ALPHABET)
_opaque = shortuuid.ShortUUID()
_ALPHABET = list(_opaque.get_alphabet())
# A random byte as a letter; the last bytes, which would make some letters likelier, are dropped.
_LETTERS = bytes(ord(_ALPHABET[byte % len(_ALPHABET)]) for byte in range(256))
_BIASED = bytes(range(256 - 256 % len(_ALPHABET), 256))


def public_id() -> str:
    """A short opaque id, 14 characters of a 57-letter alphabet: 81 bits."""
    return _random(14)


def link_slug() -> str:
    """The last part of an affiliate link, 9 characters: 52 bits."""
    return _random(9)


def _random(length: int) -> str:
    """Random letters of a public id, each as likely: a busy shop's orders each need some, so no draw per letter."""
    letters = b""
    while len(letters) < length:
        letters += secrets.token_bytes(2 * length).translate(_LETTERS, _BIASED)
    return letters[:length].decode()


def spoken_tail(length: int) -> str:
    """Random characters of the spoken alphabet, for the end of a coupon code."""
    return str(_spoken.random(length=length))


def secret_token() -> str:
    """A bearer secret of 256 bits, stored only as its hash."""
    return secrets.token_urlsafe(32)


class TimeOrdered:
    """Integer ids that grow with time, made here and not by the database: 41 bits of ms, 10 of process, 12 of number.

    One of these per process. Two processes that drew the same number collide on a primary key; `renumber` and try
    again. A clock that is set back makes the ids go on from where they were.
    """

    EPOCH = datetime(2024, 1, 1, tzinfo=UTC)

    def __init__(self, process: int | None = None) -> None:
        self._mutex = threading.Lock()
        self._last = 0
        self.process = secrets.randbelow(1024) if process is None else process

    def next(self, now: datetime) -> int:
        """The next id at a moment."""
        milliseconds = self._milliseconds(now)
        with self._mutex:
            self._last = max(self._last + 1, milliseconds << 12)
            tick, number = self._last >> 12, self._last & 4095
        return tick << 22 | self.process << 12 | number

    @classmethod
    def floor(cls, moment: datetime) -> int:
        """The smallest id of a moment: an id below it was made before, for ids run ahead of their clock at most.

        >>> TimeOrdered.floor(TimeOrdered.EPOCH), TimeOrdered(1).next(TimeOrdered.EPOCH)
        (0, 4097)
        """
        return max(cls._milliseconds(moment), 0) << 22

    @classmethod
    def _milliseconds(cls, moment: datetime) -> int:
        since = moment - cls.EPOCH
        return (since.days * 86_400 + since.seconds) * 1000 + since.microseconds // 1000

    def renumber(self) -> None:
        """Become another process in the ids made from here on."""
        self.process = (self.process + 1 + secrets.randbelow(1022)) % 1024


def written(number: int, length: int) -> str:
    """A whole number in the letters of a public id, filled up to `length`."""
    return str(int_to_string(number, _ALPHABET, length))


def number_of(text: str) -> int:
    """The number `written` so; raises ValueError for any other letter."""
    return int(string_to_int(text, _ALPHABET))


def masked(number: str) -> str:
    """An order's number as its influencer sees it: enough to ask about it, too little to look it up.

    >>> masked("#1042"), masked("7")
    ('•••42', '•••')
    """
    digits = "".join(character for character in number if character.isalnum())
    return "•••" + (digits[-2:] if len(digits) > 2 else "")
