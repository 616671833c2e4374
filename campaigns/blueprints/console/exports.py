"""Exports: which rows, of which campaign, brand and days, and in which format."""

from flask import render_template, request
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, DateField, SelectField

from campaigns.blueprints.access import brands_for, campaigns_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.console.fields import choices
from campaigns.blueprints.console.plan_forms import SpokenForm
from campaigns.blueprints.context import session
from campaigns.blueprints.signed_in import person
from campaigns.i18n import LANGUAGES, N_, current_language, gettext
from campaigns.models import Brand, Campaign
from campaigns.settlement.exporting.exports import EXPORTS
from campaigns.sheets.written import MEDIA_TYPES

MOST_OFFERED = 200  # campaigns, the newest


class ExportForm(SpokenForm):
    """The filters; every button of the page sends them to the address of its own file."""

    campaign = SelectField(N_("Campaign"))
    brand = SelectField(N_("Brand"))
    since = DateField(N_("From"))
    until = DateField(N_("To"))
    language = SelectField(N_("Language"), choices=choices(LANGUAGES.items()))
    bom = BooleanField(N_("CSV without a byte order mark, for programs; Excel needs the mark"))


@blueprint.get("/exports")
def exports() -> ResponseReturnValue:
    """What can be exported, with the choices beside it."""
    form = ExportForm(campaign=request.args.get("campaign", ""), language=current_language())
    newest = campaigns_for(person()).order_by(Campaign.id.desc()).limit(MOST_OFFERED)
    everything = [("", gettext("All"))]
    form.campaign.choices = choices(
        [*everything, *((one.public_id, f"{one.brand.name} · {one.name}") for one in session().scalars(newest))]
    )
    brands = session().scalars(brands_for(person()).order_by(Brand.name))
    form.brand.choices = choices([*everything, *((one.public_id, one.name) for one in brands)])
    return render_template("console/exports.html", form=form, exports=EXPORTS.values(), formats=tuple(MEDIA_TYPES))
