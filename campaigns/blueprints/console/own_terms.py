"""Inviting one influencer with terms of their own: the campaign's terms, written over where theirs differ.

Terms of one's own are settled with the invitation and never later, so nobody can accept what they didn't read.
"""

import logging

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from campaigns.blueprints.access import campaign_for, influencer_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.console.terms_forms import OwnTermsForm
from campaigns.blueprints.console.terms_shown import only_a_look, shown
from campaigns.blueprints.console.terms_written import written_terms
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.signed_in import person
from campaigns.commissions.terms import with_overrides
from campaigns.errors import Invalid
from campaigns.i18n import gettext
from campaigns.planning import notices
from campaigns.planning.audit import note
from campaigns.planning.participation import invite

log = logging.getLogger(__name__)


@blueprint.route("/campaigns/<campaign_id>/invite/<influencer_id>", methods=["GET", "POST"])
def invite_with_terms(campaign_id: str, influencer_id: str) -> ResponseReturnValue:
    """One invitation with other terms than the campaign's; first only looked at, if that is asked for."""
    campaign = campaign_for(session(), person(), campaign_id)
    influencer = influencer_for(session(), person(), influencer_id)
    shared = campaign.terms.body
    form = OwnTermsForm(data=written_terms(shared, campaign.currency))
    facts = {"form": form, "campaign": campaign, "influencer": influencer}
    wrong = False
    if form.validate_on_submit():
        try:
            own = form.overrides(shared, campaign.currency)
            if only_a_look():
                look = shown(with_overrides(shared, own), campaign.coupon_percent_off, campaign.currency)
                return render_template("console/invite_with_terms.html", **facts, look=look)
            invited = invite(session(), campaign, influencer, now(), own)
            notices.invited(session(), invited, settings().public_url, now())
            subject = f"participation:{invited.public_id}"
            note(session(), person().id, "participation.own_terms", subject, now(), overrides=own)
            session().commit()
            log.info("invited campaign=%s participation=%s own=%s", campaign.public_id, invited.public_id, len(own))
            flash(gettext("Invited: %(count)s. The letters are on their way.", count=1), "good")
            return redirect(url_for("console.participation", participation_id=invited.public_id))
        except Invalid as refused:
            form.take_errors(refused)
            wrong = True
    page = render_template("console/invite_with_terms.html", **facts, look=None)
    return page, 422 if wrong or form.errors else 200
