"""What matching asks of a person: the fields they work in, their styles, their audience, the days they are away.

One rule for the console, a person's own page, the API and a file of many. A campaign says whom it wants in the same
words: `read_audience` and `read_styles` read those too. What nobody told is left out, never guessed.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from babel.core import Locale

from campaigns.i18n import N_
from campaigns.money import LARGEST_MINOR
from campaigns.people.fields import Refused, read_number, read_text
from campaigns.people.payee import read_country

MOST_ENTRIES = 50
LONGEST_NICHE = 60
AGES = ("13-17", "18-24", "25-34", "35-44", "45-54", "55-64", "65+")
# How somebody shows things; codes, so that a campaign in Hebrew finds an influencer who reads Arabic.
STYLES = {
    "reviews": N_("Reviews and trials"),
    "lessons": N_("Lessons and tips"),
    "daily_life": N_("Daily life"),
    "stories": N_("Personal stories"),
    "humour": N_("Humour"),
    "unboxing": N_("Unboxing"),
    "before_after": N_("Before and after"),
    "live": N_("Live broadcasts"),
    "recipes": N_("Recipes"),
    "looks": N_("Looks and outfits"),
    "interviews": N_("Conversations with guests"),
    "photos": N_("Photographs"),
}
SPOKEN = frozenset(code for code in map(str, Locale("en").languages) if len(code) == 2)  # by ISO 639-1
AUDIENCE = ("countries", "ages", "women_percent", "interests")


def several_of(text: str) -> list[str]:
    """Words somebody typed in a row: with semicolons between them where there are any, else with commas.

    >>> several_of("skin care, food"), several_of("food, wine; fitness")
    (['skin care', 'food'], ['food, wine', 'fitness'])
    """
    parts = re.split(r"[;\n]" if ";" in text else r"[,،\n]", text)
    return [part.strip() for part in parts if part.strip()]


def read_niches(value: object) -> list[str]:
    """Fields of work in the person's own words, each once."""
    return list(dict.fromkeys(read_text(niche, LONGEST_NICHE, required=True) for niche in _several(value)))


def read_accounts(value: object) -> list[dict[str, Any]]:
    """Accounts on networks; followers are a whole number, 0 where nobody said."""
    return [_account(account) for account in _several(value)]


def read_styles(value: object) -> list[str]:
    """Codes of STYLES, in their order."""
    return _of(STYLES, value)


def read_content_languages(value: object) -> list[str]:
    """Languages somebody posts in, by their two letters.

    >>> read_content_languages(["ar", "he", "ar"])
    ['ar', 'he']
    """
    asked = list(dict.fromkeys(str(code).strip().casefold() for code in _several(value)))
    if not SPOKEN.issuperset(asked):
        raise Refused(N_("Choose a language, by its two letters."))
    return asked


def read_audience(value: object) -> dict[str, Any]:
    """Whom somebody reaches, or a campaign wants to; what was left empty is not in it.

    >>> read_audience({"countries": ["il"], "ages": ["25-34", "18-24"], "women_percent": None})
    {'countries': ['IL'], 'ages': ['18-24', '25-34']}
    """
    if not isinstance(value, Mapping):
        raise Refused(N_("This must be an object with fields."))
    if not value.keys() <= set(AUDIENCE):
        raise Refused(N_("There is no such field."))
    women = value.get("women_percent")
    read = {
        "countries": list(dict.fromkeys(read_country(code) for code in _several(value.get("countries")))),
        "ages": _of(AGES, value.get("ages")),
        "women_percent": None if women is None else read_number(women, 100),
        "interests": read_niches(value.get("interests")),
    }
    return {field: told for field, told in read.items() if told not in (None, [])}


def read_away(value: object) -> list[dict[str, str]]:
    """Spans of days somebody can't be asked for, both ends within, the earliest first.

    >>> read_away([{"from": "2026-08-01", "to": "2026-08-14"}, {"from": "2026-06-01", "to": "2026-06-01"}])[0]
    {'from': '2026-06-01', 'to': '2026-06-01'}
    """
    spans = sorted(_span(span) for span in _several(value))
    return [{"from": first.isoformat(), "to": last.isoformat()} for first, last in spans]


def away_on(away: Iterable[Mapping[str, str]], first: date, last: date) -> bool:
    """Whether any day from `first` to `last` is one of those."""
    return any(span["from"] <= last.isoformat() and first.isoformat() <= span["to"] for span in away)


def read_leaderboard(value: object) -> bool:
    """Whether somebody wishes to be seen on it."""
    if not isinstance(value, bool):
        raise Refused(N_("This must be yes or no."))
    return value


def _account(account: object) -> dict[str, Any]:
    if not isinstance(account, Mapping):
        raise Refused(N_("This must be an object with fields."))
    return {
        "network": read_text(account.get("network"), 40, required=True),
        "handle": read_text(account.get("handle"), 100, required=True),
        "followers": read_number(account.get("followers", 0), LARGEST_MINOR),
    }


def _span(span: object) -> tuple[date, date]:
    if not isinstance(span, Mapping) or not span.keys() <= {"from", "to"}:
        raise Refused(N_("Days away have a first and a last day."))
    first, last = _day(span.get("from")), _day(span.get("to"))
    if last < first:
        raise Refused(N_("The last day away is before the first."))
    return first, last


def _day(value: object) -> date:
    try:
        return value if type(value) is date else date.fromisoformat(str(value))
    except ValueError as error:
        raise Refused(N_("Days away have a first and a last day.")) from error


def _of(offered: Iterable[str], value: object) -> list[str]:
    """Those of what is offered that were chosen, in the order in which they are offered."""
    chosen = set(map(str, _several(value)))
    if not chosen.issubset(offered):
        raise Refused(N_("Choose one of the values offered."))
    return [each for each in offered if each in chosen]


def _several(value: object) -> Sequence[Any]:
    if value is None:
        return ()
    if isinstance(value, str | Mapping) or not isinstance(value, Iterable):
        raise Refused(N_("This must be a list."))
    found = list(value)
    if len(found) > MOST_ENTRIES:
        raise Refused(N_("This is too long."))
    return found
