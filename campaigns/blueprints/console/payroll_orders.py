"""Orders to the payroll provider: whose statements wait for one, making it, and the orders made."""

import logging

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from campaigns.blueprints import asking
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.console.closing import papers
from campaigns.blueprints.console.fields import choices
from campaigns.blueprints.console.plan_forms import SpokenForm
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.signed_in import person
from campaigns.errors import Conflict, Invalid
from campaigns.i18n import LANGUAGES, N_, gettext
from campaigns.models import Document
from campaigns.settlement import payroll_orders as settled

log = logging.getLogger(__name__)
CURRENCY = "ILS"  # payslips are Israel's


class PayrollOrderForm(SpokenForm):
    """The month of the wages, and the language of the order."""

    period = StringField(N_("Month"), [InputRequired(), Length(min=7, max=7)])
    language = SelectField(N_("Language"), [InputRequired()], choices=choices(LANGUAGES.items()))


@blueprint.route("/payroll-orders", methods=["GET", "POST"])
def payroll_orders() -> ResponseReturnValue:
    """What waits for the provider; posted to, it is handed over."""
    form = PayrollOrderForm(period=f"{now():%Y-%m}", language=person().language)
    if form.validate_on_submit():
        try:
            made = asking.order_payroll(person(), CURRENCY, form.period.data, form.language.data)
            session().commit()
            log.info("ordered payroll document=%s", made.public_id)
            flash(gettext("Order %(number)s is issued; its files are being made.", number=made.number), "good")
            return redirect(url_for("console.payroll_orders"))
        except (Conflict, Invalid) as refused:
            session().rollback()
            form.take_errors(
                refused if isinstance(refused, Invalid) else Invalid({"": [refused.sentence or str(refused)]})
            )
    rows = settled.waiting(session(), CURRENCY)
    page = render_template(
        "console/payroll_orders.html",
        form=form,
        provider=settings().payroll_provider,
        rows=rows,
        currency=CURRENCY,
        total_minor=sum(row.gross_minor for row in rows),
        documents=session().scalars(papers().where(Document.kind == settled.KIND)).all(),
    )
    return page, 422 if request.method == "POST" else 200
