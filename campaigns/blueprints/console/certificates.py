"""Certificates on an influencer's page: entered from the paper, and withdrawn."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import DateField, FieldList, FormField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from campaigns.blueprints import table_deeds
from campaigns.blueprints.access import certificate_for, influencer_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.console.fields import PercentField, choices
from campaigns.blueprints.console.influencer_forms import ROWS, StepForm
from campaigns.blueprints.console.plan_forms import NUMERIC, SpokenForm
from campaigns.blueprints.context import now, session
from campaigns.blueprints.payees import CERTIFICATES
from campaigns.blueprints.signed_in import person
from campaigns.errors import Invalid
from campaigns.i18n import N_, gettext
from campaigns.people.certificates import INSURANCE, certificates_of


class CertificateForm(SpokenForm):
    """A certificate as it is written on the paper."""

    kind = SelectField(N_("Certificate"), [InputRequired()])
    number = StringField(N_("Number of the certificate"), [InputRequired(), Length(max=60)], render_kw={"class": "ltr"})
    from_date = DateField(N_("First day"), [InputRequired()])
    to_date = DateField(N_("Last day"), [InputRequired()])
    rate_bps = PercentField(N_("Tax withheld at source, %"), render_kw=NUMERIC)
    steps = FieldList(FormField(StepForm), min_entries=ROWS)

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.kind.choices = choices((code, gettext(words)) for code, words in CERTIFICATES.items())

    def sent(self) -> dict[str, Any]:
        """The fields as people.certificates takes them; empty steps are none."""
        rows = [
            {"upto_minor": row["upto_minor"], "rate_bps": self._rate_of(row)}
            for row in self.steps.data
            if row["upto_minor"] is not None or row["rate_bps"] is not None
        ]
        plain = {name: self[name].data for name in ("kind", "number", "from_date", "to_date", "rate_bps")}
        return plain | {"steps": rows}

    def _rate_of(self, row: dict[str, Any]) -> int | None:
        """An insurance coordination names an amount; which rate is the reduced one, the tables say."""
        rate: int | None = row["rate_bps"]
        return 0 if rate is None and self.kind.data == INSURANCE else rate


@blueprint.route("/influencers/<influencer_id>/certificates", methods=["GET", "POST"])
def certificates(influencer_id: str) -> ResponseReturnValue:
    """All certificates of one influencer; posted to, one more."""
    found = influencer_for(session(), person(), influencer_id)
    form = CertificateForm()
    if form.validate_on_submit():
        try:
            table_deeds.add_certificate(person(), found, form.sent())
            session().commit()
            flash(gettext("The certificate is entered. It counts for payments on its days."), "good")
            return redirect(url_for("console.certificates", influencer_id=influencer_id))
        except Invalid as refused:
            form.take_errors(refused)
    page = render_template(
        "console/certificates.html",
        influencer=found,
        certificates=certificates_of(session(), found),
        form=form,
        today=now().date(),
    )
    return page, 422 if form.errors else 200


@blueprint.post("/certificates/<certificate_id>/withdraw")
def withdraw_certificate(certificate_id: str) -> ResponseReturnValue:
    """Let one no longer count."""
    found = certificate_for(session(), person(), certificate_id)
    table_deeds.withdraw_certificate(person(), found)
    session().commit()
    flash(gettext("The certificate no longer counts."), "good")
    return redirect(url_for("console.certificates", influencer_id=found.influencer.public_id))
