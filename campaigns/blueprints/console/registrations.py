"""Customers registered with a campaign's shop: the list, ending one, attaching one that asks for it."""

import logging
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from wtforms import EmailField, SelectField, TelField, TextAreaField
from wtforms.validators import InputRequired, Length

from campaigns.blueprints.access import campaign_for, participation_for, registration_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.console.fields import choices
from campaigns.blueprints.console.plan_forms import SpokenForm
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.labels import said
from campaigns.blueprints.signed_in import person
from campaigns.errors import Conflict, Invalid
from campaigns.i18n import N_, gettext
from campaigns.models import Campaign, Participation, Registration
from campaigns.planning import registrations as planning
from campaigns.planning.customers import read_customer
from campaigns.planning.plans import participants
from campaigns.planning.registration_words import why
from campaigns.reasons import LONGEST_REASON

PAGE = 50
log = logging.getLogger(__name__)


class RegisterForm(SpokenForm):
    """Who is registered for whom; with a reason, because the customer asked for it."""

    participation = SelectField(N_("Influencer"), [InputRequired()])
    email = EmailField(N_("The customer's e-mail address"), [Length(max=254)])
    phone = TelField(N_("The customer's phone number"), [Length(max=40)])
    reason = TextAreaField(N_("The customer's own wish"), [Length(max=LONGEST_REASON)])


class EndForm(SpokenForm):
    """Why a registration is ended."""

    why = TextAreaField(N_("Reason"), [InputRequired(), Length(max=LONGEST_REASON)])


class AttachForm(SpokenForm):
    """How the customer asked for the influencer."""

    reason = TextAreaField(N_("The customer's own wish"), [InputRequired(), Length(max=LONGEST_REASON)])


@blueprint.route("/campaigns/<campaign_id>/registrations", methods=["GET", "POST"])
def registrations(campaign_id: str) -> ResponseReturnValue:
    """A campaign's registered customers, the newest first; posted to, one more."""
    campaign: Campaign = campaign_for(session(), person(), campaign_id)
    form = RegisterForm()
    form.participation.choices = _people(campaign)
    if form.validate_on_submit():
        try:
            made = _register(form)
            session().commit()
            log.info("registered registration=%s status=%s", made.public_id, made.status)
            flash(gettext("It is registered, and the influencer is told what became of it."), "good")
            return redirect(url_for("console.registration", registration_id=made.public_id))
        except Invalid as refused:
            form.take_errors(refused)
        except Conflict as refused:
            form.form_errors.append(said(refused.sentence))
    return _page(campaign, form), 422 if form.errors else 200


@blueprint.get("/registrations/<registration_id>")
def registration(registration_id: str) -> ResponseReturnValue:
    """One registration, and what staff may do with it."""
    return _one(_found(registration_id), EndForm(formdata=None), AttachForm(formdata=None))


@blueprint.post("/registrations/<registration_id>/end", endpoint="end_registration")
def end(registration_id: str) -> ResponseReturnValue:
    """End it from now on; its influencer is told why."""
    found, form = _found(registration_id), EndForm()
    if not form.validate_on_submit():
        return _one(found, form, AttachForm(formdata=None)), 422
    planning.end_registration(session(), found, form.why.data, _by())
    session().commit()
    log.info("ended registration=%s", found.public_id)
    flash(gettext("The registration has ended. What was bought until now stays as it was decided."), "good")
    return redirect(url_for("console.registration", registration_id=registration_id))


@blueprint.post("/registrations/<registration_id>/attach", endpoint="attach_customer")
def attach(registration_id: str) -> ResponseReturnValue:
    """Attach the customer to this registration's influencer, because the customer asks for it."""
    found, form = _found(registration_id), AttachForm()
    if not form.validate_on_submit():
        return _one(found, EndForm(formdata=None), form), 422
    customer = planning.same_customer(found)
    made = planning.attach_at_request(session(), found.participation, customer, form.reason.data, _by())
    session().commit()
    log.info("attached registration=%s status=%s", made.public_id, made.status)
    flash(gettext("It is registered, and the influencer is told what became of it."), "good")
    return redirect(url_for("console.registration", registration_id=made.public_id))


def _found(registration_id: str) -> Registration:
    found: Registration = registration_for(session(), person(), registration_id)
    return found


def _by() -> planning.By:
    known = settings()
    return planning.By(person().id, known.public_url, known.identity_key, now())


def _register(form: RegisterForm) -> Registration:
    mine: Participation = participation_for(session(), person(), form.participation.data)
    customer = read_customer(form.email.data or "", form.phone.data or "", settings().identity_key)
    if (form.reason.data or "").strip():
        return planning.attach_at_request(session(), mine, customer, form.reason.data or "", _by())
    made, _ = planning.register(session(), mine, customer, _by())
    return made


def _people(campaign: Campaign) -> Any:
    accepted = [(row.public_id, row.influencer.name) for row in participants(session(), campaign) if row.acceptances]
    return choices([("", gettext("Choose an influencer")), *accepted])


def _page(campaign: Campaign, form: RegisterForm) -> str:
    skip = max(request.args.get("skip", 0, type=int), 0)
    newest = (
        select(Registration)
        .join(Participation, Participation.id == Registration.participation_id)
        .options(joinedload(Registration.participation).joinedload(Participation.influencer))
        .where(Participation.campaign_id == campaign.id)
        .order_by(Registration.id.desc())
    )
    found = list(session().scalars(newest.offset(skip).limit(PAGE + 1)))
    more = url_for("console.registrations", campaign_id=campaign.public_id, skip=skip + PAGE)
    return render_template(
        "console/registrations.html",
        campaign=campaign,
        rows=[(one, planning.state(one, now())) for one in found[:PAGE]],
        next_url=more if len(found) > PAGE else "",
        why=why,
        form=form,
    )


def _one(found: Registration, end_form: EndForm, attach_form: AttachForm) -> str:
    return render_template(
        "console/registration.html",
        registration=found,
        campaign=found.participation.campaign,
        state=planning.state(found, now()),
        why=why,
        end_form=end_form,
        attach_form=attach_form,
    )
