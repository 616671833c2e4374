"""The customers an influencer registered with a campaign's shop: registering one, and what became of each."""

import logging

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import EmailField, TelField
from wtforms.validators import Length

from campaigns.blueprints import access
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.forms import Form
from campaigns.blueprints.labels import said
from campaigns.blueprints.signed_in import person
from campaigns.commissions.terms import registered_customer_days
from campaigns.errors import Conflict, Invalid
from campaigns.i18n import N_, gettext
from campaigns.models import Participation, Registration
from campaigns.planning import registrations as planning
from campaigns.planning.customers import read_customer
from campaigns.planning.registration_words import why

PAGE = 50
logger = logging.getLogger(__name__)


class CustomerForm(Form):
    """Whom to register: an address, a number, or both."""

    email = EmailField(N_("Their e-mail address"), [Length(max=254)])
    phone = TelField(N_("Their phone number"), [Length(max=40)])


def customers(participation_id: str) -> ResponseReturnValue:
    """Every customer registered in this campaign; posted to, one more."""
    mine = access.participation_for(session(), person(), participation_id)
    if not mine.acceptances:
        return redirect(url_for("me.invitation", participation_id=mine.public_id))
    form = CustomerForm()
    if form.validate_on_submit():
        try:
            return _register(mine, form)
        except Invalid as refused:
            form.take_errors(Invalid({name: [said(one) for one in found] for name, found in refused.errors.items()}))
        except Conflict as refused:
            form.form_errors.append(said(refused.sentence))
    return _page(mine, form), 422 if form.errors else 200


def _register(mine: Participation, form: CustomerForm) -> ResponseReturnValue:
    known = settings()
    customer = read_customer(form.email.data or "", form.phone.data or "", known.identity_key)
    by = planning.By(person().id, known.public_url, known.identity_key, now())
    made, new = planning.register(session(), mine, customer, by)
    session().commit()
    logger.info("registered registration=%s status=%s", made.public_id, made.status)
    if new:
        flash(why(made.reason), {"attached": "good", "late": "info"}.get(made.status, "bad"))
    else:
        flash(gettext("This customer is registered to you already."), "info")
    return redirect(url_for("me.customers", participation_id=mine.public_id))


def _page(mine: Participation, form: CustomerForm) -> str:
    skip = max(request.args.get("skip", 0, type=int), 0)
    newest = select(Registration).filter_by(participation_id=mine.id).order_by(Registration.id.desc())
    found = list(session().scalars(newest.offset(skip).limit(PAGE + 1)))
    more = url_for("me.customers", participation_id=mine.public_id, skip=skip + PAGE)
    return render_template(
        "me/customers.html",
        participation=mine,
        campaign=mine.campaign,
        days=registered_customer_days(mine.acceptances[-1].terms),
        may_register=planning.offers_registration(mine) and planning.earns_now(mine, now()),
        rows=[(one, planning.state(one, now())) for one in found[:PAGE]],
        next_url=more if len(found) > PAGE else "",
        why=why,
        form=form,
    )
