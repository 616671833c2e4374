"""What every page stands on: language, sign-in, CSRF, headers, the words and filters of templates, and the font."""

from flask import Blueprint, Flask, request, url_for
from flask_login import current_user
from flask_wtf import CSRFProtect

from campaigns.blueprints import (
    assets,
    compressing,
    headers,
    language,
    navigation,
    notices,
    show,
    signed_in,
    styleguide,
    theme,
    tracking,
    uploads,
)
from campaigns.blueprints.api import api
from campaigns.blueprints.context import refreshed
from campaigns.blueprints.indentation import Indentation
from config import Settings

blueprint = Blueprint("pages", __name__)
csrf = CSRFProtect()

blueprint.add_url_rule("/fonts/<name>", "font", assets.font)
blueprint.add_url_rule("/styleguide", "styleguide", styleguide.styleguide)


def init_app(app: Flask) -> None:
    """Hang the steps before a request in their order: language, CSRF, the session's clock; the guard comes last."""
    compressing.init_app(app)  # begun with, so that it comes after all others have had their hand on an answer
    settings: Settings = app.extensions["settings"]
    signed_in.init_app(app)
    show.init_app(app)
    app.add_url_rule("/static/<path:filename>", "static", assets.serve)
    app.jinja_env.add_extension(Indentation)
    app.jinja_env.globals.update(asset=assets.asset, fonts=assets.font_addresses, icon=assets.icon)
    app.jinja_env.globals.update(theme=theme.theme, themes=theme.THEMES)
    app.jinja_env.globals.update(agency_name=settings.agency_name, navigation=navigation.navigation)
    notices.init_app(app)
    app.context_processor(lambda: {"visitor": visitor(), "here": here, "refreshed": refreshed})
    uploads.init_app(app)  # before the check of a form's token, which reads the body
    app.before_request(language.choose_language)
    csrf.init_app(app)
    csrf.exempt(tracking.blueprint)  # a shop proves itself by its signature
    csrf.exempt(api.blueprint)  # a bearer token is sent on purpose, never by the browser itself
    app.before_request(signed_in.mark_seen)
    headers.init_app(app)


def visitor() -> signed_in.SignedIn | None:
    """The person signed in, for templates; None where nobody is."""
    if not current_user.is_authenticated:
        return None
    found: signed_in.SignedIn = current_user._get_current_object()
    return found


def here() -> str:
    """This page's own address, to come back to after a small form; the home page where it was a POST."""
    return request.full_path.rstrip("?") if request.method == "GET" else url_for("home.index")
