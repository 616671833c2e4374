"""A brand reads plan, people and report of its campaign, and approves each or asks for a change of it.

People show by name, accounts and niches; how they are paid is not a brand's business.
"""

import logging
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, TextAreaField
from wtforms.validators import Length

from campaigns.blueprints import access
from campaigns.blueprints.console.plan_forms import SpokenForm
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.profile_fields import style_name
from campaigns.blueprints.signed_in import person
from campaigns.commissions.terms import fingerprint
from campaigns.errors import Invalid, NotFound
from campaigns.i18n import N_, gettext
from campaigns.models import Campaign
from campaigns.planning.audit import note
from campaigns.planning.launching import decisions, letters
from campaigns.planning.launching.agreed import plan_contents, proposed, roster_contents
from campaigns.planning.launching.checklist import brands_items, checklist
from campaigns.planning.launching.facts import facts_of
from campaigns.settlement.reported import report_contents

blueprint = Blueprint("agreeing", __name__, url_prefix="/brand/campaigns")
log = logging.getLogger(__name__)
blueprint.add_app_template_filter(style_name, "style_name")


class DecideForm(SpokenForm):
    """What was read (its hash), and what the brand writes to it."""

    read = HiddenField()
    note = TextAreaField(N_("What you want to say about it"), [Length(max=decisions.LONGEST_NOTE)])


@blueprint.get("/<campaign_id>/plan")
def plan(campaign_id: str) -> ResponseReturnValue:
    """The plan, the people proposed, and the report where there is one; each with its decision."""
    return _page(access.campaign_for(session(), person(), campaign_id))


@blueprint.post("/<campaign_id>/plan/<subject>")
def decide(campaign_id: str, subject: str) -> ResponseReturnValue:
    """Approve, or ask for a change; the agency is told."""
    campaign: Campaign = access.campaign_for(session(), person(), campaign_id)
    contents = subjects_of(campaign).get(subject)
    if contents is None:
        raise NotFound("there is nothing to decide on")
    form = DecideForm(prefix=subject)
    wanted = request.form.get("decision", "")
    if form.validate_on_submit():
        try:
            given = (form.read.data or "", form.note.data or "", person().id, now())
            made, new = decisions.decide(session(), campaign, subject, wanted, contents, *given)
        except Invalid as refused:
            session().rollback()
            form.take_errors(refused)
        else:
            if new:
                letters.brand_decided(session(), made, settings().public_url, now())
                facts = {"about": subject, "decision": made.decision, "note": made.note}
                note(session(), person().id, "brand.decided", f"campaign:{campaign.public_id}", now(), **facts)
            session().commit()
            log.info("decided campaign=%s subject=%s decision=%s", campaign.public_id, subject, made.decision)
            flash(gettext(SAID[made.decision]), "good")
            return redirect(url_for("agreeing.plan", campaign_id=campaign_id, _anchor=subject))
    return _page(access.campaign_for(session(), person(), campaign_id), {subject: form}), 422


SAID = {
    "approved": N_("You approved it. The agency was told."),
    "change_asked": N_("The agency was told what should change."),
}


def subjects_of(campaign: Campaign) -> dict[str, dict[str, Any]]:
    """What can be decided on now: subject -> contents."""
    found = {
        "plan": plan_contents(campaign),
        "roster": roster_contents(proposed(session(), campaign)),
        "report": report_contents(session(), campaign),
    }
    return {subject: contents for subject, contents in found.items() if contents is not None}


def standings_of(campaign: Campaign, subjects: dict[str, dict[str, Any]]) -> dict[str, decisions.Standing]:
    """Where each subject stands with the brand."""
    return {
        subject: decisions.standing(decisions.newest(session(), campaign.id, subject), contents)
        for subject, contents in subjects.items()
    }


def _page(campaign: Campaign, failed: dict[str, DecideForm] | None = None) -> str:
    subjects = subjects_of(campaign)
    prints = {subject: fingerprint(contents) for subject, contents in subjects.items()}
    forms = {
        subject: (failed or {}).get(subject) or DecideForm(prefix=subject, formdata=None, read=printed)
        for subject, printed in prints.items()
    }
    for subject, form in forms.items():
        form.read.data = form.read.data if form.errors else prints[subject]
    facts = facts_of(session(), campaign, settings().agency_share_limit_bps, now())
    return render_template(
        "brand/plan.html",
        campaign=campaign,
        people=proposed(session(), campaign),
        subjects=subjects,
        standings=standings_of(campaign, subjects),
        forms=forms,
        items=brands_items(checklist(facts)),
        decided=decisions.decisions_of(session(), campaign.id),
        open_for=OPEN_FOR,
    )


# The statuses in which a subject is still decided on; afterwards it is only read.
OPEN_FOR = {
    "plan": ("draft", "recruiting", "ready", "live"),
    "roster": ("draft", "recruiting", "ready", "live"),
    "report": ("ended", "reconciling", "closed", "archived"),
}
