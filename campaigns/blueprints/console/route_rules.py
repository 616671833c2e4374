"""The rules by which amounts overrule the way a payee prefers to be paid; and one participant's own way."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import DateField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from campaigns.blueprints import paying
from campaigns.blueprints.access import participation_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.console.fields import choices
from campaigns.blueprints.console.plan_forms import NUMERIC, SpokenForm
from campaigns.blueprints.context import now, session
from campaigns.blueprints.signed_in import person
from campaigns.documents.labels import LABELS
from campaigns.errors import Invalid, Unreadable
from campaigns.i18n import N_, gettext
from campaigns.models import Participation, RouteRule
from campaigns.models.accounts import ROUTES
from campaigns.money import exponent, parse_minor
from campaigns.planning.audit import note
from campaigns.settlement.paying import routes

WAYS = [(code, LABELS[code]) for code in ROUTES]


class RouteRuleForm(SpokenForm):
    """From a day on, amounts above a threshold go by one route instead of another."""

    currency = StringField(N_("Currency"), [InputRequired(), Length(min=3, max=3)], default="ILS")
    from_date = DateField(N_("From"), [InputRequired()])
    above = StringField(N_("Amounts above"), [InputRequired(), Length(max=20)], render_kw=NUMERIC)
    preferred = SelectField(N_("Instead of"), [InputRequired()], choices=choices(WAYS), default="receipt")
    route = SelectField(N_("Paid against"), [InputRequired()], choices=choices(WAYS))
    source = StringField(N_("Source"), [InputRequired(), Length(max=300)])

    def record(self) -> dict[str, Any]:
        """The fields as `paying.add_route_rule` takes them; raises Invalid."""
        currency = self.currency.data.strip().upper()
        try:
            exponent(currency)
        except Unreadable as error:
            raise Invalid({"currency": [error.sentence]}) from error
        try:
            above_minor = parse_minor(self.above.data.strip().replace(",", ""), currency)
        except Unreadable as error:
            raise Invalid({"above": [N_("An amount is a number such as 5000 or 5000.50.")]}) from error
        plain = {name: self[name].data for name in ("from_date", "preferred", "route", "source")}
        return {"currency": currency, "above_minor": above_minor, **plain}


@blueprint.route("/route-rules", methods=["GET", "POST"])
def route_rules() -> ResponseReturnValue:
    """All rules, the newest first; posted to, one more."""
    form = RouteRuleForm()
    if form.validate_on_submit():
        try:
            paying.add_route_rule(person(), **form.record())
            session().commit()
            flash(gettext("The rule is added. It holds for statements issued from now on."), "good")
            return redirect(url_for("console.route_rules"))
        except Invalid as refused:
            fields = {"above_minor": "above"}
            form.take_errors(Invalid({fields.get(name, name): found for name, found in refused.errors.items()}))
    rules = session().scalars(select(RouteRule).order_by(RouteRule.from_date.desc(), RouteRule.id.desc())).all()
    page = render_template("console/route_rules.html", form=form, rules=rules, today=now().date())
    return page, 422 if form.errors else 200


@blueprint.post("/route-rules/<rule_id>/end")
def end_route_rule(rule_id: str) -> ResponseReturnValue:
    """Let a rule end with a day; what was issued under it stays."""
    rule = routes.find_rule(session(), rule_id)
    try:
        last_day = date.fromisoformat(request.form.get("to_date", ""))
    except ValueError as error:
        raise Invalid({"to_date": [N_("This must be a date such as 2026-05-31.")]}) from error
    paying.end_route_rule(person(), rule, last_day)
    session().commit()
    flash(gettext("The rule ends with that day."), "good")
    return redirect(url_for("console.route_rules"))


@blueprint.post("/participations/<participation_id>/route")
def override_route(participation_id: str) -> ResponseReturnValue:
    """Pay one participant another way than they prefer and than the rules say, with a reason."""
    found: Participation = participation_for(session(), person(), participation_id)
    route, reason = request.form.get("route", ""), request.form.get("reason", "")
    routes.override_route(session(), found, route, reason)
    subject = f"participation:{found.public_id}"
    note(session(), person().id, "route.overridden", subject, now(), route=route, reason=found.route_override_reason)
    session().commit()
    flash(gettext("Saved. It holds for statements issued from now on."), "good")
    return redirect(url_for("console.participation", participation_id=participation_id))
