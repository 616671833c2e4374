"""The front door: everybody is shown to their own first page."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from campaigns.blueprints.navigation import HOME

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def index() -> ResponseReturnValue:
    """Agency, brand and influencer to their pages; who is not signed in to the sign-in."""
    if not current_user.is_authenticated:
        return redirect(url_for("auth.sign_in"))
    return redirect(url_for(HOME[current_user.role]))
