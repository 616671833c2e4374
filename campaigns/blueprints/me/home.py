"""The first page: what waits for an answer, what runs and what it has brought, what is over."""

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from campaigns.blueprints import access
from campaigns.blueprints.context import session, settings
from campaigns.blueprints.signed_in import person
from campaigns.models import Campaign, Participation
from campaigns.planning.participation import OPEN_FOR_INVITATIONS, TAKING_PART, UNDECIDED
from campaigns.settlement.figures import Figures, figures_of_all

OVER = ("closed", "archived", "cancelled")


def home() -> ResponseReturnValue:
    """Every campaign of the influencer, in three lists."""
    mine = session().scalars(
        access.participations_for(person())
        .options(joinedload(Participation.campaign).joinedload(Campaign.brand))
        .order_by(Participation.id.desc())
    )
    lists: dict[str, list[Participation]] = {"invitations": [], "running": [], "past": []}
    for participation in mine:
        lists[_list_of(participation)].append(participation)
    found = figures_of_all(session(), [one.campaign_id for one in [*lists["running"], *lists["past"]]])
    figures = {participation: row for (_, participation), row in found.items()}
    return render_template("me/home.html", **lists, figures=figures, zero=Figures(), public_url=settings().public_url)


def _list_of(participation: Participation) -> str:
    status = participation.campaign.status
    if participation.status in UNDECIDED and status in OPEN_FOR_INVITATIONS:
        return "invitations"
    return "running" if participation.status in TAKING_PART and status not in OVER else "past"
