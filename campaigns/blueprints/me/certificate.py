"""A certificate of one's campaigns: chosen by whoever took part, with their results only if they say so."""

import logging

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from campaigns.blueprints import access, asking
from campaigns.blueprints.console.fields import choices
from campaigns.blueprints.console.plan_forms import SpokenForm
from campaigns.blueprints.context import session
from campaigns.blueprints.signed_in import person
from campaigns.errors import Invalid
from campaigns.i18n import LANGUAGES, N_, gettext, iso
from campaigns.models import Document
from campaigns.settlement.partner_certificates import KIND, ON_ONE_PAGE, completed

log = logging.getLogger(__name__)


class CertificateForm(SpokenForm):
    """Which campaigns it names, and whether it shows what came of them."""

    campaigns = SelectMultipleField(
        N_("Campaigns"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    show_results = BooleanField(N_("Show my clicks, orders, leads and calls in each; never a sum of money"))
    language = SelectField(N_("Language"), [InputRequired()], choices=choices(LANGUAGES.items()))


def certificate() -> ResponseReturnValue:
    """Choose; posted to, the certificate."""
    user = person()
    me = access.influencer_for(session(), user, user.influencer.public_id if user.influencer else "")
    mine = completed(session(), me.id)
    form = CertificateForm(campaigns=[one.public_id for one in mine[:ON_ONE_PAGE]], language=me.language)
    form.campaigns.choices = choices(
        (one.public_id, f"{iso(one.campaign.name)} · {iso(one.campaign.brand.name)}") for one in mine
    )
    if form.validate_on_submit():
        try:
            chosen = form.campaigns.data or []
            made = asking.certify(user, me, chosen, form.show_results.data, form.language.data)
            session().commit()
            log.info("certified document=%s", made.public_id)
            flash(gettext("Certificate %(number)s is issued; its file is being made.", number=made.number), "good")
            return redirect(url_for("me.certificate"))
        except Invalid as refused:
            session().rollback()
            form.take_errors(refused)
    papers = access.documents_for(user).where(Document.kind == KIND).order_by(Document.id.desc())
    page = render_template("me/certificate.html", form=form, mine=mine, documents=session().scalars(papers).all())
    return page, 422 if form.errors else 200
