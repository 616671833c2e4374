"""Asking the books: on any question, at any time, a numbered answer; one page for influencers, brands and staff."""

import logging
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from wtforms import DateField, SelectField, TimeField
from wtforms.validators import InputRequired, Optional

from campaigns.blueprints import access, asking
from campaigns.blueprints.console.closing import papers
from campaigns.blueprints.console.fields import choices
from campaigns.blueprints.console.plan_forms import SpokenForm
from campaigns.blueprints.context import session
from campaigns.blueprints.signed_in import person
from campaigns.errors import Conflict, Invalid, NotFound
from campaigns.i18n import LANGUAGES, N_, gettext
from campaigns.ids import masked
from campaigns.models import Campaign, Document, Influencer, Order, User
from campaigns.settlement.answering.questions import SUBJECTS

blueprint = Blueprint("answers", __name__, url_prefix="/answers")
log = logging.getLogger(__name__)

LISTED = 100
SHOWN = 50


class QuestionForm(SpokenForm):
    """About what, as of when, in which language, and for whom."""

    about = SelectField(N_("About"), [InputRequired()])
    on = DateField(N_("As of the end of this day"), [Optional()])
    at = TimeField(N_("Or at this time of it"), [Optional()])
    language = SelectField(N_("Language"), [InputRequired()], choices=choices(LANGUAGES.items()))
    reader = SelectField(N_("For"), [Optional()])

    @property
    def as_of(self) -> str:
        """The moment as `moment_of` reads it; "" is now."""
        if self.on.data is None:
            return ""
        return f"{self.on.data}T{self.at.data:%H:%M}" if self.at.data else str(self.on.data)


@blueprint.route("", methods=["GET", "POST"])
def index() -> ResponseReturnValue:
    """The question, and the answers given so far; posted to, an answer."""
    user = person()
    form = QuestionForm(
        about=f"{request.args.get('about', '')}:{request.args.get('of', '')}",
        reader=request.args.get("reader", ""),
        language=user.language,
    )
    form.about.choices = choices(_subjects(user))
    form.reader.choices = choices(_readers(user))
    if form.validate_on_submit():
        about, _, public_id = form.about.data.partition(":")
        try:
            asked = asking.Asked(about, public_id, form.as_of, form.reader.data or "", form.language.data)
            made = asking.ask(user, asked)
            session().commit()
            log.info("answered document=%s", made.public_id)
            flash(gettext("Answer %(number)s is issued; its files are being made.", number=made.number), "good")
            return redirect(url_for("answers.index"))
        except (Conflict, Invalid) as refused:
            session().rollback()
            form.take_errors(_beside(refused))
    mine = papers().where(Document.kind == "itemised_answer").limit(SHOWN)
    page = render_template("answers/index.html", form=form, documents=session().scalars(mine).all(), role=user.role)
    return page, 422 if form.errors else 200


def _beside(refused: Conflict | Invalid) -> Invalid:
    if isinstance(refused, Conflict):
        return Invalid({"": [str(refused.sentence)]})
    return Invalid({"on" if name == "as_of" else name: reasons for name, reasons in refused.errors.items()})


def _subjects(user: User) -> list[tuple[str, str]]:
    """What this person is offered to ask about, what the address names first."""
    campaigns = access.campaigns_for(user).order_by(Campaign.id.desc()).limit(LISTED)
    found = [(f"campaign:{one.public_id}", f"{gettext('Campaign')} {one.name}") for one in session().scalars(campaigns)]
    if user.brand:
        found.insert(0, (f"brand:{user.brand.public_id}", gettext("Everything of ours")))
    if user.influencer:
        found.insert(0, (f"influencer:{user.influencer.public_id}", gettext("Everything of mine")))
    named = _named_in_address(user)
    return [*([named] if named else []), *(one for one in found if named is None or one[0] != named[0])]


def _named_in_address(user: User) -> tuple[str, str] | None:
    about, public_id = request.args.get("about", ""), request.args.get("of", "")
    if about not in SUBJECTS:
        return None
    try:
        subject = asking.subject_of(user, about, public_id)
    except NotFound:
        return None
    name = subject.number if isinstance(subject, Order) else subject.name
    words = {"campaign": "Campaign", "brand": "Brand", "influencer": "Influencer", "order": "Order"}
    shown = masked(name) if isinstance(subject, Order) and user.role == "influencer" else name
    return f"{about}:{public_id}", f"{gettext(words[about])} {shown}"


def _readers(user: User) -> list[tuple[str, str]]:
    """Staff answer for themselves, for whoever it is about, or for the influencer that the address names."""
    if user.role != "agency":
        return [("", gettext("Me"))]
    offered = [
        ("", gettext("Ourselves: everything")),
        (asking.PARTY, gettext("Whom it is about: the brand, or the influencer")),
    ]
    named: Any = session().scalar(select(Influencer).where(Influencer.public_id == request.args.get("reader", "")))
    return [*offered, *([(named.public_id, named.name)] if named else [])]
