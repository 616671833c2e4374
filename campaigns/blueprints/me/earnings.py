"""What was earned, what is on the way, what is paid, and the papers about it."""

from flask import render_template
from flask.typing import ResponseReturnValue

from campaigns.blueprints import access
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.signed_in import person
from campaigns.i18n import N_
from campaigns.models import Document, Influencer
from campaigns.settlement import earnings as books
from campaigns.settlement.exchanging.standing import may_self_bill, paper_states
from campaigns.settlement.paying.payments import payments_of

# What the agency waits for once a statement is issued, by the way of being paid.
NEXT_STEP = {
    "invoice": N_("Send the agency a tax invoice for exactly the amount of the statement, with its number on it."),
    "receipt": N_("Send the agency a receipt for exactly the amount of the statement, with its number on it."),
    "payslip": N_("Nothing to send: you are paid with a payslip, after the deductions the law requires."),
}


def earnings() -> ResponseReturnValue:
    """The sums, from the same ledger the statements come from, and every statement."""
    me = _me()
    statements = books.statements_of(session(), me.id)
    waiting = {one.route or me.payee_route for one, state in statements if state != "paid"}
    return render_template(
        "me/earnings.html",
        influencer=me,
        sums=books.sums(session(), me.id),
        statements=statements,
        paper_states=paper_states(session(), [one for one, _ in statements], now().date()),
        self_billed=may_self_bill(me, settings().agency()),
        payments=payments_of(session(), me.id),
        next_steps=[NEXT_STEP[route] for route in NEXT_STEP if route in waiting],
    )


def documents() -> ResponseReturnValue:
    """Own papers, newest first."""
    mine = session().scalars(access.documents_for(person()).order_by(Document.id.desc()))
    return render_template("me/documents.html", documents=mine.all())


def _me() -> Influencer:
    user = person()
    return access.influencer_for(session(), user, user.influencer.public_id if user.influencer else "")
