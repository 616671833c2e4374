"""What a file would change of a record, in words: the field, what stands there, what would."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from campaigns.blueprints.payees import country_name
from campaigns.blueprints.profile_fields import language_name, style_name
from campaigns.i18n import LANGUAGES, N_, gettext, ltr
from campaigns.planning.importing.compared import Line

FIELDS: dict[str, str] = {
    "name": N_("Name"),
    "phone": N_("Phone"),
    "language": N_("Language"),
    "country": N_("Country"),
    "niches": N_("Niches"),
    "accounts": N_("Accounts"),
    "styles": N_("Styles"),
    "content_languages": N_("Languages of their posts"),
    "audience": N_("Audience"),
    "away": N_("Days away"),
    "leaderboard": N_("On the leaderboard"),
}
NOTHING = "–"


def changes_in_words(line: Line) -> list[tuple[str, str, str]]:
    """(field, what is on record, what the file says) of everything a line would change."""
    return [
        (gettext(FIELDS[column]), told(column, getattr(line.influencer, column)), told(column, value))
        for column, value in line.changes.items()
    ]


def told(column: str, value: Any) -> str:
    """A value of a record as people read it."""
    return SHOWN.get(column, str)(value) or NOTHING


def _listed(words: Iterable[object]) -> str:
    return ", ".join(map(str, words))


def _audience(audience: Mapping[str, Any]) -> str:
    women = audience.get("women_percent")
    parts = [
        _listed(map(country_name, audience.get("countries", ()))),
        _listed(map(ltr, audience.get("ages", ()))),
        "" if women is None else gettext("women: %(percent)s%%", percent=women),
        _listed(audience.get("interests", ())),
    ]
    return " · ".join(filter(None, parts))


SHOWN: dict[str, Callable[[Any], str]] = {
    "language": lambda code: LANGUAGES.get(code, code),
    "country": country_name,
    "niches": _listed,
    "accounts": lambda accounts: _listed(
        ltr(f"{one['network']} {one['handle']} {one.get('followers', 0):,}") for one in accounts
    ),
    "styles": lambda codes: _listed(map(style_name, codes)),
    "content_languages": lambda codes: _listed(map(language_name, codes)),
    "audience": _audience,
    "away": lambda spans: _listed(ltr(f"{span['from']} – {span['to']}") for span in spans),
    "leaderboard": lambda wish: gettext("Yes") if wish else gettext("No"),
}
