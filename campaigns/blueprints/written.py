"""Back at the form, after signing in: it is shown as its page has it now, with what was typed (too_late.py) in it.

The cookie says on which page that is to be done, so other pages ask the database nothing; what is shown is looked up
by the person signed in. It ends when the form is sent, when they don't want it, when they sign out, and after an hour.
"""

import logging

from flask import Blueprint, Flask, Response, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from campaigns.blueprints.context import now, refreshed, session
from campaigns.blueprints.filling import filled
from campaigns.blueprints.form_again import WRITTEN_BY_HAND
from campaigns.blueprints.local_paths import local_path
from campaigns.blueprints.signed_in import person
from campaigns.i18n import N_, gettext
from campaigns.people import kept_forms

blueprint = Blueprint("written", __name__, url_prefix="/written")
log = logging.getLogger(__name__)

PAGE = "written_on"
BEGINNING = '<main id="content" tabindex="-1">'
TEXT = N_("Text")


def init_app(app: Flask) -> None:
    """Look at every page that is answered, for the few that are to be filled in."""
    app.after_request(fill)


@blueprint.get("")
def again() -> ResponseReturnValue:
    """On to the page of the form; to one's first page where nothing is kept any more."""
    kept = kept_forms.kept(session(), person().id, now())
    if kept is None:
        return redirect(url_for("home.index"))
    cookie[PAGE] = local_path(kept.page, url_for("home.index"))
    return redirect(cookie[PAGE])


@blueprint.post("/forget")
def forget() -> ResponseReturnValue:
    """The form as its page has it, and nothing kept."""
    page = cookie.pop(PAGE, "")
    kept_forms.forget(session(), person().id)
    session().commit()
    return redirect(local_path(page, url_for("home.index")), 303)


def fill(response: Response) -> Response:
    """Put what was typed into the page it was typed on; once its form has gone through, nothing is kept any more."""
    if not cookie.get(PAGE) or refreshed() or response.status_code >= 500:
        return response
    try:
        return _filled(response)
    except SQLAlchemyError as error:
        session().rollback()
        log.warning("a kept form was not shown: %s", type(error).__name__)
        return response


def _filled(response: Response) -> Response:
    here = request.full_path.rstrip("?")
    if request.method == "GET" and (here != cookie[PAGE] or response.mimetype != "text/html"):
        return response
    kept = kept_forms.kept(session(), current_user.id, now()) if current_user.is_authenticated else None
    if kept is None:
        cookie.pop(PAGE)
    elif request.method == "GET":
        _fill_in(response, kept.action, kept_forms.typed(kept.fields))
    elif here == kept.action and response.status_code < 400:
        kept_forms.forget(session(), current_user.id)
        session().commit()
        cookie.pop(PAGE)
    return response


def _fill_in(response: Response, action: str, sent: list[tuple[str, str]]) -> None:
    before = response.get_data(as_text=True)
    page, left = filled(before, cookie[PAGE], action, sent)
    if page == before and not left:
        return
    named = [(gettext(WRITTEN_BY_HAND.get(name, (TEXT, ""))[0]), value) for name, value in left]
    told = render_template("errors/written.html", left=named)
    response.set_data(page.replace(BEGINNING, BEGINNING + told, 1))
