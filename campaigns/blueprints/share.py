"""The share kit on a page: for the influencer whose it is, and for staff who help them."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from campaigns.blueprints import access
from campaigns.blueprints.context import session, settings
from campaigns.blueprints.signed_in import person
from campaigns.errors import NotFound
from campaigns.models import Participation
from campaigns.planning import share_kit


def share(participation_id: str) -> ResponseReturnValue:
    """Code, link, picture and texts."""
    found: Participation = access.participation_for(session(), person(), participation_id)
    kit = share_kit.kit_of(found, settings().public_url)
    return render_template(
        "me/share.html",
        participation=found,
        campaign=found.campaign,
        kit=kit,
        texts=share_kit.texts_of(kit) if kit else [],
        picture=share_kit.qr_picture(kit.address) if kit else "",
        staff=person().role == "agency",
    )


def share_qr(participation_id: str) -> ResponseReturnValue:
    """The link as a picture to keep; none where there is no link to share."""
    found: Participation = access.participation_for(session(), person(), participation_id)
    kit = share_kit.kit_of(found, settings().public_url)
    if kit is None:
        raise NotFound("no such thing, or not yours")
    headers = {"Content-Disposition": f'attachment; filename="{kit.code}.png"'}
    return Response(share_kit.qr_png(kit.address), mimetype="image/png", headers=headers)
