"""A delivery's JSON, read strictly: every field is asked for by its type, and what does not fit is Unreadable.

A `JsonObject` knows its own path, so a refusal names the field (`line_items[2].price`) and never its content, which
may be personal. Numbers are `int` or `Decimal`; there is no float. Of duplicate keys the last one counts, as it does
for every sender's own parser: the signature covers the bytes, so nobody in between can have added a second one.
"""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NoReturn
from zoneinfo import ZoneInfo

import msgspec

from campaigns.errors import Unreadable
from campaigns.money import LARGEST_MINOR, exponent, parse_minor, parse_minor_rounded

LONGEST_ID = 120
LONGEST_TEXT = 255

_AMOUNT = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{0,20})?|[+-]?\.[0-9]{1,20}")
_QUANTITY = re.compile(r"[0-9]{1,9}(\.[0-9]{1,12})?")
_MOMENT = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]"
    r"(?P<time>[0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]{1,9})?)?) ?"
    r"(?P<zone>([Zz]|[+-][0-9]{2}:?[0-9]{2})?)"
)
_FAST = msgspec.json.Decoder(float_hook=Decimal)
# A clock outside these years is broken; believed, it would make every later snapshot of the order look old.
_YEARS = range(1990, 2200)


def read_json(body: bytes) -> Any:
    """The value of a JSON document in UTF-8 (a byte order mark is tolerated); raises Unreadable, and nothing else.

    Msgspec reads it in a third of the time. What it refuses is left to Python's own parser, which knows byte order
    marks, halves of characters in texts that nobody asks for, and the kinds of errors.

    >>> read_json(b'{"price": 1.10}')
    {'price': Decimal('1.10')}
    """
    try:
        return _FAST.decode(body)
    except (ValueError, ArithmeticError, RecursionError):
        pass
    try:
        return json.loads(body.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise Unreadable("the body is not a JSON document") from error


def read_object(body: bytes) -> "JsonObject":
    """The JSON object a body holds."""
    value = read_json(body)
    if not isinstance(value, dict):
        raise Unreadable("the body is not a JSON object")
    return JsonObject(value)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def clean_text(value: str, path: str) -> str:
    """`value` if a database can hold it: no NUL (PostgreSQL refuses it), no half of a surrogate pair (UTF-8 does)."""
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise Unreadable(f"{path}: half a character") from error
    if "\0" in value:
        raise Unreadable(f"{path}: a NUL character")
    return value


def parse_moment(value: object, path: str, zone: str | None = None) -> datetime:
    """An ISO 8601 moment in UTC; one written without offset is read in `zone`, or refused where none is given.

    >>> parse_moment("2026-05-01T12:00:00+03:00", "at").isoformat()
    '2026-05-01T09:00:00+00:00'
    """
    written = _MOMENT.fullmatch(value.strip()) if isinstance(value, str) else None
    if written is None:
        raise Unreadable(f"{path}: not a date and time")
    try:
        moment = datetime.fromisoformat(f"{written['day']}T{written['time']}{written['zone'].upper()}")
    except ValueError as error:
        raise Unreadable(f"{path}: not a date and time") from error
    if moment.year not in _YEARS:
        raise Unreadable(f"{path}: not a year of our times")
    if moment.tzinfo is None:
        if zone is None:
            raise Unreadable(f"{path}: a date and time without a zone")
        moment = moment.replace(tzinfo=_zone(zone, path))
    return moment.astimezone(UTC)


def _zone(name: str, path: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise Unreadable(f"{path}: local time, and the shop's time zone is unknown") from error


class JsonObject:
    """One JSON object and the path it stands at. Absent and null are the same thing to every reader."""

    __slots__ = ("path", "values")

    def __init__(self, values: dict[str, Any], path: str = "") -> None:
        self.values = values
        self.path = path

    def at(self, name: str) -> str:
        """The path of a member, for a refusal."""
        return f"{self.path}.{name}" if self.path else name

    def has(self, name: str) -> bool:
        """Whether a member is there and says something: null and a blank string say nothing."""
        value = self.values.get(name)
        return value is not None and not (isinstance(value, str) and not value.strip())

    def text(self, name: str, longest: int = LONGEST_TEXT) -> str:
        """A string or a number as text, cut to `longest`; "" where there is none. Not for what we look things up by."""
        value = self.values.get(name)
        if value is None:
            return ""
        if isinstance(value, str) and _is_everyday(value):
            return value[:longest]
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            raise Unreadable(f"{self.at(name)}: not a text")
        return clean_text(str(value), self.at(name))[:longest]

    def word(self, name: str) -> str:
        """A text that must be there and say something, without blanks around it."""
        word = self.text(name).strip()
        if not word:
            raise Unreadable(f"{self.at(name)}: missing")
        return word

    def identifier(self, name: str) -> str:
        """An id as a string, whether it was sent as one or as an integer of any size; never cut."""
        value = self.values.get(name)
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise Unreadable(f"{self.at(name)}: not an id")
        identifier = str(value).strip()
        if not _is_everyday(identifier):
            clean_text(identifier, self.at(name))
        if not 1 <= len(identifier) <= LONGEST_ID:
            raise Unreadable(f"{self.at(name)}: not an id")
        return identifier

    def currency(self, name: str) -> str:
        """An ISO 4217 currency code."""
        code = self.word(name)
        try:
            exponent(code)
        except Unreadable as error:
            raise Unreadable(f"{self.at(name)}: not an ISO 4217 currency") from error
        return code

    def amount(self, name: str, currency: str, *, signed: bool = False, rounded: bool = False) -> int:
        """Minor units of a required amount in major units: a plain decimal string or a number.

        Below zero only where `signed`; more decimals than the currency has only where `rounded` (half away from zero).
        """
        value = self.values.get(name)
        try:
            minor = _minor(value if isinstance(value, str) else _plain(value), currency, rounded)
        except _NoAmount as error:
            raise Unreadable(f"{self.at(name)}: not an amount") from error
        if minor is None:
            raise Unreadable(f"{self.at(name)}: not an amount in {currency}")
        if minor < 0 and not signed:
            raise Unreadable(f"{self.at(name)}: below zero")
        return minor

    def amount_or_zero(self, name: str, currency: str, *, signed: bool = False, rounded: bool = False) -> int:
        """As amount, but 0 where there is none: for charges that a sender leaves out when it has none."""
        return self.amount(name, currency, signed=signed, rounded=rounded) if self.has(name) else 0

    def quantity(self, name: str) -> str:
        """How many, as sent: "2", "1.5"; never negative."""
        value = self.values.get(name)
        text = str(value).strip() if isinstance(value, str | int | Decimal) and not isinstance(value, bool) else ""
        if not _QUANTITY.fullmatch(text):
            raise Unreadable(f"{self.at(name)}: not a quantity")
        return text

    def count(self, name: str) -> int:
        """How many, for a platform that sells whole units only."""
        value = self.values.get(name)
        if type(value) is int and 0 <= value < 10**9:
            return value  # as nearly all send it
        text = self.quantity(name)
        if not text.isdecimal():
            raise Unreadable(f"{self.at(name)}: not a whole number")
        return int(text)

    def flag(self, name: str) -> bool:
        """A required true or false."""
        value = self.values.get(name)
        if not isinstance(value, bool):
            raise Unreadable(f"{self.at(name)}: neither true nor false")
        return value

    def flag_or_false(self, name: str) -> bool:
        """As flag, but false where it is absent."""
        return self.flag(name) if self.values.get(name) is not None else False

    def when(self, name: str, zone: str | None = None) -> datetime:
        """A required moment in UTC; see parse_moment."""
        return parse_moment(self.values.get(name), self.at(name), zone)

    def when_or_none(self, name: str, zone: str | None = None) -> datetime | None:
        """As when, but None where there is none."""
        return self.when(name, zone) if self.has(name) else None

    def object(self, name: str) -> "JsonObject":
        """A member object; an empty one where there is none (PHP writes an empty one as `[]`)."""
        value = self.values.get(name)
        if value is None or value == []:
            value = {}
        if not isinstance(value, dict):
            raise Unreadable(f"{self.at(name)}: not an object")
        return JsonObject(value, self.at(name))

    def objects(self, name: str) -> list["JsonObject"]:
        """A member list of objects; an empty one where there is none."""
        value = self.values.get(name)
        if value is None or value == []:
            return []
        path = self.at(name)
        if not isinstance(value, list):
            raise Unreadable(f"{path}: not a list")
        found = []
        for place, item in enumerate(value):
            if not isinstance(item, dict):
                raise Unreadable(f"{path}[{place}]: not an object")
            found.append(JsonObject(item, f"{path}[{place}]"))
        return found


def _is_everyday(value: str) -> bool:
    """Whether a text is ASCII without a NUL, as nearly all are: no question then whether a database can hold it."""
    return value.isascii() and "\0" not in value


class _NoAmount(ValueError):
    """Raised for a text that is no amount in any currency; unlike an answer, it is not remembered."""


def _plain(number: object) -> str:
    """A number in plain digits; "" for what is none, or is far beyond any amount."""
    if isinstance(number, Decimal):
        return f"{number:f}" if abs(number.adjusted()) <= 20 else ""
    return str(number) if isinstance(number, int) and not isinstance(number, bool) else ""


@lru_cache(8192)
def _minor(written: str, currency: str, rounded: bool) -> int | None:
    """Minor units of an amount, None where it is none in this currency; a shop's prices come again and again.

    Raises _NoAmount.
    """
    if not _AMOUNT.fullmatch(written.strip()):
        raise _NoAmount
    try:
        return (parse_minor_rounded if rounded else parse_minor)(written, currency)
    except Unreadable:
        return None


def within_reach(amount_minor: int, path: str) -> int:
    """`amount_minor` if a computed amount is still one this system takes; a product of two sane numbers may not be."""
    if abs(amount_minor) > LARGEST_MINOR:
        raise Unreadable(f"{path}: more than this system takes")
    return amount_minor
