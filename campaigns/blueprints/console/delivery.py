"""One delivery: what became of it and why, its body with the buyer masked, and reading it once more."""

import logging
import zlib

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from campaigns.blueprints.access import delivery_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.signed_in import person
from campaigns.errors import Conflict
from campaigns.i18n import gettext
from campaigns.models import Delivery, Order
from campaigns.planning.audit import note
from campaigns.tracking import inbox
from campaigns.tracking.decisions import current_decision
from campaigns.tracking.masking import masked, readable
from campaigns.tracking.orders import find_order

LONGEST_SHOWN = 200_000  # characters of a body on a page
log = logging.getLogger(__name__)


@blueprint.get("/deliveries/<delivery_id>")
def delivery(delivery_id: str) -> ResponseReturnValue:
    """One message, with what tells of the buyer masked."""
    found: Delivery = delivery_for(session(), person(), delivery_id)
    return _page(found, masked(_body(found)) if found.body else "", everything=False)


@blueprint.post("/deliveries/<delivery_id>/everything")
def show_everything(delivery_id: str) -> ResponseReturnValue:
    """The message as it came, this once; who looked is written down first."""
    found = delivery_for(session(), person(), delivery_id)
    body = _body(found)
    note(session(), person().id, "delivery.shown", f"delivery:{found.public_id}", now())
    session().commit()
    log.info("shown with everything delivery=%s", found.public_id)
    return _page(found, readable(body), everything=True)


@blueprint.post("/deliveries/<delivery_id>/replay")
def replay(delivery_id: str) -> ResponseReturnValue:
    """Read it once more: after a mend of ours it may succeed, and twice it changes nothing."""
    found = delivery_for(session(), person(), delivery_id)
    _body(found)
    inbox.replay(session(), found, settings().identity_key, now())
    note(session(), person().id, "delivery.replayed", f"delivery:{found.public_id}", now(), status=found.status)
    session().commit()
    log.info("replayed delivery=%s status=%s", found.public_id, found.status)
    if found.status == "failed":
        flash(gettext("It was read again, and still can't be understood."), "bad")
    else:
        flash(gettext("It was read again."), "good")
    return redirect(url_for("console.delivery", delivery_id=delivery_id))


def _body(found: Delivery) -> bytes:
    """What the shop sent; raises Conflict where it is no longer kept."""
    if not found.body:
        raise Conflict("what the shop sent is no longer kept: it can neither be shown nor read again")
    return zlib.decompress(found.body)


def _page(found: Delivery, body: str, everything: bool) -> str:
    order: Order | None = None
    if found.order_external_id:
        order = find_order(session(), found.shop_id, found.order_external_id)
    return render_template(
        "console/delivery.html",
        delivery=found,
        order=order,
        decision=current_decision(session(), order.id) if order else None,
        tries=len(inbox.RETRY_AFTER) + 1,
        body=body[:LONGEST_SHOWN],
        cut=len(body) > LONGEST_SHOWN,
        everything=everything,
        kept_days=settings().body_retention_days,
    )
