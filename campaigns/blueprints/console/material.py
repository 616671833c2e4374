"""A campaign's material on the console: what its people find, something more, and taking something away."""

import logging

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField
from wtforms import StringField, TextAreaField, URLField
from wtforms.validators import InputRequired, Length, Optional

from campaigns.blueprints.access import asset_for, campaign_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.console.plan_forms import SpokenForm
from campaigns.blueprints.context import now, session
from campaigns.blueprints.signed_in import person
from campaigns.errors import Invalid
from campaigns.i18n import N_, gettext
from campaigns.models import Campaign, CampaignAsset
from campaigns.planning.audit import note
from campaigns.planning.launching import material as planning
from campaigns.settlement.exchanging.file_kinds import media_type_of

log = logging.getLogger(__name__)


class AssetForm(SpokenForm):
    """A file, a link, or only a text; a file counts before a link."""

    title = StringField(N_("Title"), [InputRequired(), Length(max=planning.LONGEST_TITLE)])
    file = FileField(N_("A file: PDF, JPEG or PNG"))
    link = URLField(N_("Or a link"), [Optional(), Length(max=2000)])
    text = TextAreaField(N_("Text"), [Optional(), Length(max=planning.LONGEST_TEXT)])

    def add_to(self, campaign: Campaign, user_id: int) -> CampaignAsset:
        """Keep what was given; raises Invalid."""
        title, text, by = self.title.data, self.text.data or "", (now(), user_id)
        if self.file.data:
            body = self.file.data.stream.read()
            return planning.add_file(session(), campaign, title, text, body, media_type_of(body), *by)
        if self.link.data:
            return planning.add_link(session(), campaign, title, text, self.link.data, *by)
        return planning.add_text(session(), campaign, title, text, *by)


@blueprint.route("/campaigns/<campaign_id>/material", methods=["GET", "POST"])
def material(campaign_id: str) -> ResponseReturnValue:
    """Everything a campaign's people find; posted to, one thing more."""
    campaign: Campaign = campaign_for(session(), person(), campaign_id)
    form = AssetForm()
    if form.validate_on_submit():
        try:
            made = form.add_to(campaign, person().id)
            facts = {"asset": made.public_id, "title": made.title}
            note(session(), person().id, "material.added", f"campaign:{campaign.public_id}", now(), **facts)
            session().commit()
            log.info("material added campaign=%s asset=%s", campaign.public_id, made.public_id)
            flash(gettext("It is there for everyone who takes part."), "good")
            return redirect(url_for("console.material", campaign_id=campaign_id))
        except Invalid as refused:
            session().rollback()
            form.take_errors(refused)
    page = render_template(
        "console/material.html", campaign=campaign, form=form, assets=planning.assets_of(session(), campaign.id)
    )
    return page, 422 if form.errors else 200


@blueprint.post("/material/<asset_id>/withdraw")
def withdraw_asset(asset_id: str) -> ResponseReturnValue:
    """Take something away."""
    asset: CampaignAsset = asset_for(session(), person(), asset_id)
    planning.withdraw(session(), asset, now())
    subject = f"campaign:{asset.campaign.public_id}"
    note(session(), person().id, "material.withdrawn", subject, now(), asset=asset.public_id, title=asset.title)
    session().commit()
    flash(gettext("It is taken away."), "good")
    return redirect(url_for("console.material", campaign_id=asset.campaign.public_id))
