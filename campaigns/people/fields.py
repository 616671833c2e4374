"""Reading the fields of people's records: what can't be taken is collected by field and refused together."""

import re
import unicodedata
from collections.abc import Callable
from typing import TypeVar

from email_validator import EmailNotValidError, validate_email

from campaigns.errors import Invalid
from campaigns.i18n import LANGUAGES, N_

Read = TypeVar("Read")

LEAST_DIGITS, MOST_DIGITS = 7, 15
_PHONE = re.compile(r"\+?[0-9 ()./-]+")

_UNPRINTABLE = {"Cc", "Cs"}  # control characters and lone surrogates: no database and no mail header takes them


class Refused(ValueError):
    """Raised by a reader of one value, with the reason a person can act on."""


class Collected:
    """The reasons found so far, by field."""

    def __init__(self) -> None:
        self.errors: dict[str, list[str]] = {}

    def read(self, field: str, reader: Callable[[], Read], otherwise: Read) -> Read:
        """What `reader` returns; where it refuses, the reason is kept and `otherwise` stands in until finish()."""
        try:
            return reader()
        except Refused as refused:
            self.errors.setdefault(field, []).append(str(refused))
            return otherwise

    def finish(self) -> None:
        """Raise Invalid with everything found, if anything was."""
        if self.errors:
            raise Invalid(self.errors)


def read_email(value: object) -> str:
    """An address in its one spelling, case-folded; whether it can be reached is found out by writing to it."""
    try:
        found = validate_email(str(value).strip(), test_environment=True, globally_deliverable=False)
    except EmailNotValidError as error:
        raise Refused(N_("This is not an e-mail address.")) from error
    address = found.normalized.casefold()
    if len(address) > 254:
        raise Refused(N_("This is not an e-mail address."))
    return address


def read_phone(value: object) -> str:
    """A telephone number as people write it, or "" for none: seven to fifteen digits, and what is put between them.

    Fifteen is the most an international number has: https://www.itu.int/rec/T-REC-E.164
    """
    text = read_text(value, 40)
    digits = sum(character.isdigit() for character in text)
    if text and not (text.isascii() and LEAST_DIGITS <= digits <= MOST_DIGITS and _PHONE.fullmatch(text)):
        raise Refused(N_("This is not a telephone number."))
    return text


def read_text(value: object, longest: int, required: bool = False) -> str:
    """One line of text without the blanks around it."""
    if not isinstance(value, str):
        raise Refused(N_("This must be text."))
    text = value.strip()
    if any(unicodedata.category(character) in _UNPRINTABLE for character in text):
        raise Refused(N_("Use characters that can be typed, on one line."))
    if len(text) > longest:
        raise Refused(N_("This is too long."))
    if required and not text:
        raise Refused(N_("This field is required."))
    return text


def read_language(value: object) -> str:
    """One of our languages."""
    if value not in LANGUAGES:
        raise Refused(N_("Choose Hebrew, Arabic, Russian or English."))
    return str(value)


def read_choice(value: object, choices: tuple[str, ...]) -> str:
    """One of `choices`."""
    if value not in choices:
        raise Refused(N_("Choose one of the values offered."))
    return str(value)


def read_number(value: object, largest: int) -> int:
    """A whole number from zero."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= largest:
        raise Refused(N_("This must be a whole number in range."))
    return value
