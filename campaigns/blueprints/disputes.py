"""Disputes, as everyone concerned sees them: the same pages for influencer, brand and staff, with what each may do.

Influencers and brands open them and answer; staff answer and resolve. An influencer sees an order by its masked
number, and what is given is shown to staff and to whoever opened the dispute.
"""

import logging
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from campaigns.blueprints import access, money_deeds
from campaigns.blueprints.console.fields import choices
from campaigns.blueprints.console.plan_forms import SpokenForm
from campaigns.blueprints.context import session
from campaigns.blueprints.labels import said
from campaigns.blueprints.signed_in import person
from campaigns.errors import Conflict, Invalid, Unreadable
from campaigns.i18n import N_, gettext
from campaigns.ids import masked
from campaigns.models import Campaign, Contact, Dispute, Order, Participation, Statement
from campaigns.money import parse_minor
from campaigns.settlement.disputing.disputes import LONGEST_MESSAGE, UNRESOLVED, Resolution, unresolved
from campaigns.settlement.figures import Figures, figures_of

blueprint = Blueprint("disputes", __name__, url_prefix="/disputes")
blueprint.add_app_template_global(lambda: unresolved(session()), "unresolved_disputes")
log = logging.getLogger(__name__)

KINDS = ("order", "contact", "statement", "effort")
PER_PAGE = 50


class WordsForm(SpokenForm):
    """Something to say."""

    message = TextAreaField(N_("Message"), [InputRequired(), Length(max=LONGEST_MESSAGE)])


class ResolveForm(SpokenForm):
    """How a dispute ends, and what is given."""

    outcome = RadioField(N_("Outcome"), [InputRequired()])
    resolution = TextAreaField(N_("Resolution, in words"), [InputRequired(), Length(max=LONGEST_MESSAGE)])
    amount = StringField(N_("Compensation"), [Optional(), Length(max=20)])
    place = RadioField(N_("Where the compensation goes"), [Optional()])

    def __init__(self, dispute: Dispute, **named: Any) -> None:
        super().__init__(**named)
        whom = gettext("For whoever opened it") if dispute.opened_by_role == "brand" else gettext("For the influencer")
        self.outcome.choices = choices([("partner", whom), ("agency", gettext("It stays as it was"))])
        places = [("due", gettext("Onto the next statement, to be paid out")), ("credit", gettext("Credit, to offset"))]
        self.place.choices = choices(places[1:] if dispute.opened_by_role == "brand" else places)
        if not self.place.data or (dispute.opened_by_role == "brand"):
            self.place.data = self.place.choices[0].value


@blueprint.get("")
def index() -> ResponseReturnValue:
    """Those not resolved first, then the newest."""
    page = max(request.args.get("page", 1, int), 1)
    order = (Dispute.status.in_(UNRESOLVED).desc(), Dispute.id.desc())
    wanted = access.disputes_for(person()).order_by(*order).offset((page - 1) * PER_PAGE).limit(PER_PAGE + 1)
    rows = list(session().scalars(wanted))
    more = url_for("disputes.index", page=page + 1) if len(rows) > PER_PAGE else ""
    told = [(one, about(one)) for one in rows[:PER_PAGE]]
    return render_template("disputes/list.html", disputes=told, next_url=more)


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """Ask about one thing, named in the address: ?order=, ?contact=, ?statement= or ?effort=."""
    kind = next((name for name in KINDS if request.args.get(name)), "")
    subject = money_deeds.subject(person(), kind, request.args.get(kind, ""))
    form = WordsForm()
    status = 200
    if form.validate_on_submit():
        try:
            made = money_deeds.open_dispute(person(), kind, request.args[kind], form.message.data)
            session().commit()
            log.info("opened dispute=%s", made.public_id)
            flash(gettext("Your question is with the agency."), "good")
            return redirect(url_for("disputes.one", dispute_id=made.public_id))
        except (Conflict, Invalid) as refused:
            session().rollback()
            form.form_errors.append(said(refused.sentence or str(refused)))
            status = 409 if isinstance(refused, Conflict) else 422
    elif form.errors:
        status = 422
    campaign = session().get_one(Campaign, subject.campaign_id)
    draft = Dispute(**{name: getattr(subject, name) for name in ("kind", "order_id", "contact_id", "statement_id")})
    return render_template(
        "disputes/new.html", form=form, kind=kind, campaign=campaign, about=about(draft), back=_back(subject)
    ), status


