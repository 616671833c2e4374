"""Links and webhooks: the two doors without a session.

Both answer only after their rows are committed. A webhook's answer is short and machine-readable; a link's is a
redirect, and the page for an unknown one speaks the visitor's language.
"""

import logging

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from campaigns.blueprints.context import now, session, settings
from campaigns.errors import Forged, NotFound
from campaigns.ids import TimeOrdered
from campaigns.models import Shop
from campaigns.tracking import clicks, inbox
from campaigns.tracking.click_ids import signed
from campaigns.tracking.events import Envelope
from campaigns.tracking.links import destination, find_target

blueprint = Blueprint("tracking", __name__)
log = logging.getLogger(__name__)
NUMBERS = TimeOrdered()


@blueprint.get("/r/<slug>")
def follow_link(slug: str) -> ResponseReturnValue:
    """Record the click, then send the visitor to the shop."""
    target = find_target(session().connection(), slug)
    if target is None:
        raise NotFound("this link leads nowhere any more")
    visit = clicks.Visit(request.method, _headers(), request.remote_addr or "")
    row = clicks.click_row(target, visit, NUMBERS.next(now()), settings().identity_key, now())
    clicks.write_clicks(session().connection(), [row], 0)
    session().commit()
    page = destination(
        target, "" if row.uncounted else signed(settings().identity_key, row.id), request.args.get("to", "")
    )
    return Response(status=302, headers={"Location": page, "Cache-Control": "no-store"})


@blueprint.post("/webhooks/<platform>/<shop_id>")
def receive_delivery(platform: str, shop_id: str) -> ResponseReturnValue:
    """Take one delivery of a shop: 2xx once it is ours, 401 forged, 404 no such shop."""
    body = request.get_data(cache=True)
    shop = session().scalar(select(Shop).where(Shop.public_id == shop_id, Shop.platform == platform))
    if shop is None:
        raise NotFound("no such shop")
    try:
        envelope = inbox.verify(shop, _headers(), body, now())
    except Forged:
        log.warning("refused a delivery for shop=%s", shop.public_id)
        inbox.count_refusal(session(), shop)
        session().commit()
        raise
    if envelope is None:
        return {"status": "pong"}
    return {"status": _receive(shop, envelope, body)}


def _receive(shop: Shop, envelope: Envelope, body: bytes) -> str:
    try:
        receipt = inbox.receive(session(), shop, envelope, body, settings().identity_key, now())
    except IntegrityError:
        # The same delivery came twice at once and the other one won; looked for again, it is found.
        session().rollback()
        receipt = inbox.receive(session(), shop, envelope, body, settings().identity_key, now())
    status = receipt.delivery.status if receipt.new else "duplicate"
    session().commit()
    return status


def _headers() -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}
