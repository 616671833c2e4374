"""Holding a commission back, and letting it go: a button on the order's or the contact's page, with a reason."""

import logging

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.blueprints import money_deeds
from campaigns.blueprints.access import contact_for, order_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.context import session
from campaigns.blueprints.signed_in import person
from campaigns.i18n import gettext
from campaigns.models import Hold
from campaigns.settlement.causes import Cause
from campaigns.settlement.disputing.holds import open_hold

log = logging.getLogger(__name__)


def current_hold(cause: Cause) -> Hold | None:
    """The hold an order or a contact is under, for its page."""
    return open_hold(session(), cause)


blueprint.add_app_template_global(current_hold)


@blueprint.post("/orders/<order_id>/hold")
def hold(order_id: str) -> ResponseReturnValue:
    """Keep its commission off statements; whoever earned it is told why."""
    return _held(order_for(session(), person(), order_id), url_for("console.order", order_id=order_id))


@blueprint.post("/orders/<order_id>/release")
def release(order_id: str) -> ResponseReturnValue:
    """Let it go: the next statement takes it."""
    return _released(order_for(session(), person(), order_id), url_for("console.order", order_id=order_id))


@blueprint.post("/contacts/<contact_id>/hold")
def hold_contact(contact_id: str) -> ResponseReturnValue:
    """The same for a lead or call."""
    return _held(contact_for(session(), person(), contact_id), url_for("console.contact", contact_id=contact_id))


@blueprint.post("/contacts/<contact_id>/release")
def release_contact(contact_id: str) -> ResponseReturnValue:
    """The same for a lead or call."""
    return _released(contact_for(session(), person(), contact_id), url_for("console.contact", contact_id=contact_id))


def _held(cause: Cause, back: str) -> ResponseReturnValue:
    money_deeds.hold(person(), cause, request.form.get("reason", ""))
    session().commit()
    log.info("held cause=%s", cause.public_id)
    flash(gettext("The commission is held."), "good")
    return redirect(back)


def _released(cause: Cause, back: str) -> ResponseReturnValue:
    money_deeds.release(person(), cause, request.form.get("reason", ""))
    session().commit()
    log.info("released cause=%s", cause.public_id)
    flash(gettext("The commission is let go. The next statement takes it."), "good")
    return redirect(back)
