"""Which language a request is answered in: the address says, else the visitor's choice, else the browser, else Hebrew.

A signed-in person's language is copied into the browser's session when they sign in or change it, so that choosing
needs no database and an error page speaks it too.
"""

from flask import request, session

from campaigns.i18n import LANGUAGES, set_language

DEFAULT = "he"


def choose_language() -> None:
    """Speak the visitor's language for this request; `?lang=` also becomes their choice."""
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        session["language"] = asked
    set_language(_wanted(asked))


def remember_language(language: str) -> None:
    """Make `language` this browser's choice, from this answer on."""
    session["language"] = language
    set_language(language)


def _wanted(asked: str) -> str:
    for language in (asked, session.get("language"), *_accepted()):
        if language in LANGUAGES:
            return str(language)
    return DEFAULT


def _accepted() -> list[str]:
    """What the browser asks for, best first, without regions: `en-GB` is English, old Androids call Hebrew `iw`."""
    tags = [tag.lower().partition("-")[0] for tag in request.accept_languages.values()]
    return ["he" if tag == "iw" else tag for tag in tags]
