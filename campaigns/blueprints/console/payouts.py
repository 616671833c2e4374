"""Payouts: what is due to influencers, what some of them owe, and the batches that pay."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from campaigns.blueprints import paying
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.signed_in import person
from campaigns.errors import Invalid
from campaigns.i18n import N_, gettext
from campaigns.models import PayoutBatch, ReceivedDocument
from campaigns.settlement.paying.dues import Due, due_currencies, dues

MOST_BATCHES = 50


@blueprint.route("/payouts", methods=["GET", "POST"])
def payouts() -> ResponseReturnValue:
    """What is due by currency; posted to, a batch of everything due in one of them is prepared."""
    currencies = due_currencies(session())
    if request.method == "POST":
        currency = request.form.get("currency", "")
        if currency not in currencies:
            raise Invalid({"currency": [N_("Choose one of the values offered.")]})
        batch = paying.prepare(person(), currency, now().date())
        session().commit()
        flash(gettext("The batch is prepared. It goes to the bank once it is released."), "good")
        return redirect(url_for("console.payout", payout_id=batch.document.public_id))
    newest = select(PayoutBatch).options(joinedload(PayoutBatch.document)).order_by(PayoutBatch.id.desc())
    return render_template(
        "console/payouts.html",
        due={currency: _by_amount(currency) for currency in currencies},
        batches=session().scalars(newest.limit(MOST_BATCHES)).all(),
        papers_first=settings().papers_first,
        papers_waiting=waiting_papers(),
    )


def waiting_papers() -> int:
    """How many papers of payees wait to be looked at."""
    waiting = select(func.count()).select_from(ReceivedDocument).filter_by(status="received")
    return int(session().scalar(waiting) or 0)


def _by_amount(currency: str) -> list[Due]:
    """Who is due or owes anything, the largest payment first."""
    found = dues(session(), currency, now().date(), settings().papers_first)
    return sorted(found, key=lambda due: (-due.payable_minor, due.owed_minor))
