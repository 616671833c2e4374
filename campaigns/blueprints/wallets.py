"""Wallets on pages: one's own for influencers and brands, everybody's for staff, with credit to give and to offset."""

import logging
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from campaigns.blueprints import access, money_deeds
from campaigns.blueprints.console.fields import choices
from campaigns.blueprints.console.plan_forms import SpokenForm
from campaigns.blueprints.context import now, session
from campaigns.blueprints.labels import said
from campaigns.blueprints.signed_in import person
from campaigns.documents.issue import contents_of
from campaigns.documents.labels import ENTRIES
from campaigns.errors import Conflict, Invalid, NotFound, Unreadable
from campaigns.i18n import N_, gettext
from campaigns.ids import masked
from campaigns.models import Bill, Brand, Campaign, Document, Influencer, Statement
from campaigns.money import parse_minor
from campaigns.settlement.wallets import history as wallet_history
from campaigns.settlement.wallets import wallets

blueprint = Blueprint("wallets", __name__)
log = logging.getLogger(__name__)

ACCOUNTS = {
    "influencer_pending": N_("On the way"),
    "influencer_due": N_("Due"),
    "influencer_credit": N_("Credit"),
    "brand_receivable": N_("Owed"),
    "brand_credit": N_("Credit"),
}


class CreditForm(SpokenForm):
    """Credit to give, and why."""

    currency = StringField(N_("Currency"), [InputRequired(), Length(min=3, max=3)], default="ILS")
    amount = StringField(N_("Amount"), [InputRequired(), Length(max=20)])
    reason = TextAreaField(N_("Reason"), [InputRequired(), Length(max=1000)])


class OffsetForm(SpokenForm):
    """Credit to set off, and against which paper."""

    against = SelectField(N_("Against"), [InputRequired()])
    amount = StringField(N_("Amount"), [InputRequired(), Length(max=20)], id="offset-amount")


@blueprint.get("/me/wallet")
def mine() -> ResponseReturnValue:
    """An influencer's own."""
    user = person()
    me = access.influencer_for(session(), user, user.influencer.public_id if user.influencer else "")
    return _page(me)


@blueprint.get("/brand/wallet")
def of_my_brand() -> ResponseReturnValue:
    """A brand's own."""
    user = person()
    return _page(access.brand_for(session(), user, user.brand.public_id if user.brand else ""))


@blueprint.get("/console/wallets")
def index() -> ResponseReturnValue:
    """Everybody who has anything in a wallet; first those who owe."""
    people = session().scalars(access.influencers_for(person()).order_by(Influencer.name))
    brands = session().scalars(access.brands_for(person()).order_by(Brand.name))
    return render_template(
        "wallets/list.html",
        owing=[
            (session().get_one(Influencer, who), currency, session().get(Brand, brand), owed)
            for who, currency, brand, owed in wallets.in_debt(session())
        ],
        influencers=[(one, held) for one in people if (held := wallets.influencer_wallets(session(), one.id))],
        brands=[(one, kept) for one in brands if (kept := wallets.brand_wallets(session(), one.id))],
    )


@blueprint.get("/console/wallets/influencers/<influencer_id>")
def influencer(influencer_id: str) -> ResponseReturnValue:
    """An influencer's, for staff."""
    return _page(access.influencer_for(session(), person(), influencer_id))


@blueprint.get("/console/wallets/brands/<brand_id>")
def brand(brand_id: str) -> ResponseReturnValue:
    """A brand's, for staff."""
    return _page(access.brand_for(session(), person(), brand_id))


@blueprint.post("/console/wallets/<kind>/<party_id>/credit")
def grant(kind: str, party_id: str) -> ResponseReturnValue:
    """Give credit that may only be offset."""
    party = _party(kind, party_id)
    form = CreditForm()
    if not form.validate_on_submit():
        return _page(party, credit=form), 422
    try:
        currency = form.currency.data.strip().upper()
        money_deeds.grant(person(), party, currency, _minor(form.amount.data, currency), form.reason.data)
    except Invalid as refused:
        return _refused(party, refused, credit=form)
    session().commit()
    log.info("granted credit %s=%s", kind, party.public_id)
    flash(gettext("The credit is given."), "good")
    return redirect(_place(party))


