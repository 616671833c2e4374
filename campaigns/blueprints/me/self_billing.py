"""An influencer's agreement that the agency writes their invoices: read first, agreed to, ended at any time."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import DateField, StringField
from wtforms.validators import InputRequired, Length, Optional

from campaigns.blueprints import received_deeds as deeds
from campaigns.blueprints.access import influencer_for
from campaigns.blueprints.console.plan_forms import SpokenForm
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.signed_in import person
from campaigns.errors import Invalid, NotFound
from campaigns.i18n import N_, current_language, gettext
from campaigns.models import Influencer
from campaigns.settlement.exchanging import agreements
from campaigns.settlement.exchanging.standing import may_self_bill


class AgreementForm(SpokenForm):
    """From when to when, and the number that stands on the invoices."""

    vat_number = StringField(N_("Your VAT number"), [Optional(), Length(max=40)])
    from_date = DateField(N_("From"), [InputRequired()])
    to_date = DateField(N_("Until, a year at most"), [InputRequired()])


def self_billing() -> ResponseReturnValue:
    """The agreement that stands, or its wording to be read; posted to, it is agreed to."""
    me = _me()
    today = now().date()
    form = AgreementForm(data={"from_date": today, "to_date": agreements.last_day_from(today)})
    wording = ""
    if form.validate_on_submit():
        try:
            wording = _wording(me, form)
            if request.form.get("step") == "agree":
                deeds.agree(person(), form.vat_number.data or "", current_language(), *_days(form))
                session().commit()
                flash(gettext("Agreed. From now on we write your invoices, and send you each of them."), "good")
                return redirect(url_for("me.self_billing"))
        except Invalid as refused:
            session().rollback()
            form.take_errors(refused)
    page = render_template(
        "me/self_billing.html",
        form=form,
        wording=wording,
        offered=may_self_bill(me, settings().agency()),
        agreement=agreements.unended(session(), me.id),
        today=today,
    )
    return page, 422 if form.errors else 200


def end_self_billing() -> ResponseReturnValue:
    """End it from now on."""
    agreement = agreements.unended(session(), _me().id)
    if agreement is not None:
        deeds.end_agreement(person(), agreement)
        session().commit()
        flash(gettext("The agreement has ended. Please send your own invoices from now on."), "good")
    return redirect(url_for("me.self_billing"))


def _wording(me: Influencer, form: AgreementForm) -> str:
    """What would be agreed to; raises Invalid where the number is wrong, NotFound where none is offered."""
    agency = settings().agency()
    if not may_self_bill(me, agency):
        raise NotFound("we write no such invoices")
    number = agreements.read_vat_number(me.country, form.vat_number.data or "")
    return agreements.wording_for(me, agency, number, current_language(), *_days(form))


def _days(form: AgreementForm) -> tuple[date, date]:
    return form.from_date.data, form.to_date.data


def _me() -> Influencer:
    user = person()
    return influencer_for(session(), user, user.influencer.public_id if user.influencer else "")
