"""What every page stands on: language, sign-in, CSRF, headers, the words and filters of templates, and the font."""

from functools import cache
from hashlib import sha256
from pathlib import Path

import fontpkg_rubik
from flask import Blueprint, Flask, current_app, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import CSRFProtect

from campaigns.blueprints import headers, language, navigation, show, signed_in, tracking, uploads
from campaigns.blueprints.api import api
from campaigns.errors import NotFound
from config import Settings

blueprint = Blueprint("pages", __name__)
csrf = CSRFProtect()

FONTS = {"rubik.ttf": "Rubik[wght].ttf", "rubik-italic.ttf": "Rubik-Italic[wght].ttf"}
FONT_FILES = Path(fontpkg_rubik.__file__).parent / "files"
ONE_YEAR = 31_536_000


def init_app(app: Flask) -> None:
    """Hang the steps before a request in their order: language, CSRF, the session's clock; the guard comes last."""
    settings: Settings = app.extensions["settings"]
    signed_in.init_app(app)
    show.init_app(app)
    app.jinja_env.globals.update(asset=asset, agency_name=settings.agency_name, navigation=navigation.navigation)
    app.context_processor(lambda: {"visitor": visitor(), "here": here})
    uploads.init_app(app)  # before the check of a form's token, which reads the body
    app.before_request(language.choose_language)
    csrf.init_app(app)
    csrf.exempt(tracking.blueprint)  # a shop proves itself by its signature
    csrf.exempt(api.blueprint)  # a bearer token is sent on purpose, never by the browser itself
    app.before_request(signed_in.mark_seen)
    headers.init_app(app)


@blueprint.get("/fonts/<name>")
def font(name: str) -> ResponseReturnValue:
    """The two files of the one family."""
    if name not in FONTS:
        raise NotFound("no such font")
    response = send_from_directory(FONT_FILES, FONTS[name], mimetype="font/ttf", max_age=ONE_YEAR)
    response.cache_control.immutable = True
    return response


def visitor() -> signed_in.SignedIn | None:
    """The person signed in, for templates; None where nobody is."""
    if not current_user.is_authenticated:
        return None
    found: signed_in.SignedIn = current_user._get_current_object()
    return found


def here() -> str:
    """This page's own address, to come back to after a small form; the home page where it was a POST."""
    return request.full_path.rstrip("?") if request.method == "GET" else url_for("home.index")


def asset(name: str) -> str:
    """The address of a static file, with its contents' hash: a new release is seen at once."""
    return url_for("static", filename=name, v=_digest(Path(current_app.static_folder or "") / name))


@cache
def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()[:12]
