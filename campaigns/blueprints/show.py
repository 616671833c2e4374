"""How pages show things: translated words, money, rates, days and moments, each safe inside right-to-left text.

The page's `_()` escapes what is put into a message, so a `bdi` may go in and a name can't bring markup along.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.numbers import get_currency_symbol
from flask import Flask
from markupsafe import Markup, escape

from campaigns import i18n
from campaigns.blueprints import labels
from campaigns.blueprints.payees import certificate_name
from campaigns.commissions.terms_in_words import in_words
from campaigns.commissions.working_in_words import part_in_words
from campaigns.documents.labels import received_label
from campaigns.errors import Said
from campaigns.money import format_bps, format_minor

_NO_BREAK = "\u00a0"
_MARKS = str.maketrans("", "", "\u200e\u200f\u061c")  # a symbol's own direction marks: the isolate does their work


def init_app(app: Flask) -> None:
    """Teach Jinja our words and filters."""
    app.jinja_env.globals.update(
        _=translate,
        gettext=translate,
        ngettext=translate_plural,
        language=i18n.current_language,
        direction=lambda language=None: i18n.direction(language or i18n.current_language()),
        languages=i18n.LANGUAGES,
        label=labels.label,
        tone=labels.tone,
        in_words=in_words,
        part_in_words=part_in_words,
    )
    app.jinja_env.filters.update(
        money=money,
        bps=bps,
        day=day,
        local_day=local_day,
        time=time,
        bdi=i18n.bdi,
        said=labels.said,
        finding=lambda one: labels.said(Said(one["sentence"], **one["facts"])),
        received_kind=received_label,
        certificate_name=certificate_name,
    )


def translate(message: str, **values: object) -> str:
    """`message` in the visitor's language, with escaped `values`."""
    found = i18n.gettext(message)
    return escape(found) % values if values else found


def translate_plural(singular: str, plural: str, n: int, **values: object) -> str:
    """The plural form for `n`, with escaped `values` and `%(n)s`."""
    found = i18n.translations(i18n.current_language()).ngettext(singular, plural, n)
    return escape(found) % {"n": n, **values}


def money(amount_minor: int, currency: str) -> Markup:
    """An amount with its currency's sign, where this language puts it: `₪1,234.50`, `₪ 1,234.50`, `1,234.50 ₪`."""
    language = i18n.current_language()
    sign = get_currency_symbol(currency, locale=language).translate(_MARKS)
    number = format_minor(amount_minor, currency)
    if language == "ru":
        return _left_to_right(f"{number}{_NO_BREAK}{sign}")
    if language in i18n.RIGHT_TO_LEFT:
        return _left_to_right(f"{sign}{_NO_BREAK}{number}")  # read from the right: the number, then the sign
    minus = "-" if number.startswith("-") else ""
    return _left_to_right(f"{minus}{sign}{number.removeprefix('-')}")


def bps(rate_bps: int) -> Markup:
    """A rate as a percentage."""
    return _left_to_right(format_bps(rate_bps))


def day(on: date) -> Markup:
    """A date as this language writes it, and for machines."""
    shown = i18n.show_date(on)
    return Markup('<time datetime="{}">{}</time>').format(on.isoformat(), shown)


def local_day(moment: datetime, timezone: str) -> Markup:
    """The date a moment falls on in `timezone`."""
    return day(moment.astimezone(ZoneInfo(timezone)).date())


def time(moment: datetime | str, timezone: str) -> Markup:
    """A moment in `timezone`, and for machines; evidence keeps moments as text."""
    moment = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    shown = i18n.show_time(moment, timezone)
    return Markup('<time datetime="{}">{}</time>').format(moment.isoformat(), shown)


def _left_to_right(text: str) -> Markup:
    return Markup('<bdi dir="ltr">{}</bdi>').format(text)
