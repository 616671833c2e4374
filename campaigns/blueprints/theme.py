"""Light, dark, or as the system has it: one cookie of the browser, read where a page begins."""

from flask import request
from werkzeug import Response

from campaigns.blueprints.context import settings
from campaigns.i18n import N_

SYSTEM = "system"
THEMES = {"light": N_("Light"), "dark": N_("Dark"), SYSTEM: N_("As the system")}
ONE_YEAR = 31_536_000


def theme() -> str:
    """The visitor's choice; the system's look where there is none."""
    chosen = request.cookies.get("theme", SYSTEM)
    return chosen if chosen in THEMES else SYSTEM


def remember_theme(response: Response, chosen: str) -> None:
    """Make `chosen` this browser's look, from the next page on; what is no look changes nothing."""
    if chosen in THEMES:
        secure = settings().https
        response.set_cookie("theme", chosen, max_age=ONE_YEAR, secure=secure, httponly=True, samesite="Lax")
