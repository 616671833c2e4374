"""The only table from an error to a status, and what people and programs are told about it.

Programs (/api/, /webhooks/) get problem+json, https://www.rfc-editor.org/rfc/rfc9457; people get a page in their
language that says what happened and what to do next, and that needs no database.
"""

import json
import logging
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, InterfaceError, InternalError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, SecurityError

from campaigns.blueprints.context import settings
from campaigns.blueprints.form_again import form_again
from campaigns.blueprints.signed_in import forget_visitor
from campaigns.db import db
from campaigns.errors import Conflict, DomainError, Forged, Invalid, MissingTableRow, NotFound, Unreadable
from campaigns.i18n import N_
from campaigns.lanes.lanes import SHOWN_ANYWHERE

RETRY_SECONDS = "5"
MEGABYTE = 1024 * 1024
STATUS_OF: dict[type[Exception], int] = {
    Unreadable: 400,
    DataError: 400,  # text the database can't hold, such as a NUL
    Forged: 401,
    NotFound: 404,
    Conflict: 409,
    Invalid: 422,
    MissingTableRow: 422,
    OperationalError: 503,
    InterfaceError: 503,
    InternalError: 503,  # PostgreSQL's word for a server that only reads, and for a transaction it has ended itself
    PoolTimeoutError: 503,
    TimeoutError: 503,  # it could not be written in the time there is
}
# status: (what happened, what to do next)
WORDS = {
    400: (N_("We couldn't read that"), N_("Go back, reload the page and try again.")),
    401: (N_("Please sign in"), N_("Sign in and try again.")),
    403: (N_("That isn't allowed"), N_("If you need it, write to the agency.")),
    404: (
        N_("There is nothing here"),
        N_("The address may be mistyped, the link may have ended, or you may be signed in as somebody else."),
    ),
    405: (N_("That doesn't work here"), N_("Go back and use the buttons of the page.")),
    409: (N_("That can't be done right now"), N_("Go back, reload the page and see how things stand.")),
    413: (
        N_("That is too large"),
        N_(
            "At most %(most)s MB can be sent at once. Go back, where most browsers still have what you typed, "
            "and choose a smaller file, or split it."
        ),
    ),
    422: (N_("Some details need another look"), N_("Go back, correct them and send the form again.")),
    429: (N_("Too many tries"), N_("Wait a few minutes and try again.")),
    500: (
        N_("Something broke on our side"),
        N_("It was noted. Nothing was half saved; try again in a few minutes, and write to the agency if it stays."),
    ),
    503: (
        N_("We can't reach our records at the moment"),
        N_("Nothing was lost. Wait a few seconds and reload the page."),
    ),
}
# What these say is meant for whoever reads the page.
SHOWN_TO_PEOPLE = (Conflict, Unreadable, MissingTableRow)
FORM_TOO_OLD = (N_("This form was open for too long"), N_("Go back, reload the page and send the form again."))

logger = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Register the table; what stands in none of its rows is a 500, logged with its traceback by Flask."""
    for kind in STATUS_OF:
        app.register_error_handler(kind, answer)
    app.register_error_handler(HTTPException, answer_http)
    app.teardown_appcontext(_end_session)


def answer(error: Exception) -> ResponseReturnValue:
    """The answer to a refusal of the domain, or to a database that is away."""
    status = next(status for kind, status in STATUS_OF.items() if isinstance(error, kind))
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        logger.error("database away: %s %s", type(error).__name__, getattr(error, "orig", ""))
    detail = "" if isinstance(error, SQLAlchemyError) else str(error)
    response = _response(status, detail, error)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = RETRY_SECONDS
    return response


def answer_http(error: HTTPException) -> ResponseReturnValue:
    """Werkzeug's own errors, with the headers they bring (Allow, WWW-Authenticate, Retry-After); redirects as is."""
    if error.response is not None or error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return error
    if isinstance(error, SecurityError):  # a host name that isn't ours: no address of a page can be built for it
        return Response("unknown host\n", error.code, mimetype="text/plain")
    response = _response(error.code, error.description or "", error)
    for name, value in error.get_headers(request.environ):
        if name.lower() != "content-type":
            response.headers[name] = value
    return response


def _response(status: int, detail: str, error: Exception) -> Response:
    _roll_back()
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        forget_visitor()  # the page must not ask a database that may be away who they are
    if request.path.startswith(("/api/", "/webhooks/")):
        return _problem(status, detail, error)
    try:
        return _page(status, error)
    except SQLAlchemyError:
        _roll_back()
        forget_visitor()  # who they are can't be asked any more, and what is to be said is no less true
        return _page(status, error)


def _page(status: int, error: Exception) -> Response:
    happened, next_step = FORM_TOO_OLD if isinstance(error, CSRFError) else WORDS.get(status, WORDS[400])
    reasons = getattr(error, "errors", {})
    page = render_template(
        "errors/error.html",
        status=status,
        happened=happened,
        next_step=next_step,
        most=(request.max_content_length or 0) // MEGABYTE,
        detail=error.sentence if isinstance(error, SHOWN_TO_PEOPLE) else "",
        reasons=reasons,
        again=form_again(status, reasons, unread=not isinstance(error, DomainError)),
        findings=getattr(error, "findings", []),
        **_way_home(),
    )
    return Response(page, status)


def _way_home() -> dict[str, Any]:
    """Our first page; by its whole address on a page that a brand's link domain shows, where no other of ours is."""
    first = url_for("home.index")
    if request.path.startswith(SHOWN_ANYWHERE):
        return {"home_url": settings().public_url + first, "shown_anywhere": True}
    return {"home_url": first, "shown_anywhere": False}


def _problem(status: int, detail: str, error: Exception) -> Response:
    body: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    body["detail"] = detail or HTTPStatus(status).description
    for extension in ("errors", "findings"):
        if found := getattr(error, extension, None):
            body[extension] = found
    return Response(json.dumps(body, ensure_ascii=False), status, mimetype="application/problem+json")


def _end_session(_error: BaseException | None) -> None:
    """Close the session before Flask-SQLAlchemy does: the answer is given, so a connection lost only now fails nobody.

    What the failure leaves of it, Flask-SQLAlchemy then removes.
    """
    try:
        db.session.remove()
    except SQLAlchemyError as error:
        logger.warning("database away after the answer: %s", type(error).__name__)


def _roll_back() -> None:
    """End the request's transaction; a connection that is gone has ended it already."""
    try:
        db.session.rollback()
    except SQLAlchemyError:
        db.session.remove()
