"""Payouts: what is due to influencers, and the batches that paid it."""

import logging

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.console.closing import papers
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.signed_in import person
from campaigns.commissions.ledger import balance
from campaigns.errors import Invalid
from campaigns.i18n import N_, gettext
from campaigns.models import Document, Influencer, Statement
from campaigns.planning.audit import note
from campaigns.settlement.payouts import due_statements, pay_out

log = logging.getLogger(__name__)


@blueprint.route("/payouts", methods=["GET", "POST"])
def payouts() -> ResponseReturnValue:
    """What is due by currency; posted to, one batch of everything due in one of them."""
    currencies = list(session().scalars(select(Statement.currency).distinct().order_by(Statement.currency)))
    if request.method == "POST":
        currency = request.form.get("currency", "")
        if currency not in currencies:
            raise Invalid({"currency": [N_("Choose one of the values offered.")]})
        document = pay_out(session(), currency, settings().agency(), now().date(), now())
        note(session(), person().id, "payout.made", f"document:{document.public_id}", now())
        session().commit()
        log.info("paid out document=%s", document.public_id)
        flash(gettext("The batch is made; its bank list is below."), "good")
        return redirect(url_for("console.payouts"))
    batches = papers().where(Document.kind == "payout_batch").limit(50)
    due = {currency: _due(currency) for currency in currencies}
    return render_template("console/payouts.html", due=due, batches=session().scalars(batches).all())


def _due(currency: str) -> list[tuple[Influencer, int, int]]:
    """Who is due how much on how many statements; a balance that is not positive waits."""
    rows = []
    for person_id, statements in due_statements(session(), currency).items():
        due = -balance(session(), "influencer_due", person_id, currency)
        rows.append((session().get_one(Influencer, person_id), due, len(statements)))
    return sorted(rows, key=lambda row: -row[1])
