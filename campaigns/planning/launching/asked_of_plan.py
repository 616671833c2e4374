"""What a plan says beyond dates and terms: read as people type it, and what is wrong with it.

Everything here may be left empty; the launch checklist asks for what a campaign should not go without.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from campaigns.errors import Said

LONGEST_CATEGORY = 60
LONGEST_TEXT = 5_000
LONGEST_WORD = 60
MOST_WORDS = 20
INVITATION_DAYS = range(1, 61)
AUDIENCE = ("countries", "ages", "women_percent", "interests")
_COUNTRY = re.compile(r"[A-Z]{2}")
_AGES = re.compile(r"\d{1,2}-\d{1,2}|\d{1,2}\+")


def tidy_words(words: Sequence[str]) -> list[str]:
    """Without empty ones, doubles, and what stands around them.

    >>> tidy_words([" reviews ", "", "reviews", "humour"])
    ['reviews', 'humour']
    """
    return list(dict.fromkeys(" ".join(word.split()) for word in words if word.strip()))


def tidy_hashtags(words: Sequence[str]) -> list[str]:
    """Hashtags without their #.

    >>> tidy_hashtags(["#AmberSkin", " #glow", "glow"])
    ['AmberSkin', 'glow']
    """
    return tidy_words([word.strip().lstrip("#") for word in words])


def tidy_audience(audience: Mapping[str, Any]) -> dict[str, Any]:
    """Only what is said, countries in capitals."""
    found: dict[str, Any] = {}
    for name, value in audience.items():
        tidied = tidy_words([one.upper() if name == "countries" else one for one in value]) if _words(value) else value
        if tidied not in (None, [], ""):
            found[name] = tidied
    return found


def problems_of_audience(audience: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is wrong with an audience, by field."""
    wrong: dict[str, list[str]] = {}
    if unknown := [name for name in audience if name not in AUDIENCE]:
        wrong["audience"] = [Said("does not know %(names)s", names=", ".join(unknown))]
    for name in ("countries", "ages", "interests"):
        if name in audience and (problem := _problem_of_words(audience[name])):
            wrong[f"audience.{name}"] = [problem]
    if not wrong and any(not _COUNTRY.fullmatch(one) for one in audience.get("countries", [])):
        wrong["audience.countries"] = [Said("A country is two letters, such as IL.")]
    if not wrong and any(not _AGES.fullmatch(one) for one in audience.get("ages", [])):
        wrong["audience.ages"] = [Said("Ages are written 18-24, or 65+.")]
    women = audience.get("women_percent")
    if women is not None and (not isinstance(women, int) or isinstance(women, bool) or not 0 <= women <= 100):
        wrong["audience.women_percent"] = [Said("must be from 0 to 100")]
    return wrong


def problems_of_words(fields: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """What is wrong with lists of words, by field."""
    return {name: [problem] for name, words in fields.items() if (problem := _problem_of_words(words))}


def problems_of_texts(fields: Mapping[str, str]) -> dict[str, list[str]]:
    """Which texts are too long, by field."""
    return {
        name: [Said("has more than %(most)s characters", most=_longest(name))]
        for name, text in fields.items()
        if len(text) > _longest(name)
    }


def _words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _longest(field: str) -> int:
    return LONGEST_CATEGORY if field == "category" else LONGEST_TEXT


def _problem_of_words(words: object) -> str | None:
    if not isinstance(words, list) or not _words(words):
        return Said("must be a list of words")
    if len(words) > MOST_WORDS:
        return Said("has more than %(most)s entries", most=MOST_WORDS)
    if any(len(word) > LONGEST_WORD for word in words):
        return Said("An entry has at most %(most)s characters.", most=LONGEST_WORD)
    return None
