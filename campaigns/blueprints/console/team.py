"""The agency's own people: who signs in, and inviting more."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import EmailField, SelectField
from wtforms.validators import InputRequired, Length

from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.console.fields import choices
from campaigns.blueprints.console.plan_forms import SpokenForm
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.signed_in import person
from campaigns.errors import Conflict, Invalid
from campaigns.i18n import LANGUAGES, N_, gettext
from campaigns.models import User
from campaigns.people.records import create_user
from campaigns.planning.audit import note
from campaigns.planning.notices import sign_in_offered


class StaffForm(SpokenForm):
    """Whom to invite."""

    email = EmailField(N_("E-mail"), [InputRequired(), Length(max=254)])
    language = SelectField(N_("Language"), [InputRequired()], choices=choices(LANGUAGES.items()), default="he")


@blueprint.route("/team", methods=["GET", "POST"])
def team() -> ResponseReturnValue:
    """Everyone on the staff; posted to, one more is invited."""
    form = StaffForm()
    if form.validate_on_submit():
        try:
            user = create_user(session(), form.email.data, "agency", now(), language=form.language.data)
            agency, base_url = settings().agency_name, settings().public_url
            sign_in_offered(session(), user, user.email.partition("@")[0], agency, base_url, now())
            note(session(), person().id, "user.invited", f"user:{user.id}", now(), role="agency")
            session().commit()
            flash(gettext("The invitation is on its way."), "good")
            return redirect(url_for("console.team"))
        except Invalid as refused:
            form.take_errors(refused)
        except Conflict as refused:
            form.take_errors(Invalid({"email": [str(refused)]}))
    staff = session().scalars(select(User).filter_by(role="agency").order_by(User.email)).all()
    return render_template("console/team.html", form=form, staff=staff), 422 if form.errors else 200
