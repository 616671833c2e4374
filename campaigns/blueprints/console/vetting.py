"""Vetting on the console: what was found out about a campaign's business and product."""

import logging

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import IntegerField, SelectField, TextAreaField, URLField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from campaigns.blueprints.access import campaign_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.console.fields import choices
from campaigns.blueprints.console.plan_forms import SpokenForm
from campaigns.blueprints.context import now, session
from campaigns.blueprints.signed_in import person
from campaigns.errors import Invalid
from campaigns.i18n import N_, gettext
from campaigns.models import Campaign
from campaigns.planning.audit import note
from campaigns.planning.launching import vetting as planning

log = logging.getLogger(__name__)
SUBJECTS = {"business": N_("The business"), "product": N_("The product")}
SOURCES = {
    "test_order": N_("A test order of our own"),
    "public_reviews": N_("Public reviews"),
    "survey": N_("A survey of buyers"),
    "references": N_("References"),
    "other": N_("Something else"),
}
VERDICTS = {"fit": N_("Fits"), "unfit": N_("Does not fit"), "open": N_("Still open")}


class ReviewForm(SpokenForm):
    """One look at the business or the product."""

    subject = SelectField(N_("About"), [InputRequired()])
    source = SelectField(N_("Where you looked"), [InputRequired()])
    link = URLField(N_("Link to it"), [Optional(), Length(max=2000)])
    good_ratings = IntegerField(N_("Good ratings"), [Optional(), NumberRange(0, planning.MOST_RATINGS)])
    bad_ratings = IntegerField(N_("Bad ratings"), [Optional(), NumberRange(0, planning.MOST_RATINGS)])
    verdict = SelectField(N_("Verdict"), [InputRequired()])
    note = TextAreaField(N_("What you found"), [Optional(), Length(max=planning.LONGEST_NOTE)])

    def offer_choices(self) -> None:
        """The words of the choices, in the visitor's language."""
        for field, words in ((self.subject, SUBJECTS), (self.source, SOURCES), (self.verdict, VERDICTS)):
            field.choices = choices((value, gettext(name)) for value, name in words.items())

    def seen(self) -> planning.Seen:
        """As planning takes it."""
        return planning.Seen(
            self.subject.data,
            self.source.data,
            self.verdict.data,
            self.link.data or "",
            self.good_ratings.data,
            self.bad_ratings.data,
            self.note.data or "",
        )


@blueprint.route("/campaigns/<campaign_id>/vetting", methods=["GET", "POST"])
def vetting(campaign_id: str) -> ResponseReturnValue:
    """Every review, those carried over from earlier campaigns too; posted to, one more."""
    campaign: Campaign = campaign_for(session(), person(), campaign_id)
    form = ReviewForm()
    form.offer_choices()
    if form.validate_on_submit():
        try:
            made = planning.review(session(), campaign, form.seen(), person().id, now())
            facts = {"about": made.subject, "verdict": made.verdict, "source": made.source}
            note(session(), person().id, "campaign.vetted", f"campaign:{campaign.public_id}", now(), **facts)
            session().commit()
            log.info("vetted campaign=%s subject=%s verdict=%s", campaign.public_id, made.subject, made.verdict)
            flash(gettext("It is written down."), "good")
            return redirect(url_for("console.vetting", campaign_id=campaign_id))
        except Invalid as refused:
            form.take_errors(refused)
    page = render_template(
        "console/vetting.html",
        campaign=campaign,
        form=form,
        verdicts=planning.verdicts(session(), campaign, now()),
        reviews=planning.reviews_of(session(), campaign),
        carried=planning.carried_over(session(), campaign, now()),
        subjects=SUBJECTS,
        sources=SOURCES,
        words=VERDICTS,
    )
    return page, 422 if form.errors else 200
