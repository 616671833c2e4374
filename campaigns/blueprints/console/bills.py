"""A campaign's bills: what is on none yet, issuing one, and what the brand has paid of each."""

import logging
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import selectinload
from wtforms import DateField, StringField
from wtforms.validators import InputRequired, Length

from campaigns.blueprints import billing
from campaigns.blueprints.access import bill_for, campaign_for
from campaigns.blueprints.console.blueprint import blueprint
from campaigns.blueprints.console.plan_forms import SpokenForm
from campaigns.blueprints.context import now, session, settings
from campaigns.blueprints.signed_in import person
from campaigns.errors import Invalid, Unreadable
from campaigns.i18n import N_, gettext
from campaigns.models import Bill, Campaign, Document, DocumentFile
from campaigns.money import parse_minor
from campaigns.planning.audit import note
from campaigns.settlement.billing.bill_payments import LONGEST_REFERENCE, BillState, states_of
from campaigns.settlement.billing.bills import bills_of, issue_bill
from campaigns.settlement.billing.charges import open_charges
from campaigns.settlement.wallets.wallets import brand_wallets

log = logging.getLogger(__name__)


class BillForm(SpokenForm):
    """The date on the bill, which decides the VAT."""

    on = DateField(N_("Date on the bill"), [InputRequired()])


class PaymentForm(SpokenForm):
    """A payment as the bank shows it."""

    amount_minor = StringField(N_("Amount received"), [InputRequired()])
    received_on = DateField(N_("Received on"), [InputRequired()])
    reference = StringField(N_("The bank's reference"), [InputRequired(), Length(max=LONGEST_REFERENCE)])


@blueprint.route("/campaigns/<campaign_id>/bills", methods=["GET", "POST"])
def bills(campaign_id: str) -> ResponseReturnValue:
    """What is billed and paid, and what is on no bill yet; posted to, a bill of that."""
    campaign = campaign_for(session(), person(), campaign_id)
    form = BillForm(on=now().astimezone(ZoneInfo(campaign.timezone)).date())
    if form.validate_on_submit():
        bill = issue_bill(session(), campaign, settings().agency(), form.on.data, now())
        if bill is None:
            flash(gettext("There is nothing to bill: every sale is on a bill already."), "info")
            return redirect(url_for("console.bills", campaign_id=campaign_id))
        told(bill)
        session().commit()
        log.info("billed campaign=%s document=%s", campaign.public_id, bill.document.public_id)
        flash(gettext("The bill is issued. The brand is written to as soon as the paper is made."), "good")
        return redirect(url_for("console.bills", campaign_id=campaign_id))
    return _page(campaign, form), 422 if form.errors else 200


def told(bill: Bill) -> None:
    """Note that a bill was issued; the letter to the brand follows with the paper."""
    note(session(), person().id, "bill.issued", f"document:{bill.document.public_id}", now())


@blueprint.route("/bills/<bill_id>", methods=["GET", "POST"])
def bill(bill_id: str) -> ResponseReturnValue:
    """One bill with its payments; posted to, a payment received is noted."""
    found = bill_for(session(), person(), bill_id)
    form = PaymentForm(received_on=now().date())
    if form.validate_on_submit():
        try:
            _pay(found, form)
            session().commit()
            flash(gettext("The payment is noted."), "good")
            return redirect(url_for("console.bill", bill_id=bill_id))
        except Invalid as refused:
            form.take_errors(refused)
    (state,) = states_of(session(), [found])
    campaign = session().get(Campaign, found.campaign_id) if found.campaign_id else None
    page = render_template("console/bill.html", state=state, campaign=campaign, form=form, document=_paper(found))
    return page, 422 if form.errors else 200


def _pay(found: Bill, form: PaymentForm) -> None:
    try:
        amount = parse_minor((form.amount_minor.data or "").replace(",", "").strip(), found.currency)
    except Unreadable as error:
        raise Invalid({"amount_minor": [N_("An amount is a number such as 5000 or 5000.50.")]}) from error
    billing.received(person(), found, amount, form.received_on.data, form.reference.data or "")


def _page(campaign: Campaign, form: BillForm) -> str:
    states: list[BillState] = states_of(session(), bills_of(session(), campaign.id))
    waiting = open_charges(session(), campaign)
    wallets = [one for one in brand_wallets(session(), campaign.brand_id) if one.currency == campaign.currency]
    return render_template(
        "console/bills.html",
        campaign=campaign,
        form=form,
        states=states,
        papers={state.bill.id: _paper(state.bill) for state in states},
        unbilled_minor=sum(charge.amount_minor for charge in waiting),
        waiting=len(waiting),
        wallet=wallets[0] if wallets else None,
    )


def _paper(found: Bill) -> Document:
    """The bill's document with the names of its files, but not the bytes."""
    files = selectinload(Document.files).defer(DocumentFile.body)
    return session().scalars(select(Document).where(Document.id == found.document_id).options(files)).one()
