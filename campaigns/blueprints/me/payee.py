"""How an influencer is paid: the way, and the details each way needs.

Certificates of the tax office (withholding, coordination) are entered by the agency from the paper; here they show.
"""

import logging
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import BooleanField, PasswordField, RadioField, SelectChoice, SelectField, StringField, TelField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from campaigns.blueprints import access, signed_in
from campaigns.blueprints.auth import LOCKED, TOO_LONG, check_password
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.forms import Form
from campaigns.blueprints.payees import countries, dealers
from campaigns.blueprints.signed_in import person
from campaigns.errors import Invalid
from campaigns.i18n import N_, gettext
from campaigns.models import Influencer
from campaigns.people import passwords, sessions
from campaigns.people.certificates import certificates_of
from campaigns.planning.payee_changes import change_influencer

logger = logging.getLogger(__name__)

ROUTES = (
    SelectChoice("invoice", N_("Tax invoice: I am a licensed dealer or a company")),
    SelectChoice("receipt", N_("Receipt: I am an exempt dealer")),
    SelectChoice("payslip", N_("Payslip: I have no business of my own")),
)
NOT_YOUR_PASSWORD = N_("This is not your current password.")
ASKED_AGAIN = N_("To change the bank details, enter your password once more.")
TEXTS = ("route", "id_number", "address", "bank_code", "bank_branch", "bank_account", "credit_points", "country",
         "dealer_status")  # fmt: skip


class PayeeForm(Form):
    """What was said so far; anything may be left for later except the way itself."""

    route = RadioField(N_("How you want to be paid"), [InputRequired()], choices=ROUTES)
    id_number = StringField(N_("Identity or company number"), [Optional(), Length(max=20)])
    phone = TelField(N_("Telephone"), [Optional(), Length(max=40)])
    address = StringField(N_("Address"), [Optional(), Length(max=300)])
    country = SelectField(N_("Where you are taxed"), [DataRequired()])
    dealer_status = SelectField(N_("Your registration for VAT"))
    bilingual = BooleanField(N_("My papers in my language and in English"))
    bank_code = StringField(N_("Bank number"), [Optional(), Length(max=3)])
    bank_branch = StringField(N_("Branch number"), [Optional(), Length(max=4)])
    bank_account = StringField(N_("Account number"), [Optional(), Length(max=34)])
    credit_points = StringField(N_("Tax credit points, from your form 101"), [Optional(), Length(max=6)])
    current = PasswordField(N_("Your password"), [Optional(), Length(max=passwords.LONGEST, message=TOO_LONG)])
    second_employer = BooleanField(N_("I also have another employer or pension"))


def payee() -> ResponseReturnValue:
    """Show the details, and take new ones."""
    user = person()
    me = access.influencer_for(session(), user, user.influencer.public_id if user.influencer else "")
    form = PayeeForm(data=_said(me))
    form.country.choices = [SelectChoice(*pair) for pair in countries()]
    form.dealer_status.choices = [SelectChoice(*pair) for pair in dealers()]
    if form.validate_on_submit():
        try:
            if _save(me, form):
                session().commit()
                logger.info("payment details changed influencer=%s", me.public_id)
                flash(gettext("Your payment details are saved."), "good")
                return redirect(url_for("me.payee"))
        except Invalid as refused:
            form.take_errors(refused)
    shown = [one for one in certificates_of(session(), me) if one.withdrawn_at is None]
    page = render_template("me/payee.html", form=form, influencer=me, asks_password=not _fresh(), certificates=shown)
    return page, 422 if form.errors else 200


def _save(me: Influencer, form: PayeeForm) -> bool:
    """Take the details; other bank details only with a password that was just asked for. The caller commits."""
    if not _change(me, form) or _fresh():
        return True
    session().rollback()  # asking for the password commits the count of attempts, and must commit nothing else
    user, refusal = check_password(person().email, form.current.data) if form.current.data else (None, "")
    if user is None:
        form.current.errors = [refusal if refusal == LOCKED else NOT_YOUR_PASSWORD if refusal else ASKED_AGAIN]
        return False
    signed_in.enter(user)  # as if they had just come in: for some minutes it is not asked for again
    return _change(me, form)


def _change(me: Influencer, form: PayeeForm) -> bool:
    """Change what was sent; whether bank details are among what changed."""
    phone = (form.phone.data or "").strip()
    agency = settings().agency_name
    return change_influencer(session(), me, person().id, agency, now(), phone=phone, payee=_sent(form))


def _fresh() -> bool:
    return sessions.is_fresh(session(), current_user.get_id(), now())


def _said(me: Influencer) -> dict[str, Any]:
    return {
        "route": me.payee_route,
        "id_number": me.id_number,
        "phone": me.phone,
        "address": me.address,
        "country": me.country,
        "dealer_status": me.dealer_status,
        "bilingual": me.bilingual,
        "bank_code": me.bank_code,
        "bank_branch": me.bank_branch,
        "bank_account": me.bank_account,
        "credit_points": me.credit_points or "",
        "second_employer": me.second_employer,
    }


def _sent(form: PayeeForm) -> dict[str, Any]:
    sent = {name: (form[name].data or "").strip() for name in TEXTS}
    ticked = {name: bool(form[name].data) for name in ("second_employer", "bilingual")}
    return {**sent, **ticked}
