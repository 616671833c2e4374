"""An influencer's own invoice or receipt for a statement: what it must say, sending it, and what became of it."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from campaigns.blueprints import received_deeds as deeds
from campaigns.blueprints.access import document_for, statement_for
from campaigns.blueprints.console.plan_forms import NUMERIC, SpokenForm
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.signed_in import person
from campaigns.documents.issue import contents_of
from campaigns.documents.labels import RECEIVED, received_label
from campaigns.errors import Invalid, NotFound, Unreadable
from campaigns.i18n import N_, gettext
from campaigns.models import Influencer, Statement
from campaigns.money import format_minor, parse_minor
from campaigns.settlement.exchanging import standing
from campaigns.settlement.exchanging.asked import Asked, asked_of, wants_paper
from campaigns.settlement.exchanging.received import Sent


class PaperForm(SpokenForm):
    """What stands on the paper, and the paper itself."""

    kind = SelectField(N_("Kind of paper"), [InputRequired()])
    number = StringField(N_("Its number"), [InputRequired(), Length(max=60)])
    issued_on = DateField(N_("Its date"), [InputRequired()])
    net_minor = StringField(N_("Amount before VAT"), [InputRequired(), Length(max=20)], render_kw=NUMERIC)
    vat_minor = StringField(N_("VAT"), [InputRequired(), Length(max=20)], render_kw=NUMERIC)
    allocation_number = StringField(N_("Allocation number"), [Optional(), Length(max=20)])
    file = FileField(N_("The paper: PDF, or a picture"), [FileRequired(message=N_("Choose the file first."))])

    def sent(self, currency: str) -> Sent:
        """As settlement takes it; raises Invalid."""
        return Sent(
            kind=self.kind.data,
            number=self.number.data,
            issued_on=self.issued_on.data,
            net_minor=_amount("net_minor", self.net_minor.data, currency),
            vat_minor=_amount("vat_minor", self.vat_minor.data, currency),
            allocation_number=self.allocation_number.data or "",
            body=self.file.data.stream.read(),
        )


def paper(statement_id: str) -> ResponseReturnValue:
    """What the paper must say, those sent so far, and a form for another one."""
    statement = statement_for(session(), person(), statement_id)
    payee = session().get_one(Influencer, statement.influencer_id)
    if request.method == "GET" and not wants_paper(statement, payee.payee_route):
        return render_template("me/no_paper.html", statement=statement)
    today = now().date()
    asked = asked_of(session(), statement, payee, settings().agency(), issued_on=today, pay_on=today)
    form = PaperForm(data=_expected(asked, today))
    form.kind.choices = [SelectChoice(kind, received_label(kind)) for kind in RECEIVED]
    if form.validate_on_submit():
        try:
            deeds.take(person(), statement, form.sent(statement.currency))
            session().commit()
            flash(gettext("Your paper is with us. We look at it and write to you."), "good")
            return redirect(url_for("me.paper", statement_id=statement_id))
        except Invalid as refused:
            session().rollback()
            form.take_errors(refused)
    page = render_template("me/paper.html", form=form, statement=statement, asked=asked, **_shown(statement, today))
    return page, 422 if form.errors else 200


def answer_invoice(document_id: str) -> ResponseReturnValue:
    """Accept or reject an invoice that we wrote in the influencer's name."""
    invoice = document_for(session(), person(), document_id)
    if invoice.kind != standing.INVOICE:
        raise NotFound("no such thing, or not yours")
    accepts = request.form.get("answer") == "accept"
    deeds.answer_invoice(person(), invoice, accepts, request.form.get("reason", ""))
    session().commit()
    done = N_("You accepted the invoice.") if accepts else N_("The invoice is taken back. Please send your own.")
    flash(gettext(done), "good")
    return redirect(url_for("me.documents"))


def _shown(statement: Statement, today: date) -> dict[str, Any]:
    invoice = standing.invoice_for(session(), statement)
    papers = standing.papers_of(session(), [statement.id])[statement.id]
    return {
        "state": standing.paper_states(session(), [statement], today).get(statement.id, standing.MISSING),
        "papers": papers,
        "request_paper": standing.requests_for(session(), statement.influencer_id).get(statement.document.number),
        "invoice": invoice,
        "invoice_state": standing.invoice_state(session(), invoice, today) if invoice else "",
        "answer_by": date.fromisoformat(contents_of(invoice)["answer_by"]) if invoice else None,
    }


def _expected(asked: Asked, today: date) -> dict[str, Any]:
    amounts = {"net_minor": asked.net_minor, "vat_minor": asked.vat_minor}
    written = {name: format_minor(amount, asked.currency).replace(",", "") for name, amount in amounts.items()}
    return {"kind": asked.kinds[0], "issued_on": today, **written}


def _amount(field: str, text: str, currency: str) -> int:
    try:
        return parse_minor(text.strip().replace(",", ""), currency)
    except Unreadable as error:
        raise Invalid({field: [N_("An amount is a number such as 5000 or 5000.50.")]}) from error
