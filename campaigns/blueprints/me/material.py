"""A campaign's material as its influencer finds it: pictures and papers, texts to lean on, links."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from campaigns.blueprints import access
from campaigns.blueprints.context import session
from campaigns.blueprints.signed_in import person
from campaigns.planning.launching.material import assets_of


def material(participation_id: str) -> ResponseReturnValue:
    """Everything there is; who has not accepted decides first."""
    mine = access.participation_for(session(), person(), participation_id)
    if not mine.acceptances:
        return redirect(url_for("me.invitation", participation_id=mine.public_id))
    takes_part = mine.status in access.TAKES_PART
    assets = assets_of(session(), mine.campaign_id) if takes_part else []
    return render_template(
        "me/material.html", participation=mine, campaign=mine.campaign, assets=assets, takes_part=takes_part
    )
