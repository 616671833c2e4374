"""Holding an order's commission back, and letting it go: two buttons on the order's page, each with a reason."""

import logging

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.blueprints import money_deeds
from campaigns.blueprints.access import order_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.context import session
from campaigns.blueprints.signed_in import person
from campaigns.i18n import gettext
from campaigns.models import Hold, Order
from campaigns.settlement.disputing.holds import open_hold

log = logging.getLogger(__name__)


def current_hold(order: Order) -> Hold | None:
    """The hold an order is under, for its page."""
    return open_hold(session(), order.id)


blueprint.add_app_template_global(current_hold)


@blueprint.post("/orders/<order_id>/hold")
def hold(order_id: str) -> ResponseReturnValue:
    """Keep its commission off statements; whoever earned it is told why."""
    order = order_for(session(), person(), order_id)
    money_deeds.hold(person(), order, request.form.get("reason", ""))
    session().commit()
    log.info("held order=%s", order.public_id)
    flash(gettext("The commission is held."), "good")
    return redirect(url_for("console.order", order_id=order_id))


@blueprint.post("/orders/<order_id>/release")
def release(order_id: str) -> ResponseReturnValue:
    """Let it go: the next statement takes it."""
    order = order_for(session(), person(), order_id)
    money_deeds.release(person(), order, request.form.get("reason", ""))
    session().commit()
    log.info("released order=%s", order.public_id)
    flash(gettext("The commission is let go. The next statement takes it."), "good")
    return redirect(url_for("console.order", order_id=order_id))
