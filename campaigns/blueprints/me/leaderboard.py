"""A campaign's leaderboard: those who wish to be seen, by orders; everybody else sees their own place only."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from campaigns.blueprints import access
from campaigns.blueprints.context import session
from campaigns.blueprints.me.rooms import door
from campaigns.blueprints.signed_in import person
from campaigns.models import Participation
from campaigns.planning.leaderboard import LEAST, Seller, board
from campaigns.settlement.figures import Figures, figures_of

SEEN = ("accepted", "active", "completed")


def leaderboard(participation_id: str) -> ResponseReturnValue:
    """The board of a campaign one takes part in."""
    mine = access.participation_for(session(), person(), participation_id)
    if not mine.acceptances:
        return redirect(url_for("me.invitation", participation_id=mine.public_id))
    figures = figures_of(session(), mine.campaign_id)
    everybody = session().scalars(
        select(Participation)
        .options(joinedload(Participation.influencer))
        .where(Participation.campaign_id == mine.campaign_id, Participation.status.in_(SEEN))
    )
    sellers = [
        Seller(one.id, _name(one), figures.get(one.id, Figures()).orders, one.influencer.leaderboard)
        for one in everybody
    ]
    return render_template(
        "me/leaderboard.html",
        participation=mine,
        campaign=mine.campaign,
        board=board(sellers, mine.id),
        own_orders=figures.get(mine.id, Figures()).orders,
        shown=mine.influencer.leaderboard,
        least=LEAST,
        profile_url=door("me.profile"),
    )


def _name(one: Participation) -> str:
    return one.influencer.handle or one.influencer.name