@blueprint.post("/console/wallets/<kind>/<party_id>/offset")
def offset(kind: str, party_id: str) -> ResponseReturnValue:
    """Set credit off against a paper of theirs."""
    party = _party(kind, party_id)
    form = _offset_form(party)
    if not form.validate_on_submit():
        return _page(party, offset=form), 422
    try:
        against = access.document_for(session(), person(), form.against.data)
        currency = str(contents_of(against)["currency"])
        money_deeds.offset(person(), party, against, _minor(form.amount.data, currency), now().date())
    except (Conflict, Invalid) as refused:
        return _refused(party, refused, offset=form)
    session().commit()
    log.info("offset credit %s=%s", kind, party.public_id)
    flash(gettext("The credit is offset; the note is among the papers."), "good")
    return redirect(_place(party))


def _party(kind: str, party_id: str) -> Influencer | Brand:
    if kind not in ("influencer", "brand"):
        raise NotFound("no such wallet")
    fetch = access.influencer_for if kind == "influencer" else access.brand_for
    party: Influencer | Brand = fetch(session(), person(), party_id)
    return party


def _page(party: Influencer | Brand, credit: CreditForm | None = None, offset: OffsetForm | None = None) -> str:
    staff = person().role == "agency"
    skip = max(request.args.get("skip", 0, type=int), 0)
    is_brand = isinstance(party, Brand)
    tell = wallet_history.brand_history if is_brand else wallet_history.influencer_history
    history = tell(session(), party.id, skip, wallet_history.PAGE + 1)
    held: Sequence[Any] = (
        wallets.brand_wallets(session(), party.id) if is_brand else wallets.influencer_wallets(session(), party.id)
    )
    names = {one.id: one.name for one in session().scalars(select(Brand))} if not is_brand else {}
    return render_template(
        "wallets/brand.html" if is_brand else "wallets/influencer.html",
        party=party,
        wallets=held,
        brand_names=names,
        history=history[: wallet_history.PAGE],
        next_url=f"{_place(party)}?skip={skip + wallet_history.PAGE}" if len(history) > wallet_history.PAGE else "",
        shown=(lambda number: number) if staff or is_brand else masked,
        moved=ENTRIES,
        accounts=ACCOUNTS,
        credit=(credit or CreditForm(formdata=None)) if staff else None,
        offset=(offset or _offset_form(party, formdata=None)) if staff else None,
    )


def _offset_form(party: Influencer | Brand, **named: Any) -> OffsetForm:
    """The papers of this party that credit may be set off against, the newest first."""
    form = OffsetForm(**named)
    papers = select(Document).order_by(Document.id.desc()).limit(200)
    if isinstance(party, Brand):
        papers = papers.join(Bill, Bill.document_id == Document.id).where(Bill.brand_id == party.id)
    else:
        papers = papers.join(Statement, Statement.document_id == Document.id).where(Statement.influencer_id == party.id)
    offered = []
    for paper in session().scalars(papers):
        campaign = session().get(Campaign, paper.campaign_id) if paper.campaign_id else None
        offered.append((paper.public_id, f"{paper.number} · {campaign.name}" if campaign else paper.number))
    form.against.choices = choices(offered)
    return form


def _minor(text: str, currency: str) -> int:
    try:
        return parse_minor(text.strip().replace(",", ""), currency)
    except Unreadable as error:
        raise Invalid({"amount": [N_("An amount is a number such as 5000 or 5000.50.")]}) from error


def _refused(party: Influencer | Brand, refused: Conflict | Invalid, **forms: Any) -> ResponseReturnValue:
    session().rollback()
    form = next(iter(forms.values()))
    if isinstance(refused, Conflict):
        form.form_errors.append(said(refused.sentence or str(refused)))
        return _page(party, **forms), 409
    fields = {"amount_minor": "amount"}
    form.take_errors(Invalid({fields.get(name, name): found for name, found in refused.errors.items()}))
    return _page(party, **forms), 422


def _place(party: Influencer | Brand) -> str:
    if person().role == "influencer":
        return url_for("wallets.mine")
    if person().role == "brand":
        return url_for("wallets.of_my_brand")
    if isinstance(party, Brand):
        return url_for("wallets.brand", brand_id=party.public_id)
    return url_for("wallets.influencer", influencer_id=party.public_id)
