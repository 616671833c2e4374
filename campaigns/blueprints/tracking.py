"""Links and webhooks: the two doors without a session. They are answered by campaigns/lanes, ahead of Flask.

What a lane refused ends here: its error is raised as any view's is, and answered from the same table.
"""

from typing import NoReturn

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from campaigns.blueprints.context import now, session, settings
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
def shake_hands(platform: str, shop_id: str) -> ResponseReturnValue:
    """Answer a platform that tries the address before it sends anything, as Adobe and Shopware do."""
    found = PLATFORMS.get(platform)
    shop = session().scalar(select(Shop).where(Shop.public_id == shop_id, Shop.platform == platform))
    if shop is None or found is None or found.handshake is None:
        raise NotFound("no such page")
    headers = {name.lower(): value for name, value in request.headers.items()}
    address = settings().public_url + request.path
    told = found.handshake(shop.secrets_at(now()), headers, request.query_string, address)
    if told is None:
        raise NotFound("no such page")
    return told if isinstance(told, dict) else Response(told, mimetype="text/plain")


def _raise_refusal() -> NoReturn:
    raise request.environ.get(REFUSAL) or NotFound("no such page")
