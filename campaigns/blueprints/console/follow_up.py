"""Follow-up statements of a closed campaign: who has something on no statement yet, and a button to state it."""

import logging
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaigns.blueprints import money_deeds
from campaigns.blueprints.access import campaign_for, participation_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.context import now, session
from campaigns.blueprints.signed_in import person
from campaigns.errors import NotFound
from campaigns.i18n import gettext
from campaigns.models import Campaign
from campaigns.settlement.close import everyone
from campaigns.settlement.follow_up import waiting
from campaigns.settlement.statement_lines import held_lines

log = logging.getLogger(__name__)


@blueprint.route("/campaigns/<campaign_id>/follow-up", methods=["GET", "POST"])
def follow_up(campaign_id: str) -> ResponseReturnValue:
    """See what came in since the closing; posted to, state it for one influencer or for all."""
    campaign: Campaign = campaign_for(session(), person(), campaign_id)
    if request.method == "POST":
        people = everyone(session(), campaign)
        if request.form.get("participant"):
            chosen = participation_for(session(), person(), request.form["participant"])
            if chosen.campaign_id != campaign.id:
                raise NotFound("no such thing, or not yours")
            people = [chosen]
        on = now().astimezone(ZoneInfo(campaign.timezone)).date()
        issued = money_deeds.state_again(person(), campaign, people, on)
        session().commit()
        log.info("followed up campaign=%s statements=%s", campaign.public_id, len(issued))
        flash(gettext("Statements issued: %(count)s", count=len(issued)), "good")
        return redirect(url_for("console.follow_up", campaign_id=campaign_id))
    people = everyone(session(), campaign)
    return render_template(
        "console/follow_up.html",
        campaign=campaign,
        rows=waiting(session(), campaign, people),
        held=[(one, lines) for one in people if (lines := held_lines(session(), one))],
    )
