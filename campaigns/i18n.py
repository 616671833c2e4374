"""Languages: the four we speak, their direction of writing, and their message catalogues.

Messages are written in English in code and templates and looked up in `translations/<language>.po`, read straight
from the text files: there is nothing to compile. The language of a piece of work is a context variable, so pages,
mail and papers share one `_()`; direction is a property of the language.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from markupsafe import Markup, escape

from campaigns.errors import Said

CATALOGUES = Path(__file__).parent / "translations"
LANGUAGES = {"he": "עברית", "ar": "العربية", "ru": "Русский", "en": "English"}
RIGHT_TO_LEFT = frozenset({"he", "ar"})

_language: ContextVar[str] = ContextVar("language", default="en")

# U+2066 left-to-right isolate, U+2068 first-strong isolate, U+2069 pop: they show nowhere and survive WeasyPrint,
# which ignores <bdi>. https://www.unicode.org/reports/tr9/#Explicit_Directional_Isolates
_LRI, _FSI, _PDI = "\u2066", "\u2068", "\u2069"


def direction(language: str) -> str:
    """`rtl` for Hebrew and Arabic, else `ltr`.

    >>> direction("he"), direction("ru")
    ('rtl', 'ltr')
    """
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


@cache
def translations(language: str) -> Translations:
    """The catalogue of a language; English is the empty one, since the messages themselves are English."""
    path = CATALOGUES / f"{language}.po"
    if not path.exists():
        return Translations()
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def current_language() -> str:
    """The language of the work at hand."""
    return _language.get()


def set_language(language: str) -> None:
    """Speak `language` for the rest of this context (a request, a job)."""
    _language.set(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak `language` inside the block."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def gettext(message: str, **values: object) -> str:
    """`message` in the current language, with `%(name)s` places filled in."""
    found = translations(_language.get()).gettext(message) if message else ""
    return found % values if values else found


def ngettext(singular: str, plural: str, n: int, **values: object) -> str:
    """The right plural form for `n`, which is also the value `%(n)s`."""
    return translations(_language.get()).ngettext(singular, plural, n) % {"n": n, **values}


def said(sentence: str) -> str:
    """A sentence of the domain in the current language, its facts isolated."""
    if isinstance(sentence, Said):
        return gettext(sentence.template, **{name: iso(fact) for name, fact in sentence.facts.items()})
    return gettext(sentence)


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for "mark, don't translate yet"
    """Mark a message for extraction; whoever shows it calls gettext."""
    return message


def ltr(text: object) -> str:
    """Isolate a code, number, link or address so that it reads left to right inside any paragraph."""
    return f"{_LRI}{text}{_PDI}"


def iso(text: object) -> str:
    """Isolate free text whose direction is its own: names, titles."""
    return f"{_FSI}{text}{_PDI}"


def show_date(day: date) -> str:
    """A numeric date as the current language writes it, isolated."""
    pattern = {"en": "d MMM y", "ru": "dd.MM.y"}.get(_language.get(), "dd/MM/y")
    return ltr(format_date(day, pattern, locale="en" if _language.get() == "en" else _language.get()))


def show_time(moment: datetime, timezone: str) -> str:
    """Date and time in `timezone`, as the current language writes it, isolated."""
    local = moment.astimezone(ZoneInfo(timezone))
    pattern = {"en": "d MMM y, HH:mm", "ru": "dd.MM.y HH:mm"}.get(_language.get(), "dd/MM/y HH:mm")
    return ltr(format_datetime(local, pattern, locale="en" if _language.get() == "en" else _language.get()))


def bdi(text: object) -> Markup:
    """A page's isolate: a code never reads backwards."""
    return Markup("<bdi>{}</bdi>").format(escape(text))  # noqa: S704 - escaped on the spot
