"""Deliveries: what the shops sent, what became of it, and reading one once more."""

import json
import logging
import zlib
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import case, func, select

from campaigns.blueprints.access import delivery_for, shop_for, shops_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.signed_in import person
from campaigns.i18n import gettext
from campaigns.models import Delivery, Order, Shop
from campaigns.models.tracking import DELIVERY_STATUSES
from campaigns.planning.audit import note
from campaigns.tracking import inbox
from campaigns.tracking.orders import find_order

PER_PAGE = 50
LONGEST_SHOWN = 200_000  # characters of a body on a page
log = logging.getLogger(__name__)


@blueprint.get("/deliveries")
def deliveries() -> ResponseReturnValue:
    """Failed ones first, then the newest; of one shop or of all."""
    shops = list(session().scalars(shops_for(person()).order_by(Shop.name, Shop.id)))
    shop = shop_for(session(), person(), request.args["shop"]) if request.args.get("shop") else None
    status = request.args.get("status", "")
    mine = Delivery.shop_id.in_([one.id for one in ([shop] if shop else shops)])
    failed_first = case((Delivery.status == "failed", 0), else_=1)
    wanted = select(Delivery).where(mine).order_by(failed_first, Delivery.id.desc())
    if status in DELIVERY_STATUSES:
        wanted = wanted.where(Delivery.status == status)
    page = max(request.args.get("page", 1, int), 1)
    found = list(session().scalars(wanted.offset((page - 1) * PER_PAGE).limit(PER_PAGE + 1)))
    kept: dict[str, Any] = {name: value for name, value in request.args.items() if name in ("shop", "status") and value}
    counts = session().execute(select(Delivery.status, func.count()).where(mine).group_by(Delivery.status)).all()
    return render_template(
        "console/deliveries.html",
        deliveries=found[:PER_PAGE],
        next_url=url_for("console.deliveries", page=page + 1, **kept) if len(found) > PER_PAGE else "",
        shops=shops,
        shop=shop,
        status=status,
        statuses=DELIVERY_STATUSES,
        counts={row[0]: row[1] for row in counts},
        refused=sum(one.refused_deliveries for one in ([shop] if shop else shops)),
    )


@blueprint.get("/deliveries/<delivery_id>")
def delivery(delivery_id: str) -> ResponseReturnValue:
    """One message as it came."""
    found: Delivery = delivery_for(session(), person(), delivery_id)
    order: Order | None = None
    if found.order_external_id:
        order = find_order(session(), found.shop_id, found.order_external_id)
    body = readable(zlib.decompress(found.body))
    shown, cut = body[:LONGEST_SHOWN], len(body) > LONGEST_SHOWN
    return render_template("console/delivery.html", delivery=found, order=order, body=shown, cut=cut)


@blueprint.post("/deliveries/<delivery_id>/replay")
def replay(delivery_id: str) -> ResponseReturnValue:
    """Read it once more: after a mend of ours it may succeed, and twice it changes nothing."""
    found = delivery_for(session(), person(), delivery_id)
    inbox.replay(session(), found, settings().identity_key, now())
    note(session(), person().id, "delivery.replayed", f"delivery:{found.public_id}", now(), status=found.status)
    session().commit()
    log.info("replayed delivery=%s status=%s", found.public_id, found.status)
    if found.status == "failed":
        flash(gettext("It was read again, and still can't be understood."), "bad")
    else:
        flash(gettext("It was read again."), "good")
    return redirect(url_for("console.delivery", delivery_id=delivery_id))


def readable(body: bytes) -> str:
    """A body for eyes: JSON set out, its numbers as they were written; anything else as text.

    >>> readable(b'{"total":"10.00"}')
    '{\\n  "total": "10.00"\\n}'
    """
    text = body.decode("utf-8", "replace")
    try:
        return json.dumps(json.loads(text, parse_float=_Written), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


class _Written(float):
    """A number that is shown in the digits it came in."""

    def __new__(cls, text: str) -> "_Written":
        made = super().__new__(cls, text)
        made.text = text
        return made

    text: str

    def __repr__(self) -> str:
        return self.text
