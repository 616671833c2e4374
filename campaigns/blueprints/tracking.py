"""Links and webhooks: the two doors without a session. They are answered by campaigns/lanes, ahead of Flask.

What a lane refused ends here: its error is raised as any view's is, and answered from the same table.
"""

from typing import NoReturn

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from campaigns.blueprints.context import session
from campaigns.errors import NotFound
from campaigns.lanes.lanes import REFUSAL
from campaigns.models import Shop
from campaigns.tracking.platforms.registry import PLATFORMS

blueprint = Blueprint("tracking", __name__)


@blueprint.get("/r/<slug>")
def follow_link(slug: str) -> ResponseReturnValue:
    """Record the click, then send the visitor to the shop: campaigns/lanes/link_lane.py."""
    _raise_refusal()


@blueprint.post("/webhooks/<platform>/<shop_id>")
def receive_delivery(platform: str, shop_id: str) -> ResponseReturnValue:
    """Take one delivery of a shop: campaigns/lanes/webhook_lane.py."""
    _raise_refusal()


@blueprint.get("/webhooks/<platform>/<shop_id>")
def answer_challenge(platform: str, shop_id: str) -> ResponseReturnValue:
    """Prove to a platform that asks so that this address is ours, as Adobe does before it sends anything."""
    found = PLATFORMS.get(platform)
    known = select(Shop.id).where(Shop.public_id == shop_id, Shop.platform == platform)
    text = found.challenge(request.args) if found and found.challenge and session().scalar(known) else None
    if text is None:
        raise NotFound("no such page")
    return Response(text, mimetype="text/plain")


def _raise_refusal() -> NoReturn:
    raise request.environ.get(REFUSAL) or NotFound("no such page")
