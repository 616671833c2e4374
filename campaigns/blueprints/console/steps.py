"""Steps of a campaign's life that staff take: new terms, launch, calling off."""

import logging

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from campaigns.blueprints.access import campaign_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.console.plan_forms import ReasonForm
from campaigns.blueprints.console.preparation import items_of
from campaigns.blueprints.console.terms_forms import TermsForm
from campaigns.blueprints.console.terms_shown import only_a_look, shown
from campaigns.blueprints.console.terms_written import written_terms
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.signed_in import person
from campaigns.errors import Invalid
from campaigns.i18n import N_, gettext
from campaigns.models import Campaign
from campaigns.planning import life, notices
from campaigns.planning.audit import note
from campaigns.planning.launching.checklist import standing_open
from campaigns.planning.plans import offer_terms as offer_new_terms
from campaigns.planning.plans import unusual

log = logging.getLogger(__name__)


@blueprint.route("/campaigns/<campaign_id>/terms", methods=["GET", "POST"])
def offer_terms(campaign_id: str) -> ResponseReturnValue:
    """The next version of the terms; whoever accepted earlier ones keeps them until they accept these."""
    campaign = campaign_for(session(), person(), campaign_id)
    form = TermsForm(data=written_terms(campaign.terms.body, campaign.currency))
    wrong = False
    if form.validate_on_submit():
        try:
            terms = form.terms(campaign.currency)
            if only_a_look():
                look = shown(terms, campaign.coupon_percent_off, campaign.currency)
                return render_template("console/offer_terms.html", form=form, campaign=campaign, look=look)
            version = offer_new_terms(session(), campaign, terms, now())
            note(session(), person().id, "terms.offered", _subject(campaign), now(), version=version.version)
            session().commit()
            flash(gettext("Version %(version)s of the terms is offered.", version=version.version), "good")
            return redirect(url_for("console.campaign", campaign_id=campaign_id))
        except Invalid as refused:
            form.take_errors(refused)
            wrong = True
    page = render_template("console/offer_terms.html", form=form, campaign=campaign, look=None)
    return page, 422 if wrong or form.errors else 200


@blueprint.route("/campaigns/<campaign_id>/launch", methods=["GET", "POST"])
def launch(campaign_id: str) -> ResponseReturnValue:
    """Look at it once more; then everyone gets their code and link, and a letter with both."""
    campaign = campaign_for(session(), person(), campaign_id)
    items = items_of(campaign)
    still_open = standing_open(items)
    form = ReasonForm()
    form.reason.flags.required = bool(still_open)
    if form.validate_on_submit() and (not still_open or (form.reason.data or "").strip()):
        life.launch(session(), campaign, now(), form.reason.data or "")
        notices.launched(session(), campaign, settings().public_url, now())
        facts = {"reason": campaign.launch_reason, "open": [item.sentence for item in still_open]}
        note(session(), person().id, "campaign.launched", _subject(campaign), now(), **facts)
        session().commit()
        log.info("launched campaign=%s", campaign.public_id)
        flash(gettext("The campaign is launched. Everyone has their code and link."), "good")
        return redirect(url_for("console.campaign", campaign_id=campaign_id))
    if form.is_submitted() and still_open and not form.errors:
        form.reason.errors = [N_("Say why it is launched all the same.")]
    page = render_template(
        "console/launch.html",
        campaign=campaign,
        form=form,
        items=items,
        wants_reason=bool(still_open),
        notes=unusual(campaign),
        accepted=life.accepted(session(), campaign),
    )
    return page, 422 if form.is_submitted() else 200


@blueprint.route("/campaigns/<campaign_id>/cancel", methods=["GET", "POST"])
def cancel(campaign_id: str) -> ResponseReturnValue:
    """Call it off, once asked again."""
    campaign = campaign_for(session(), person(), campaign_id)
    form = ReasonForm()
    if form.validate_on_submit():
        life.cancel(session(), campaign, now())
        note(session(), person().id, "campaign.cancelled", _subject(campaign), now(), reason=form.reason.data or "")
        session().commit()
        log.info("cancelled campaign=%s", campaign.public_id)
        flash(gettext("The campaign is called off."), "good")
        return redirect(url_for("console.campaign", campaign_id=campaign_id))
    return render_template("console/cancel.html", campaign=campaign, form=form), 422 if form.errors else 200


def _subject(campaign: Campaign) -> str:
    return f"campaign:{campaign.public_id}"
