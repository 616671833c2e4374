"""The agency's console: its blueprint, and what becomes of a refusal on its pages.

Whoever presses a button that the present state forbids comes back to the page they were on and reads there why; who
had typed something gets it back beside the reason (form_again.py). The JSON API answers the same refusal with a status.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from markupsafe import Markup

from campaigns.blueprints import errors
from campaigns.blueprints.console import words
from campaigns.blueprints.context import session
from campaigns.blueprints.documents import ending
from campaigns.blueprints.form_again import something_typed
from campaigns.blueprints.labels import said
from campaigns.blueprints.local_paths import local_path
from campaigns.deductions.schemes import MissingScheme
from campaigns.documents.labels import paper_name
from campaigns.errors import Conflict, DomainError, Invalid, MissingTableRow
from campaigns.i18n import gettext
from campaigns.planning.delivery_words import why

blueprint = Blueprint("console", __name__, url_prefix="/console")
FILTERS: dict[str, Callable[..., str]] = {
    "reason": words.reason,
    "explained": words.explained,
    "verdict": words.verdict,
    "won_by": words.won_by,
    "account_name": words.account_name,
    "paper_name": paper_name,
    "origin_name": words.origin_name,
    "platform_name": words.platform_name,
    "local_day": words.local_day,
    "file_ending": ending,
    "why": why,
}
for name, show in FILTERS.items():
    blueprint.add_app_template_filter(show, name)


@blueprint.errorhandler(Conflict)
@blueprint.errorhandler(Invalid)
@blueprint.errorhandler(MissingTableRow)
def refused(error: DomainError) -> ResponseReturnValue:
    """Undo, and say why: on the page the button was on, or with what was typed."""
    if request.method == "GET" or not current_user.is_authenticated:
        return errors.answer(error)
    session().rollback()
    typed = something_typed()
    findings = getattr(error, "findings", None)
    reasons = [reason for reasons in getattr(error, "errors", {}).values() for reason in reasons]
    for message in [] if typed else findings or reasons or [error.sentence or str(error)]:
        flash(said(message), "bad")
    if isinstance(error, MissingTableRow) and not isinstance(error, MissingScheme):
        address = url_for("console.table", name=error.table, _anchor="enter")
        flash(Markup('<a href="{}">{}</a>').format(address, gettext("Enter the row that is missing")), "bad")
    if typed:
        return errors.answer(error)
    came_from = urlsplit(request.referrer or "")
    back = f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path
    return redirect(local_path(back, url_for("console.campaigns")), 303)
