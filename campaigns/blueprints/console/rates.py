"""Rates of exchange: the list, entering one, correcting and withdrawing one."""

import logging
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import DateField, StringField
from wtforms.validators import InputRequired, Length

from campaigns.blueprints.access import rate_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.console.plan_forms import SpokenForm
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.signed_in import person
from campaigns.commissions.exchange import format_rate, parse_rate
from campaigns.errors import Conflict, Invalid, Unreadable
from campaigns.i18n import N_, gettext
from campaigns.planning import rates as planning

log = logging.getLogger(__name__)

blueprint.add_app_template_filter(format_rate, "rate")


class RateField(StringField):
    """A rate of at most six decimals, held in millionths."""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            self.data: Any = parse_rate(valuelist[0]) if valuelist and valuelist[0].strip() else None
        except Unreadable as error:
            raise ValueError(N_("must be a number above zero, of at most six decimals")) from error

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return format_rate(self.data) if self.data is not None else ""


class CorrectionForm(SpokenForm):
    """What is corrected of a rate: anything but its currencies."""

    from_date = DateField(N_("First day"), [InputRequired()])
    to_date = DateField(N_("Last day"), [InputRequired()])
    rate = RateField(N_("Rate"), [InputRequired()])
    source = StringField(N_("Source"), [InputRequired(), Length(max=planning.LONGEST_SOURCE)])

    def asked(self, from_currency: str, to_currency: str) -> planning.Rate:
        """The rate as asked for."""
        return planning.Rate(
            from_currency.strip().upper(),
            to_currency.strip().upper(),
            self.from_date.data,
            self.to_date.data,
            self.rate.data,
            self.source.data or "",
        )


class RateForm(CorrectionForm):
    """A rate, and the currencies it is of."""

    from_currency = StringField(N_("One unit of"), [InputRequired(), Length(3, 3)])
    to_currency = StringField(N_("is so many of"), [InputRequired(), Length(3, 3)])


@blueprint.route("/rates", methods=["GET", "POST"])
def rates() -> ResponseReturnValue:
    """Every rate entered; posted to, one more."""
    today = now().date()
    form = RateForm(to_currency="ILS", from_date=today, to_date=today)
    if form.validate_on_submit():
        try:
            asked = form.asked(form.from_currency.data or "", form.to_currency.data or "")
            planning.enter_rate(session(), asked, person().id, settings().identity_key, now())
            return _done(gettext("The rate is entered. Orders that waited for it are judged anew."))
        except Invalid as refused:
            form.take_errors(refused)
    page = render_template("console/rates.html", form=form, rates=planning.rates(session()), correcting=None)
    return page, 422 if form.errors else 200


@blueprint.route("/rates/<rate_id>", methods=["GET", "POST"])
def rate(rate_id: str) -> ResponseReturnValue:
    """Correct one: a further row takes its place."""
    found = rate_for(session(), person(), rate_id)
    form = CorrectionForm(
        from_date=found.from_date, to_date=found.to_date, rate=found.rate_millionths, source=found.source
    )
    if form.is_submitted() and found.superseded_at is not None:
        raise Conflict("this rate was corrected or withdrawn before")
    if form.validate_on_submit():
        try:
            asked = form.asked(found.from_currency, found.to_currency)
            planning.correct_rate(session(), found, asked, person().id, settings().identity_key, now())
            return _done(gettext("The rate is corrected. Orders it had converted are judged anew."))
        except Invalid as refused:
            form.take_errors(refused)
    page = render_template("console/rates.html", form=form, rates=planning.rates(session()), correcting=found)
    return page, 422 if form.errors else 200


@blueprint.post("/rates/<rate_id>/withdraw")
def withdraw_rate(rate_id: str) -> ResponseReturnValue:
    """End one that should not have been entered."""
    found = rate_for(session(), person(), rate_id)
    planning.withdraw_rate(session(), found, person().id, settings().identity_key, now())
    return _done(gettext("The rate is withdrawn. What it had converted is held back again."))


def _done(said: str) -> ResponseReturnValue:
    session().commit()
    log.info("rates changed by user=%s", person().id)
    flash(said, "good")
    return redirect(url_for("console.rates"))
