"""The share kit of a participant, as staff see it."""

from flask.typing import ResponseReturnValue

from campaigns.blueprints import share
from campaigns.blueprints.console.blueprint import blueprint


@blueprint.get("/participations/<participation_id>/share")
def share_kit(participation_id: str) -> ResponseReturnValue:
    """Code, link, picture and texts of a participant."""
    return share.share(participation_id)


@blueprint.get("/participations/<participation_id>/qr.png")
def share_qr(participation_id: str) -> ResponseReturnValue:
    """Their link as a picture."""
    return share.share_qr(participation_id)
