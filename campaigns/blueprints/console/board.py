"""The board: campaigns side by side by how far they are, each with its next step."""

from flask import render_template
from flask.typing import ResponseReturnValue

from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.context import now, session, settings
from campaigns.i18n import N_
from campaigns.models import Campaign
from campaigns.planning.board import Column, answers, columns
from campaigns.planning.launching.checklist import checklist
from campaigns.planning.launching.facts import facts_of
from campaigns.planning.launching.next_step import PLANNED, Step, next_step
from campaigns.settlement.figures import Figures, figures_of_all, total

TITLES = {
    "planning": N_("Being planned"),
    "ready": N_("Ready to start"),
    "live": N_("Live"),
    "over": N_("Over, to be closed"),
    "closed": N_("Closed"),
}
EMPTY = {
    "planning": N_("No campaign is being planned."),
    "ready": N_("None waits for its first day."),
    "live": N_("None is live at the moment."),
    "over": N_("None waits to be closed."),
    "closed": N_("None has been closed yet."),
}


@blueprint.get("/board")
def board() -> ResponseReturnValue:
    """Every column, the newest campaigns first."""
    found = columns(session())
    shown = [campaign for column in found for campaign in column.campaigns]
    return render_template(
        "console/board.html",
        columns=found,
        titles=TITLES,
        empty=EMPTY,
        answers=answers(session(), shown),
        sales=_sales(found),
        steps={campaign.id: _step(campaign) for campaign in shown},
    )


def _sales(found: list[Column]) -> dict[int, Figures]:
    """campaign id -> its figures, of campaigns that were launched."""
    launched = [one.id for column in found for one in column.campaigns if one.launched_at is not None]
    rows = figures_of_all(session(), launched)
    return {key: total(row for (campaign, _), row in rows.items() if campaign == key) for key in launched}


def _step(campaign: Campaign) -> Step:
    """What comes next, in the words of the campaign's own page; only a plan's has to be looked up."""
    if campaign.status not in PLANNED:
        return next_step(campaign.status, [])
    return next_step(
        campaign.status, checklist(facts_of(session(), campaign, settings().agency_share_limit_bps, now()))
    )
