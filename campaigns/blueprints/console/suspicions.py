"""Codes that may be going round: what was observed against what, and that somebody has looked."""

import logging

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.blueprints.access import suspicion_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.context import now, session
from campaigns.blueprints.signed_in import person
from campaigns.i18n import N_, gettext
from campaigns.planning.audit import note
from campaigns.reasons import LONGEST_REASON
from campaigns.tracking import leak_watch, leaks

log = logging.getLogger(__name__)
# kind: (what it is, what it may mean)
KINDS = {
    "no_clicks": (
        N_("Many buyers came without a click on the link"),
        N_("The code may stand on a page of coupons. Search for it on the web; if it does, replace it."),
    ),
    "same_buyer": (
        N_("One buyer has many of the orders"),
        N_("It may be a reseller, or somebody buying for themselves. Look at the orders before the next statement."),
    ),
}


@blueprint.get("/codes-to-look-at")
def suspicions() -> ResponseReturnValue:
    """Those nobody has looked at, and what became of the others."""
    return render_template(
        "console/suspicions.html",
        open_ones=leak_watch.open_ones(session()),
        closed_ones=leak_watch.closed_ones(session()),
        kinds=KINDS,
        least=leaks.LEAST_ORDERS,
        longest=LONGEST_REASON,
    )


@blueprint.post("/codes-to-look-at/<suspicion_id>/close")
def close_suspicion(suspicion_id: str) -> ResponseReturnValue:
    """Somebody looked, and says what they found."""
    suspicion = suspicion_for(session(), person(), suspicion_id)
    leak_watch.close(session(), suspicion, person().id, request.form.get("reason", ""), now())
    subject = f"participation:{suspicion.participation.public_id}"
    note(session(), person().id, "code.looked_at", subject, now(), kind=suspicion.kind)
    session().commit()
    log.info("suspicion=%s is closed", suspicion.public_id)
    flash(gettext("Noted. It is not raised again."), "good")
    return redirect(url_for("console.suspicions"), 303)