@blueprint.get("/<dispute_id>")
def one(dispute_id: str) -> ResponseReturnValue:
    """Everything that was said, and how it ended."""
    return _page(access.dispute_for(session(), person(), dispute_id), WordsForm(formdata=None), None)


@blueprint.post("/<dispute_id>/messages")
def say(dispute_id: str) -> ResponseReturnValue:
    """Answer."""
    dispute = access.dispute_for(session(), person(), dispute_id)
    form = WordsForm()
    if not form.validate_on_submit():
        return _page(dispute, form, None), 422
    money_deeds.answer(person(), dispute, form.message.data)
    session().commit()
    flash(gettext("Your message is sent."), "good")
    return redirect(url_for("disputes.one", dispute_id=dispute_id))


@blueprint.post("/<dispute_id>/resolve")
def resolve(dispute_id: str) -> ResponseReturnValue:
    """End it: for the one who opened it or not, in writing, perhaps with a compensation that the agency bears."""
    dispute = access.dispute_for(session(), person(), dispute_id)
    form = ResolveForm(dispute)
    if not form.validate_on_submit():
        return _page(dispute, WordsForm(formdata=None), form), 422
    try:
        money_deeds.resolve(person(), dispute, _how(dispute, form))
    except Invalid as refused:
        session().rollback()
        fields = {"compensation_minor": "amount"}
        form.take_errors(Invalid({fields.get(name, name): found for name, found in refused.errors.items()}))
        return _page(dispute, WordsForm(formdata=None), form), 422
    session().commit()
    log.info("resolved dispute=%s", dispute.public_id)
    flash(gettext("The dispute is resolved, and both sides are told."), "good")
    return redirect(url_for("disputes.one", dispute_id=dispute_id))


def about(dispute: Dispute) -> tuple[str, str]:
    """(kind, number) of what a dispute is about, as the person signed in may see it."""
    if dispute.order_id is not None:
        number = session().get_one(Order, dispute.order_id).number
        return "order", masked(number) if person().role == "influencer" else number
    if dispute.contact_id is not None:
        number = session().get_one(Contact, dispute.contact_id).external_id
        return "contact", masked(number) if person().role == "influencer" else number
    if dispute.statement_id is not None:
        return "statement", session().get_one(Statement, dispute.statement_id).document.number
    return "effort", ""


def _page(dispute: Dispute, form: WordsForm, resolving: ResolveForm | None) -> str:
    staff = person().role == "agency"
    people = session().get(Participation, dispute.participation_id) if dispute.participation_id else None
    figures = figures_of(session(), dispute.campaign_id).get(people.id, Figures()) if staff and people else None
    return render_template(
        "disputes/one.html",
        dispute=dispute,
        about=about(dispute),
        participation=people,
        figures=figures,
        form=form,
        resolving=(resolving or ResolveForm(dispute, formdata=None)) if staff else None,
        open_still=dispute.status in UNRESOLVED,
        sees_amount=staff or person().role == dispute.opened_by_role,
    )


def _how(dispute: Dispute, form: ResolveForm) -> Resolution:
    text = (form.amount.data or "").strip().replace(",", "")
    try:
        amount = parse_minor(text, session().get_one(Campaign, dispute.campaign_id).currency) if text else 0
    except Unreadable as error:
        raise Invalid({"amount": [N_("An amount is a number such as 5000 or 5000.50.")]}) from error
    return Resolution(form.outcome.data, form.resolution.data, amount, form.place.data)


def _back(subject: Any) -> str:
    if person().role == "brand":
        return url_for("brand.campaign", campaign_id=session().get_one(Campaign, subject.campaign_id).public_id)
    mine = session().scalar(select(Participation.public_id).filter_by(id=subject.participation_id))
    return url_for("me.campaign", participation_id=mine)
