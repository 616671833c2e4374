"""A row's cells as the fields of a record: numbers, lists and codes out of what people write in a spreadsheet.

Only the shape is read here. Whether a value may stand on record is decided by people/records.py, which the console's
form and the API ask too. An empty cell says nothing, and so sends nothing.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from babel import Locale

from campaigns.i18n import LANGUAGES, N_, gettext, speaking
from campaigns.people.fields import Refused
from campaigns.people.profile import AGES, STYLES, several_of

YES = {"yes", "y", "true", "1", "כן", "نعم", "да"}
NO = {"no", "n", "false", "0", "לא", "لا", "нет"}
TEXTS = ("name", "phone")


def whole_number(text: str) -> int:
    """A number as people write it, with commas or blanks between thousands.

    >>> whole_number("12,400"), whole_number("70%")
    (12400, 70)
    """
    digits = "".join(text.split()).replace(",", "").removesuffix("%").removesuffix(".0")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 15:
        raise Refused(N_("This must be a whole number in range."))
    return int(digits)


def yes_or_no(text: str) -> bool:
    """Yes or no in any of our languages."""
    if text.casefold() not in YES | NO:
        raise Refused(N_("This must be yes or no."))
    return text.casefold() in YES


def day(text: str) -> str:
    """A day by ISO 8601; a spreadsheet adds midnight to it.

    >>> day("2026-06-01 00:00:00")
    '2026-06-01'
    """
    try:
        return date.fromisoformat(text.split(maxsplit=1)[0]).isoformat()
    except ValueError as error:
        raise Refused(N_("A day is written as 2026-05-31.")) from error


def several(known: Callable[[], Mapping[str, str]]) -> Callable[[str], list[str]]:
    """A reader of several words, each a code or its name in one of our languages; others stay as they are."""
    return lambda text: [known().get(word.casefold(), word) for word in several_of(text)]


def one(known: Callable[[], Mapping[str, str]]) -> Callable[[str], str]:
    """A reader of one such word."""
    return lambda text: known().get(text.casefold(), text)


@cache
def languages() -> Mapping[str, str]:
    """Name of a language -> its two letters."""
    return _names(lambda locale: locale.languages)


@cache
def countries() -> Mapping[str, str]:
    """Name of a country -> its two letters."""
    return _names(lambda locale: locale.territories)


@cache
def styles() -> Mapping[str, str]:
    """Name of a style -> its code."""
    return _told(STYLES.items())


@cache
def ages() -> Mapping[str, str]:
    """An age band with any dash -> the band."""
    return {band.replace("-", dash): band for band in AGES for dash in ("-", "–", "—", " - ")}


READERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "language": ("language", one(languages)),
    "niches": ("niches", several_of),
    "network": ("network", str.casefold),  # as the forms suggest them
    "followers": ("followers", whole_number),
    "country": ("country", one(countries)),
    "styles": ("styles", several(styles)),
    "content_languages": ("content_languages", several(languages)),
    "audience_countries": ("countries", several(countries)),
    "audience_ages": ("ages", several(ages)),
    "audience_women_percent": ("women_percent", whole_number),
    "audience_interests": ("interests", several_of),
    "away_from": ("from", day),
    "away_to": ("to", day),
    "leaderboard": ("leaderboard", yes_or_no),
}


def _names(of: Callable[[Locale], Mapping[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for language in LANGUAGES:
        for code, name in of(Locale(language)).items():
            if len(str(code)) == 2:
                found.setdefault(str(name).casefold(), str(code))
    return found | {code.casefold(): code for code in set(found.values())}


def _told(words: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for code, word in words:
        found[code] = code
        for language in LANGUAGES:
            with speaking(language):
                found[gettext(word).casefold()] = code
    return found
