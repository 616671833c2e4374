"""A campaign's preparation: the checklist, the plan as the brand reads it, and what the brand decided."""

import logging

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from campaigns.blueprints.access import campaign_for
from campaigns.blueprints.agreeing import standings_of, subjects_of
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.signed_in import person
from campaigns.i18n import gettext
from campaigns.models import Campaign
from campaigns.planning.audit import note
from campaigns.planning.launching import decisions, letters
from campaigns.planning.launching.checklist import Item, checklist
from campaigns.planning.launching.facts import facts_of
from campaigns.planning.launching.next_step import Step, next_step

log = logging.getLogger(__name__)


def items_of(campaign: Campaign) -> list[Item]:
    """The launch checklist of a campaign."""
    return checklist(facts_of(session(), campaign, settings().agency_share_limit_bps, now()))


@blueprint.app_template_global("step_of")
def step_of(campaign: Campaign) -> Step:
    """What comes next in a campaign."""
    return next_step(campaign.status, items_of(campaign))


@blueprint.get("/campaigns/<campaign_id>/preparation")
def preparation(campaign_id: str) -> ResponseReturnValue:
    """What is done, what is open, and where it is mended."""
    campaign: Campaign = campaign_for(session(), person(), campaign_id)
    subjects = subjects_of(campaign)
    return render_template(
        "console/preparation.html",
        campaign=campaign,
        items=items_of(campaign),
        standings=standings_of(campaign, subjects),
        decided=decisions.decisions_of(session(), campaign.id),
    )


@blueprint.post("/campaigns/<campaign_id>/ask-brand")
def ask_brand(campaign_id: str) -> ResponseReturnValue:
    """Write to everyone of the brand that something waits for their decision."""
    campaign: Campaign = campaign_for(session(), person(), campaign_id)
    asked = letters.approval_asked(session(), campaign, settings().public_url, now())
    note(session(), person().id, "brand.asked", f"campaign:{campaign.public_id}", now(), people=asked)
    session().commit()
    log.info("asked brand campaign=%s people=%s", campaign.public_id, asked)
    if asked:
        flash(gettext("The brand was asked. You read here what it decides, and get a letter."), "good")
    else:
        flash(gettext("Nobody of this brand can sign in yet: offer them a sign-in on the brand's page."), "warn")
    return redirect(url_for("console.preparation", campaign_id=campaign_id, _anchor="agreed"))
