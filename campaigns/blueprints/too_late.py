"""A form that comes after its sender's session has ended: what was typed is kept for them, and the sign-in shown.

Whose it is, the row of the ended session says, which the signed cookie still names; the row is there for as long as
nobody signed out. Where nobody knows whose it is, nothing is kept here: the page that asks for the sign-in carries the
form itself, as any open page would, to be sent again after signing in in another tab.
"""

from urllib.parse import urlsplit

from flask import current_app, flash, redirect, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, Unauthorized

from campaigns.blueprints.context import now, session
from campaigns.blueprints.form_again import TOKEN
from campaigns.i18n import gettext
from campaigns.people import kept_forms, sessions


def to_sign_in() -> ResponseReturnValue:
    """The way back begins at the form's page. A form is never sent again by itself."""
    sent = [(name, value) for name, value in request.form.items(multi=True) if name != TOKEN]
    page = _page()
    if not any(value.strip() for _, value in sent):
        return redirect(url_for("auth.sign_in", next=page))
    user_id = sessions.user_of_ended(session(), cookie.get("_user_id", ""), now())
    if user_id is None:
        raise Unauthorized
    if kept_forms.keep(session(), user_id, page, request.full_path.rstrip("?"), sent, now()):
        session().commit()
        flash(
            gettext("You had been signed out. What you typed is kept for an hour: sign in, and look it over."), "warn"
        )
        page = url_for("written.again")
    return redirect(url_for("auth.sign_in", next=page))


def _page() -> str:
    """The page of ours the form stood on; where the browser doesn't say, the one it was sent to, or the first."""
    came_from = urlsplit(request.referrer or "")
    if came_from.netloc == request.host and _can_be_opened(came_from.path):
        return came_from.path + (f"?{came_from.query}" if came_from.query else "")
    return request.full_path.rstrip("?") if _can_be_opened(request.path) else url_for("home.index")


def _can_be_opened(path: str) -> bool:
    try:
        current_app.url_map.bind(request.host).match(path, method="GET")
    except HTTPException:
        return False
    return True
