"""The files of a campaign's material: for the agency, the campaign's brand, and those who take part in it.

As everywhere, the browser is told what a file is and not to guess, and saves it under a name of ours; a picture may
also stand on our own pages.
"""

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from campaigns.blueprints.access import asset_for
from campaigns.blueprints.context import session
from campaigns.blueprints.received import ENDINGS
from campaigns.blueprints.signed_in import person
from campaigns.errors import NotFound

blueprint = Blueprint("material", __name__, url_prefix="/material")


@blueprint.get("/<asset_id>")
def file(asset_id: str) -> ResponseReturnValue:
    """The bytes as they came."""
    asset = asset_for(session(), person(), asset_id)
    if asset.body is None:
        raise NotFound("no such thing, or not yours")
    headers = {
        "Content-Disposition": f'attachment; filename="material-{asset.public_id}.{ENDINGS[asset.media_type]}"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
    }
    return Response(asset.body, content_type=asset.media_type, headers=headers)
